"""Bulk import of memories: all of it or nothing.

The database takes everything in one transaction, memories as journal lines that are
still owed. Then the store follows, some at a time. A crash in between is finished by
:meth:`~memory.memories.history_first.HistoryFirst.recover`; an error is taken back.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence

from memory.db import Database, Incoming
from memory.errors import NiannianError
from memory.memories.history_first import HistoryFirst, MemoryBackend
from memory.types import Memory, Owner

log = logging.getLogger(__name__)

AT_ONCE = 1000
"""Memories written before the next word about the progress."""

# How much of the time goes into the database, and how much into the store.
_DATABASE_SHARE = 0.2


class BulkImport:
    """Bulk path of the memory service, for imports."""

    def __init__(self, history_first: HistoryFirst, store: MemoryBackend, db: Database) -> None:
        self._history_first = history_first
        self._store = store
        self._db = db

    def bring_in(
        self,
        user_id: str,
        plan: Callable[[], Incoming],
        progress: Callable[[float], None] | None = None,
    ) -> Incoming:
        """Carry out an import, wholly or not at all.

        Args:
            user_id: The only user whose memories change.
            plan: Says what to bring in; asked while nobody else changes anything.
            progress: Called with shares of 1. What it raises ends the reporting, not
                the import, and is raised afterwards.

        Returns:
            What was brought in.

        Raises:
            StoreError, ModelError: it couldn't be written; nothing of it is left.
        """
        told = _Progress(progress)
        with self._history_first.holding(user_id):
            incoming = plan()
            told.at(_DATABASE_SHARE / 2)
            self._db.imports.bring_in(incoming)
            told.at(_DATABASE_SHARE)
            owed = [change for change in incoming.changes if not change.applied]
            memories = [change.after for change in owed if change.after is not None]
            try:
                for start in range(0, len(memories), AT_ONCE):
                    self._store.writes.put(memories[start : start + AT_ONCE])
                    done = min(len(memories), start + AT_ONCE) / len(memories)
                    told.at(_DATABASE_SHARE + (1 - _DATABASE_SHARE) * done)
            except Exception:
                self._withdraw(incoming, memories)
                raise
            self._db.history.mark_applied([change.id for change in owed])
            self._db.relations.outdate(user_id)
        told.at(1.0)
        told.end()
        return incoming

    def _withdraw(self, incoming: Incoming, memories: Sequence[Memory]) -> None:
        """The store first: as long as the journal owes it, a crash completes the import."""
        ids: dict[Owner, list[str]] = defaultdict(list)
        for memory in memories:
            ids[memory.owner].append(memory.id)
        try:
            for owner, mine in ids.items():
                self._store.writes.delete(owner, mine)
            self._db.imports.withdraw(incoming)
        except NiannianError as error:
            # Neither forwards nor back now; what is owed is settled later, as ever.
            log.warning("an import stays owed: %s", error.code)


class _Progress:
    """A progress bar may go away in the middle (its page was left); the work goes on."""

    def __init__(self, report: Callable[[float], None] | None) -> None:
        self._report = report
        self._raised: BaseException | None = None

    def at(self, share: float) -> None:
        """Report that this share of it is done."""
        if self._report is None or self._raised is not None:
            return
        try:
            self._report(share)
        except BaseException as error:  # noqa: BLE001 (a page's way to stop is no Exception)
            self._raised = error

    def end(self) -> None:
        """Now the page may stop."""
        if self._raised is not None:
            raise self._raised
