"""Messages that the gate is made from."""

from __future__ import annotations

from pathlib import Path

from benchmarks.false_recall import HELD_OUT
from memory.vector_store.search.example_messages import EXAMPLES, in_earnest, of_no_concern, people


def test_a_person_is_memories_with_their_messages(tmp_path: Path) -> None:
    lines = [
        "# one",
        "2026-03-04 The user fell",
        "  ~my knee hurts",
        "  did I fall",
        "",
        "用户怕鬼",
    ]
    (tmp_path / "store.en.7.txt").write_text("\n".join(lines), encoding="utf-8")
    (person,) = people(tmp_path)
    fell, ghosts = person.memories
    assert (person.name, person.language) == ("store.en.7", "en")
    assert (fell.text, fell.event_date) == ("The user fell", "2026-03-04")
    assert [(m.text, m.shared) for m in fell.messages] == [
        ("my knee hurts", False),
        ("did I fall", True),
    ]
    assert (ghosts.text, ghosts.event_date, ghosts.messages) == ("用户怕鬼", None, ())
    assert in_earnest(tmp_path) == ["my knee hurts", "did I fall"]


def test_nothing_is_measured_on_what_was_learnt_from() -> None:
    for said in (in_earnest, of_no_concern):
        assert said(EXAMPLES)
        same = set(said(EXAMPLES)) & set(said(HELD_OUT))
        # Short questions are the same for everybody.
        assert len(same) <= 0.1 * len(said(HELD_OUT)), same
