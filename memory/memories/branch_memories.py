"""Memories of branches: what is remembered follows the branch of a talk that is in force."""

from __future__ import annotations

from contextlib import suppress

from memory.db import BranchChange, Database
from memory.errors import NotFound, NotUndoable
from memory.memories.retraction import Retraction
from memory.memories.undo import Undo
from memory.types import Owner


class BranchMemories:
    """Forgets what was learnt only from a branch that is set aside; brings it back with it."""

    def __init__(self, db: Database, retraction: Retraction, undoing: Undo) -> None:
        self._db = db
        self._retraction = retraction
        self._undoing = undoing

    def choose(self, owner: Owner, message_id: str) -> str | None:
        """Go over to a version that was set aside; its memories come back.

        Returns:
            The group that undoes what was forgotten of the version left; ``None`` if
            nothing was.

        Raises:
            NotFound: no such version, or it is in force.
        """
        step = self._db.branches.choose(owner, message_id)
        # What wasn't learnt yet won't be.
        self._db.deletion.take_out(owner, step.gone)
        forgotten = self.follow(owner, step)
        if step.restored is not None:
            # Nothing had been learnt, or somebody undid it by hand.
            with suppress(NotFound, NotUndoable):
                self._undoing.undo_group(owner, step.restored)
        return forgotten

    def follow(self, owner: Owner, step: BranchChange) -> str | None:
        """Forget what only the messages that went had taught; the group that undoes it."""
        return self._retraction.forget_learnt(owner, step.gone, step.aside)

    def correct(self, owner: Owner, message_id: str, text: str) -> str | None:
        """Write a reply differently; what was learnt only from it is learnt again.

        Returns:
            The group that undoes the forgetting; ``None`` if nothing was learnt from it.

        Raises:
            NotFound: this owner has no such message.
        """
        self._db.deletion.take_out(owner, [message_id])
        self._db.branches.correct(owner, message_id, text)
        return self._retraction.forget_learnt(owner, [message_id])
