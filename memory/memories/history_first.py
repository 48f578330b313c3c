"""Write-ahead history: the change history first, then the store; and erasing."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from memory.db import Database
from memory.errors import ModelError
from memory.memories.graph.reading import edges_of
from memory.types import Actor, Change, ChangeAction, Memory, MemoryFilter, Owner
from memory.vector_store.gc_pause import gc_paused

log = logging.getLogger(__name__)


def new_id() -> str:
    """A new id for a memory, a change or a group (mem0 wants UUIDs)."""
    return str(uuid.uuid4())


class ReadBackend(Protocol):
    """What the memory service reads."""

    def get_many(self, owner: Owner, ids: Sequence[str]) -> list[Memory]:
        """Those of ``ids`` that this owner has."""

    def worded(self, owner: Owner, texts: Collection[str]) -> list[Memory]:
        """The memories that say one of ``texts`` letter by letter."""

    def matching(self, owner: Owner, filter: MemoryFilter) -> list[Memory]:
        """Every memory that the filter lets through."""


class WriteBackend(Protocol):
    """What the memory service writes."""

    def put(self, memories: Sequence[Memory]) -> None:
        """Store or replace whole memories."""

    def delete(self, owner: Owner, ids: Sequence[str], known: Sequence[Memory] = ()) -> Any:
        """Remove memories; unknown ids are left out. ``known`` are those that were just read."""

    def erase(self, owner: Owner | str) -> Any:
        """Remove everything of an owner, or of a user id."""


class MemoryBackend(Protocol):
    """What the memory service needs of the memory store."""

    @property
    def reads(self) -> ReadBackend:
        """The reading half."""

    @property
    def writes(self) -> WriteBackend:
        """The writing half."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What one extraction changed. ``changes`` are in order, undone ones included."""

    batch_id: str
    session_id: str
    finished_at: datetime
    changes: tuple[Change, ...]


