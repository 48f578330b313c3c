"""Date scanner: runs the rules over a text and keeps the longest match at each place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from memory.nlp.dates.mention import DateMention, DateReading


@dataclass(frozen=True, slots=True)
class DateMatch:
    """What one rule understood. ``earlier``/``later`` only where both are possible;
    ``past`` where the words say it and the days don't ("前几天")."""

    reading: DateReading
    earlier: DateReading | None = None
    later: DateReading | None = None
    part: str = ""
    past: bool | None = None


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], DateMatch | None]]


def either(
    candidates: Iterable[DateReading | None], said_on: date, part: str = ""
) -> DateMatch | None:
    """The nearest candidate, with the last one before and the first one after ``said_on``.

    A candidate that covers ``said_on`` counts as both.
    """
    known = [reading for reading in candidates if reading is not None]
    before = [reading for reading in known if reading.start <= said_on]
    after = [reading for reading in known if reading.end >= said_on]
    earlier = max(before, key=lambda reading: reading.start, default=None)
    later = min(after, key=lambda reading: reading.start, default=None)
    if earlier is None or later is None:
        only = earlier or later
        return DateMatch(only, part=part) if only else None
    if (said_on - earlier.end) <= (later.start - said_on):
        nearest = earlier
    else:
        nearest = later
    return DateMatch(nearest, earlier, later, part)


def scan(text: str, said_on: date, rules: Sequence[Rule]) -> list[DateMention]:
    """All date expressions of ``text`` in order; where rules overlap, the longest wins."""
    mentions: list[DateMention] = []
    for pattern, understand in rules:
        for match in pattern.finditer(text):
            try:
                found = understand(match, said_on)
            except (ValueError, OverflowError):
                # "2月30日", "999999天前": looks like a date and isn't one.
                continue
            if found is not None:
                mentions.append(_mention(match, found, said_on))
    mentions.sort(key=lambda mention: (mention.begin, -mention.stop))
    kept: list[DateMention] = []
    for mention in mentions:
        if kept and mention.begin < kept[-1].stop:
            if mention.stop - mention.begin > kept[-1].stop - kept[-1].begin:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def _mention(match: re.Match[str], found: DateMatch, said_on: date) -> DateMention:
    reading = found.reading
    ambiguous = found.earlier is not None and found.earlier != found.later
    past = found.past
    if not ambiguous and reading.end < said_on:
        past = True
    elif not ambiguous and reading.start > said_on:
        past = False
    return DateMention(
        start=reading.start,
        end=reading.end,
        date_str=reading.date_str,
        past=past,
        text=match.group(),
        begin=match.start(),
        stop=match.end(),
        grain=reading.grain,
        season=reading.season,
        part=found.part,
        earlier=found.earlier if ambiguous else None,
        later=found.later if ambiguous else None,
    )
