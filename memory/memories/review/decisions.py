"""Review decisions: findings are fixed as one undoable group, or kept as they are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from memory.db import Database
from memory.errors import BadInput, NotFound
from memory.memories import MemoryService
from memory.memories.edits import action_of, changed, checked, edited
from memory.memories.relations.relations import Relation
from memory.memories.review import fixes
from memory.memories.review.finding import Finding, FindingKind, key_of
from memory.types import (
    DEFAULT_CATEGORIES,
    Actor,
    Change,
    ChangeAction,
    Memory,
    Owner,
    Status,
)
from memory.vector_store.store import MemoryStore


class ReviewDecisions:
    """Decisions on findings of the inbox: fixed, or kept as they are."""

    def __init__(
        self,
        store: MemoryStore,
        db: Database,
        memory_service: MemoryService,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._db = db
        self._memory_service = memory_service
        self._clock = clock

    def settle(self, owner: Owner, finding: Finding) -> None:
        """It is right as it is: not shown again unless its text changes."""
        self._db.findings.settle(owner, [finding.key])

    def unsettle(self, owner: Owner, finding: Finding | None = None) -> int:
        """Show again what was settled: one finding, or all. Returns how many."""
        return self._db.findings.unsettle(owner, None if finding is None else [finding.key])

    def settled(self, owner: Owner) -> int:
        """How many findings were settled."""
        return len(self._db.findings.settled(owner))

    def fix(
        self,
        owner: Owner,
        finding: Finding,
        *,
        right: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> str:
        """Do what the finding proposes.

        Args:
            owner: Whose memories.
            finding: What to fix.
            right: Of two that contradict each other, the id of the one that is
                right; the later one if not given.
            fields: Instead of what the finding proposes.

        Returns:
            The group's id, for :meth:`Undo.undo_group`.

        Raises:
            BadInput: code ``finding_open``: only a person knows what to do; or as
                :func:`memory.memories.edits.checked`.
            NotFound: code ``finding_gone``: its memories have changed since.
        """
        chosen = finding if fields is None else replace(finding, fields=fields)
        group, changes = str(uuid.uuid4()), self._changes(owner, [(chosen, right)])
        if not changes:
            raise NotFound(code="finding_gone")
        self._commit(changes, group)
        return group

    def fix_all(self, owner: Owner, findings: Sequence[Finding]) -> str:
        """Do what each proposes, as one group; what has changed since is left out.

        Raises:
            NotFound: code ``finding_gone``: nothing was left to do.
        """
        group, changes = str(uuid.uuid4()), self._changes(owner, [(f, None) for f in findings])
        if not changes:
            raise NotFound(code="finding_gone")
        self._commit(changes, group)
        return group

    def rewrite(self, owner: Owner, memory: Memory, texts: Sequence[str]) -> str:
        """Give a memory another text, or split it: the first text stays, the others are new.

        Raises:
            BadInput: no text, or as :func:`memory.memories.edits.checked`.
            NotFound: code ``finding_gone``: it has changed since.
        """
        wanted = [checked({"text": text}, DEFAULT_CATEGORIES)["text"] for text in texts]
        if not wanted:
            raise BadInput(code="memory_text_empty")
        now, group = self._clock(), str(uuid.uuid4())
        current = self.in_force(owner, [memory.id]).get(memory.id)
        if current is None or current.text != memory.text:
            raise NotFound(code="finding_gone")
        first = edited(current, {"text": wanted[0]}, now)
        steps: list[fixes.Step] = [(current, first)] if first is not current else []
        for text in wanted[1:]:
            # What took another's place did so only once.
            part = replace(first, id=str(uuid.uuid4()), supersedes=None, pinned=False)
            steps.append((None, replace(edited(part, {"text": text}, now), created_at=now)))
        self._commit([self._change(before, after) for before, after in steps], group)
        return group

    def in_force(self, owner: Owner, ids: Sequence[str]) -> dict[str, Memory]:
        """Those of ``ids`` that are in force, by id."""
        found = self._store.reads.get_many(owner, ids) if ids else []
        return {memory.id: memory for memory in found if memory.status is Status.ACTIVE}

    # --- inside ------------------------------------------------------------------

    def _changes(self, owner: Owner, wanted: Sequence[tuple[Finding, str | None]]) -> list[Change]:
        """One after the other: of three alike the second merge meets what the first made."""
        ids = {memory.id for finding, _ in wanted for memory in finding.memories}
        current = self.in_force(owner, list(ids))
        texts = {id: memory.text for id, memory in current.items()}
        into: dict[str, str] = {}
        changes = []
        for finding, right in wanted:
            known = [replace(m, text=texts.get(m.id, "")) for m in finding.memories]
            now = [current.get(into.get(m.id, m.id)) for m in finding.memories]
            memories = list(dict.fromkeys(memory for memory in now if memory is not None))
            if len(memories) < len(now) or key_of(finding.kind, known) != finding.key:
                continue
            for before, after in self._steps(memories, finding, right):
                change = self._change(before, after)
                changes.append(change)
                if after is not None:
                    current[after.id] = after
                else:
                    del current[change.memory_id]
                    kept = memories[0].id
                    into.update((id, kept) for id, at in into.items() if at == change.memory_id)
                    into[change.memory_id] = kept
        return changes

    def _steps(
        self, memories: Sequence[Memory], finding: Finding, right: str | None
    ) -> list[fixes.Step]:
        now = self._clock()
        if finding.kind is FindingKind.DUPLICATE:
            old, new = sorted(memories, key=lambda memory: (memory.created_at, memory.id))
            fields = finding.fields
            if (old, new) != finding.memories:
                # One of them has taken in another one just now.
                fields = fixes.merged_fields(old, new, Relation.SAME)
            return [*fixes.merge(old, new, fields, now), *self._relinked(old, new, now)]
        if finding.kind is FindingKind.CONTRADICTION:
            old, new = memories
            wins = (old, new) if right == old.id else (new, old)
            return fixes.supersede(*wins, now)
        if not finding.fields:
            raise BadInput(code="finding_open")
        memory = memories[0]
        after = edited(memory, checked(finding.fields, DEFAULT_CATEGORIES), now)
        return [(memory, after)] if changed(memory, after) else []

    def _relinked(self, kept: Memory, gone: Memory, now: datetime) -> list[fixes.Step]:
        """What ``gone`` had replaced is replaced by ``kept`` from now on."""
        if gone.supersedes is None or gone.supersedes == kept.id:
            return []
        return [
            (past, replace(past, superseded_by=kept.id, updated_at=now))
            for past in self._store.reads.get_many(kept.owner, [gone.supersedes])
            if past.superseded_by == gone.id
        ]

    def _change(self, before: Memory | None, after: Memory | None) -> Change:
        if before is None:
            action = ChangeAction.ADD
        elif after is None:
            action = ChangeAction.DELETE
        else:
            merged = before.source != after.source
            action = ChangeAction.MERGE if merged else action_of(before, after)
        return self._memory_service.history_first.change(action, Actor.HAND, before, after)

    def _commit(self, changes: Sequence[Change], group: str) -> None:
        self._memory_service.commit([replace(change, group_id=group) for change in changes])
