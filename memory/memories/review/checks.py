"""Single-memory checks: subject, date, language, length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from memory.memories.review.finding import Finding, FindingKind
from memory.memories.standalone import RELATIVE, date_of_source
from memory.memories.subject import Names, settle_subject
from memory.nlp.dates import DateMention, resolve
from memory.nlp.language import detect
from memory.nlp.similarity import covered
from memory.types import ByLanguage, Kind, Language, Memory, Message, Subject

LONGEST: dict[Language, int] = ByLanguage({"zh": 120, "en": 280})
"""Characters of one fact; Chinese says the same in fewer."""

SAID_SHARE = 0.5
"""Content of a memory that a sentence must hold to be the one it was taken from."""

WORDS = 4
"""Letters that a message needs before its language says anything."""

# Facts that hold for long although a date stands in them.
_LASTING = re.compile(
    r"生日|出生|周年|纪念日|每[年月周天日个]|一直|以来|从[^，。]{1,12}(?:起|开始|就)|自[^，。]{1,10}(?:起|以来)|"
    r"毕业于|\b(?:birthday|born|anniversar\w+|every|always|usually|since|each|graduated)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"《[^《》]*》|“[^“”]*”|「[^「」]*」|\"[^\"]*\"|今日头条|明日方舟|明日香")
_PLAN = re.compile(
    r"打算|计划|准备|将要?|要去|想去|会去|安排|约了|预[定约]|\b(?:plans?|planning|will|going to|"
    r"wants? to|scheduled|upcoming|appointment)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[。！？!?；;\n])\s*|(?<=\.)\s+")
_NO_NAME = re.compile(r"念念不忘")
# "AI" and "user" begin sentences about other things too ("AI 绘画是用户的爱好").
_ACTS = re.compile(
    r"[也很最]?(?:喜欢|爱|讨厌|住|是|会|有|去|想|要|养|怕)|['’]s\b|(?:also )?(?:likes?|loves?|is|"
    r"was|has|had|lives?|wants?|enjoys?|went|hates?|plans?)\b",
    re.IGNORECASE,
)
_GRAINS = ("day", "weekend", "week", "month")


class Checks:
    """The checks of one owner's memories, each on its own.

    Args:
        names: How the two are called in memories.
        user_name: The name of the user's profile.
        zone: Where the user's days begin.
    """

    def __init__(self, names: Names, user_name: str, zone: ZoneInfo) -> None:
        self._names = names
        self._user_name = user_name
        self._zone = zone

    def of(self, memory: Memory, sources: Sequence[Message]) -> Iterator[Finding]:
        """What may be wrong with ``memory``, given the messages it came from."""
        for check in (self._subject, self._undated, self._language, self._long):
            found = check(memory, sources)
            if found is not None:
                yield found

    def _subject(self, memory: Memory, sources: Sequence[Message]) -> Finding | None:
        started = self._started(memory.text)
        if started is not None and started is not memory.subject:
            return Finding(FindingKind.SUBJECT, (memory,), {"subject": started}, sure=True)
        if not sources:
            return None
        text, subject, _ = settle_subject(memory.text, memory.subject, sources, self._names)
        if subject is memory.subject:
            return None
        fields = {"subject": subject} if text == memory.text else {"subject": subject, "text": text}
        return Finding(FindingKind.SUBJECT, (memory,), fields)

    def _started(self, text: str) -> Subject | None:
        """Whom the sentence names first, where there is no doubt."""
        if _NO_NAME.match(text):
            return None
        started, rest = self._names.split(text)
        named = text.lower().startswith(tuple(name.lower() for name in self._names.all_ai))
        named = named or text.lower().startswith(("用户", "the user"))
        if started is not None and not named and not _ACTS.match(rest):
            return None
        if started is None and len(self._user_name) > 1 and text.startswith(self._user_name):
            return Subject.USER if _ACTS.match(text[len(self._user_name) :].lstrip()) else None
        return started

    def _undated(self, memory: Memory, sources: Sequence[Message]) -> Finding | None:
        if memory.event_date is not None:
            return None
        said_on = (sources[0] if sources else memory).created_at.astimezone(self._zone).date()
        mention = self._mentioned(memory, said_on)
        if memory.kind is Kind.TEMPORAL:
            when = mention.date_str if mention else self._told_on(memory, sources)
            fields = {"event_date": when} if when else {}
            return Finding(FindingKind.UNDATED, (memory,), fields, sure=mention is not None)
        if mention is None or mention.grain not in _GRAINS or _LASTING.search(memory.text):
            return None
        dated = memory.category in ("event", "plan") or RELATIVE.search(mention.text) is not None
        if not dated:
            return None
        fields = {"kind": Kind.TEMPORAL, "event_date": mention.date_str}
        return Finding(FindingKind.UNDATED, (memory,), fields)

    def _mentioned(self, memory: Memory, said_on: date) -> DateMention | None:
        """The one date that the text names; of several nobody knows which is meant."""
        # Titles keep their length, so that places in the text stay where they are.
        text = _QUOTED.sub(lambda match: "·" * len(match[0]), memory.text)
        mentions = [
            mention
            for mention in resolve(text, said_on, detect(text))
            # "USA Today" is a name.
            if not (mention.begin and mention.text.istitle() and RELATIVE.fullmatch(mention.text))
        ]
        if len(mentions) != 1:
            return None
        mention = mentions[0]
        if mention.earlier is not None and mention.later is not None:
            mention = mention.towards(memory.category == "plan" or bool(_PLAN.search(text)))
        return mention

    def _told_on(self, memory: Memory, sources: Sequence[Message]) -> str | None:
        """The day from the sentence that told of it."""
        rest = self._names.split(memory.text)[1]
        best, found = SAID_SHARE, None
        for message in sources:
            said_on = message.created_at.astimezone(self._zone).date()
            for sentence in _SENTENCE.split(message.text):
                share = covered(rest, sentence)
                if share >= best:
                    when = date_of_source(memory.text, sentence, said_on)
                    best, found = share, when or found
        return found

    def _language(self, memory: Memory, sources: Sequence[Message]) -> Finding | None:
        language = detect(memory.text, memory.language)
        # Who sings in English is still spoken of in Chinese: only what all messages share tells.
        said = {detect(m.text) for m in sources if sum(map(str.isalpha, m.text)) >= WORDS}
        if len(said) == 1 and language not in said:
            return Finding(FindingKind.LANGUAGE, (memory,))
        if language != memory.language:
            fields = {"language": language}
            return Finding(FindingKind.LANGUAGE, (memory,), fields, sure=True)
        return None

    @staticmethod
    def _long(memory: Memory, sources: Sequence[Message]) -> Finding | None:
        longest = LONGEST[detect(memory.text, memory.language)]
        return Finding(FindingKind.LONG, (memory,)) if len(memory.text) > longest else None


def sentences(text: str) -> list[str]:
    """The sentences of a text, one memory each if it is to be split."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]
