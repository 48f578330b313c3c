"""Memory service: adding, editing, deleting, restoring, carrying out decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from memory.chat.safety.marks import marked
from memory.db import Database
from memory.errors import NotFound
from memory.memories.branch_memories import BranchMemories
from memory.memories.bulk_import import BulkImport
from memory.memories.categories import Categories
from memory.memories.edits import (
    action_of,
    checked,
    drafted,
    edited,
    forms_of,
    rebase,
    same_day,
    same_scope,
    same_text,
)
from memory.memories.history_first import HistoryFirst, Learned, MemoryBackend, new_id
from memory.memories.retraction import Retraction
from memory.memories.undo import Undo
from memory.memories.undo_supersession import UndoSupersession
from memory.system.clock import utc_now
from memory.types import (
    Actor,
    BatchState,
    Change,
    ChangeAction,
    Memory,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Status,
)

# Up to this many drafts are looked up by their words; beyond, reading all memories of the
# owner once is quicker.
FEW_DRAFTS = 50
LEARNED_BATCHES = 20


class MemoryService:
    """Adds, edits and deletes memories. Changes of one user happen one at a time.

    The rest is done by its parts: ``undoing``, ``supersession`` (a replaced memory comes
    back), ``retraction`` (of what a deleted message taught), ``branches`` (of a talk),
    ``bulk_import``, and ``history_first``, through which all of them write.

    What changes something raises :class:`~memory.errors.StoreError` (or, with an
    embedding endpoint, :class:`~memory.errors.ModelError`) when the store can't be written;
    the change is noted then and applied later.
    """

    def __init__(
        self,
        store: MemoryBackend,
        db: Database,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.history_first = HistoryFirst(store, db, clock)
        self.undoing = Undo(self.history_first, db, clock)
        self.supersession = UndoSupersession(self.history_first, clock)
        self.retraction = Retraction(self.history_first, store, db, clock)
        self.branches = BranchMemories(db, self.retraction, self.undoing)
        self.bulk_import = BulkImport(self.history_first, store, db)
        self._store = store
        self._db = db
        self._clock = clock

    def categories(self, user_id: str) -> Categories:
        """What this user's memories may be filed under."""
        return Categories(self._db, user_id)

    # --- by hand, by API, by import ----------------------------------------------

    def add(
        self,
        owner: Owner,
        draft: MemoryDraft,
        *,
        actor: Actor = Actor.HAND,
        group_id: str | None = None,
    ) -> Memory:
        """Remember ``draft``; if the same is remembered already, that memory.

        Raises:
            BadInput: see :func:`memory.memories.edits.checked`.
        """
        return self.add_many(owner, [draft], actor=actor, group_id=group_id)[0]

    def add_many(
        self,
        owner: Owner,
        drafts: Sequence[MemoryDraft],
        *,
        actor: Actor = Actor.HAND,
        group_id: str | None = None,
    ) -> list[Memory]:
        """Remember all of ``drafts`` as one group, or none if one is not allowed.

        Returns:
            One memory a draft; equal texts of a subject share one.

        Raises:
            BadInput: see :func:`memory.memories.edits.checked`.
        """
        return self.add_new(owner, drafts, actor=actor, group_id=group_id)[0]

    def add_new(
        self,
        owner: Owner,
        drafts: Sequence[MemoryDraft],
        *,
        actor: Actor = Actor.HAND,
        group_id: str | None = None,
    ) -> tuple[list[Memory], int]:
        """As :meth:`add_many`, and tells how many were not remembered before."""
        now, group = self._clock(), group_id or new_id()
        categories = self.categories(owner.user_id)
        made = [
            drafted(owner, draft, id=new_id(), now=now, categories=categories) for draft in drafts
        ]
        with self.history_first.holding(owner.user_id):
            known = self._same(owner, made)
            kept, changes = [], []
            for memory in made:
                there = known[memory.subject, same_text(memory.text)]
                same = next(
                    (o for o in there if same_day(memory, o) and same_scope(memory, o)), None
                )
                if same is None:
                    there.append(memory)
                    changes.append(
                        self.history_first.change(
                            ChangeAction.ADD, actor, None, memory, group_id=group
                        )
                    )
                kept.append(same or memory)
            self.history_first.carry_out(changes)
        return kept, len(changes)

    def edit(
        self,
        owner: Owner,
        id: str,
        *,
        actor: Actor = Actor.HAND,
        group_id: str | None = None,
        **fields: Any,
    ) -> Memory:
        """Change ``text``, ``subject``, ``kind``, ``category``, ``event_date``,
        ``importance``, ``pinned``, ``safety``, ``status``, ``language``, ``metadata``,
        ``app_id``, ``run_id``, ``expiration_date`` or ``immutable`` of a memory.

        Raises:
            BadInput: see :func:`memory.memories.edits.checked` and
                :func:`memory.memories.edits.edited`.
            NotFound: no such memory of this owner.
        """
        self.edit_many(owner, [id], actor=actor, group_id=group_id, **fields)
        return self.history_first.current(owner, [id])[id]

    def edit_many(
        self,
        owner: Owner,
        ids: Sequence[str],
        *,
        actor: Actor = Actor.HAND,
        group_id: str | None = None,
        **fields: Any,
    ) -> str:
        """Change the same fields of several memories as one group; as :meth:`edit`.

        Ids that aren't found are left out, unless none is found.

        Returns:
            The group's id, for :meth:`Undo.undo_group`.
        """
        values = checked(fields, self.categories(owner.user_id))
        group, now = group_id or new_id(), self._clock()
        with self.history_first.holding(owner.user_id):
            changes = []
            for before in self._found(owner, ids).values():
                after = edited(before, values, now)
                if after is not before:
                    action = action_of(before, after)
                    changes.append(
                        self.history_first.change(action, actor, before, after, group_id=group)
                    )
            self.history_first.carry_out(changes)
        return group

    def pin(
        self, owner: Owner, id: str, pinned: bool = True, *, actor: Actor = Actor.HAND
    ) -> Memory:
        """Pin or unpin a memory; as :meth:`edit`."""
        return self.edit(owner, id, actor=actor, pinned=pinned)

    def delete(
        self,
        owner: Owner,
        ids: Sequence[str],
        *,
        actor: Actor = Actor.HAND,
        group_id: str | None = None,
    ) -> str:
        """Delete memories as one group. Ids that aren't found are left out.

        Returns:
            The group's id, for :meth:`Undo.undo_group`.

        Raises:
            NotFound: none of ``ids`` is a memory of this owner.
        """
        group = group_id or new_id()
        with self.history_first.holding(owner.user_id):
            self.history_first.carry_out(
                [
                    self.history_first.change(
                        ChangeAction.DELETE, actor, memory, None, group_id=group
                    )
                    for memory in self._found(owner, ids).values()
                ]
            )
        return group

    def restore(self, owner: Owner, id: str, *, actor: Actor = Actor.HAND) -> Memory:
        """Bring a superseded, archived, closed or deleted memory back into force.

        Raises:
            NotFound: this owner never had such a memory.
        """
        with self.history_first.holding(owner.user_id):
            before = self.history_first.current(owner, [id]).get(id)
            last = before or self._last_known(owner, id)
            after = replace(
                last, status=Status.ACTIVE, superseded_by=None, updated_at=self._clock()
            )
            if before is None or before.status is not Status.ACTIVE:
                self.history_first.carry_out(
                    [self.history_first.change(ChangeAction.RESTORE, actor, before, after)]
                )
                return after
        return before

    # --- by extraction ---------------------------------------------------------------

    def commit(
        self,
        changes: Sequence[Change],
        finish_batch: str | None = None,
        outcome: Mapping[str, Any] | None = None,
    ) -> list[Change]:
        """Carry out decided changes and finish their batch, both or neither.

        Memories that were changed since the decision keep those changes (see
        :func:`memory.memories.edits.rebase`). Changes without a group belong to their
        batch's.

        Returns:
            The changes as they were made; moot ones are left out.

        Raises:
            NotFound: code ``batch_gone``: the batch was erased or done by
                another worker. Nothing was changed.
        """
        given = self._db.messages.given_in_batch(finish_batch) if finish_batch else {}
        with self.history_first.holding(*(change.owner.user_id for change in changes)):
            kept: list[Change] = []
            untouched: set[str] = set()
            for owner in dict.fromkeys(change.owner for change in changes):
                mine = [change for change in changes if change.owner == owner]
                current: dict[str, Memory | None] = {
                    **self.history_first.current(owner, [change.memory_id for change in mine])
                }
                for change in mine:
                    known = current.get(change.memory_id)
                    if known is not None and known.immutable and not _keeps_words(change):
                        untouched.add(known.id)
                        continue
                    rebased = rebase(change, known)
                    if rebased is not None:
                        rebased = _given(_marked(rebased), given)
                        current[change.memory_id] = rebased.after
                        kept.append(replace(rebased, group_id=rebased.group_id or finish_batch))
            if untouched:
                kept = [_beside(change, untouched) for change in kept]
            self.history_first.carry_out(kept, finish_batch=finish_batch, outcome=outcome)
        return kept

    def learned(
        self, owner: Owner, session_id: str | None = None, since: datetime | None = None
    ) -> list[Learned]:
        """What extractions remembered, oldest first; ones that changed nothing are left out.

        Args:
            owner: Whose memories.
            session_id: Only from this session.
            since: Only extractions that ended later.
        """
        batches = self._db.batches.of(
            owner, [BatchState.DONE], LEARNED_BATCHES, session_id=session_id
        )
        found = []
        for batch in reversed(batches):
            if batch.finished_at is None or (since is not None and batch.finished_at <= since):
                continue
            changes = self._db.history.of(owner, batch_id=batch.id, limit=None)[::-1]
            if changes:
                found.append(Learned(batch.id, batch.session_id, batch.finished_at, tuple(changes)))
        return sorted(found, key=lambda learned: learned.finished_at)

    def history(self, owner: Owner, memory_id: str) -> list[Change]:
        """Every change of one memory, the newest first."""
        return self._db.history.of(owner, memory_id=memory_id, limit=None)

    # --- inside ------------------------------------------------------------------------------

    def _same(
        self, owner: Owner, made: Sequence[Memory]
    ) -> defaultdict[tuple[str, str], list[Memory]]:
        if len(made) > FEW_DRAFTS:
            near = self._store.reads.matching(owner, MemoryFilter())
        else:
            near = self._store.reads.worded(owner, [f for m in made for f in forms_of(m.text)])
        found: defaultdict[tuple[str, str], list[Memory]] = defaultdict(list)
        for memory in near:
            if memory.status is Status.ACTIVE:
                found[memory.subject, same_text(memory.text)].append(memory)
        return found

    def _found(self, owner: Owner, ids: Sequence[str]) -> dict[str, Memory]:
        found = self.history_first.current(owner, ids)
        if ids and not found:
            raise NotFound(code="memory_not_found")
        return found

    def _last_known(self, owner: Owner, id: str) -> Memory:
        for change in self.history(owner, id):
            if change.after is None and change.before is not None:
                return change.before
        raise NotFound(code="memory_not_found")


def _keeps_words(change: Change) -> bool:
    """Whether a change leaves a memory's words and force as they are."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    return (before.text, before.status) == (after.text, after.status)


def _beside(change: Change, untouched: Collection[str]) -> Change:
    """The change, no longer in place of a memory that may not change."""
    after = change.after
    if after is None or after.supersedes not in untouched:
        return change
    return replace(change, after=replace(after, supersedes=None))


def _given(change: Change, given: Mapping[str, Any]) -> Change:
    """The change; a new memory gets what was given along with its messages."""
    if not given or change.after is None or change.before is not None:
        return change
    after = replace(change.after, **given)
    if after.run_id == after.source.session_id:
        after = replace(after, run_id=None)  # the session says it
    return replace(change, after=after)


def _marked(change: Change) -> Change:
    """The change, with the mark of a danger where a new sentence asks for one."""
    before, after = change.before, change.after
    if after is None or (before is not None and before.text == after.text):
        # A mark that somebody took off by hand doesn't come back by itself.
        return change
    return replace(change, after=marked(after))
