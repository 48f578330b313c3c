"""What was kept as it is, and where an owner's journal ends."""

from __future__ import annotations

from dataclasses import replace

from memory.db import Ledger
from memory.types import Actor, Change, ChangeAction, Memory, Owner


def test_settled_once_or_twice_and_taken_back(ledger: Ledger, owner: Owner, other: Owner) -> None:
    ledger.settle(owner, ["duplicate:1:2:abc", "long:3:def"])
    ledger.settle(owner, ["duplicate:1:2:abc"])
    assert ledger.settled(owner) == {"duplicate:1:2:abc", "long:3:def"}
    assert ledger.settled(other) == frozenset()
    assert ledger.unsettle(other) == 0
    assert ledger.unsettle(owner, ["long:3:def", "unknown"]) == 1
    assert ledger.settled(owner) == {"duplicate:1:2:abc"}
    ledger.erase_owner(owner)
    assert ledger.settled(owner) == frozenset()


def test_the_journal_ends_with_what_is_in_the_store(
    ledger: Ledger, owner: Owner, other: Owner, memory: Memory
) -> None:
    assert ledger.journal_end(owner) == 0
    change = Change(
        id="c1",
        owner=owner,
        memory_id=memory.id,
        action=ChangeAction.ADD,
        actor=Actor.HAND,
        at=ledger.clock(),
        before=None,
        after=memory,
        group_id="g",
    )
    ledger.record([change])
    assert ledger.journal_end(owner) == 0, "the store may not have it yet"
    ledger.mark_applied(["c1"])
    end = ledger.journal_end(owner)
    assert end > 0
    assert ledger.changed_since(owner, 0) == {memory.id}
    assert ledger.changed_since(owner, end) == frozenset()
    assert ledger.journal_end(other) == 0
    ledger.record([replace(change, id="c2", memory_id="m2")])
    assert ledger.changed_ids(owner, "g") == [("c1", memory.id), ("c2", "m2")]
    assert ledger.changed_ids(other, "g") == []
    assert (ledger.count_changes(owner, "g"), ledger.count_changes(other, "g")) == (2, 0)
