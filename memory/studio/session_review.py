"""Re-extraction review: a session extracted again, compared with what is remembered (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from memory.extraction.result import Extracted
from memory.studio.memory_diff import COMPARED, memories
from memory.types import Actor, Change, ChangeAction, Memory, Owner, Source, Status

_CARRIED = (*COMPARED, "language")
_OUT_OF_FORCE = {
    Status.SUPERSEDED: ChangeAction.SUPERSEDE,
    Status.CLOSED: ChangeAction.CLOSE,
    Status.ARCHIVED: ChangeAction.ARCHIVE,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One difference: what is remembered now, and what the new extraction would say.

    ``touched``: somebody, or another session, changed the memory since; taking the
    entry would undo that.
    """

    key: str
    before: Memory | None
    after: Memory | None
    fields: frozenset[str] = frozenset()
    touched: bool = False

    @property
    def what(self) -> str:
        """``new``, ``gone``, ``changed`` or ``same``."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        return "changed" if self.fields else "same"

    @property
    def wanted(self) -> bool:
        """Whether to offer it as chosen: nothing that takes something away is."""
        return self.what == "new" or (self.what == "changed" and not self.touched)


@dataclass(frozen=True, slots=True)
class SessionReview:
    """All entries, the ones to decide on first; ``runs`` are the dry runs, batch by batch."""

    session_id: str
    entries: tuple[Entry, ...]
    runs: tuple[Extracted, ...]

    def of(self, what: str) -> list[Entry]:
        """The entries of one sort."""
        return [entry for entry in self.entries if entry.what == what]


def review_of(
    session_id: str,
    now: Sequence[Memory],
    made: Mapping[str, Memory],
    before: Mapping[str, Memory],
    touched: frozenset[str],
    runs: tuple[Extracted, ...],
) -> SessionReview:
    """Compare a new extraction with what is remembered.

    Args:
        session_id: The session.
        now: What is remembered from it, in force or not.
        made: Memories as the new extraction leaves them, by id.
        before: Memories of other sessions that it changes, as they are.
        touched: Ids of ``now`` that were changed since by others.
        runs: The dry runs.
    """
    entries = []
    new = [memory for id, memory in made.items() if id not in before]
    for pair in memories(now, new, (*COMPARED, "status")):
        if pair.a is not None and pair.b is None and pair.a.status is not Status.ACTIVE:
            # Out of force already, and not missed.
            continue
        memory = pair.a or pair.b
        if memory is not None:
            entries.append(
                Entry(
                    memory.id,
                    pair.a,
                    pair.b,
                    pair.fields,
                    pair.a is not None and pair.a.id in touched,
                )
            )
    for id, old in before.items():
        differing = frozenset(
            name for name in (*COMPARED, "status") if getattr(old, name) != getattr(made[id], name)
        )
        if differing:
            entries.append(Entry(id, old, made[id], differing))
    order = {"new": 0, "changed": 1, "gone": 2, "same": 3}
    entries.sort(key=lambda entry: order[entry.what])
    return SessionReview(session_id, tuple(entries), runs)


def changes_for(
    owner: Owner, review: SessionReview, chosen: Sequence[Entry], *, group: str, now: datetime
) -> list[Change]:
    """The changes that carry out ``chosen``; what isn't chosen stays as it is.

    A memory that would be gone is archived, as with everything that a model says.
    """
    taken = {entry.key for entry in chosen}
    # Under which id what the new extraction made is, or will be, remembered.
    ids = {
        entry.after.id: entry.key
        for entry in review.entries
        if entry.after is not None and (entry.before is not None or entry.key in taken)
    }
    changes = []
    for entry in chosen:
        action, after = _after(entry, ids, now)
        if after == entry.before:
            continue
        changes.append(
            Change(
                id=str(uuid4()),
                owner=owner,
                memory_id=entry.key,
                action=action,
                actor=Actor.HAND,
                at=now,
                before=entry.before,
                after=after,
                group_id=group,
            )
        )
    return changes


def _after(
    entry: Entry, ids: Mapping[str, str], now: datetime
) -> tuple[ChangeAction, Memory | None]:
    before, new = entry.before, entry.after
    if new is None:
        if before is None:
            return ChangeAction.ARCHIVE, None
        return ChangeAction.ARCHIVE, replace(before, status=Status.ARCHIVED, updated_at=now)
    supersedes, superseded_by = ids.get(new.supersedes or ""), ids.get(new.superseded_by or "")
    if before is None:
        return ChangeAction.ADD, replace(
            new,
            created_at=now,
            updated_at=now,
            supersedes=supersedes,
            superseded_by=superseded_by,
        )
    values = {name: getattr(new, name) for name in _CARRIED if name in entry.fields}
    if "text" in entry.fields:
        values["language"] = new.language
        values["source"] = _source(before.source, new.source)
    if "status" in entry.fields:
        values |= {"status": new.status, "superseded_by": superseded_by}
    action = ChangeAction.EDIT
    if "status" in entry.fields:
        action = _OUT_OF_FORCE.get(new.status, ChangeAction.RESTORE)
    return action, replace(before, updated_at=now, **values)


def _source(old: Source, new: Source) -> Source:
    return replace(old, message_ids=new.message_ids or old.message_ids)
