"""What differs between two texts, in lines and inside of them; what two runs share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memory.studio import memory_diff as compare
from memory.studio import text_diff as diff
from memory.types import Action, Kind, Operation, Subject

OLD = "一\n二\n只记吃的，不记喝的\n四\n五\n六\n七\n八\n九"
NEW = "一\n二\n只记吃的，也记喝的\n四\n五\n六\n七\n八\n九\n十"


def test_the_changed_part_of_a_line_is_marked() -> None:
    rows = diff.side_by_side(OLD, NEW)
    (row,) = [r for r in rows if r.changed and r.left and r.right]
    assert row.left is not None
    assert row.right is not None
    assert [p.text for p in row.left.pieces if p.changed] == ["不"]
    assert [p.text for p in row.right.pieces if p.changed] == ["也"]
    assert row.left.number == 3
    assert [r.right.text for r in rows if r.right and not r.left] == ["十"]
    assert any(r.is_gap for r in rows), "equal lines far away are left out"
    assert diff.side_by_side(OLD, OLD) == []
    assert diff.unified(OLD, OLD) == ""
    assert "+只记吃的，也记喝的" in diff.unified(OLD, NEW).splitlines()


@given(st.lists(st.sampled_from("甲乙丙丁")), st.lists(st.sampled_from("甲乙丙丁")))
def test_both_sides_can_be_read_from_the_rows(old: list[str], new: list[str]) -> None:
    rows = diff.side_by_side("\n".join(old), "\n".join(new))
    for side, lines in (("left", old), ("right", new)):
        shown = {line.number: line.text for r in rows if (line := getattr(r, side))}
        assert all(lines[number - 1] == text for number, text in shown.items())
    removed = sum(r.left is not None and r.changed for r in rows)
    added = sum(r.right is not None and r.changed for r in rows)
    assert len(new) - len(old) == added - removed


def proposal(text: str, **fields: object) -> Operation:
    values = {"subject": Subject.USER, "kind": Kind.CONSTANT, "category": "other", **fields}
    return Operation(Action.ADD, text, **values)  # type: ignore[arg-type]


def test_proposals_are_paired_by_what_they_say() -> None:
    a = [
        proposal("用户对花生过敏", category="health"),
        proposal("用户喜欢猫"),
        proposal("念念喜欢猫"),
    ]
    b = [proposal("用户喜欢猫。"), proposal("用户对花生过敏"), proposal("用户住在上海")]
    pairs = compare.proposals(a, b)
    assert [(p.what, set(p.fields)) for p in pairs] == [
        ("changed", {"category"}),
        ("same", set()),
        ("only_a", set()),
        ("only_b", set()),
    ]
    assert pairs[3].b is b[2]


def test_deletions_are_paired_by_number() -> None:
    a, b = [Operation(Action.DELETE, id=2)], [Operation(Action.DELETE, id=3)]
    assert [p.what for p in compare.proposals(a, a)] == ["same"]
    assert [p.what for p in compare.proposals(a, b)] == ["only_a", "only_b"]
