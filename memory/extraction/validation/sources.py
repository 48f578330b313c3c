"""Evidence: what the messages of a batch say themselves; sources, languages, days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from memory.extraction.prompt import said_on
from memory.memories.standalone import RELATIVE, date_of_source
from memory.nlp.dates import DateMention, resolve, span
from memory.nlp.language import detect
from memory.nlp.similarity import covered
from memory.types import ExtractionRequest, Language, Message, Operation

SUPPORT_SHARE = 0.3
"""Share of a memory's content that a sentence must have to be where it comes from."""

SENTENCES = re.compile(r"[。！？!?；;\n]+|\.(?=\s|$)")
_CLAUSES = re.compile(r"[。！？!?；;，,\n]+|\.(?=\s|$)")
NIGHT_ENDS = 5
"""Hour until which somebody who is still up calls the day before "today"."""
_NEAR = re.compile(
    r"[今明昨][天日晚早晨夜]|\b(?:today|tomorrow|yesterday|tonight|last night)\b", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"周|星期|礼拜|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.I
)
A_FORTNIGHT = timedelta(days=15)
_TIME_WORDS = re.compile(
    r"\d|[一二三四五六七八九十两几半][天周月年日号]|[年月周日号天]|星期|礼拜|节|生日|那时|以前|从前|小时候|"
    r"\b(?:days?|weeks?|months?|years?|ago|since|when|birthday|anniversary|morning|night|"
    r"spring|summer|autumn|fall|winter|eve|\w+day|january|february|march|april|june|july|"
    r"august|september|october|november|december)\b",
    re.IGNORECASE,
)
_VAGUE_TIME = re.compile(
    r"最近|近来|近期|这阵子|这段时间|这[几两]天|现在|目前|"
    r"\b(?:lately|recently|these days|at the moment|right now|nowadays)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[^。！？!?；;，,\n]+[。！？!?；;，,\n]*")
_ASKED = re.compile(
    r"[?？]|吗|什么|谁|哪|怎么|多少|记得|\b(?:what|which|who|where|when|how|do you|remember)\b",
    re.IGNORECASE,
)


