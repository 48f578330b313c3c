"""Birthdays and anniversaries in English."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.draft import Draft
from memory.builtin.extraction.en_text import tail_stripped
from memory.builtin.extraction.en_words import RELATION, USER
from memory.nlp.dates import DateMention
from memory.nlp.dates.names import MONTHS

_I = re.IGNORECASE
_BIRTHDAY = re.compile(
    r"^(?:my birthday(?:'s| is| falls)?|i was born|i have my birthday|my birthday is coming up)\b",
    _I,
)
_NOT_THE_DAY = re.compile(
    rf"(?:(?:my|our) (?:{RELATION}'s )?birthday(?:'s| is| falls| was)?|i was(?=.* born (?:on )?\w+ \d))"
    r"(?:n't\b| not\b| never\b| (?:around|about|near)\b)(?=.*\d)",
    _I,
)
_BIRTHDAY_IS = re.compile(
    r"^(?:it's|it is|is)?\s*my (?:\d{1,3}\w{0,4} )?birthday(?: is)?$|^(?:is )?my birthday$", _I
)
_WHAT = rf"(?:my|our) (?:{RELATION}'s (?:\d{1, 3}\w{0, 4} )?birthday|(?:\d{1, 3}\w{0, 4} )?(?:wedding )?anniversary)"
_YEARLY = re.compile(
    rf"(?P<what>{_WHAT})(?: is| was| falls)?(?: on)?|(?:it's|it is|is|was) (?P<what2>{_WHAT})", _I
)


def denies_day(clause: str) -> bool:
    """Whether ``clause`` only says when a birthday isn't, or about when."""
    return bool(_NOT_THE_DAY.match(clause))


def yearly_day(clause: str, mentions: list[DateMention]) -> Draft | None:
    """A birthday or anniversary that ``clause`` tells: kept without a year, so constant."""
    if len(mentions) != 1 or mentions[0].grain != "day":
        return None
    mention = mentions[0]
    rest = tail_stripped(clause[: mention.begin] + clause[mention.stop :])
    if _BIRTHDAY.match(clause) or _BIRTHDAY_IS.match(rest):
        written = f"{MONTHS[mention.start.month - 1]} {mention.start.day}"
        if re.match(r"i was born", clause, _I):
            if not re.search(r"\d{4}", mention.text):
                text = f"{USER}'s birthday is {written}"
            else:
                text = f"{USER} was born on {written}, {mention.start.year}"
        else:
            text = f"{USER}'s birthday is {written}"
        return Draft(text, "identity", 5)
    yearly = _YEARLY.fullmatch(rest)
    if yearly:
        what = re.sub(r"^(?:my|our) ", f"{USER}'s ", yearly["what"] or yearly["what2"], flags=_I)
        day = mention.towards(future=True).start
        text = f"{what} is {MONTHS[day.month - 1]} {day.day}"
        return Draft(text, "relationship", 4)
    return None
