"""Validation: what of a model's proposals may be remembered.

Every proposal passes the guards in one order; each refusal has a code that the
screen can explain (``REASONS``). What can be put right without guessing (whom
it is about, "yesterday") is put right, and noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from memory.extraction.validation.card import card_sentences, examples_of
from memory.extraction.validation.ended import Fact, ended_by
from memory.extraction.validation.noise import commanded, noise_in, supposed
from memory.extraction.validation.relations import with_told_relations
from memory.extraction.validation.secrets import secret_in
from memory.extraction.validation.sources import SUPPORT_SHARE, Sources, clause_in, languages
from memory.memories.relations.attributes import attributes, opposite
from memory.memories.relations.life_changes import ends, same_topic
from memory.memories.relations.relations import gist
from memory.memories.standalone import lacks_antecedent, with_dates
from memory.memories.subject import Names, settle_subject
from memory.nlp.language import detect
from memory.nlp.similarity import content, covered, negative, normal, numbers, similarity, touched
from memory.types import Action, ExtractionRequest, Kind, Message, Operation, Subject

REASONS = (
    "secret",
    "order",
    "question",
    "talk",
    "greeting",
    "comfort",
    "persona_card",
    "recalled",
    "said_by_ai",
    "language",
    "what_if",
    "example",
    "not_alone",
    "too_long",
    "duplicate",
    "too_many",
    "unsupported",
    "unknown_id",
)
LONGEST = 300
"""Characters of a memory; a longer one is a summary, not one fact."""
CARD_SHARE = 0.75
RECALLED_SHARE = 0.8
DUPLICATE_SHARE = 0.85
TOUCHED_SHARE = 0.4

_SENTENCE = re.compile(r"(?<=[。！!；;])\s*|(?<=[.])\s+(?=[A-Z])|\n+")
_COMMA = re.compile(r"[，,；;]\s*(?:而且|并且|and\s+|but\s+)?")
_TOLD = re.compile(
    r"了|过(?=$|[，。])|\b(?:was|were|had|did|went|got|bought|saw|met|\w+ed)\b", re.IGNORECASE
)
_MOMENT = re.compile(
    r"正要|正准备|马上(?:要|去|就)|正在|待会儿?|刚要|"
    r"\b(?:is )?about to\b|\bright now\b|\bin a minute\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(r"(?:时|时候|之?后|之?前|的话)$")


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal that isn't remembered, and why (one of ``REASONS``)."""

    operation: Operation
    reason: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """What passed, what didn't, and what was put right on the way."""

    kept: tuple[Operation, ...]
    refused: tuple[Refused, ...] = ()
    corrected: Mapping[str, int] = field(default_factory=dict)


def guard(
    operations: Iterable[Operation],
    request: ExtractionRequest,
    recalled: Sequence[str] = (),
    examples: frozenset[str] | None = None,
) -> Guarded:
    """Hold ``operations`` against all guards.

    Args:
        operations: What the model proposes, in its order.
        request: The batch it was asked about.
        recalled: Texts of memories that were in the context of the batch's
            replies: what only they say is nothing new.
        examples: Sentences of the prompt's own examples; by default the shipped ones.
    """
    return _Guards(request, recalled, examples or examples_of()).run(operations)