class Sources:
    """The messages of one batch, as evidence for single memories."""

    def __init__(self, request: ExtractionRequest) -> None:
        self._messages = request.messages
        self._zone = ZoneInfo(request.timezone)

    @property
    def users(self) -> list[Message]:
        """What the user said."""
        return [message for message in self._messages if message.role == "user"]

    @property
    def statements(self) -> list[str]:
        """What the user stated, clause by clause: asking about a fact doesn't tell it."""
        clauses = (part for message in self.users for part in _MARKED.findall(message.text))
        return [clause for clause in clauses if not _ASKED.search(clause)]

    @property
    def everything(self) -> str:
        """All that both said."""
        return "\n".join(message.text for message in self._messages)

    def of(self, operation: Operation) -> list[Message]:
        """The messages an operation names; without any, the ones most like it."""
        messages = self._messages
        named = [messages[n - 1] for n in operation.source if 1 <= n <= len(messages)]
        if named:
            return named
        scored = [(covered(operation.text, message.text), message) for message in messages]
        best = max((score for score, _ in scored), default=0.0)
        return [message for score, message in scored if score == best] if best > 0 else []

    def day(self, sources: Sequence[Message], event_date: str | None = None) -> date:
        """The day on which the first of ``sources`` was said, else the last of the batch.

        Args:
            sources: Messages.
            event_date: What the model gave; after midnight it may tell which day was meant.
        """
        return self._day_of((sources or self._messages[-1:])[0], event_date)

    def _day_of(self, message: Message, event_date: str | None) -> date:
        """The day from which "tomorrow" counts in ``message``.

        At two in the morning it is the day that has dawned already, for who hasn't slept yet;
        a model that saw the hour is believed if it counts by the calendar.
        """
        day = said_on(message, self._zone)
        if message.created_at.astimezone(self._zone).hour >= NIGHT_ENDS:
            return day
        near = [m for m in resolve(message.text, day) if _NEAR.search(m.text)]
        if not near:
            return day
        by_calendar = {mention.date_str for mention in near}
        before = day - timedelta(days=1)
        by_night = {m.date_str for m in resolve(message.text, before) if _NEAR.search(m.text)}
        if event_date in by_calendar and event_date not in by_night:
            return day
        return before

    def is_dated(self, event_date: str, sources: Sequence[Message], day: date) -> bool:
        """Whether anything that was said supports ``event_date``.

        A message without any word of time supports its own day only; one whose words of
        time can't be read is left to the model.
        """
        try:
            first, last = span(event_date)
        except ValueError:
            return False
        said = [said_on(message, self._zone) for message in (sources or self._messages)]
        if any(first <= on <= last for on in [*said, day]):
            return True
        for message in self._messages:
            on = said_on(message, self._zone)
            for mention in resolve(message.text, on, detect(message.text)):
                spans = [(mention.start, mention.end)]
                spans += [(r.start, r.end) for r in (mention.earlier, mention.later) if r]
                if any(start <= last and first <= end for start, end in spans):
                    return True
                # "Next Friday, no wait, Saturday": of which week, only the model knows.
                same = _WEEKDAY.search(mention.text) and first.weekday() == mention.start.weekday()
                if same and first == last and abs(first - on) <= A_FORTNIGHT:
                    return True
        texts = sources or self._messages
        return any(
            _TIME_WORDS.search(message.text) and not resolve(message.text, day) for message in texts
        )

    def told_date(
        self, rest: str, event_date: str | None, sources: Sequence[Message]
    ) -> str | None:
        """The day that the source itself names, where it names one for this event.

        "Yesterday" counted by the calendar is surer than a model's arithmetic.
        """
        users = [message for message in sources if message.role == "user"]
        last = users[-1:] if len(users) > 1 else []
        if event_date and last and self.is_dated(event_date, last, self.day(last, event_date)):
            return None  # the later message put the first one right
        for message in sources:
            clause = best_part(rest, message.text, SENTENCES)
            if covered(rest, clause) < SUPPORT_SHARE:
                continue
            day = self._day_of(message, event_date)
            told = date_of_source(rest, clause, day)
            if told is None:
                continue
            mention = resolve(clause, day, detect(clause))[0]
            governs = _governs(mention, clause, rest)
            if event_date is None:
                return told if governs else None
            readings = {mention.date_str} | {
                reading.date_str for reading in (mention.earlier, mention.later) if reading
            }
            within = any(event_date.startswith(reading) for reading in readings)
            inside = str(mention.start) <= event_date <= str(mention.end)
            if not RELATIVE.search(mention.text) or within or inside:
                continue
            if governs or _impossible(event_date, mention, day):
                return told
        return None


def _governs(mention: DateMention, sentence: str, rest: str) -> bool:
    """Whether the one date of ``sentence`` is that of what ``rest`` tells.

    A day holds for its own clause and the clauses after it, until a clause has
    a time of its own: "最近压力好大，下个月就要考研了" doesn't put the stress off.
    """
    told = clause_in(rest, sentence)
    begin = sentence.find(told)
    if mention.begin < begin + len(told):
        return mention.begin >= begin or not _VAGUE_TIME.search(told)
    # "I went skiing, yesterday": a clause that is nothing but the date.
    after = sentence[begin + len(told) : mention.begin] + sentence[mention.stop :]
    return not re.search(r"\w", after)


def _impossible(event_date: str, mention: DateMention, day: date) -> bool:
    """Whether nothing in the source can be on ``event_date``."""
    try:
        first, _ = span(event_date)
    except ValueError:
        return True
    return first > day and mention.start <= day


def languages(text: str, sources: Sequence[Message]) -> set[Language]:
    """The languages of ``sources``; one without letters is in that of ``text``."""
    return {detect(message.text, default=detect(text)) for message in sources}


def clause_in(rest: str, text: str) -> str:
    """The clause of ``text`` that says most of ``rest``."""
    return best_part(rest, text, _CLAUSES)


def best_part(rest: str, text: str, split: re.Pattern[str]) -> str:
    """The part of ``text`` that shares most with ``rest``; empty if there is none."""
    parts = [part for part in split.split(text) if part.strip()]
    return max(parts, key=lambda part: covered(rest, part), default="")
