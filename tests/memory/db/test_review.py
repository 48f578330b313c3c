"""What was kept as it is, and where an owner's journal ends."""

from __future__ import annotations

from dataclasses import replace

from memory.db import Database
from memory.types import Actor, Change, ChangeAction, Memory, Owner


def test_settled_once_or_twice_and_taken_back(db: Database, owner: Owner, other: Owner) -> None:
    db.settle(owner, ["duplicate:1:2:abc", "long:3:def"])
    db.settle(owner, ["duplicate:1:2:abc"])
    assert db.settled(owner) == {"duplicate:1:2:abc", "long:3:def"}
    assert db.settled(other) == frozenset()
    assert db.unsettle(other) == 0
    assert db.unsettle(owner, ["long:3:def", "unknown"]) == 1
    assert db.settled(owner) == {"duplicate:1:2:abc"}
    db.erase_owner(owner)
    assert db.settled(owner) == frozenset()


def test_the_journal_ends_with_what_is_in_the_store(
    db: Database, owner: Owner, other: Owner, memory: Memory
) -> None:
    assert db.journal_end(owner) == 0
    change = Change(
        id="c1",
        owner=owner,
        memory_id=memory.id,
        action=ChangeAction.ADD,
        actor=Actor.HAND,
        at=db.clock(),
        before=None,
        after=memory,
        group_id="g",
    )
    db.record([change])
    assert db.journal_end(owner) == 0, "the store may not have it yet"
    db.mark_applied(["c1"])
    end = db.journal_end(owner)
    assert end > 0
    assert db.changed_since(owner, 0) == {memory.id}
    assert db.changed_since(owner, end) == frozenset()
    assert db.journal_end(other) == 0
    db.record([replace(change, id="c2", memory_id="m2")])
    assert db.changed_ids(owner, "g") == [("c1", memory.id), ("c2", "m2")]
    assert db.changed_ids(other, "g") == []
    assert (db.count_changes(owner, "g"), db.count_changes(other, "g")) == (2, 0)
