"""Bringing up what is remembered when it fits, without being asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from memory.models.builtin.lines import Chooser
from memory.models.builtin.pick_memory import overlap, ranked, unique, words_of
from memory.models.builtin.reading import FEELINGS, Reading
from memory.retell import in_language, retell, retell_dated
from memory.types import Language, Memory, ReplyRequest, Subject

RECENT_MESSAGES = 12
FRESH_SHARE = 0.5
"""Share of a memory's words in the talk just now above which it is no news."""

# Too common to be a reason for remembering something.
COMMON = words_of(
    "工作 公司 老板 同事 朋友 妈妈 爸爸 上班 下班 晚上 早上 周末 开心 难过 睡觉 "
    "睡得 有点 一个 回家 吃饭 电影 "
    "看书 喝水 房间 学校 心情 事情 最近 出去 一起 客户 电话 东西 感觉 辛苦 这家 "
    "那家 晚饭 午饭 面试 "
    "work working job office boss friend friends home house long feel feeling good great bad nice "
    "thing things people want need new old year month morning evening night eat dinner lunch make "
    "made take took come came look find think little lot much big small restaurant mother father"
)

_DIET = r"过敏|不能吃|不耐|忌口|吃素|不吃|allerg|intoleran|can't eat|doesn't eat|vegetarian|vegan"
_EATING_OUT = (
    r"店|餐|点(?:了|个|菜|单)|外卖|请客|聚餐|火锅|烧烤|蛋糕|饼干|甜品|零食|坚果|尝|吃(?!了?$|过|饱|完|药)|"
    r"restaurant|order|takeaway|cake|cookie|café|cafe|dinner|lunch|brunch|eat|"
    r"meal|dish|menu"
)

DIET: Mapping[Language, tuple[str, ...]] = {
    "zh": ("你上次说{told}，这次能避开吗？", "对了，你说过{told}，点的时候记得跟店家说一声。"),
    "en": (
        "You told me {told}; can they leave that out?",
        "By the way, you told me {told}, so do let them know when you order.",
    ),
}
# The very thing is on the plate.
WATCH_OUT: Mapping[Language, tuple[str, ...]] = {
    "zh": ("等一下，你上次说{told}，这个没关系吗？", "慢着，我记得你说过{told}，这里面有没有？"),
    "en": (
        "Wait, you told me {told}. Is this one all right for you?",
        "Hold on: you told me {told}. Did you check what's in it?",
    ),
}
REMINDED: Mapping[Language, tuple[str, ...]] = {
    "zh": ("我记得{told}。", "你之前说过，{told}。", "说到这个，我还记着{told}。"),
    "en": ("I remember that {told}.", "You told me that {told}.", "That reminds me: {told}."),
}
TOMORROW: Mapping[Language, tuple[str, ...]] = {
    "zh": ("对了，{told}，顺顺利利的。", "{told}，我记着呢，加油。"),
    "en": ("And {told}: good luck.", "{told}, I haven't forgotten. Good luck."),
}


def reminded(intent: str, reading: Reading, request: ReplyRequest, choose: Chooser) -> str | None:
    """A sentence about a memory that this message touches; None if none does."""
    wanted = words_of(reading.text)
    if not wanted:
        return None
    mine = [item for item in request.context.items if item.memory.subject is Subject.USER]
    for _, memory in ranked(mine, wanted - COMMON):
        # A name is no news to its bearer; and who is hurting wants no trivia.
        if memory.category == "identity":
            continue
        if intent in FEELINGS and overlap(memory, wanted - COMMON) < 2:
            continue
        if not in_language(memory, reading.language) or _just_said(memory, reading, request):
            continue
        told = retell_dated(memory, request.persona, reading.today)
        if choose.said_before(told) or len(told) > 60 + 60 * (reading.language == "en"):
            continue
        return choose.fresh(REMINDED[reading.language], "reminded").format(told=told)
    return None


def tomorrow(reading: Reading, request: ReplyRequest, choose: Chooser) -> str | None:
    """A good wish for what the user has to do tomorrow."""
    day = (reading.today + timedelta(days=1)).isoformat()
    for memory in unique(item.memory for item in request.context.items):
        fits = memory.subject is Subject.USER and memory.event_date == day
        if fits and in_language(memory, reading.language):
            told = retell_dated(memory, request.persona, reading.today)
            if not choose.said_before(told):
                line = choose.fresh(TOMORROW[reading.language], "tomorrow").format(told=told)
                return line[:1].upper() + line[1:]
    return None


def diet(reading: Reading, request: ReplyRequest, choose: Chooser) -> str | None:
    """What the user can't eat ("你上次说对花生过敏…"), when the talk is of eating."""
    if len(reading.text) < 4 or not re.search(_EATING_OUT, reading.text.lower()):
        return None
    if FEELINGS & set(reading.intents):
        return None
    for memory in unique(item.memory for item in request.context.items):
        if memory.subject is not Subject.USER or not re.search(_DIET, memory.text):
            continue
        told = retell(memory, request.persona).removeprefix("你")
        if not in_language(memory, reading.language) or choose.said_before(told):
            continue
        if re.search(_DIET, reading.text) or _told_just_now(memory, request):
            continue
        named = overlap(memory, words_of(reading.text)) > 0
        if not named and "food" not in reading.intents:
            continue
        lines = (WATCH_OUT if named else DIET)[reading.language]
        return choose.fresh(lines, "diet").format(told=told)
    return None


def _told_just_now(memory: Memory, request: ReplyRequest) -> bool:
    recent = request.history[-RECENT_MESSAGES:]
    return any(re.search(_DIET, m.text) for m in recent if m.role == "user") or bool(
        {m.id for m in recent} & set(memory.source.message_ids)
    )


def _just_said(memory: Memory, reading: Reading, request: ReplyRequest) -> bool:
    """Whether the memory only repeats what was said in this talk a moment ago."""
    recent = request.history[-RECENT_MESSAGES:]
    if {m.id for m in recent} & set(memory.source.message_ids):
        return True
    words = words_of(memory.text)
    talk = words_of(reading.text).union(*(words_of(m.text) for m in recent if m.role == "user"))
    return not words or len(words & talk) / len(words) > FRESH_SHARE
