"""Checks of the memory store against the history, at the start and on demand; repairs.

The history is the truth: whatever differs in the store is owed to it once more, and
follows as every change does that a crash cut off (see :mod:`memory.memories.history_first`).
What other mem0 clients wrote, changed and deleted is taken into the history first, so
that a rebuilt store has it, and has nothing that is gone.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from memory.db import Database
from memory.errors import FolderIncomplete, NiannianError
from memory.memories import MemoryService
from memory.memories.integrity.compare import Comparison, compare
from memory.types import Actor, Change, ChangeAction, Memory, Owner
from memory.vector_store.mem0.history import HistoryRow
from memory.vector_store.payload import role_of
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Memories rebuilt before the next word about the progress."""

WAITED_FOR = 2000
"""How many memories are rebuilt before the start is over; more, in the background."""


@dataclass(frozen=True, slots=True)
class IntegrityNotice:
    """Something that whoever runs this should know.

    ``code`` is the key ``integrity.<code>`` of the language files, ``params`` its values.
    """

    code: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is, in memories."""

    done: int
    total: int


Told = Callable[[Progress], None]


class Integrity:
    """Compares the store with the history and rebuilds what differs."""

    def __init__(self, store: MemoryStore, db: Database, memory_service: MemoryService) -> None:
        self._store = store
        self._db = db
        self._memory_service = memory_service
        self._notices: dict[str, IntegrityNotice] = {}
        self._running: threading.Thread | None = None
        self._stop = threading.Event()
        self._repairing = threading.Lock()
        self.progress: Progress | None = None
        """How far the rebuild is that goes on now, if one does."""

    # --- what is known --------------------------------------------------------------

    @property
    def notices(self) -> list[IntegrityNotice]:
        """What was found and done since the start; the latest last."""
        found = list(self._notices.values())
        if self._store.is_full:
            found.append(IntegrityNotice("disk_full", {}))
        return found

    def dismiss(self) -> None:
        """Somebody has read the notices."""
        self._notices.clear()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is left to be rebuilt, repaired or made room for."""
        open_ones = {"waiting", "server_differs", "disk_full"}
        return self.progress is None and open_ones.isdisjoint(n.code for n in self.notices)

    # --- at the start -----------------------------------------------------------------

    def check_database(self) -> None:
        """Notice a lost database beside memories that are still there.

        Raises:
            FolderIncomplete: ``ledger_missing``.
        """
        if self._db.holdings.knows_nobody() and self._store.reads.holds_own():
            raise FolderIncomplete(
                f"{self._db.engine.place} knows nobody, but there are memories",
                code="ledger_missing",
                folder=self._db.engine.place,
                what=self._db.engine.place.rsplit("/", 1)[-1],
                why="missing",
            )

    def at_start(self) -> None:
        """Compare counts, or everything after a crash; rebuild what differs.

        Raises:
            StoreError: the store or the database can't be read.
        """
        self.adopt()
        self._renew_history()
        if self._db.engine.changed_outside:
            log.warning("%s was changed by another program", self._db.engine.place)
            self._say("ledger_changed", what=_name(self._db.engine.place))
        dropped = self._store.dropped
        if self._store.unchanged and dropped is None and self._counts_agree():
            return
        if not self._store.is_embedded:
            self._say_server_differs()
            return
        if self._db.engine.changed_outside and dropped is None:
            # Which of the two is right can't be told.
            return
        found = self.check()
        if not found and dropped is None:
            self._store.trust(True)
            return
        what = str(dropped.params.get("what", "")) if dropped is not None else "memories"
        if dropped is None and (found.missing or found.changed or found.surplus):
            # Files that lost some may be wrong elsewhere too.
            self._store.compact()
        if found.differing <= WAITED_FOR:
            self._mend(found, what)
            return
        self.progress = Progress(0, found.differing)
        self._running = threading.Thread(
            target=self._mend, args=(found, what), name="niannian-rebuild", daemon=True
        )
        self._running.start()

    def adopt(self) -> int:
        """Take in what other mem0 clients wrote and changed, history included.

        Returns:
            How many memories that were.
        """
        adopted = self._store.adopt()
        if adopted:
            known = self._last([one.memory.id for one in adopted])
            changes = [self._noted(one.memory, before=known.get(one.memory.id)) for one in adopted]
            foreign = {one.memory.id: one.foreign for one in adopted}
            self._db.holdings.take_note(changes, foreign)
        return len(adopted)

    # --- on demand -----------------------------------------------------------------------

    def check(self) -> Comparison:
        """Read everything and compare.

        Raises:
            StoreError: the store or the database can't be read.
        """
        found = compare(self._store, self._db)
        if found.unreadable:
            self._say("unreadable", count=len(found.unreadable))
        return found

    def repair(
        self,
        told: Told = lambda progress: None,
        *,
        keep_newer: bool = False,
    ) -> Comparison:
        """Compare everything and make the store what the history says.

        Args:
            told: Called with how far it is.
            keep_newer: Where the store has a later state of a memory, that is written
                into the history; for a database that has lost changes.

        Returns:
            What had differed.

        Raises:
            StoreError, ModelError: it couldn't be written; what is left stays owed.
        """
        self.adopt()
        self._renew_history()
        found = self.check()
        self._repair(found, told, keep_newer=keep_newer)
        return found

    def close(self) -> None:
        """Stop a rebuild; the next start goes on with it."""
        self._stop.set()
        if self._running is not None:
            self._running.join()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the rebuild in the background is over."""
        if self._running is not None:
            self._running.join(seconds)

    # --- inside --------------------------------------------------------------------------

    def _counts_agree(self) -> bool:
        """By user and by persona: two questions to the store, however many users there are."""
        users: defaultdict[str, int] = defaultdict(int)
        personas: defaultdict[str, int] = defaultdict(int)
        for owner, number in self._db.holdings.counts().items():
            users[owner.user_id] += number
            personas[owner.persona_id] += number
        return self._store.reads.counts() == (users, personas)

    def _mend(self, found: Comparison, what: str) -> None:
        """Rebuild, and say what came of it instead of raising it."""
        log.warning("%s: %d memories differ from the history; rebuilding", what, found.differing)
        try:
            rebuilt = self._repair(found, lambda progress: None, keep_newer=False)
        except NiannianError as error:
            log.warning("the rebuild waits: %s", error.code)
            self._say("waiting", count=found.differing, error=error.code)
            return
        # What was only noted in the history is in the changes of its user, as ever.
        if not self._stop.is_set() and (rebuilt or self._store.dropped):
            log.warning("%s: %d memories were rebuilt from the history", what, rebuilt)
            self._say("rebuilt", what=what, count=rebuilt)

    def _repair(self, found: Comparison, told: Told, *, keep_newer: bool) -> int:
        """Carry it out; how many memories the store had to follow."""

        def report(progress: Progress) -> None:
            self.progress = progress
            told(progress)

        with self._repairing:
            total = found.differing
            self._store.trust(False)
            self.progress = Progress(0, total)
            try:
                self._take_unknown(found.unknown)
                owed = self._to_owe(found, keep_newer=keep_newer)
                done = total - len(owed)
                for start in range(0, len(owed), AT_ONCE):
                    if self._stop.is_set():
                        return start
                    report(Progress(done + start, total))
                    self._bring_back(owed[start : start + AT_ONCE], owed[start + AT_ONCE :])
                self._store.trust(True)
                told(Progress(total, total))
                return len(owed)
            finally:
                self.progress = None

    def _to_owe(self, found: Comparison, *, keep_newer: bool) -> list[str]:
        """What the store has to follow; the rest is noted in the history."""
        deleted = self._deleted_elsewhere(found.missing)
        newer = self._newer_in_store(found.changed) if keep_newer else set()
        every = (*found.missing, *found.changed, *found.surplus)
        return [id for id in every if id not in deleted and id not in newer]

    def _bring_back(self, memory_ids: Sequence[str], left: Sequence[str]) -> None:
        self._db.holdings.owe_again(memory_ids)
        try:
            self._memory_service.history_first.settle()
            foreign = self._db.holdings.foreign_payloads(memory_ids)
            there = self._store.reads.owners_of(list(foreign))
            self._store.writes.add_foreign({id: foreign[id] for id in there})
        except NiannianError:
            # The worker that settles what is owed tries again.
            self._db.holdings.owe_again(left)
            raise

    def _deleted_elsewhere(self, missing: Sequence[str]) -> set[str]:
        """Another client's deletions are no damage; they are written down as such."""
        deletions = self._store.history.deletions(missing)
        gone = [
            held.change
            for held in self._db.holdings.held()
            if held.change.memory_id in deletions
            and held.change.after is not None
            and deletions[held.change.memory_id] > held.change.at
        ]
        notes = [self._noted(None, before=change.after) for change in gone]
        if notes:
            self._db.holdings.take_note(notes, {})
        return {change.memory_id for change in gone}

    def _newer_in_store(self, changed: Sequence[str]) -> set[str]:
        last = self._last(changed)
        newer = [
            memory
            for memory in self._read(changed)
            if memory.id in last and memory.updated_at > last[memory.id].updated_at
        ]
        notes = [self._noted(memory, before=last[memory.id]) for memory in newer]
        if notes:
            self._db.holdings.take_note(notes, {})
        return {memory.id for memory in newer}

    def _take_unknown(self, unknown: Sequence[str]) -> None:
        """The history never heard of these: it does now."""
        for start in range(0, len(unknown), AT_ONCE):
            found = self._read(unknown[start : start + AT_ONCE])
            self._db.holdings.take_note([self._noted(m, before=None) for m in found if m.text], {})

    def _read(self, memory_ids: Sequence[str]) -> list[Memory]:
        mine: dict[Owner, list[str]] = {}
        for id, owner in self._store.reads.owners_of(memory_ids).items():
            mine.setdefault(owner, []).append(id)
        return [m for owner, ids in mine.items() for m in self._store.reads.get_many(owner, ids)]

    def _last(self, memory_ids: Iterable[str]) -> dict[str, Memory]:
        """What the history says of these memories, where it says that they are there."""
        wanted = set(memory_ids)
        if not wanted:
            return {}
        return {
            held.change.memory_id: held.change.after
            for held in self._db.holdings.held()
            if held.change.memory_id in wanted and held.change.after is not None
        }

    def _noted(self, after: Memory | None, *, before: Memory | None) -> Change:
        memory = after or before
        assert memory is not None
        if after is None:
            action = ChangeAction.DELETE
        else:
            action = ChangeAction.EDIT if before else ChangeAction.ADD
        return Change(
            id=str(uuid.uuid4()),
            owner=memory.owner,
            memory_id=memory.id,
            action=action,
            actor=Actor.API,
            at=self._db.engine.clock(),
            before=before,
            after=after,
            applied=True,
        )

    def _renew_history(self) -> None:
        """mem0's history, from ours, where its file is damaged."""
        history = self._store.history
        # With servers each process has only the history of what it changed itself.
        gone = self._store.is_embedded and history.is_missing and not self._db.holdings.is_empty()
        if not history.damaged and not gone:
            return
        self._store.history.start_over()
        lines = [_line(change) for change in self._db.holdings.every_change()]
        for start in range(0, len(lines), AT_ONCE):
            self._store.history.record(lines[start : start + AT_ONCE])
        log.warning("mem0's history was damaged or missing and was made again from the journal")
        self._say("history_renewed", what="mem0/history.db")

    def _say_server_differs(self) -> None:
        there = sum(self._store.reads.counts()[0].values())
        expected = sum(self._db.holdings.counts().values())
        log.warning("the memory server holds %d memories, the history %d", there, expected)
        self._say("server_differs", there=there, expected=expected)

    def _say(self, code: str, **params: Any) -> None:
        self._notices[code] = IntegrityNotice(code, params)


def _line(change: Change) -> HistoryRow:
    memory = change.after or change.before
    assert memory is not None
    event: Any = "DELETE" if change.after is None else "UPDATE" if change.before else "ADD"
    return HistoryRow(
        memory_id=change.memory_id,
        owner=change.owner,
        event=event,
        before=change.before.text if change.before else None,
        after=change.after.text if change.after else None,
        role=role_of(memory.subject),
        created_at=memory.created_at.isoformat(),
        at=change.at.isoformat(),
    )


def _name(place: str) -> str:
    return place.rsplit("/", 1)[-1]
