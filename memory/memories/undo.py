"""Undo: what undoing a change means.

- An addition is undone by deleting the memory, edited since or not.
- A deletion is undone by putting the memory back under its id.
- Any edit is undone field by field: each field that it changed goes back, as
  long as it still holds the value that the edit gave it. So edits of different
  fields can be undone in any order, and edits of the same field last to first.
- What a memory had replaced gets its place back with the undoing only if that memory
  was in force. Where another has replaced it since, the two are linked instead
  (:mod:`memory.memories.chain_repair`).

Undoing is a change like any other, so it can be undone as well. That puts everything
back as it was, links included.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from memory.db import Database
from memory.errors import NotFound, NotUndoable
from memory.memories.chain_repair import beside, mended
from memory.memories.edits import changed
from memory.memories.history_first import HistoryFirst, new_id
from memory.types import Actor, Change, ChangeAction, Memory, Owner, Status

ALREADY_UNDONE = "already_undone"
LATER_CHANGES = "later_changes"
MEMORY_GONE = "memory_gone"
MEMORY_BACK = "memory_back"
_LINKS = frozenset({"supersedes", "superseded_by"})


def reversed_by(change: Change, current: Memory | None, now: datetime) -> Memory | None:
    """The memory after ``change`` is undone (``None``: it doesn't exist then).

    Raises:
        NotUndoable: ``already_undone``; ``memory_gone``: it was deleted since;
            ``memory_back``: it exists already; ``later_changes``: a field that
            the change touched was changed again.
    """
    why = why_not(change, current)
    if why is not None:
        raise NotUndoable(code=why, why=why)
    before, after = change.before, change.after
    if before is None or after is None or current is None:
        return before
    back = replace(current, **{name: getattr(before, name) for name in changed(before, after)})
    return before if not changed(back, before) else replace(back, updated_at=now)


def why_not(change: Change, current: Memory | None) -> str | None:
    """Why ``change`` can't be undone now, as a code; ``None``: it can."""
    if change.undone_by is not None:
        return ALREADY_UNDONE
    before, after = change.before, change.after
    if after is None:
        return MEMORY_BACK if current is not None else None
    if current is None:
        return MEMORY_GONE
    if before is not None and changed(before, after) & changed(after, current):
        return LATER_CHANGES
    return None


def action_of_undo(change: Change) -> ChangeAction:
    """What undoing ``change`` is called in the journal."""
    if change.before is None:
        return ChangeAction.DELETE
    if change.after is None:
        return ChangeAction.RESTORE
    return change.action if change.action is ChangeAction.PIN else ChangeAction.EDIT


class Undo:
    """Undoing changes."""

    def __init__(
        self, history_first: HistoryFirst, db: Database, clock: Callable[[], datetime]
    ) -> None:
        self._history_first = history_first
        self._db = db
        self._clock = clock

    def undo(self, owner: Owner, change_id: str) -> Change:
        """Undo one change (rules: at the top of this file).

        Undoing the addition of a memory that took another's place, or its coming back,
        gives that one its place back, unless a third one has it meanwhile.

        Returns:
            The change that undid it.

        Raises:
            NotFound: no such change of this owner.
            NotUndoable: code ``already_undone``, ``later_changes``,
                ``memory_gone`` or ``memory_back``.
        """
        with self._history_first.holding(owner.user_id):
            change = self._db.history.get(owner, change_id)
            undoing = self._undone(owner, [change, *self._with_it(change)], must=change)
        return undoing[0]

    def undo_group(self, owner: Owner, group_id: str) -> list[Change]:
        """Undo what can be undone of a batch or bulk action, last to first.

        Returns:
            The changes that undid it, themselves one group. Fewer than the group
            has when some of it was undone or changed since.

        Raises:
            NotFound: no such group of this owner.
            NotUndoable: nothing of it can be undone; the code of the first reason.
        """
        with self._history_first.holding(owner.user_id):
            changes = self._db.history.of(owner, group_id=group_id, limit=None)
            if not changes:
                raise NotFound(code="group_not_found")
            return self._undone(owner, changes)

    def _undone(
        self, owner: Owner, changes: Sequence[Change], must: Change | None = None
    ) -> list[Change]:
        now, group = self._clock(), new_id()
        current: dict[str, Memory | None] = {
            **self._history_first.current(owner, [change.memory_id for change in changes])
        }
        lately = {id: memory for id, memory in current.items() if memory is not None}
        took_a_place = {change.memory_id for change in changes if _takes_a_place(change)}
        undoing: list[Change] = []
        undone: dict[str, str] = {}
        refused: NotUndoable | None = None
        for change in changes:
            before = current.get(change.memory_id)
            try:
                after = reversed_by(change, before, now)
                self._check_place(change, took_a_place, lately)
            except NotUndoable as error:
                if change is must:
                    raise
                refused = refused or error
                continue
            made = self._history_first.change(
                action_of_undo(change), Actor.UNDO, before, after, group_id=group
            )
            current[change.memory_id] = after
            if after is not None and not _takes_a_place(change):
                lately[change.memory_id] = after
            undoing.append(made)
            undone[change.id] = made.id
        if not undoing and refused is not None:
            raise refused
        gone = {
            change.memory_id: lately[change.memory_id]
            for change in changes
            # Undoing an undo puts back what was, and settles nothing again.
            if change.id in undone
            and change.actor is not Actor.UNDO
            and current[change.memory_id] is None
        }
        around = self._history_first.current(
            owner, [id for id in beside(gone.values()) if id not in current]
        )
        around |= {id: memory for id, memory in current.items() if memory is not None}
        mending = [
            self._history_first.change(action, Actor.UNDO, before, after, group_id=group)
            for action, before, after in mended(around.values(), gone, now)
        ]
        self._history_first.carry_out([*undoing, *mending], undone=undone)
        return undoing

    def _check_place(
        self, change: Change, took_a_place: Collection[str], lately: dict[str, Memory]
    ) -> None:
        """What was replaced stays so unless what took its place was in force.

        Args:
            change: Any change that is to be undone.
            took_a_place: The memories that came with the changes to undo.
            lately: Memories as they were when they gave their place up, else as they
                are; what is looked up is noted here.

        Raises:
            NotUndoable: ``later_changes``.
        """
        if change.action is not ChangeAction.SUPERSEDE or change.after is None:
            return
        newer = change.after.superseded_by
        if newer is None or newer not in took_a_place:
            return
        if newer not in lately:
            # It was deleted before: only the journal knows what it was.
            history = self._db.history.of(change.owner, memory_id=newer, limit=1)
            if not history or history[0].before is None:
                return
            lately[newer] = history[0].before
        if lately[newer].status is not Status.ACTIVE:
            raise NotUndoable(code=LATER_CHANGES, why=LATER_CHANGES)

    def _with_it(self, change: Change) -> list[Change]:
        """What is undone together with ``change``."""
        return self._linked(change) if change.actor is Actor.UNDO else self._displaced_by(change)

    def _displaced_by(self, change: Change) -> list[Change]:
        if not _takes_a_place(change) or change.after is None or change.after.supersedes is None:
            return []
        history = self._db.history.of(change.owner, memory_id=change.after.supersedes, limit=None)
        return [
            other
            for other in history
            if other.action is ChangeAction.SUPERSEDE
            and other.undone_by is None
            and other.after is not None
            and other.after.superseded_by == change.memory_id
        ][:1]

    def _linked(self, undoing: Change) -> list[Change]:
        """What the same undo did to the memories before and after this one."""
        ends = [memory for memory in (undoing.before, undoing.after) if memory is not None]
        return [
            other
            for id in beside(ends)
            for other in self._db.history.of(
                undoing.owner, memory_id=id, group_id=undoing.group_id, limit=None
            )
            if other.undone_by is None and undoing.memory_id in _relinked(other)
        ]


def _takes_a_place(change: Change) -> bool:
    """Whether a memory came with it, for the first time or again."""
    return change.before is None or change.action is ChangeAction.RESTORE


def _relinked(change: Change) -> list[str]:
    """The ids that were or are linked to a memory of which ``change`` changed the links."""
    before, after = change.before, change.after
    if before is None or after is None or not changed(before, after) & _LINKS:
        return []
    return beside([before, after])
