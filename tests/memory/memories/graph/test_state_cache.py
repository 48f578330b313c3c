"""What is kept until its state changes, and which goes first."""

from __future__ import annotations

from memory.memories.graph.state_cache import StateCache


def test_another_state_is_made_anew() -> None:
    kept: StateCache[str, str] = StateCache(most=2)
    kept.keep("lin", (1, 3), "map")
    assert kept.get("lin", (1, 3)) == "map"
    assert kept.get("lin", (2, 3)) is None
    kept.clear()
    assert kept.get("lin", (1, 3)) is None


def test_the_one_used_longest_ago_goes_first() -> None:
    kept: StateCache[str, int] = StateCache(most=2)
    kept.keep("a", (1,), 1)
    kept.keep("b", (1,), 2)
    assert kept.get("a", (1,)) == 1
    kept.keep("c", (1,), 3)
    assert [kept.get(key, (1,)) for key in "abc"] == [1, None, 3]
