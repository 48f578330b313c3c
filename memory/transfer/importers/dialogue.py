"""Dialogue as plain text: "我：…" and "念念：…", with or without dates and times.

A line that begins with a speaker begins a message; other lines go on with it. A
line that is only a date says the day of what follows. Times stand before the
speaker, or, as messengers copy them, on a line with the name above the message.
Where they say no day, one that is far earlier than the last one is of the next day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from memory.system.decoding import clean
from memory.transfer.importers.chatgpt import MESSAGE_LENGTH
from memory.transfer.importers.formats import TextFormat
from memory.transfer.parsed import Format, ParsedConversation, ParsedFile, Said, Wrong
from memory.transfer.text import title_of
from memory.transfer.timestamps import clock_time, moment
from memory.types import Role

MIDNIGHT_PASSED = timedelta(hours=6)
"""A time of day so much earlier than the one before is of the next day. Less is a line out
of order."""

USER_WORDS = frozenset(["我", "用户", "本人", "user", "me", "human", "you", "i"])
AI_WORDS = frozenset(
    ["ai", "assistant", "bot", "助手", "助理", "机器人", "chatgpt", "gpt", "claude", "character"]
)

_SPEAKER = re.compile(
    r"\s*\**(?P<speaker>[^\s:：*|#\[\]<>\"“”][^:：*\n]{0,23}?)\**\s*[:：]\**\s*(?P<text>.*)"
)
_STAMPED = re.compile(
    r"\s*+(?:[\[(【（]\s*+)?(?P<time>\d[\d\s./年月日,:：apmAPM\-T]{2,30}[\d日mM])\s*+[\])】）]?"
    r"\s*+(?:[-–—]\s*+)?(?P<rest>\S.*)"
)
_HEADED = re.compile(
    r"\s*(?P<speaker>\S[^:：\n]{0,23}?)\s+(?P<time>\d{4}[-/年].{5,24}|\d{1,2}:\d\d(?::\d\d)?)\s*"
)
_DAY_FRAME = re.compile(r"^[\s#*\-—–=_~·•]+|(?<![\s#*\-—–=_~·•:：])[\s#*\-—–=_~·•:：]+$")


def looks_like(text: str, names: Collection[str] = ()) -> bool:
    """Whether there is a conversation in ``text``: two speakers, or one that is known."""
    known = USER_WORDS | AI_WORDS | {name.lower() for name in names}
    lines = text.splitlines()[:2000]
    speakers = _counted(lines)
    if any(speaker.lower() in known for speaker in speakers):
        return True
    reading = _DialogueParser()
    timed = {speaker for speaker, at, _ in map(reading.start_of, lines) if speaker and at}
    return len(timed) >= 2 or sum(count > 1 for count in speakers.values()) >= 2


def read(text: str, title: str = "") -> ParsedFile:
    """One conversation; speakers that aren't known by word keep their names."""
    lines = [clean(line) for line in text.splitlines()]
    reading = _DialogueParser(speakers=_speakers(lines))
    for row, line in enumerate(lines, 1):
        reading.take(row, line)
    reading.end()
    talks = (ParsedConversation(1, title, tuple(reading.said)),) if reading.said else ()
    return ParsedFile(Format.DIALOGUE, talks=talks, wrong=tuple(reading.wrong))


def role_of(speaker: str) -> Role | None:
    """The side of a speaker that is named by a common word."""
    word = speaker.strip().lower()
    if word in USER_WORDS:
        return "user"
    return "assistant" if word in AI_WORDS else None


def _counted(lines: Iterable[str]) -> Counter[str]:
    reading = _DialogueParser()
    return Counter(speaker for line in lines if (speaker := reading.start_of(line)[0]))


def _speakers(lines: Sequence[str]) -> frozenset[str] | None:
    """Who speaks here; ``None``: whoever seems to.

    Where two sides are clear, "Note: …" within a message is no third one.
    """
    counted = _counted(lines)
    clear = frozenset(name for name, count in counted.items() if count > 1 or role_of(name))
    return clear if len(clear) >= 2 else None


