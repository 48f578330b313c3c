"""Answer retrieval: the memories that answer a question, by what is asked, time and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from memory.builtin.chat.asked import WEEK, MemoryQuestion
from memory.builtin.chat.attributes import ATTRIBUTES, RELATIVE
from memory.builtin.chat.pick_memory import overlap, ranked, unique
from memory.nlp.dates import span
from memory.types import ContextItem, Kind, Memory, Subject

MOST = 3
MOST_OF_EVERYTHING = 5

# Asked of oneself, these aren't answered with what is true of the mother.
OF_ONESELF = frozenset(["name", "birthday", "age", "home", "hometown", "job", "study", "allergy"])
SENSES = (
    r"吃|\beat(?:s|ing)?\b|food|dish",
    r"喝|\bdrink(?:s|ing)?\b|\btea\b|coffee",
    r"听|歌|音乐|music|songs?\b|listen",
    r"看|书|读|电影|\breads?\b|books?\b|films?\b|movies?\b|watch",
)

# "What do I like doing?": pastimes and habits, not the taste in tea.
ASKS_PASTIME = (
    r"(?:做|干|玩)(?:些|点)?(?:什么|啥|嘛)|爱好|兴趣|\b(?:to do|doing)\b|hobb|for fun|"
    r"\bdo i (?:usually |normally )?do\b|weekend|free time"
)
PASTIME = (
    r"(?:喜欢|爱|迷上|常|经常|每周|每天|周末).{0,8}(?:爬|跑|画|打|游|骑|逛|唱|写|拍|玩|种|钓|散步|健身|弹|跳|"
    r"读|看书|看电影|下棋|织|烘焙|做饭|摄影|露营|徒步|运动|旅|瑜伽|滑|攀)|"
    r"\b(?:likes?|loves?|enjoys?)(?: to \w+| (?:\w+ )?\w+ing\b(?! of))|\bcollects\b"
)
ASKS_WHERE = r"去了?(?:哪|什么地方)|\bwhere (?:did|was|were|have)\b"
WENT = r"去了|去过|到了|逛|爬|\b(?:went|visited|travell?ed|flew|drove|walked)\b"
AVERSION = r"讨厌|不喜欢|受不了|不爱|\b(?:hates?|dislikes?|can't stand|doesn't like|avoids)\b"
WEEKEND = r"周末|周六|周日|星期六|星期天|weekend|saturday|sunday"


def find(question: MemoryQuestion, items: Sequence[ContextItem], today: date) -> list[Memory]:
    """The memories of ``items`` that answer ``question``, best first; empty if none does."""
    pool = [item for item in items if _about(item.memory, question.about)]
    memories = unique(item.memory for item in pool)
    if question.everything and question.about != "ai":
        known = [m for m in memories if m.subject is Subject.USER]
        known.sort(
            key=lambda m: (
                m.kind is Kind.TEMPORAL,
                m.category != "identity",
                not m.pinned,
                -m.importance,
                m.id,
            )
        )
        return known[:MOST_OF_EVERYTHING]
    if question.days:
        within = [m for m in memories if _within(m, question.days)]
        if question.future:
            # What one has to do that day, not what one felt.
            plans = [m for m in within if m.category == "plan"]
            within = plans or [m for m in within if m.category == "event"]
        if re.search(ASKS_WHERE, question.text):
            within = [m for m in within if re.search(WENT, m.text)] or within
        within.sort(key=lambda m: (-overlap(m, question.wanted), m.event_date or "", m.id))
        if within and not question.wanted:
            return within[:MOST]
        best = [m for m in within if overlap(m, question.wanted)]
        if best or within:
            return (best or within)[:MOST]
    by_attribute = _by_attribute(question, memories, today)
    if by_attribute is not None:
        return by_attribute
    scored = ranked(pool, question.wanted)
    if not scored:
        return []
    top = scored[0][0]
    return unique(memory for score, memory in scored if score >= max(1.0, top - 1.2))[:MOST]


def _by_attribute(
    question: MemoryQuestion, memories: Sequence[Memory], today: date
) -> list[Memory] | None:
    """Memories that hold a well-known thing; None if no such thing was asked for."""
    patterns = {key: memory for key, _, memory in ATTRIBUTES}
    for key in question.attributes:
        if key == "plan":
            coming = [m for m in memories if _ahead(m, today) and m.subject is Subject.USER]
            coming.sort(key=lambda m: (-overlap(m, question.wanted), m.event_date or "", m.id))
            return coming[:MOST]
        pattern = patterns[key]
        if not pattern:
            continue
        fits = [m for m in memories if re.search(pattern, m.text)]
        if key == "like":
            # "The user drinks her tea without milk" is a taste that names no liking.
            fits = [m for m in memories if m in fits or _is_taste(m)]
        if key in OF_ONESELF and not question.relative:
            fits = [m for m in fits if not re.search(RELATIVE, m.text[:24])]
        if key == "like" and re.search(ASKS_PASTIME, question.text):
            doing = _pastimes(question, memories)
            if doing:
                return doing[:MOST]
        if key in {"like", "dislike"}:
            fits = _same_sense(question, fits)
        if key == "pet":
            fits = [m for m in fits if all(re.search(kind, m.text) for kind in question.species)]
        fits.sort(
            key=lambda m: (
                -overlap(m, question.wanted),
                m.kind is Kind.TEMPORAL,
                -m.importance,
                m.id,
            )
        )
        if question.about == "both":
            mine = [m for m in fits if m.subject is Subject.AI]
            return [*[m for m in fits if m.subject is Subject.USER][:2], *mine[:2]]
        if fits:
            best = overlap(fits[0], question.wanted)
            same = [m for m in fits if overlap(m, question.wanted) == best]
            return same[: 1 if key in {"name", "birthday", "age", "home", "pet"} else MOST]
        return []
    return None


def _is_taste(memory: Memory) -> bool:
    return memory.category == "preference" and not re.search(AVERSION, memory.text)


def _pastimes(question: MemoryQuestion, memories: Sequence[Memory]) -> list[Memory]:
    """What the user likes doing; those of the weekend first if the weekend is asked for."""
    found = [m for m in memories if re.search(PASTIME, m.text) or m.category == "habit"]
    if re.search(WEEKEND, question.text):
        at_weekends = [m for m in found if re.search(WEEKEND, m.text.lower())]
        found = at_weekends or found
    found.sort(key=lambda m: (not re.search(PASTIME, m.text), -m.importance, m.id))
    return found


def _same_sense(question: MemoryQuestion, fits: list[Memory]) -> list[Memory]:
    """Of tastes those that were asked for: what one eats isn't what one listens to."""
    for verbs in SENSES:
        if re.search(verbs, question.text):
            return [m for m in fits if re.search(verbs, m.text)]
    if question.wanted:
        return [m for m in fits if overlap(m, question.wanted)]
    return fits


def _about(memory: Memory, about: str) -> bool:
    if about == "both":
        return True
    return memory.subject is (Subject.AI if about == "ai" else Subject.USER)


def _within(memory: Memory, days: tuple[date, date]) -> bool:
    if memory.event_date is None:
        return False
    try:
        start, end = span(memory.event_date)
    except ValueError:
        return False
    # "In November" is no answer to what was on Friday.
    vague = (end - start).days > WEEK >= (days[1] - days[0]).days
    return not vague and start <= days[1] and end >= days[0]


def _ahead(memory: Memory, today: date) -> bool:
    if memory.event_date is None:
        return memory.category == "plan"
    try:
        return span(memory.event_date)[1] >= today
    except ValueError:
        return False
