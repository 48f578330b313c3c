"""Date expressions in Chinese and English.

``resolve`` reads them out of a text, ``say`` writes them, ``span`` gives the
days a stored date covers and ``query_range`` the days a question asks about.
All days are days in the user's time zone.
"""

from __future__ import annotations

import re
from datetime import date

from memory.nlp.dates.mention import DateMention, DateReading, span
from memory.nlp.dates.query import asked_range
from memory.nlp.dates.resolve_en import RULES as EN_RULES
from memory.nlp.dates.resolve_zh import RULES as ZH_RULES
from memory.nlp.dates.say import absolute, say
from memory.nlp.dates.scan import scan
from memory.types import Language

# Rules backtrack a little at each place; nobody dates something in a novel-long message.
_MOST = 20_000

_LATIN = re.compile(r"[A-Za-z]{2}|\d[/-]\d")
_DIGITS_OR_CJK = re.compile(r"\d{4}|[\u4e00-\u9fff]")


def resolve(text: str, said_on: date, language: Language | None = None) -> list[DateMention]:
    """All date expressions of ``text``, in order, without overlaps.

    Both languages are always read, since people mix them; ``language`` decides
    where both could read the same characters.

    Args:
        text: What was said.
        said_on: The day it was said, in the user's time zone.
    """
    text = text[:_MOST]
    rules = []
    if _DIGITS_OR_CJK.search(text):
        rules += ZH_RULES
    if _LATIN.search(text):
        rules = EN_RULES + rules if language == "en" else rules + EN_RULES
    return scan(text, said_on, rules)


def query_range(
    text: str, today: date, language: Language | None = None
) -> tuple[date, date] | None:
    """First and last day a question asks about (``"上周末我去了哪"``).

    None if it names no time. A bare weekday or day of a month is read as a plan
    or as something past by the words around it.
    """
    return asked_range(text, resolve(text, today, language), today)


__all__ = ["DateMention", "DateReading", "absolute", "query_range", "resolve", "say", "span"]
