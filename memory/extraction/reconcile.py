"""Reconciliation: validated proposals become changes, in one pass and without a model.

Each proposal is compared with the nearest memories of the same owner and
subject, and against what this batch has decided so far.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from memory.extraction.prompt import said_on
from memory.memories.edits import joined
from memory.memories.relations.life_changes import same_topic
from memory.memories.relations.relations import Relation, Statement, apart, relate
from memory.memories.review.pairs import MAY_REPLACE
from memory.memories.subject import Names
from memory.nlp import dates
from memory.nlp.language import detect
from memory.types import (
    Action,
    Actor,
    Change,
    ChangeAction,
    ExtractionRequest,
    Hit,
    Kind,
    Memory,
    Operation,
    Source,
    Status,
    Subject,
)

Nearest = Callable[[str, Subject], Sequence[Hit]]
"""The nearest active memories of the owner: ``store.nearest`` with the owner filled in."""

SaidAt = Callable[[Memory], datetime]
"""When a memory in force was said: the time of its latest source message, where there is one."""

MarkOf = Callable[[Memory], str | None]
"""Which danger a memory comes from: :meth:`memory.chat.safety.signs.Signs.mark_of`."""

_ANY_DAY = date(2026, 1, 1)
OUTDATED = "outdated"
"""Why a proposal changes nothing: it was said before what it speaks about."""

DEFAULT_IMPORTANCE = 3

# Where several memories are near, the strongest relation decides.
_ORDER = (
    Relation.SAME,
    Relation.HAPPENED,
    Relation.CANCELS,
    Relation.REPLACES,
    Relation.BETTER,
    Relation.WEAKER,
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A proposal that changes nothing: ``memory_id`` says it already."""

    operation: Operation
    reason: str
    memory_id: str


