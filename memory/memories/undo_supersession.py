"""Undoing a supersession: the replaced memory takes its place back from the newer one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from memory.errors import NotFound
from memory.memories.history_first import HistoryFirst, new_id
from memory.types import Actor, ChangeAction, Memory, Owner, Status

_FAR = 50
"""Links followed at most; nobody corrects a fact more often."""


class UndoSupersession:
    """Finds what superseded a memory (曾经 → 现在), and swaps the two back."""

    def __init__(self, history_first: HistoryFirst, clock: Callable[[], datetime]) -> None:
        self._history_first = history_first
        self._clock = clock

    def in_place_of(self, owner: Owner, memory: Memory) -> Memory | None:
        """The memory in force that took the place of ``memory``, over several steps if need be.

        ``None`` if it wasn't replaced, or nothing that replaced it is in force.
        """
        seen = {memory.id}
        following = memory.superseded_by
        while following and following not in seen and len(seen) < _FAR:
            seen.add(following)
            found = self._history_first.current(owner, [following]).get(following)
            if found is None:
                return None
            if found.status is Status.ACTIVE:
                return found
            following = found.superseded_by
        return None

    def swap_back(self, owner: Owner, id: str, *, actor: Actor = Actor.HAND) -> str:
        """Bring a replaced memory back, and let it replace what had replaced it.

        Both links turn round, so that it reads 曾经 (what was in force until now) →
        现在 (the one that came back). Where nothing in force stands in its place it
        just comes back. To keep both, use :meth:`MemoryService.restore`.

        Returns:
            The group's id, for :meth:`Undo.undo_group`.

        Raises:
            NotFound: no such memory of this owner.
        """
        group, now = new_id(), self._clock()
        with self._history_first.holding(owner.user_id):
            before = self._history_first.current(owner, [id]).get(id)
            if before is None:
                raise NotFound(code="memory_not_found")
            rival = self.in_place_of(owner, before)
            back = replace(
                before,
                status=Status.ACTIVE,
                superseded_by=None,
                supersedes=rival.id if rival else before.supersedes,
                updated_at=now,
            )
            changes = []
            if before.status is not Status.ACTIVE:
                changes.append(
                    self._history_first.change(
                        ChangeAction.RESTORE, actor, before, back, group_id=group
                    )
                )
            if changes and rival is not None:
                gone = replace(
                    rival,
                    status=Status.SUPERSEDED,
                    superseded_by=id,
                    # Two that replace each other would read as a riddle.
                    supersedes=None if rival.supersedes == id else rival.supersedes,
                    updated_at=now,
                )
                changes.append(
                    self._history_first.change(
                        ChangeAction.SUPERSEDE, actor, rival, gone, group_id=group
                    )
                )
            self._history_first.carry_out(changes)
        return group