@dataclass
class _DialogueParser:
    """Lines as they come; the message that is being read."""

    speakers: frozenset[str] | None = None
    said: list[Said] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    day: date | None = None
    last: datetime | None = None
    """The time of the last message, without a zone, if it said one."""
    row: int = 0
    speaker: str = ""
    at: datetime | None = None
    lines: list[str] = field(default_factory=list)

    def take(self, row: int, line: str) -> None:
        """One line, stripped."""
        if not line:
            if self.speaker and self.lines:
                self.lines.append("")
            return
        day = moment(_DAY_FRAME.sub("", line)) if len(line) < 40 else None
        if day is not None and not _has_clock(line):
            self.end()
            self.day, self.last = day.date(), None
            return
        speaker, at, text = self.start_of(line)
        if speaker:
            self.end()
            self.row, self.speaker, self.at = row, speaker, at
            self.lines = [text] if text else []
        elif self.speaker:
            self.lines.append(line)
        else:
            self.wrong.append(Wrong(row, "import_no_speaker", "message"))

    def end(self) -> None:
        """The message is over."""
        if self.speaker:
            line = Said(
                self.row,
                "\n".join(self.lines).strip(),
                role_of(self.speaker),
                self.speaker,
                self.at,
            )
            append(self.said, self.wrong, line)
        self.speaker, self.lines, self.at = "", [], None

    def start_of(self, line: str) -> tuple[str, datetime | None, str]:
        """Speaker, time and words if ``line`` begins a message, else an empty speaker."""
        headed = _HEADED.fullmatch(line)
        if headed:
            at = self._moment(headed["time"])
            if at is not None:
                self._heard(at)
                return headed["speaker"].strip(), at, ""
        at, rest = None, line
        stamped = _STAMPED.fullmatch(line)
        if stamped:
            at = self._moment(stamped["time"])
            rest = stamped["rest"] if at is not None else line
        match = _SPEAKER.fullmatch(rest)
        if match is None or match["text"].startswith("//"):
            return "", None, ""
        speaker = match["speaker"].strip()
        unheard = self.speakers is not None and speaker not in self.speakers
        if unheard or re.fullmatch(r"[\d\W]+", speaker):
            return "", None, ""
        if at is not None:
            self._heard(at)
        return speaker, at or self._from_day(), match["text"]

    def _moment(self, text: str) -> datetime | None:
        found = moment(text)
        if found is not None:
            self.day = found.date()
            return found
        at = clock_time(text, self.day) if self.day else None
        if at is not None and self.last is not None and self.last - at > MIDNIGHT_PASSED:
            at += timedelta(days=1)
        return at

    def _heard(self, at: datetime) -> None:
        """A message begins that says its time."""
        self.day, self.last = at.date(), at.replace(tzinfo=None)

    def _from_day(self) -> datetime | None:
        """Noon of the last day that was named: within it in every time zone."""
        return datetime(self.day.year, self.day.month, self.day.day, 12) if self.day else None


def _has_clock(line: str) -> bool:
    return re.search(r"\d\s*[:：时点]\s*\d", line) is not None


def append(said: list[Said], wrong: list[Wrong], line: Said) -> None:
    """``line`` to what was said, or to what is wrong if it can't be stored."""
    if not line.text:
        wrong.append(Wrong(line.row, "import_message_empty", "message"))
    elif len(line.text) > MESSAGE_LENGTH:
        wrong.append(Wrong(line.row, "import_message_long", "message", {"limit": MESSAGE_LENGTH}))
    else:
        said.append(line)


def in_order(said: Iterable[datetime | None], start: datetime) -> list[datetime]:
    """Times for messages in order: those that are missing follow the one before.

    Args:
        said: What the file says.
        start: The time of the first if it says none at all.
    """
    given = list(said)
    first = next((place for place, at in enumerate(given) if at is not None), None)
    if first is not None:
        # What was said before the first known time was said just before it.
        start = (given[first] or start) - timedelta(seconds=first)
    times: list[datetime] = []
    for at in given:
        before = times[-1] if times else start - timedelta(seconds=1)
        # A message is later than the one that it answers, also where only the day is known.
        later = before + timedelta(seconds=1)
        times.append(at if at is not None and at > before else later)
    return times


def _with_talk(text: str, name: str, now: datetime) -> ParsedFile | None:
    parsed = read(text, title_of(name))
    return parsed if parsed.talks else None


IMPORT_FORMAT = TextFormat(20, looks_like, _with_talk)
