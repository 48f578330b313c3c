"""Batch extraction by rules: what they find in all messages of a batch, put together."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from memory.builtin.extraction import mood, persona_facts
from memory.builtin.extraction.answers import completed
from memory.builtin.extraction.cancelled import match_known, matches_text, still_ahead
from memory.builtin.extraction.denials import denies, known_as, refilled
from memory.builtin.extraction.draft import Cancelled, Denied, Draft, Finding, Retracted, Scene
from memory.builtin.extraction.en import EnReader
from memory.builtin.extraction.en_subjects import EnSubject
from memory.builtin.extraction.sentences import clean
from memory.builtin.extraction.zh import ZhReader
from memory.builtin.extraction.zh_subjects import ZhSubject
from memory.nlp.language import detect, has_cjk
from memory.types import (
    Action,
    ExtractionRequest,
    Kind,
    Language,
    Message,
    MessageState,
    Mood,
    Operation,
)

_UNREADABLE = frozenset({MessageState.FAILED, MessageState.REPLACED, MessageState.STREAMING})
_CHUNK = re.compile(r"(?:[^。！？!?\n.]|\.(?!\s))*(?:[。！？!?\n]+|\.\s|$)")
_USER: dict[Language, str] = {"zh": "用户", "en": "The user"}


def operations_in(request: ExtractionRequest) -> list[Operation]:
    """What is proposed for a batch, in the order in which it was said."""
    return _Batch(request).operations()


def mood_in(request: ExtractionRequest) -> Mood | None:
    """How the user felt, if they said so."""
    said = (m.text for m in request.messages if m.role == "user" and _readable(m))
    return mood.rate(said, request.language)


class _Batch:
    """The findings of one batch, put together."""

    def __init__(self, request: ExtractionRequest) -> None:
        self._request = request
        self._zone = _zone(request.timezone)
        self._people: dict[Language, dict[str, str]] = {"zh": {}, "en": {}}
        self._person_zh: ZhSubject | None = None
        self._person_en: EnSubject | None = None
        self._asked = ""
        self._drafts: list[tuple[Draft, tuple[int, ...]]] = []
        self._changes: list[Operation] = []
        self._denied: list[tuple[Denied, int]] = []

    def operations(self) -> list[Operation]:
        """What is proposed, in the order in which it was said."""
        for number, message in enumerate(self._request.messages, 1):
            if not _readable(message):
                continue
            if message.role == "assistant":
                for draft in self._of_ai(message):
                    self._add(draft, number)
                self._asked = message.text
                continue
            for finding in self._of_user(message):
                self._take(finding, number)
        for denied, number in self._denied:
            self._end(denied, number)
        adds = [self._operation(draft, source) for draft, source in self._drafts]
        return [*self._changes, *adds]

    def _of_user(self, message: Message) -> list[Finding]:
        found: list[Finding] = []
        made_up = False
        for language, chunk in _by_language(clean(message.text), self._request.language):
            scene = Scene(self._day(message), _USER[language], self._people[language])
            chunk = completed(self._asked, chunk, language)
            # "它叫年糕" may come a message after "我养了一只猫".
            if language == "zh":
                zh = ZhReader(scene)
                zh.state.person, zh.state.made_up = self._person_zh, made_up
                found.extend(zh.read(chunk))
                self._person_zh, made_up = zh.state.person, zh.state.made_up
            else:
                en = EnReader(scene)
                en.person, en.made_up = self._person_en, made_up
                found.extend(en.read(chunk))
                self._person_en, made_up = en.person, en.made_up
        self._asked = ""
        return found

    def _of_ai(self, message: Message) -> list[Draft]:
        language = detect(message.text, self._request.language)
        scene = Scene(self._day(message), self._request.persona.text(language).name)
        read = persona_facts.read_zh if language == "zh" else persona_facts.read_en
        return read(message.text, scene)

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

    def _end(self, denied: Denied, number: int) -> None:
        """Archives what is known, unless this batch tells what holds instead."""
        if any(
            denies(denied, draft.text) or refilled(denied, draft.text) for draft, _ in self._drafts
        ):
            return
        said_at = self._request.messages[number - 1].created_at
        for known in known_as(denied, self._request.known, said_at):
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
            source=source,
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
