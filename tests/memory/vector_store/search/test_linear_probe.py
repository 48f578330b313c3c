"""Which of two groups a row is like."""

from __future__ import annotations

import numpy as np

from memory.vector_store.search.linear_probe import fitted, read


def test_it_tells_groups_apart_by_what_they_have_in_common() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(0, 0.3, (60, 12))
    rows[:20, 4] += 2.0
    probe = fitted(rows[:20], rows[20:], ridge=1.0)
    assert int(np.argmax(np.abs(probe[:-1]))) == 4
    unseen = np.zeros(12)
    assert read(probe, unseen) < 0
    unseen[4] = 2.0
    assert read(probe, unseen) > 0
