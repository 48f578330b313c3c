"""The inbox of an owner: findings, fixes, and what was kept as it is.

An owner's memories are looked at once and kept ready in this process; afterwards
only what the journal says has changed is looked at again.
"""

from __future__ import annotations

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Lock, RLock, Thread
from zoneinfo import ZoneInfo

from memory.db import Database
from memory.errors import NotFound, StoreError
from memory.memories import MemoryService
from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.decisions import ReviewDecisions
from memory.memories.review.finding import Finding, FindingKind
from memory.memories.review.pairs import MemoryPairs
from memory.memories.review.paraphrases import NEIGHBOURS
from memory.memories.review.state import ReviewState
from memory.memories.subject import Names
from memory.priority import Priority
from memory.types import MemoryFilter, Owner, Persona
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

OWNERS = 16
"""Owners whose memories are kept ready at once."""

FEW = 500
"""Changes that are taken in while somebody waits; more are done in the background."""

TRIES = 3
"""Looks at a journal that goes on while it is read; the next look finds the rest."""

ASKED = 20
"""So many memories' neighbours by meaning are looked at at once; more of them in the background."""

BREATH = 0.05
"""Pause between two background scans, so that foreground work can run."""

IN_FORCE = MemoryFilter()


class Review:
    """What may be wrong with an owner's memories. Safe from many threads.

    ``decisions`` carries out the fixes.

    Args:
        store: Where the memories are.
        db: Where the messages, the journal and what was settled are.
        memory_service: Makes the changes.
        personas: By id, for the names they go by.
        zone: Of users who haven't chosen theirs.
        clock: Time of the changes (aware, UTC).
        priority: Who waits for something while very many memories are looked at.
    """

    def __init__(
        self,
        store: MemoryStore,
        db: Database,
        memory_service: MemoryService,
        clock: Callable[[], datetime],
        *,
        personas: Mapping[str, Persona],
        zone: ZoneInfo,
        priority: Priority | None = None,
    ) -> None:
        self.decisions = ReviewDecisions(store, db, memory_service, clock)
        self._store = store
        self._db = db
        self._personas = personas
        self._zone = zone
        self._priority = priority or Priority()
        self._states: OrderedDict[Owner, ReviewState] = OrderedDict()
        self._lock = RLock()
        self._preparing: dict[Owner, Thread] = {}
        self._starting = Lock()
        self._closing = Event()

    # --- looking ---------------------------------------------------------------------

    def findings(
        self, owner: Owner, limit: int | None = None, kind: FindingKind | None = None
    ) -> list[Finding]:
        """What is to be looked at, by kind, the latest memories first.

        Args:
            owner: Whose memories.
            limit: At most this many; ``None``: all.
            kind: Only of this kind.
        """
        settled = self._db.findings.settled(owner)
        with self._lock:
            state = self._current(owner)
            if len(state.unasked) <= ASKED:
                self._ask(state)
            else:
                # Nobody who opens a page waits for a part of them.
                self._in_background(owner)
            found = state.findings(settled)
        return [f for f in found if kind is None or f.kind is kind][:limit]

    def health(self, owner: Owner) -> dict[str, int]:
        """How many memories are in force (``memories``), and how many findings of each kind."""
        found = Counter(finding.kind.value for finding in self.findings(owner))
        counts = {kind.value: found[kind.value] for kind in FindingKind}
        return {"memories": self._store.reads.count(owner, IN_FORCE), **counts}

    def known(self, owner: Owner) -> int | None:
        """How many findings there are, as it was last looked at; ``None`` if it never was."""
        state = self._states.get(owner)
        if state is None:
            return None
        settled = self._db.findings.settled(owner)
        with self._lock:
            return len(state.findings(settled))

    def ready(self, owner: Owner) -> bool:
        """Whether looking takes no more than a moment; if not, it is being prepared."""
        state = self._states.get(owner)
        few = self._store.reads.count(owner, IN_FORCE) <= FEW
        if few or (state and not self._db.findings.more_changed(owner, state.end, FEW)):
            return True
        self._in_background(owner)
        return False

    def close(self) -> None:
        """Stop what goes on in the background, before the store is closed."""
        self._closing.set()
        for thread in list(self._preparing.values()):
            thread.join()

    def forget(self, who: Owner | str) -> None:
        """Keep nothing of an owner, or of a user, in this process any more."""
        with self._lock:
            for owner in list(self._states):
                if who in (owner, owner.user_id):
                    del self._states[owner]

    # --- inside ----------------------------------------------------------------------

    def _current(self, owner: Owner) -> ReviewState:
        state = self._states.get(owner)
        for _ in range(TRIES):
            # First where the journal ends, then the memories: what changes in between
            # is looked at twice rather than never.
            end = self._db.findings.history_end(owner)
            fresh = state is None
            if state is None:
                state = self._anew(owner, end)
            elif state.end != end:
                self._follow(owner, state, end)
            if len(state.pairs) == self._store.reads.count(owner, IN_FORCE):
                break
            if not fresh and self._db.findings.history_end(owner) == end:
                # Another client wrote into the store, past the journal.
                state = None
        state = state or self._anew(owner, end)
        self._states[owner] = state
        self._states.move_to_end(owner)
        while len(self._states) > OWNERS:
            self._states.popitem(last=False)
        return state

    def _anew(self, owner: Owner, end: int) -> ReviewState:
        names = Names.of(self._persona(owner))
        user_name, zone = self._user(owner)
        about = CheckedOwner(names, user_name, zone)
        state = ReviewState(end, about, MemoryPairs(zone), priority=self._priority)
        memories = self._store.reads.iterate(IN_FORCE, owner)
        state.take(memories, lambda ids: self._db.messages.by_ids(owner, ids))
        return state

    def _follow(self, owner: Owner, state: ReviewState, end: int) -> None:
        ids = self._db.findings.changed_since(owner, state.end)
        now = self.decisions.in_force(owner, list(ids))
        state.forget(ids)
        state.take(now.values(), lambda wanted: self._db.messages.by_ids(owner, wanted))
        state.end = end

    def _ask(self, state: ReviewState) -> None:
        """Go on with neighbours by meaning; at once where vectors mean nothing."""
        if not self._store.embedding.has_semantic_vectors():
            state.unasked.clear()
        elif state.unasked:
            state.ask(ASKED, lambda memories: self._store.neighbours.alike(memories, NEIGHBOURS))

    def _in_background(self, owner: Owner) -> None:
        # Not the lock that a look holds for seconds.
        with self._starting:
            if owner in self._preparing or self._closing.is_set():
                return
            thread = Thread(target=self._prepare, args=(owner,), name="niannian-inbox", daemon=True)
            self._preparing[owner] = thread
            thread.start()

    def _prepare(self, owner: Owner) -> None:
        """Take in what changed, and look at all neighbours by meaning, a few at a time."""
        try:
            state = None
            while not self._closing.is_set():
                with self._lock:
                    known, state = state, self._current(owner)
                    self._ask(state)
                    # One that was rebuilt meanwhile starts again with the next look.
                    if not state.unasked or not (known is None or known is state):
                        return
                self._closing.wait(BREATH)
        except StoreError as error:
            log.warning("the inbox was not prepared: %s", error.code)
        finally:
            self._preparing.pop(owner, None)

    def _persona(self, owner: Owner) -> Persona:
        known = self._personas.get(owner.persona_id)
        return known or next(iter(self._personas.values()))

    def _user(self, owner: Owner) -> tuple[str, ZoneInfo]:
        try:
            user = self._db.users.get(owner.user_id)
        except NotFound:
            return "", self._zone
        return user.name, ZoneInfo(user.timezone) if user.timezone else self._zone
