"""The journal in blocks, newest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from memory.db import Block, ChangeFilter, Database
from memory.types import Actor, Change, ChangeAction, Kind, Memory, Owner, Subject


def change(id: str, memory: Memory, **more) -> Change:
    values = {
        "action": ChangeAction.ADD,
        "actor": Actor.HAND,
        "at": memory.updated_at,
        "before": None,
        "after": memory,
    } | more
    return Change(id=id, owner=memory.owner, memory_id=memory.id, **values)


def ids(blocks: list[Block]) -> list[list[str]]:
    return [[line.id for line in block.shown] for block in blocks]


def test_what_was_done_together_is_one_block(db: Database, owner, memory) -> None:
    db.history.record(
        [
            change("c1", memory),
            change("c2", memory, group_id="g"),
            change("c3", memory, group_id="g"),
            change("c4", memory),
        ]
    )
    blocks = db.changelog.blocks(owner)
    assert ids(blocks) == [["c4"], ["c2", "c3"], ["c1"]]
    assert [(b.group_id, b.matching, b.size) for b in blocks] == [
        (None, 1, 1),
        ("g", 2, 2),
        (None, 1, 1),
    ]
    assert ids(db.changelog.blocks(owner, lines=1)) == [["c4"], ["c2"], ["c1"]]
    assert [c.id for c in db.changelog.of_block(owner, "g", offset=1)] == ["c3"]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_show_every_block_once(db: Database, owner, memory, limit: int) -> None:
    """Also groups that were written in pieces, with something else in between."""
    groups = [None, "a", "a", "b", "a", None, "b", "c", "c", "c", None, "a"]
    db.history.record([change(f"c{n}", memory, group_id=group) for n, group in enumerate(groups)])
    seen: list[Block] = []
    mark = None
    while page := db.changelog.blocks(owner, limit=limit, before=mark, lines=99):
        seen += page
        mark = page[-1].mark
    assert sorted(line.id for block in seen for line in block.shown) == sorted(
        f"c{n}" for n in range(len(groups))
    )
    assert [block.group_id for block in seen] == ["a", None, "c", "b", None, None]


def test_a_group_longer_than_a_step_is_stepped_over(db: Database, owner, memory) -> None:
    db.history.record([change("first", memory)])
    db.history.record([change(f"c{n}", memory, group_id="import") for n in range(700)])
    db.history.record([change("last", memory)])
    blocks = db.changelog.blocks(owner, limit=2, lines=3)
    assert ids(blocks) == [["last"], ["c0", "c1", "c2"]]
    assert blocks[1].size == 700
    assert ids(db.changelog.blocks(owner, before=blocks[1].mark)) == [["first"]]


def test_owners_are_kept_apart_and_personas_put_together(
    db: Database, owner, other, memory
) -> None:
    elsewhere = Owner(owner.user_id, "qing")
    db.history.record(
        [
            change("mine", memory),
            change("with qing", replace(memory, owner=elsewhere)),
            change("theirs", replace(memory, owner=other)),
        ]
    )
    assert ids(db.changelog.blocks(owner)) == [["mine"]]
    assert ids(db.changelog.blocks(owner.user_id)) == [["with qing"], ["mine"]]
    assert db.changelog.has_changes(other)
    assert not db.changelog.has_changes("nobody")


def test_filters(db: Database, owner, memory, clock) -> None:
    city = replace(
        memory,
        id="m2",
        text="念念住在 Shanghai",
        subject=Subject.AI,
        kind=Kind.TEMPORAL,
        category="identity",
    )
    db.history.record(
        [
            change("allergy", memory, group_id="g"),
            change("city", city, group_id="g", actor=Actor.EXTRACTION),
            change("gone", city, action=ChangeAction.DELETE, before=city, after=None),
            change(
                "later",
                replace(memory, text="100% 的 用户"),
                action=ChangeAction.EDIT,
                before=memory,
                at=clock.now + timedelta(days=1),
            ),
        ]
    )

    def found(**limits) -> list[list[str]]:
        return ids(db.changelog.blocks(owner, ChangeFilter(**limits)))

    assert found() == [["later"], ["gone"], ["allergy", "city"]]
    assert found(actions=[ChangeAction.DELETE, ChangeAction.EDIT]) == [["later"], ["gone"]]
    assert found(actors=[Actor.EXTRACTION]) == [["city"]]
    assert found(text="shang") == [["gone"], ["city"]]
    assert found(text="花生") == [["later"], ["allergy"]], "before counts, too"
    assert found(text="100%") == [["later"]]
    assert found(text="%") == [["later"]], "no wildcard"
    assert found(subject="ai") == [["gone"], ["city"]]
    assert found(kind="temporal", category="identity") == [["gone"], ["city"]]
    assert found(since=clock.now + timedelta(hours=1)) == [["later"]]
    assert found(until=clock.now + timedelta(hours=1)) == [["gone"], ["allergy", "city"]]
    assert found(text="没有") == []
    assert not ChangeFilter().limits
    assert ChangeFilter(text="x").limits
    (part,) = db.changelog.blocks(owner, ChangeFilter(text="shang", actors=[Actor.EXTRACTION]))
    assert (part.matching, part.size) == (1, 2)
