"""Relations of a proposed memory to an existing one: seven of them, by rules alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from memory.memories.relations.attributes import (
    Attribute,
    attributes,
    holder_of,
    opposite,
    same_value,
)
from memory.memories.relations.life_changes import ends, fulfils
from memory.memories.relations.translated import says_the_same
from memory.nlp.dates import span
from memory.nlp.dates.names import FULL_MONTHS
from memory.nlp.language import detect
from memory.nlp.similarity import (
    NUMBER_WORDS,
    NUMBERS,
    content,
    covered,
    negative,
    normal,
    numbers,
    similarity,
)
from memory.nlp.simplified import simplified
from memory.types import Kind, Subject

SAME_SHARE = 0.85
"""Content shared from which on two sentences say the same."""
MOVED_SHARE = 0.5
CANCELLED_SHARE = 0.5

_PLAN_WORDS = re.compile(
    r"打算|计划|准备|将要?|想要?|会(?=去|在|和|跟|参加|见)|要(?=去|在|和|跟|参加|见)|安排了?|"
    r"约了|约好|预定了?|预约了?|"
    r"\b(?:plans? to|is planning to|will|is going to|intends? to|wants? to|has scheduled|is "
    r"about to)\b",
    re.IGNORECASE,
)
_CANCELLED = re.compile(
    r"取消|不去了|不.{0,6}了$|放弃了?|作罢|泡汤|黄了|没去成|不打算|不准备|不想再|不办了|"
    r"\b(?:cancel(?:l?ed|s)?|called off|no longer (?:plans?|going|wants?)|won['’]t|not going|"
    r"decided not to|"
    r"gave up on|isn['’]t going|fell through|dropped (?:the|their) plans?)\b",
    re.IGNORECASE,
)
_CANCEL_WORDS = re.compile(
    r"取消了?|不(?:再)?|放弃了?|作罢|泡汤|黄了|没去成|了$|\b(?:cancel\w*|called off|no longer|"
    r"won['’]t|not|"
    r"decided|gave up on|isn['’]t|fell through|dropped|plans?)\b",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"改到|改成|改在|推迟|延期|提前|改期|顺延|\b(?:moved to|postponed|rescheduled|pushed back|"
    r"brought forward|"
    r"delayed)\b",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号])?|\d{4}年|"
    rf"(?:\b(?:on|in) )?\b(?:{FULL_MONTHS})(?: \d{{1,2}})?(?:,? \d{{4}})?\b"
)


class Relation(StrEnum):
    """What a proposal is to an existing memory."""

    SAME = "same"
    WEAKER = "weaker"
    BETTER = "better"
    HAPPENED = "happened"
    REPLACES = "replaces"
    CANCELS = "cancels"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Statement:
    """What matters of a memory when two are compared. ``rest`` lacks whom it is about.

    ``said`` is what the user said with it, where that is known.
    """

    text: str
    rest: str
    subject: Subject
    kind: Kind
    category: str
    event_date: str | None
    said: str = ""

    @property
    def bare(self) -> str:
        """The rest without dates and without the words of intention."""
        return gist(self.rest)

    @property
    def is_plan(self) -> bool:
        """Whether it tells of something intended."""
        return self.category == "plan" or _PLAN_WORDS.search(self.rest) is not None


def relate(new: Statement, old: Statement, today: date) -> Relation:
    """What ``new`` is to ``old``.

    Args:
        new: The proposal.
        old: An existing memory in force.
        today: The day on which ``new`` was said.
    """
    if new.subject is not old.subject:
        return Relation.OTHER
    new, old = _simplified(new), _simplified(old)
    if not new.is_plan and (ends(new.rest, old.rest, new.said) or _fulfilled(new, old)):
        return Relation.REPLACES
    if holder_of(new.rest) != holder_of(old.rest):
        return Relation.OTHER
    for step in (_same_words, _cancelled, _attribute, _moved, _happened, _denied, _translated):
        found = step(new, old, today)
        if found is not None:
            return found
    return _wording(new, old)


def _simplified(statement: Statement) -> Statement:
    """The same in simplified characters, as facts are compared."""
    rest = simplified(statement.rest)
    if rest == statement.rest:
        return statement
    return replace(statement, rest=rest, said=simplified(statement.said))


def _translated(new: Statement, old: Statement, today: date) -> Relation | None:
    same = says_the_same(new.rest, old.rest) and not apart(new, old)
    return Relation.SAME if same and new.is_plan == old.is_plan else None


def _fulfilled(new: Statement, old: Statement) -> bool:
    """What was wished for, without a day, has been done: "想买一辆车", "买了一辆比亚迪"."""
    if not old.is_plan or negative(new.rest) or days(old.event_date) or _CANCELLED.search(new.rest):
        return False
    return bool(new.said) and fulfils(new.rest, old.bare, new.said)


def _same_words(new: Statement, old: Statement, today: date) -> Relation | None:
    same = normal(new.rest) == normal(old.rest)
    return Relation.SAME if same and not apart(new, old) else None


def _cancelled(new: Statement, old: Statement, today: date) -> Relation | None:
    """ "用户取消了去北京的旅行" ends the plan "用户打算去北京旅行"."""
    if not _CANCELLED.search(new.rest) or _CANCELLED.search(old.rest) or not old.is_plan:
        return None
    # A cancelled meeting carries the day of the meeting, or the day of the news.
    when = days(new.event_date)
    other_day = when is not None and when[1] > today and apart(new, old)
    if other_day and not _over(old, today):
        return None
    plan, news = old.bare, _CANCEL_WORDS.sub("", new.bare)
    alike = max(covered(news, plan), covered(plan, news)) >= CANCELLED_SHARE
    return Relation.CANCELS if alike else None


def _attribute(new: Statement, old: Statement, today: date) -> Relation | None:
    """Two values of a slot of which there is only one."""
    ours = {(a.holder, a.slot): a for a in attributes(new.rest)}
    theirs = {(a.holder, a.slot): a for a in attributes(old.rest)}
    shared = ours.keys() & theirs.keys()
    if not shared or old.is_plan or new.is_plan:
        return None
    verdicts = [same_value(ours[key], theirs[key]) for key in sorted(shared)]
    if False in verdicts:
        return Relation.REPLACES
    if detect(new.rest) != detect(old.rest):
        return Relation.SAME if all(verdicts) else None
    return _exactness([(ours[key], theirs[key]) for key in sorted(shared)], new, old)


def _exactness(
    pairs: list[tuple[Attribute, Attribute]], new: Statement, old: Statement
) -> Relation | None:
    if covered(old.bare, new.bare) < 1 and covered(new.bare, old.bare) < 1 and apart(new, old):
        return None
    longer = sum(len(ours.value) - len(theirs.value) for ours, theirs in pairs)
    extra = len(content(new.bare) - content(old.bare)) - len(content(old.bare) - content(new.bare))
    if longer > 0 or (longer == 0 and extra > 1):
        return Relation.BETTER
    return Relation.SAME if longer == 0 and extra == 0 else Relation.WEAKER


def _moved(new: Statement, old: Statement, today: date) -> Relation | None:
    """ "面试改到周五" replaces the interview of another day."""
    if old.kind is not Kind.TEMPORAL or not _MOVED.search(new.rest) or not apart(new, old):
        return None
    news = _MOVED.sub("", new.bare)
    return Relation.REPLACES if covered(news, old.bare) >= MOVED_SHARE else None


def _happened(new: Statement, old: Statement, today: date) -> Relation | None:
    """What was a plan for that day has now taken place."""
    if not old.is_plan or new.is_plan or old.kind is not Kind.TEMPORAL:
        return None
    if not (new.event_date and old.event_date) or apart(new, old):
        return None
    if negative(new.rest) or covered(old.bare, new.bare) < SAME_SHARE:
        return None
    return Relation.HAPPENED


def _denied(new: Statement, old: Statement, today: date) -> Relation | None:
    """Yes and no to the same thing, or another number of it."""
    if new.kind is not Kind.CONSTANT or old.kind is not Kind.CONSTANT:
        return None
    if opposite(new.rest, old.rest):
        return Relation.REPLACES
    if numbers(new.rest) != numbers(old.rest) and numberless(new.rest) == numberless(old.rest):
        return Relation.REPLACES
    return None


def _wording(new: Statement, old: Statement) -> Relation:
    """The same thing in other words, more fully or less so; or something else."""
    if apart(new, old) or negative(new.rest) != negative(old.rest):
        return Relation.OTHER
    undated = (new.event_date is None) != (old.event_date is None)
    if undated and Kind.TEMPORAL in (new.kind, old.kind) and similarity(new.bare, old.bare) < 1:
        return Relation.OTHER
    if new.is_plan != old.is_plan:
        # A wish that came true gives way; a wish for what was had before is a new one.
        fulfilled = old.is_plan and similarity(new.bare, old.bare) >= SAME_SHARE
        return Relation.REPLACES if fulfilled else Relation.OTHER
    old_in_new, new_in_old = covered(old.bare, new.bare), covered(new.bare, old.bare)
    if min(old_in_new, new_in_old) >= SAME_SHARE:
        if numbers(new.rest) - numbers(old.rest):
            return Relation.BETTER
        return Relation.SAME
    if numbers(old.bare) - numbers(new.bare) and numbers(new.bare) - numbers(old.bare):
        return Relation.OTHER
    same_day = new.event_date is not None and new.event_date == old.event_date
    if old_in_new >= 1 and _telling(old.bare, same_day):
        return Relation.BETTER
    if new_in_old >= 1 and _telling(new.bare, same_day):
        return Relation.WEAKER
    return Relation.OTHER


def gist(rest: str) -> str:
    """A memory without its dates and its words of intention: what taking it back would name."""
    return _PLAN_WORDS.sub("", _DATES.sub("", rest))


def takes_back(rest: str) -> bool:
    """Whether it may call off, or put off, what another memory tells of."""
    return _CANCELLED.search(rest) is not None or _MOVED.search(rest) is not None


def days(event_date: str | None) -> tuple[date, date] | None:
    """First and last day of a date; ``None`` without one, or if it is none.

    Other clients write into the same store, and what they write is read with care.
    """
    try:
        return span(event_date) if event_date else None
    except ValueError:
        return None


def apart(new: Statement, old: Statement) -> bool:
    """Whether they tell of different days."""
    mine, theirs = days(new.event_date), days(old.event_date)
    return bool(mine and theirs and (mine[0] > theirs[1] or theirs[0] > mine[1]))


def _telling(text: str, same_day: bool) -> bool:
    """Whether there is enough in ``text`` to recognise it inside another sentence.

    One word is enough where the day is the same: "西湖" on that day is one visit.
    """
    units = content(text)
    return len(units) > 1 or (same_day and any(len(unit) > 1 for unit in units))


def _over(old: Statement, today: date) -> bool:
    when = days(old.event_date)
    return when is not None and when[1] < today


def numberless(text: str) -> str:
    """``text`` in its bare letters and without its numbers."""
    plain = NUMBER_WORDS.sub("", text.lower())
    return normal(NUMBERS.sub("", plain))