class HistoryFirst:
    """The write path of the memory service."""

    def __init__(self, store: MemoryBackend, db: Database, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._db = db
        self._clock = clock
        self._locks: dict[str, threading.RLock] = defaultdict(threading.RLock)
        self._making_locks = threading.Lock()

    def recover(self) -> int:
        """Apply what the journal owes to the store, and finish erasures; at start.

        An embedding endpoint that doesn't answer is no reason not to start: the
        changes stay owed and are applied before the next one, or by :meth:`settle`.

        Returns:
            How many changes were owed.

        Raises:
            StoreError: the store can't be written; they stay owed.
        """
        for key, user_id, persona_id in self._db.erasure.owed():
            self._erase_from_store(key, user_id, persona_id)
        try:
            return self._catch_up()
        except ModelError as error:
            log.warning("changes of memories stay owed: %s", error.code)
            return 0

    def settle(self) -> int:
        """Apply what is still owed after the store had failed; quick if nothing is.

        Raises:
            StoreError, ModelError: it fails still.
        """
        return self._catch_up() if self._db.history.is_owing() else 0

    def erase_owner(self, owner: Owner) -> None:
        """Erase everything between a user and a persona: rows, memories, vectors.

        The database goes first: a running extraction can't finish its batch any
        more, so nothing is remembered afterwards. A crash in between is finished
        by :meth:`recover`. Can't be undone.
        """
        with self.holding(owner.user_id, settle=False):
            self._db.erasure.erase_owner(owner, store_owed=True)
            self._finish_erasures(owner.user_id)

    def erase_user(self, user_id: str) -> None:
        """Erase everything about a user, the profile included; as above."""
        with self.holding(user_id, settle=False):
            self._db.erasure.erase_user(user_id, store_owed=True)
            self._finish_erasures(user_id)

    # --- for the other parts of the service -------------------------------------

    @contextmanager
    def holding(self, *user_ids: str, settle: bool = True) -> Iterator[None]:
        """Nobody else changes memories of these users meanwhile.

        What is still owed of them is settled first, whichever process owes it: else
        a change would start from what is outdated, and the owed one be lost.
        """
        with ExitStack() as held:
            # Always in the same order: no deadlock.
            for user_id in sorted(set(user_ids)):
                held.enter_context(self._lock(user_id))
                held.enter_context(self._db.engine.alone(f"user:{user_id}"))
            # Nobody is in the middle of a change now: what is owed was left behind.
            if settle and user_ids and self._db.history.is_owing(user_ids):
                self._apply_owed(user_ids)
            with gc_paused():
                yield

    def _lock(self, user_id: str) -> threading.RLock:
        with self._making_locks:
            return self._locks[user_id]

    def _catch_up(self) -> int:
        users = self._db.history.owing_users()
        with self.holding(*users, settle=False):
            # Somebody may have applied some of them while we waited.
            return self._apply_owed(users)

    def _apply_owed(self, user_ids: Collection[str]) -> int:
        """Apply what is owed of users that are held."""
        owed = self._db.history.owed(user_ids)
        newest = self._db.history.newest({change.memory_id for change in owed})
        self._apply([c for c in owed if newest.get(c.memory_id) == c.id], owed)
        return len(owed)

    def change(
        self,
        action: ChangeAction,
        actor: Actor,
        before: Memory | None,
        after: Memory | None,
        *,
        group_id: str | None = None,
    ) -> Change:
        """A change of one memory, from ``before`` to ``after``; nothing is written yet."""
        memory = after or before
        if memory is None:
            raise ValueError("a change needs a memory before or after it")
        return Change(
            id=new_id(),
            owner=memory.owner,
            memory_id=memory.id,
            action=action,
            actor=actor,
            at=self._clock(),
            before=before,
            after=after,
            group_id=group_id,
        )

    def current(self, owner: Owner, ids: Sequence[str]) -> dict[str, Memory]:
        """What the store holds of ``ids``, in their order."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        found = {memory.id: memory for memory in self._store.reads.get_many(owner, wanted)}
        return {id: found[id] for id in wanted if id in found}

    def carry_out(
        self,
        changes: Sequence[Change],
        *,
        finish_batch: str | None = None,
        outcome: Mapping[str, Any] | None = None,
        undone: Mapping[str, str] | None = None,
    ) -> None:
        """Write changes of users that are held to the journal, then to the store.

        Args:
            changes: In the order in which they happen.
            finish_batch: The id of the batch that is done with them.
            outcome: What the extraction reports of that batch.
            undone: By the id of a change that is undone, the id of the change that undoes it.

        Raises:
            StoreError, ModelError: the store can't be written; the changes stay owed.
        """
        if not changes and finish_batch is None:
            return
        self._db.history.record(changes, finish_batch=finish_batch, outcome=outcome, undone=undone)
        last = {change.memory_id: change for change in changes}
        self._apply(list(last.values()), changes)

    def _apply(self, last: Sequence[Change], all_of_them: Sequence[Change]) -> None:
        """Write the last state of each memory, then mark everything as applied."""
        if not all_of_them:
            return
        puts = [change.after for change in last if change.after is not None]
        if puts:
            self._store.writes.put(puts)
        self._delete([change for change in last if change.after is None])
        connected = {c.memory_id: edges_of(c.after) if c.after else [] for c in last}
        marked = self._db.history.mark_applied([c.id for c in all_of_them], connected)
        if marked < len(all_of_them):
            # Another process erased the owner between our two steps.
            log.info("an owner was erased during a change; taking it back")
            self._delete([change for change in last if not self._is_known(change)])

    def _delete(self, changes: Sequence[Change]) -> None:
        gone: dict[Owner, list[Change]] = defaultdict(list)
        for change in changes:
            gone[change.owner].append(change)
        for owner, some in gone.items():
            known = [change.before for change in some if change.before is not None]
            self._store.writes.delete(owner, [change.memory_id for change in some], known)

    def _is_known(self, change: Change) -> bool:
        return change.memory_id in self._db.history.newest([change.memory_id])

    def _finish_erasures(self, of_user: str) -> None:
        for key, user_id, persona_id in self._db.erasure.owed():
            if user_id == of_user:
                self._erase_from_store(key, user_id, persona_id)

    def _erase_from_store(self, key: str, user_id: str, persona_id: str | None) -> None:
        self._store.writes.erase(user_id if persona_id is None else Owner(user_id, persona_id))
        self._db.erasure.done(key)
