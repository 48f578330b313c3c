"""Date range of a question: which days it asks about."""

from __future__ import annotations

import re
from datetime import date, timedelta

from memory.nlp.dates.mention import DateMention

_FUTURE = re.compile(
    r"打算|计划|計劃|准备|準備|安排|要去|会去|接下来|要做"
    r"|\b(?:will|going to|gonna|plans?|planning|upcoming|scheduled|should i|am i|do i have)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"了|过|過|记得|記得|来着|\b(?:did|was|were|had|have|remember|went|happened)\b", re.IGNORECASE
)
_RECENT = re.compile(r"最近|近来|这阵子|这段时间|\b(?:recently|lately|these days)\b", re.IGNORECASE)
_SOON = re.compile(
    r"接下来|未来几天|最近有什么(?:安排|计划|打算)|这几天有什么(?:安排|计划)"
    r"|\b(?:coming up|upcoming|coming days|next few days)\b",
    re.IGNORECASE,
)
_RECENT_DAYS = 14
_TO = re.compile(r"\s*(?:到|至|~|～|-|–|—|to|until|through|and|和|或|跟)\s*")


def asked_range(text: str, mentions: list[DateMention], today: date) -> tuple[date, date] | None:
    """First and last day that ``text`` asks about, given its resolved mentions."""
    if not mentions:
        if _SOON.search(text):
            return today, today + timedelta(days=_RECENT_DAYS)
        if _RECENT.search(text):
            return today - timedelta(days=_RECENT_DAYS), today
        return None
    first = _read(text, mentions[0])
    if len(mentions) > 1 and _TO.fullmatch(text[mentions[0].stop : mentions[1].begin]):
        second = _read(text, mentions[1])
        return min(first.start, second.start), max(first.end, second.end)
    return first.start, first.end


def _read(text: str, mention: DateMention) -> DateMention:
    if _FUTURE.search(text):
        return mention.towards(future=True)
    if _PAST.search(text):
        return mention.towards(future=False)
    return mention
