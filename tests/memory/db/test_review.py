"""What was kept as it is, and where an owner's journal ends."""

from __future__ import annotations

from dataclasses import replace

from memory.db import Database
from memory.types import Actor, Change, ChangeAction, Memory, Owner


def test_settled_once_or_twice_and_taken_back(db: Database, owner: Owner, other: Owner) -> None:
    db.findings.settle(owner, ["duplicate:1:2:abc", "long:3:def"])
    db.findings.settle(owner, ["duplicate:1:2:abc"])
    assert db.findings.settled(owner) == {"duplicate:1:2:abc", "long:3:def"}
    assert db.findings.settled(other) == frozenset()
    assert db.findings.unsettle(other) == 0
    assert db.findings.unsettle(owner, ["long:3:def", "unknown"]) == 1
    assert db.findings.settled(owner) == {"duplicate:1:2:abc"}
    db.erasure.erase_owner(owner)
    assert db.findings.settled(owner) == frozenset()


def test_the_journal_ends_with_what_is_in_the_store(
    db: Database, owner: Owner, other: Owner, memory: Memory
) -> None:
    assert db.findings.history_end(owner) == 0
    change = Change(
        id="c1",
        owner=owner,
        memory_id=memory.id,
        action=ChangeAction.ADD,
        actor=Actor.HAND,
        at=db.engine.clock(),
        before=None,
        after=memory,
        group_id="g",
    )
    db.history.record([change])
    assert db.findings.history_end(owner) == 0, "the store may not have it yet"
    db.history.mark_applied(["c1"])
    end = db.findings.history_end(owner)
    assert end > 0
    assert db.findings.changed_since(owner, 0) == {memory.id}
    assert db.findings.changed_since(owner, end) == frozenset()
    assert db.findings.history_end(other) == 0
    db.history.record([replace(change, id="c2", memory_id="m2")])
    assert db.history.changed_ids(owner, "g") == [("c1", memory.id), ("c2", "m2")]
    assert db.history.changed_ids(other, "g") == []
    assert (db.history.count(owner, "g"), db.history.count(other, "g")) == (2, 0)