def strongest(operations: Sequence[Operation], limit: int) -> list[Operation]:
    """The ``limit`` most important operations, in their order.

    A quarter of the places each is kept for the persona, for the user's events
    and for the user's lasting facts, so that none of them crowds out the others.
    """
    ranked = sorted(operations, key=lambda operation: -(operation.importance or 3))
    sorts: dict[tuple[bool, bool], list[Operation]] = {}
    for operation in ranked:
        ai = operation.subject is Subject.AI
        sorts.setdefault((ai, not ai and operation.kind is Kind.TEMPORAL), []).append(operation)
    reserved = [operation for sort in sorts.values() for operation in sort[: limit // 4]]
    rest = [operation for operation in ranked if operation not in reserved]
    chosen = (reserved + rest)[:limit]
    return [operation for operation in operations if operation in chosen]


class _Guards:
    def __init__(
        self, request: ExtractionRequest, recalled: Sequence[str], examples: frozenset[str]
    ) -> None:
        self.request = request
        self.examples = examples
        self.recalled = [text for text in recalled if text.strip()]
        self.names = Names.of(request.persona)
        self.card = card_sentences(request.persona)
        self.sources = Sources(request)
        self.kept: list[Operation] = []
        self.refused: list[Refused] = []
        self.corrected: dict[str, int] = {}

    def run(self, operations: Iterable[Operation]) -> Guarded:
        # Deletions last: what holds instead is the best witness for them.
        for operation in sorted(operations, key=lambda one: one.action is Action.DELETE):
            for single in self._singles(operation):
                self._one(single)
        self._limit()
        return Guarded(tuple(self.kept), tuple(self.refused), dict(self.corrected))

    def _one(self, operation: Operation) -> None:
        if operation.action is Action.DELETE:
            reason = self._deletion(operation)
        elif len(operation.text) > LONGEST:
            reason = "too_long"
        else:
            sources = self.sources.of(operation)
            operation, reason = self._settled(operation, sources)
            reason = reason or self._statement(operation, sources)
            operation = with_told_relations(operation, self.names.all_ai)
        if reason is not None:
            self.refused.append(Refused(operation, reason))
            return
        twin = self._twin(operation)
        if twin is None:
            self.kept.append(operation)
        else:
            # The fuller of two wordings stays, at the place of the first.
            first = self.kept[twin]
            if len(content(operation.text)) > len(content(first.text)):
                self.kept[twin], operation = replace(operation, source=first.source), first
            self.refused.append(Refused(operation, "duplicate"))

    # --- one guard after the other ----------------------------------------------

    def _settled(
        self, operation: Operation, sources: Sequence[Message]
    ) -> tuple[Operation, str | None]:
        """The operation with its subject and dates put right; or why it can't be."""
        text = operation.text.strip().rstrip("。.；;")
        if secret_in(text):
            return operation, "secret"
        noise = self._noise(text, operation.subject)
        if noise in ("order", "question"):
            return operation, noise
        text, subject, corrected = settle_subject(text, operation.subject, sources, self.names)
        if corrected:
            self._note("subject")
        operation = replace(operation, text=text, subject=subject)
        noise = self._noise(text, subject)
        if noise:
            return operation, noise
        operation, reason = self._dated(operation, sources)
        # A day written out brings digits: what stands there now counts, too.
        return operation, "secret" if secret_in(operation.text) else reason

    def _dated(
        self, operation: Operation, sources: Sequence[Message]
    ) -> tuple[Operation, str | None]:
        day = self.sources.day(sources, operation.event_date)
        operation = self._momentary(operation, day)
        text, event_date, unclear = with_dates(
            operation.text, operation.event_date, operation.kind, day
        )
        kind = operation.kind or (Kind.TEMPORAL if event_date else Kind.CONSTANT)
        if kind is Kind.TEMPORAL:
            told = self.sources.told_date(self.names.split(text)[1], event_date, sources)
            if told is not None:
                event_date = told
            elif event_date == operation.event_date and event_date is not None:
                event_date = self._supported(operation, sources, day)
        if (text, event_date) != (operation.text, operation.event_date):
            self._note("date")
        operation = replace(operation, text=text, event_date=event_date, kind=kind)
        return operation, "not_alone" if unclear else None

    def _is_example(self, text: str) -> bool:
        """Whether it is a sentence of the prompt's examples, whatever the persona is called."""
        plain = text
        for name in self.names.all_ai:
            plain = plain.replace(name, "{persona}")
        return normal(text) in self.examples or normal(plain) in self.examples

    def _supported(self, operation: Operation, sources: Sequence[Message], day: date) -> str | None:
        """The model's date, if a message supports it; else the day on which it was told."""
        wanted = operation.event_date or ""
        if operation.id is not None or self.sources.is_dated(wanted, sources, day):
            return wanted
        return day.isoformat() if _TOLD.search(operation.text) else None

    @staticmethod
    def _momentary(operation: Operation, day: date) -> Operation:
        """What somebody is just about to do is of that day, and no lasting fact."""
        if operation.kind is not Kind.CONSTANT or not _MOMENT.search(operation.text):
            return operation
        return replace(
            operation, kind=Kind.TEMPORAL, event_date=operation.event_date or day.isoformat()
        )

    def _statement(self, operation: Operation, sources: Sequence[Message]) -> str | None:
        text, subject = operation.text, operation.subject
        rest = self.names.split(text)[1]
        if lacks_antecedent(text, rest):
            return "not_alone"
        if sources and detect(text) not in languages(text, sources):
            return "language"
        if any(supposed(rest, clause_in(rest, message.text)) for message in sources):
            return "what_if"
        if self._is_example(text) and covered(rest, self.sources.everything) < SUPPORT_SHARE:
            return "example"
        by_user = any(covered(rest, told) >= SUPPORT_SHARE for told in self.sources.statements)
        if subject is Subject.AI and self._on_card(rest):
            return "persona_card"
        told_by_user = bool(sources) and all(message.role == "user" for message in sources)
        if subject is Subject.AI and told_by_user and commanded(rest):
            return "order"
        if not (by_user and subject is Subject.USER) and self._only_recalled(operation):
            return "recalled"
        alone = subject is Subject.USER and sources and not by_user and not operation.id
        return "said_by_ai" if alone and not self._confirmed(rest, sources) else None

    def _confirmed(self, rest: str, sources: Sequence[Message]) -> bool:
        """Whether the user had a part in it, if only by saying yes to what the persona said."""
        if not any(message.role == "user" for message in sources):
            return False
        said = [message for message in sources if message.role != "user"]
        holding = [message for message in said if covered(rest, message.text) >= SUPPORT_SHARE]
        users = [message for message in sources if message.role == "user"]
        if not holding or any(covered(rest, message.text) > 0 for message in users):
            return True
        order = {message.id: place for place, message in enumerate(self.request.messages)}
        return any(order[mine.id] > order[holding[0].id] for mine in users)

    def _deletion(self, operation: Operation) -> str | None:
        """A deletion must have something to do with what the user said.

        Otherwise one sentence ("forget everything") would empty the memory. What is
        remembered instead, out of the same batch, says as much.
        """
        number = operation.id or 0
        if not 1 <= number <= len(self.request.known):
            return "unknown_id"
        known = self.request.known[number - 1]
        rest = self.names.split(known.text)[1]
        said = " ".join(message.text for message in self.sources.users)
        fact = [Fact(known.text, known.category)]
        if any(ended_by(message.text, fact, None) for message in self.sources.users):
            return None  # "我们分手了" names nobody, and ends what it ends
        if touched(gist(rest), said) >= TOUCHED_SHARE:
            return None
        instead = (one for one in self.kept if one.action is Action.ADD)
        replaced = any(
            one.subject is known.subject and self._instead(one, rest, said) for one in instead
        )
        return None if replaced else "unsupported"

    def _instead(self, operation: Operation, old: str, said: str) -> bool:
        new = self.names.split(operation.text)[1]
        if ends(new, old, said) or same_topic(new, old, said):
            return True
        ours = {(a.holder, a.slot) for a in attributes(new)}
        return bool(ours & {(a.holder, a.slot) for a in attributes(old)}) or opposite(new, old)

    # --- helpers ----------------------------------------------------------------

    def _singles(self, operation: Operation) -> list[Operation]:
        """One fact each, where several whole sentences came as one memory."""
        if operation.action is not Action.ADD:
            return [operation]
        for split in (_SENTENCE, _COMMA):
            parts = [part.strip() for part in split.split(operation.text) if part.strip()]
            if len(parts) > 1 and all(self._whole(part) for part in parts):
                self._note("split")
                return [replace(operation, text=part) for part in parts]
        return [operation]

    def _whole(self, part: str) -> bool:
        """Whether ``part`` says something by itself: somebody, and more than a time."""
        started, rest = self.names.split(part)
        return started is not None and len(rest) > 1 and not _SUBORDINATE.search(rest)

    def _on_card(self, rest: str) -> bool:
        if len(content(rest)) < 2:
            return False
        return any(
            covered(rest, sentence) >= CARD_SHARE or touched(rest, sentence) == 1
            for sentence in self.card
        )

    def _only_recalled(self, operation: Operation) -> bool:
        """Whether it only says again what was recalled; a changed number is a change."""
        text = operation.text
        return any(
            similarity(text, recalled) >= RECALLED_SHARE
            and not (operation.id and numbers(text) != numbers(recalled))
            for recalled in self.recalled
        )

    def _noise(self, text: str, subject: Subject | None) -> str | None:
        neutral = text
        for name in self.names.all_ai:
            neutral = neutral.replace(name, "AI")
        started, rest = self.names.split(neutral)
        return noise_in(neutral, rest, started or subject)

    def _twin(self, operation: Operation) -> int | None:
        for place, other in enumerate(self.kept):
            if operation.action is Action.DELETE or other.action is Action.DELETE:
                if (operation.action, operation.id) == (other.action, other.id):
                    return place
                continue
            same = normal(operation.text) == normal(other.text)
            alike = (
                similarity(operation.text, other.text) >= DUPLICATE_SHARE
                and numbers(operation.text) == numbers(other.text)
                and negative(operation.text) == negative(other.text)
                and operation.event_date == other.event_date
            )
            if operation.subject == other.subject and (same or alike):
                return place
        return None

    def _limit(self) -> None:
        """The most important ones, earlier ones first among equals, of both sides."""
        told = [operation for operation in self.kept if operation.action is not Action.DELETE]
        kept = strongest(told, self.request.max_memories)
        for operation in told:
            if operation not in kept:
                self.kept.remove(operation)
                self.refused.append(Refused(operation, "too_many"))

    def _note(self, what: str) -> None:
        self.corrected[what] = self.corrected.get(what, 0) + 1
