"""Dry run: prompts tried side by side, and storing what was chosen from one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from memory.builtin.extraction import BuiltinExtraction
from memory.db import Database
from memory.errors import NiannianError, NotFound
from memory.extraction.overlay import HypotheticalMemories
from memory.extraction.pipeline import Extractor
from memory.extraction.result import Extracted
from memory.llm.sentence_encoder import shared_encoder
from memory.memories import MemoryService
from memory.studio.dialogue import PASTED
from memory.studio.session_review import Entry, SessionReview, changes_for, review_of
from memory.types import (
    Actor,
    Batch,
    BatchState,
    Change,
    ChangeAction,
    Memory,
    MemoryFilter,
    Message,
    Operation,
    Owner,
    Source,
    Status,
)
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

EVERYTHING = frozenset(Status)


@dataclass(frozen=True, slots=True)
class Side:
    """What to try: a prompt's text (``None``: the one in use), or the built-in rules."""

    prompt: str | None = None
    rules: bool = False


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """What came of one side: an extraction, or why there is none."""

    extracted: Extracted | None = None
    error: NiannianError | None = None


class DryRun:
    """Tries prompts on a conversation. Stores only through :meth:`keep` and :meth:`apply`."""

    def __init__(
        self,
        extractor: Extractor,
        db: Database,
        store: MemoryStore,
        memory_service: MemoryService,
        clock: Callable[[], datetime],
    ) -> None:
        self._extractor = extractor
        self._db = db
        self._store = store
        self._memory_service = memory_service
        self._clock = clock

    def try_out(
        self, owner: Owner, messages: Sequence[Message], sides: Sequence[Side], *, blank: bool
    ) -> list[DryRunResult]:
        """Each side's extraction of the same messages, all at once.

        Args:
            owner: Whose conversation and memories these are.
            messages: A conversation, in order.
            sides: What to try.
            blank: Take it that nothing is remembered yet.
        """
        supposed = HypotheticalMemories(everything=True) if blank else None
        stored = messages[0].session_id if messages else PASTED
        session_id = None if stored == PASTED else stored

        def run(side: Side) -> DryRunResult:
            try:
                return DryRunResult(
                    self._dry_run(owner, messages, side, supposed, session_id=session_id)
                )
            except NiannianError as error:
                log.warning("a side of the playground failed: %s", error.code)
                return DryRunResult(error=error)

        with ThreadPoolExecutor(max_workers=max(1, len(sides))) as workers:
            return list(workers.map(run, sides))

    def keep(self, owner: Owner, extracted: Extracted) -> tuple[str, int]:
        """Store what an extraction decided, as one undoable group.

        Returns:
            The group's id for :meth:`Undo.undo_group`, and how many changes it made;
            memories that were changed since are changed no further (none may be left).

        Raises:
            NotFound: it was decided for somebody else.
        """
        if any(change.owner != owner for change in extracted.decision.changes):
            raise NotFound("not an extraction of this owner")
        group = str(uuid4())
        changes = [_kept(change, group) for change in extracted.decision.changes]
        return group, len(self._memory_service.commit(changes))

    # --- a stored session again ------------------------------------------------------

    def extracted_batches(self, owner: Owner, session_id: str) -> list[Batch]:
        """What was extracted of a session so far, in order."""
        found = self._db.batches.of(owner, [BatchState.DONE], None, session_id=session_id)
        return [batch for batch in reversed(found) if batch.message_ids]

    def review(
        self,
        owner: Owner,
        session_id: str,
        side: Side,
        progress: Callable[[float], None] | None = None,
    ) -> SessionReview:
        """Extract a stored session again, without storing anything.

        Its batches are taken in order, as if nothing of the session were remembered
        yet but what the batches before gave.

        Args:
            owner: Whose session it is.
            session_id: The session.
            side: What to extract with.
            progress: Told the share that is done, after each batch.

        Raises:
            NotFound: no such session, or nothing of it was extracted (``studio_no_batches``).
            BadInput, ModelError: as :meth:`Extractor.dry_run`.
        """
        self._db.sessions.get(owner, session_id)
        batches = self.extracted_batches(owner, session_id)
        if not batches:
            raise NotFound(code="studio_no_batches")
        now = self._of_session(owner, session_id)
        without = frozenset(memory.id for memory in now)
        made: dict[str, Memory] = {}
        before: dict[str, Memory] = {}
        runs = []
        for number, batch in enumerate(batches, 1):
            messages = self._db.messages.by_ids(owner, batch.message_ids)
            extracted = self._dry_run(
                owner,
                messages,
                side,
                HypotheticalMemories(without, tuple(made.values())),
                session_id=session_id,
                batch_id=batch.id,
            )
            runs.append(extracted)
            for change in extracted.decision.changes:
                if change.before is not None and change.memory_id not in made:
                    before[change.memory_id] = change.before
                if change.after is not None:
                    made[change.memory_id] = change.after
            if progress is not None:
                progress(number / len(batches))
        touched = self._touched(owner, now, {batch.id for batch in batches})
        return review_of(session_id, now, made, before, touched, tuple(runs))

    def apply(
        self, owner: Owner, review: SessionReview, chosen: Sequence[Entry]
    ) -> tuple[str, int]:
        """Carry out the chosen entries of a review as one undoable group.

        Returns:
            The group's id and how many changes it made.
        """
        group = str(uuid4())
        changes = changes_for(owner, review, chosen, group=group, now=self._clock())
        return group, len(self._memory_service.commit(changes))

    # --- inside ---------------------------------------------------------------------

    def _dry_run(
        self,
        owner: Owner,
        messages: Sequence[Message],
        side: Side,
        supposed: HypotheticalMemories | None,
        *,
        session_id: str | None = None,
        batch_id: str = "dry-run",
    ) -> Extracted:
        return self._extractor.dry_run(
            owner,
            messages,
            prompt=None if side.rules else side.prompt,
            model=BuiltinExtraction(shared_encoder()) if side.rules else None,
            supposed=supposed,
            session_id=session_id,
            batch_id=batch_id,
        )

    def _of_session(self, owner: Owner, session_id: str) -> list[Memory]:
        return self._store.reads.matching(
            owner, MemoryFilter(session_id=session_id, statuses=EVERYTHING)
        )

    def _touched(
        self, owner: Owner, memories: Sequence[Memory], batches: set[str]
    ) -> frozenset[str]:
        """Memories that somebody or another session changed after this one made them."""
        return frozenset(
            memory.id
            for memory in memories
            if any(
                change.undone_by is None
                and change.action is not ChangeAction.ADD
                and change.group_id not in batches
                for change in self._db.history.of(owner, memory_id=memory.id, limit=None)
            )
        )


def fate(extracted: Extracted, operation: Operation) -> str:
    """What a proposal that passed the guards would do.

    ``add``, ``merge``, ``supersede``, ``close`` or ``archive`` as in the journal, or
    ``known`` where nothing would change.
    """
    if any(skipped.operation == operation for skipped in extracted.decision.skipped):
        return "known"
    for change in extracted.decision.changes:
        if change.after is not None and change.after.text == operation.text:
            replaces = change.action is ChangeAction.ADD and change.after.supersedes
            return "supersede" if replaces else change.action.value
    if operation.id is not None and extracted.request is not None:
        known = extracted.request.known[operation.id - 1 : operation.id]
        for change in extracted.decision.changes:
            if known and change.memory_id == known[0].id:
                return change.action.value
    return "known"


def _kept(change: Change, group: str) -> Change:
    after = change.after
    if after is not None:
        # Pasted messages are nowhere to be looked up, and there was no batch.
        pasted = after.source.session_id is None
        source = Source() if pasted else replace(after.source, batch_id=None)
        if change.before is not None:
            source = change.before.source
        after = replace(after, source=source)
    return replace(change, after=after, group_id=group, actor=Actor.HAND)
