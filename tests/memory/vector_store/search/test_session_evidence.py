"""What the rest of a session says for one of its memories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from memory.types import Memory, Owner, Source
from memory.vector_store.search.session_evidence import session_boosts
from tests.memory.vector_store.conftest import maker

Make = Callable[..., Memory]
DAY = {"event_date": "2024-05-06"}


@pytest.fixture(scope="module")
def make() -> Make:
    return maker()


def test_the_best_of_its_day_lifts_a_memory(make: Make) -> None:
    memories = [make("a", **DAY), make("b", **DAY), make("c", event_date="2024-05-07"), make("d")]
    lifts = session_boosts(memories, [0.9, 0.4, 0.4, 0.4])
    assert lifts[0] == pytest.approx(0)
    assert lifts[1] > 0.05
    assert lifts[2:] == [pytest.approx(0), 0.0]
    assert 0.4 + lifts[1] < 0.9


def test_what_hardly_matches_is_not_lifted_much(make: Make) -> None:
    memories = [make(name, **DAY) for name in "abcd"]
    lifts = session_boosts(memories, [1.0, 0.5, 0.02, 0.0])
    assert lifts[2] < 0.05
    assert lifts[3] == 0.0
    scores = [score + lift for score, lift in zip([1.0, 0.5, 0.02, 0.0], lifts, strict=True)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "other",
    [
        {"event_date": "2024-05"},  # no day
        {**DAY, "owner": Owner("somebody else", "niannian")},
        {"source": Source(session_id="s1"), "created_at": datetime(2024, 5, 7, tzinfo=UTC)},
        {"source": Source(session_id="s2"), "created_at": datetime(2024, 5, 6, tzinfo=UTC)},
    ],
    ids=["month", "owner", "another day of the session", "another session"],
)
def test_what_has_nothing_to_do_with_it_lifts_nothing(make: Make, other: dict[str, object]) -> None:
    at = {"created_at": datetime(2024, 5, 6, tzinfo=UTC)}
    best = make("a", **DAY, source=Source(session_id="s1"), **at)
    assert session_boosts([best, make("b", **other)], [0.9, 0.4]) == [pytest.approx(0)] * 2


def test_no_score_no_lift(make: Make) -> None:
    assert session_boosts([], []) == []
    assert session_boosts([make("a", **DAY), make("b", **DAY)], [0.0, 0.0]) == [0.0, 0.0]
