"""Batch extraction by rules: what they find in all messages of a batch, put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from memory.builtin.extraction import mood, persona_facts
from memory.builtin.extraction.amendments import amended, amended_within
from memory.builtin.extraction.answers import completed
from memory.builtin.extraction.cancelled import match_known, matches_text, still_ahead
from memory.builtin.extraction.denials import denies, known_as, refilled
from memory.builtin.extraction.draft import Cancelled, Denied, Draft, Finding, Retracted, Scene
from memory.builtin.extraction.en import EnReader
from memory.builtin.extraction.en_subjects import EnSubject
from memory.builtin.extraction.named_people import named_people
from memory.builtin.extraction.revisions import (
    Revision,
    revised,
    revised_known,
    revision,
)
from memory.builtin.extraction.sentences import clean
from memory.builtin.extraction.small_talk import says_nothing
from memory.builtin.extraction.tidy import tidy
from memory.builtin.extraction.unread_clauses import SourcedDraft, select_clauses
from memory.builtin.extraction.zh import ZhReader
from memory.builtin.extraction.zh_subjects import ZhSubject
from memory.extraction.validation.ended import Fact, ended_by
from memory.nlp.language import detect, has_cjk
from memory.types import (
    Action,
    ExtractionRequest,
    Kind,
    Language,
    Memory,
    Message,
    MessageState,
    Mood,
    Operation,
    Status,
    Subject,
)
from memory.types.vectors import Encode

_UNREADABLE = frozenset({MessageState.FAILED, MessageState.REPLACED, MessageState.STREAMING})
_CHUNK = re.compile(r"(?:[^。！？!?\n.]|\.(?!\s))*(?:[。！？!?\n]+|\.\s|$)")
# Goes on about somebody: "she" is then whom the message before was about.
_HE = re.compile(r"[他她它佢]|\b(?:s?he|it|they|him|her|his|its|their)\b|\bs?he's\b", re.IGNORECASE)
SaidAt: TypeAlias = Callable[[Memory], datetime]

_USER: dict[Language, str] = {"zh": "用户", "en": "The user"}


def operations_in(
    request: ExtractionRequest,
    encode: Encode | None = None,
    said_at: SaidAt | None = None,
) -> list[Operation]:
    """What is proposed for a batch, in the order in which it was said.

    Args:
        request: The batch.
        encode: Gives sentence vectors; with it the classifier reads what no rule did.
        said_at: When a known memory was said; what is newer than a message isn't ended by it.
    """
    return _Batch(request, encode, said_at or _stored_at).operations()


def _stored_at(memory: Memory) -> datetime:
    return memory.created_at


def mood_in(request: ExtractionRequest) -> Mood | None:
    """How the user felt, if they said so."""
    said = (m.text for m in request.messages if m.role == "user" and _readable(m))
    return mood.rate(said, request.language)


class _Batch:
    """The findings of one batch, put together."""

    def __init__(self, request: ExtractionRequest, encode: Encode | None, said_at: SaidAt) -> None:
        self._request = request
        self._encode = encode
        self._said_at = said_at
        self._zone = _zone(request.timezone)
        self._people = named_people(request.known)
        self._person_zh: ZhSubject | None = None
        self._person_en: EnSubject | None = None
        self._asked = ""
        self._said = ""
        self._drafts: list[SourcedDraft] = []
        self._changes: list[Operation] = []
        self._denied: list[tuple[Denied, int]] = []
        # By which message another was put right: what it says now, both say together.
        self._right_by: dict[int, int] = {}

    def operations(self) -> list[Operation]:
        """What is proposed, in the order in which it was said."""
        for number, message, text in self._amended():
            if message.role == "assistant":
                for draft in self._of_ai(message):
                    self._add(draft, number)
                self._asked = message.text
                continue
            self._said = message.text
            for finding in self._of_user(message, text):
                self._take(finding, number)
        told, self._drafts = select_clauses(self._drafts, self._request.known, self._encode), []
        for draft, source in told:
            for number in source:
                self._add(draft, number)
        for denied, number in self._denied:
            self._end(denied, number)
        self._end_facts()
        adds = [
            self._operation(draft, source)
            for draft, source in self._drafts
            if draft.subject is not Subject.USER or not says_nothing(draft.text)
        ]
        return [*self._changes, *adds]

    def _amended(self) -> list[tuple[int, Message, str]]:
        """Each readable message with its number and text, corrections put where they belong."""
        read: list[tuple[int, Message, str]] = []
        for number, message in enumerate(self._request.messages, 1):
            if not _readable(message):
                continue
            if message.role == "assistant":
                read.append((number, message, message.text))
                continue
            text = tidy(message.text, detect(message.text, self._request.language))
            text = amended_within(text)
            before = [place for place, entry in enumerate(read) if entry[1].role == "user"]
            changed = amended(read[before[-1]][2], message.text) if before else None
            if changed is not None:
                read[before[-1]] = (*read[before[-1]][:2], changed)
                self._right_by[read[before[-1]][0]] = number
                continue
            change = revision(text)
            read.append(
                (number, message, self._revised(change, read, before, number) if change else text)
            )
        return read

    def _revised(
        self,
        change: Revision,
        read: list[tuple[int, Message, str]],
        before: Sequence[int],
        number: int,
    ) -> str:
        """What a message states beside ``change``, which is made where it belongs."""
        found = revised([read[place][2] for place in before], change)
        if found:
            place = before[found[0]]
            read[place] = (*read[place][:2], found[1])
            self._right_by[read[place][0]] = number
            return change.rest
        today = self._day(self._request.messages[number - 1])
        known = revised_known(change, self._request.known, today)
        if known is None:
            return change.stated
        operation = self._operation(known[1], (number,))
        if operation.category == "plan":
            self._changes.append(replace(operation, action=Action.UPDATE, id=known[0]))
        else:
            # What was told wrongly never was: one goes, the other comes.
            gone = Operation(Action.DELETE, id=known[0], source=(number,))
            self._changes += [gone, operation]
        return change.rest

    def _of_user(self, message: Message, text: str) -> list[Finding]:
        found: list[Finding] = []
        made_up = False
        for language, chunk in _by_language(clean(text), self._request.language):
            scene = Scene(self._day(message), _USER[language], self._people[language])
            chunk = completed(self._asked, chunk, language)
            # "它叫年糕" may come a message after "我养了一只猫".
            if language == "zh":
                zh, before = ZhReader(scene), self._person_zh
                zh.state.person, zh.state.made_up = before, made_up
                found.extend(zh.read(chunk))
                person, made_up = zh.state.person, zh.state.made_up
                self._person_zh = person if person is not before or _HE.search(chunk) else None
            else:
                en, earlier = EnReader(scene), self._person_en
                en.person, en.made_up = earlier, made_up
                found.extend(en.read(chunk))
                made_up = en.made_up
                spoken_of = en.person is not earlier or _HE.search(chunk)
                self._person_en = en.person if spoken_of else None
        self._asked = ""
        return found

    def _of_ai(self, message: Message) -> list[Draft]:
        language = detect(message.text, self._request.language)
        scene = Scene(self._day(message), self._request.persona.text(language).name)
        read = persona_facts.read_zh if language == "zh" else persona_facts.read_en
        return read(persona_facts.without_echo(message.text, self._said), scene)

    def _take(self, finding: Finding, number: int) -> None:
        if isinstance(finding, Retracted):
            last = max((source[-1] for draft, source in self._drafts), default=0)
            said_by_user = last and self._request.messages[last - 1].role == "user"
            if said_by_user:
                self._drafts = [entry for entry in self._drafts if entry[1][-1] != last]
        elif isinstance(finding, Cancelled):
            self._cancel(finding, number)
        elif isinstance(finding, Denied):
            self._drafts = [entry for entry in self._drafts if not denies(finding, entry[0].text)]
            self._denied.append((finding, number))
        else:
            self._add(finding, number)

    def _end_facts(self) -> None:
        """Ends what this batch's news ends, in the batch and among what is known."""
        known = [
            (number, memory)
            for number, memory in enumerate(self._request.known, 1)
            if memory.status is Status.ACTIVE
            and memory.subject is Subject.USER
            and memory.kind is Kind.CONSTANT
        ]
        facts = [Fact(memory.text, memory.category) for _, memory in known]
        gone: set[int] = set()
        for place, (news, source) in enumerate(self._drafts):
            said_at = self._request.messages[source[-1] - 1].created_at
            for at in ended_by(news.text, facts, self._encode):
                number, memory = known[at]
                if self._said_at(memory) <= said_at and all(
                    change.id != number for change in self._changes
                ):
                    self._changes.append(Operation(Action.DELETE, id=number, source=source))
            earlier = [
                Fact(draft.text, draft.category)
                if draft.kind is Kind.CONSTANT and origin[-1] < source[-1]
                else Fact("", "")
                for draft, origin in self._drafts[:place]
            ]
            gone.update(ended_by(news.text, earlier, self._encode))
        self._drafts = [entry for at, entry in enumerate(self._drafts) if at not in gone]

    def _end(self, denied: Denied, number: int) -> None:
        """Archives what is known, unless this batch tells what holds instead."""
        if any(
            denies(denied, draft.text) or refilled(denied, draft.text) for draft, _ in self._drafts
        ):
            return
        said_at = self._request.messages[number - 1].created_at
        for known in known_as(denied, self._request.known, said_at, self._said_at):
            if all(change.id != known for change in self._changes):
                self._changes.append(Operation(Action.DELETE, id=known, source=(number,)))

    def _cancel(self, finding: Cancelled, number: int) -> None:
        moved = finding.otherwise.category == "plan"
        today = self._day(self._request.messages[number - 1])
        kept = [
            (draft, source)
            for draft, source in self._drafts
            if draft.kind is not Kind.TEMPORAL
            or not still_ahead(draft.event_date, today)
            or not matches_text(finding, draft.text, draft.event_date)
        ]
        dropped, self._drafts = len(kept) < len(self._drafts), kept
        known = match_known(finding, self._request.known, today)
        if known and moved:
            operation = self._operation(finding.otherwise, (number,))
            self._changes.append(replace(operation, action=Action.UPDATE, id=known))
        elif known:
            self._changes.append(Operation(Action.DELETE, id=known, source=(number,)))
        elif moved or not dropped:
            self._add(finding.otherwise, number)

    def _add(self, draft: Draft, number: int) -> None:
        for place, (other, source) in enumerate(self._drafts):
            if other.text == draft.text and other.subject is draft.subject:
                self._drafts[place] = (other, tuple(sorted({*source, number})))
                return
        self._drafts.append((draft, (number,)))

    def _operation(self, draft: Draft, source: tuple[int, ...]) -> Operation:
        categories = self._request.categories
        fallback = "other" if "other" in categories or not categories else categories[-1]
        return Operation(
            Action.ADD,
            text=draft.text,
            subject=draft.subject,
            kind=draft.kind,
            category=draft.category if draft.category in categories else fallback,
            event_date=draft.event_date,
            importance=draft.importance,
            source=tuple(sorted({*source, *(self._right_by.get(one, one) for one in source)})),
        )

    def _day(self, message: Message) -> date:
        said_at: datetime = message.created_at
        return (
            (said_at if said_at.tzinfo else said_at.replace(tzinfo=UTC))
            .astimezone(self._zone)
            .date()
        )


def _readable(message: Message) -> bool:
    return message.remember and message.state not in _UNREADABLE


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _by_language(text: str, default: Language) -> list[tuple[Language, str]]:
    """``text`` in runs of one language; people switch between sentences."""
    if not has_cjk(text) or text.isascii():
        return [(detect(text, default), text)]
    runs: list[tuple[Language, str]] = []
    for chunk in _CHUNK.findall(text):
        if not chunk:
            continue
        language = detect(chunk, runs[-1][0] if runs else detect(text, default))
        if runs and runs[-1][0] == language:
            runs[-1] = (language, runs[-1][1] + chunk)
        else:
            runs.append((language, chunk))
    return runs
