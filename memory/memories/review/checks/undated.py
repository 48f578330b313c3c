"""Date check: an event without a day, or a day that nobody noted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.finding import Finding, FindingKind
from memory.memories.review.sentences import sentences
from memory.memories.standalone import RELATIVE, date_of_source
from memory.nlp.dates import DateMention, resolve
from memory.nlp.language import detect
from memory.nlp.similarity import covered
from memory.types import Kind, Memory, Message

ORDER = 20

SAID_SHARE = 0.5
"""Content of a memory that a sentence must hold to be the one it was taken from."""

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
_GRAINS = ("day", "weekend", "week", "month")


def check(memory: Memory, sources: Sequence[Message], about: CheckedOwner) -> Finding | None:
    """A temporal memory without a day; or a constant one whose text names a day."""
    if memory.event_date is not None:
        return None
    said_on = (sources[0] if sources else memory).created_at.astimezone(about.zone).date()
    mention = _mentioned(memory, said_on)
    if memory.kind is Kind.TEMPORAL:
        when = mention.date_str if mention else _told_on(memory, sources, about)
        fields = {"event_date": when} if when else {}
        return Finding(FindingKind.UNDATED, (memory,), fields, sure=mention is not None)
    if mention is None or mention.grain not in _GRAINS or _LASTING.search(memory.text):
        return None
    dated = memory.category in ("event", "plan") or RELATIVE.search(mention.text) is not None
    if not dated:
        return None
    fields = {"kind": Kind.TEMPORAL, "event_date": mention.date_str}
    return Finding(FindingKind.UNDATED, (memory,), fields)


def _mentioned(memory: Memory, said_on: date) -> DateMention | None:
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


def _told_on(memory: Memory, sources: Sequence[Message], about: CheckedOwner) -> str | None:
    """The day from the sentence that told of it."""
    rest = about.names.split(memory.text)[1]
    best, found = SAID_SHARE, None
    for message in sources:
        said_on = message.created_at.astimezone(about.zone).date()
        for sentence in sentences(message.text):
            share = covered(rest, sentence)
            if share >= best:
                when = date_of_source(memory.text, sentence, said_on)
                best, found = share, when or found
    return found