@dataclass(frozen=True, slots=True)
class Decision:
    """All changes of a batch, in order, and the proposals that need none."""

    changes: tuple[Change, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def decide(
    operations: Sequence[Operation],
    request: ExtractionRequest,
    nearest: Nearest,
    now: datetime,
    batch_id: str,
    session_id: str | None = None,
    said_at: SaidAt = lambda memory: memory.created_at,
    mark_of: MarkOf = lambda _: None,
) -> Decision:
    """Decide on proposals that passed the guards.

    Args:
        operations: With subject, kind and text settled.
        request: The batch; ``known`` is what UPDATE and DELETE number.
        nearest: Looks up neighbours of a text among what is in force.
        now: Time of the changes (aware, UTC).
        batch_id: Ties the changes together (``group_id``).
        session_id: The session of the batch, noted as the source.
        said_at: Tells what was said before from what was said since; a log that is
            read in later must not overrule what is known by now.
        mark_of: Tells which danger a new memory comes from, if any.
    """
    deciding = _Deciding(request, nearest, now, batch_id, session_id, said_at, mark_of)
    for operation in deciding.paired(operations):
        deciding.take(operation)
    return Decision(tuple(deciding.changes), tuple(deciding.skipped))


@dataclass
class _Deciding:
    request: ExtractionRequest
    nearest: Nearest
    now: datetime
    batch_id: str
    session_id: str | None
    said_at: SaidAt
    mark_of: MarkOf
    changes: list[Change] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    # Memories as this batch leaves them so far, by id.
    current: dict[str, Memory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names.of(self.request.persona)
        self.zone = ZoneInfo(self.request.timezone)

    def paired(self, operations: Sequence[Operation]) -> list[Operation]:
        """A DELETE and the ADD of what holds instead are one UPDATE, in two words."""
        found = list(operations)
        for gone in [operation for operation in found if operation.action is Action.DELETE]:
            known = self._known(gone)
            if known is None:
                continue
            for place, new in enumerate(found):
                if new.action is Action.ADD and self._replaces(self._draft(new), known):
                    found[place] = replace(new, action=Action.UPDATE, id=gone.id)
                    found.remove(gone)
                    break
        return found

    def take(self, operation: Operation) -> None:
        """Decide on one proposal."""
        known = self._known(operation)
        if operation.action is Action.DELETE:
            if known is not None and known.status is Status.ACTIVE:
                self._retire(known)
            return
        draft = self._draft(operation)
        if operation.action is Action.UPDATE and known is not None:
            relation = self._relation_to_known(draft, known)
            if relation is not Relation.OTHER:
                self._act(relation, draft, known, operation)
                return
            if known.status is Status.ACTIVE and known.subject is draft.subject:
                # The model saw a change, the rules see two things: a person decides.
                draft = replace(draft, metadata={**draft.metadata, MAY_REPLACE: known.id})
        relation, old = self._strongest(draft)
        if old is None:
            self._change(ChangeAction.ADD, None, draft)
        else:
            self._act(relation, draft, old, operation)

    # --- looking ------------------------------------------------------------------

    def _known(self, operation: Operation) -> Memory | None:
        if operation.id is None or not 1 <= operation.id <= len(self.request.known):
            return None
        memory = self.request.known[operation.id - 1]
        return self.current.get(memory.id, memory)

    def _relation_to_known(self, draft: Memory, known: Memory) -> Relation:
        """What an UPDATE does to the memory it names.

        The model chose the memory; the rules choose between a better wording
        and a change of the world. Where nothing fits, the number was wrong.
        """
        if known.status is not Status.ACTIVE or known.subject is not draft.subject:
            return Relation.OTHER
        new, old = self._statement(draft), self._statement(known)
        relation = relate(new, old, self._today(draft))
        if relation is Relation.OTHER:
            # Of two events each is true, unless the later one is the same thing moved.
            if _but_for_the_day(draft.text) == _but_for_the_day(known.text):
                return Relation.REPLACES
            both = Kind.TEMPORAL is draft.kind is known.kind and not old.is_plan
            if both and apart(new, old):
                return Relation.OTHER
            fits = same_topic(new.rest, old.rest, new.said)
            return Relation.REPLACES if fits else Relation.OTHER
        # Even a shorter wording is wanted where the model asks for it.
        return Relation.BETTER if relation is Relation.WEAKER else relation

    def _replaces(self, draft: Memory, known: Memory) -> bool:
        """Whether a new memory says what holds instead of a known one."""
        if known.status is not Status.ACTIVE:
            return False
        return self._relation_to_known(draft, known) in (
            Relation.REPLACES,
            Relation.BETTER,
            Relation.HAPPENED,
        )

    def _strongest(self, draft: Memory) -> tuple[Relation, Memory | None]:
        found: dict[Relation, Memory] = {}
        for old in self._neighbours(draft):
            relation = relate(self._statement(draft), self._statement(old), self._today(draft))
            found.setdefault(relation, old)
        for relation in _ORDER:
            if relation in found:
                return relation, found[relation]
        return Relation.OTHER, None

    def _neighbours(self, draft: Memory) -> list[Memory]:
        stored = [hit.memory for hit in self.nearest(draft.text, draft.subject)]
        seen = {memory.id for memory in stored}
        made = [memory for memory in self.current.values() if memory.id not in seen]
        latest = [self.current.get(memory.id, memory) for memory in stored] + made
        return [memory for memory in latest if memory.status is Status.ACTIVE]

    # --- acting -------------------------------------------------------------------

    def _act(self, relation: Relation, draft: Memory, old: Memory, operation: Operation) -> None:
        if relation in (Relation.SAME, Relation.WEAKER):
            fuller = self._enriched(old, draft)
            if fuller == old:
                self.skipped.append(Skipped(operation, relation.value, old.id))
            else:
                self._change(ChangeAction.MERGE, old, fuller)
        elif relation in (Relation.BETTER, Relation.HAPPENED):
            self._change(ChangeAction.MERGE, old, self._merged(old, draft))
        elif relation is Relation.REPLACES:
            if self._earlier(draft, old):
                self._add_as_past(draft, old)
            else:
                self._supersede(old, draft)
                self._supersede_further(draft)
        elif relation is Relation.CANCELS:
            if self._earlier(draft, old):
                self.skipped.append(Skipped(operation, OUTDATED, old.id))
            else:
                self._close(old)
        else:
            self._change(ChangeAction.ADD, None, draft)

    def _supersede(self, old: Memory, draft: Memory) -> None:
        """The old one stays, out of force and linked to what replaced it."""
        new = replace(
            draft, supersedes=old.id, pinned=old.pinned, safety=draft.safety or old.safety
        )
        self._change(ChangeAction.ADD, None, new)
        self._end(old, new)

    def _supersede_further(self, draft: Memory) -> None:
        """One piece of news may end several memories: her name, and that they are together."""
        for old in self._neighbours(draft):
            if old.id == draft.id:
                continue
            relation = relate(self._statement(draft), self._statement(old), self._today(draft))
            if relation is Relation.REPLACES and not self._earlier(draft, old):
                self._end(old, draft)

    def _end(self, old: Memory, new: Memory) -> None:
        after = replace(old, status=Status.SUPERSEDED, superseded_by=new.id, updated_at=self.now)
        self._change(ChangeAction.SUPERSEDE, old, after)

    def _add_as_past(self, draft: Memory, current: Memory) -> None:
        """What held before ``current``: kept with the link to it, never in force."""
        past = replace(draft, status=Status.SUPERSEDED, superseded_by=current.id)
        self._change(ChangeAction.ADD, None, past)

    def _retire(self, known: Memory) -> None:
        """A DELETE: plans are closed, all else is archived; nothing is lost."""
        if self._statement(known).is_plan:
            self._close(known)
        else:
            after = replace(known, status=Status.ARCHIVED, updated_at=self.now)
            self._change(ChangeAction.ARCHIVE, known, after)

    def _close(self, old: Memory) -> None:
        after = replace(old, status=Status.CLOSED, updated_at=self.now)
        self._change(ChangeAction.CLOSE, old, after)

    def _merged(self, old: Memory, draft: Memory) -> Memory:
        """The new wording under the old id, with the old date of origin."""
        return replace(
            self._enriched(old, draft),
            text=draft.text,
            kind=draft.kind,
            category=draft.category if draft.category != "other" else old.category,
            event_date=draft.event_date or old.event_date,
            language=draft.language,
            source=joined(old.source, draft.source),
            relations=draft.relations,
            updated_at=self.now,
        )

    def _enriched(self, old: Memory, draft: Memory) -> Memory:
        """What even a repetition can add: a date that was missing, more importance."""
        dated = old.event_date is None and draft.event_date is not None
        event_date = draft.event_date if dated and old.kind is Kind.TEMPORAL else old.event_date
        importance = max(old.importance, draft.importance)
        safety = draft.safety or old.safety
        if (event_date, importance, safety) == (old.event_date, old.importance, old.safety):
            return old
        return replace(
            old,
            event_date=event_date,
            importance=importance,
            safety=safety,
            updated_at=self.now,
        )

    def _change(self, action: ChangeAction, before: Memory | None, after: Memory) -> None:
        self.current[after.id] = after
        self.changes.append(
            Change(
                id=str(uuid.uuid4()),
                owner=self.request.owner,
                memory_id=after.id,
                action=action,
                actor=Actor.EXTRACTION,
                at=self.now,
                before=before,
                after=after,
                group_id=self.batch_id,
            )
        )

    # --- words as values ------------------------------------------------------------

    def _draft(self, operation: Operation) -> Memory:
        kind = operation.kind or (Kind.TEMPORAL if operation.event_date else Kind.CONSTANT)
        numbers = [n for n in operation.source if 1 <= n <= len(self.request.messages)]
        draft = Memory(
            id=str(uuid.uuid4()),
            owner=self.request.owner,
            text=operation.text,
            subject=operation.subject or Subject.USER,
            kind=kind,
            category=operation.category or ("event" if kind is Kind.TEMPORAL else "other"),
            created_at=self.now,
            updated_at=self.now,
            event_date=operation.event_date,
            importance=operation.importance or DEFAULT_IMPORTANCE,
            language=detect(operation.text, default=self.request.language),
            source=Source(
                session_id=self.session_id,
                message_ids=tuple(self.request.messages[n - 1].id for n in numbers),
                batch_id=self.batch_id,
            ),
            relations=operation.relations,
        )
        return replace(draft, safety=self.mark_of(draft))

    def _statement(self, memory: Memory) -> Statement:
        return Statement(
            text=memory.text,
            rest=self.names.split(memory.text)[1],
            subject=memory.subject,
            kind=memory.kind,
            category=memory.category,
            event_date=memory.event_date,
            said=self._told(memory),
        )

    def _told(self, memory: Memory) -> str:
        """What the user said in its sources of this batch."""
        ids = set(memory.source.message_ids)
        told = (m for m in self.request.messages if m.id in ids and m.role == "user")
        return "\n".join(message.text for message in told)

    def _earlier(self, draft: Memory, old: Memory) -> bool:
        """Whether ``draft`` was said before ``old`` was."""
        messages = self.request.messages
        return bool(messages) and (self._said(draft) or messages[-1].created_at) < (
            self._said(old) or self.said_at(old)
        )

    def _said(self, memory: Memory) -> datetime | None:
        """When the latest of its sources in this batch was said."""
        ids = set(memory.source.message_ids)
        times = [message.created_at for message in self.request.messages if message.id in ids]
        return max(times, default=None)

    def _today(self, draft: Memory) -> date:
        """The day on which the latest source of ``draft`` was said."""
        ids = set(draft.source.message_ids)
        said = [message for message in self.request.messages if message.id in ids]
        messages = said or list(self.request.messages)
        return said_on(messages[-1], self.zone) if messages else self.now.date()


def _but_for_the_day(text: str) -> str:
    """``text`` without the days in it."""
    for mention in reversed(dates.resolve(text, _ANY_DAY, detect(text))):
        text = text[: mention.begin] + text[mention.stop :]
    return text
