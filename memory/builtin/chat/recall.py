"""Unprompted recall: bringing up what is remembered when it fits, without being asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from memory.builtin.chat.associations import associated
from memory.builtin.chat.lines import Chooser
from memory.builtin.chat.meaning import tone_of
from memory.builtin.chat.pick_memory import overlap, ranked, unique
from memory.builtin.chat.reading import FEELINGS, MessageReading
from memory.nlp.rephrase import in_language, retell, retell_dated
from memory.nlp.words import telling_words
from memory.types import Language, Memory, ReplyRequest, Subject

RECENT_MESSAGES = 12
FRESH_SHARE = 0.5
"""Share of a memory's words in the talk just now above which it is no news."""

# Too common to be a reason for remembering something.
COMMON = telling_words(
    "工作 公司 老板 同事 朋友 妈妈 爸爸 上班 下班 晚上 早上 周末 开心 难过 睡觉 "
    "睡得 有点 一个 回家 吃饭 电影 "
    "看书 喝水 房间 学校 心情 事情 最近 出去 一起 客户 电话 东西 感觉 辛苦 这家 "
    "打算 准备 计划 经常 春天 夏天 秋天 冬天 听歌 音乐 跑步 吃火 火锅 喜欢 "
    "那家 晚饭 午饭 面试 "
    "work working job office boss friend friends home house long feel feeling good great bad nice "
    "thing things people want need new old year month morning evening night eat dinner lunch make "
    "visit coming come plan plans train film music song book spring summer weekend often late "
    "made take took come came look find think little lot much big small restaurant mother father"
)

_DIET = r"过敏|不能吃|不耐|忌口|吃素|不吃|allerg|intoleran|can't eat|doesn't eat|vegetarian|vegan"
_EATING_OUT = (
    r"店(?!铺)|餐|(?<!了)点(?:了|个|菜|单)|(?<!国)外卖|[国式]菜|\bfood\b|请客|聚餐|火锅|烧烤|蛋糕|饼干|甜品|零食|坚果|尝|吃(?!了?$|过|饱|完|药)|"
    r"restaurant|order|takeaway|cake|cookie|café|cafe|dinner|lunch|brunch|eat|"
    r"meal|dish|menu"
)

_EATEN = r"吃了|吃过|吃完|\b(?:had|ate|finished)\b"
_GROCERIES = r"超市|菜市场|买菜|自己做|在家做|supermarket|groceries|at home"
_DISLIKES = r"不喜欢|讨厌|dislikes|hates|can't stand"

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
_TASTE = re.compile(r"喜欢|讨厌|不爱|like|love|hate|can't stand")
_BROUGHT_UP = (
    r"这次也去吗|为这个悬着|没好转|that this time|weighing on you too|still like that|"
    r"我(?:还)?记(?:得|着)|你(?:之前|上次)?说过|你上次说|还记着|"
    r"\bI remember that|[Yy]ou told me|reminds me|I take it|I haven't forgotten"
)
TOMORROW: Mapping[Language, tuple[str, ...]] = {
    "zh": ("对了，{told}，顺顺利利的。", "{told}，我记着呢，加油。"),
    "en": ("And {told}: good luck.", "{told}, I haven't forgotten. Good luck."),
}


YESTERDAY: Mapping[Language, tuple[str, ...]] = {
    "zh": ("我记得{told}，怎么样了？", "{told}，还顺利吗？"),
    "en": ("{told}. How did it go?", "I remember: {told}. How was it?"),
}


def reminded(
    intent: str, reading: MessageReading, request: ReplyRequest, choose: Chooser
) -> str | None:
    """A sentence about a memory that this message touches; None if none does."""
    if _brought_up_last(request):
        return None
    called = associated(reading, _quotable(reading, request), request.persona)
    for link in called:
        if intent in FEELINGS and not link.feelings:
            continue
        if not choose.said_before(link.text) and not _just_said(link.memory, reading, request):
            return link.text
    wanted = telling_words(reading.text)
    if not wanted:
        return None
    mine = [item for item in request.context.items if item.memory.subject is Subject.USER]
    for _, memory in ranked(mine, wanted - COMMON):
        # A name is no news to its bearer; and who is hurting wants no trivia.
        if memory.category == "identity":
            continue
        hard = intent in FEELINGS or tone_of(intent) == "bad"
        if hard and overlap(memory, wanted - COMMON) < 2:
            continue
        if not in_language(memory, reading.language) or _just_said(memory, reading, request):
            continue
        told = retell_dated(memory, request.persona, reading.today)
        if choose.said_before(told) or len(told) > 60 + 60 * (reading.language == "en"):
            continue
        return choose.fresh(REMINDED[reading.language], "reminded").format(told=told)
    return None


def _quotable(reading: MessageReading, request: ReplyRequest) -> list[Memory]:
    """The user's memories that can be said in the language of the talk."""
    return [
        memory
        for memory in unique(item.memory for item in request.context.items)
        if memory.subject is Subject.USER and in_language(memory, reading.language)
    ]


def _brought_up_last(request: ReplyRequest) -> bool:
    """Whether the last reply brought up a memory already: once in a while is enough."""
    last = next((m for m in reversed(request.history) if m.role == "assistant"), None)
    return bool(last and re.search(_BROUGHT_UP, last.text))


def tomorrow(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str | None:
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


def yesterday(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str | None:
    """A question about what the user had planned for yesterday; None if nothing was."""
    day = reading.today - timedelta(days=1)
    for memory in unique(item.memory for item in request.context.items):
        fits = memory.subject is Subject.USER and memory.event_date == day.isoformat()
        if not fits or memory.category != "plan" or not in_language(memory, reading.language):
            continue
        told = retell_dated(memory, request.persona, reading.today)
        if choose.said_before(told):
            continue
        line = choose.fresh(YESTERDAY[reading.language], "yesterday").format(told=told)
        return line[:1].upper() + line[1:]
    return None


# What nobody puts on a plate.
_NOT_EATEN = (
    r"紫外线|花粉|尘螨|青霉素|头孢|乳胶|毛|\b(?:pollen|dust|latex|penicillin|cats?|dogs?|fur|sun)\b"
)


def diet(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str | None:
    """What the user can't eat ("你上次说对花生过敏…"), when the talk is of eating."""
    if len(reading.text) < 4 or not re.search(_EATING_OUT, reading.text.lower()):
        return None
    if FEELINGS & set(reading.intents) or re.search(_GROCERIES, reading.text.lower()):
        return None
    named = telling_words(reading.text) - COMMON
    if any(re.search(_DISLIKES, m.text) and overlap(m, named) for m in _quotable(reading, request)):
        # What they can't stand is on the plate: that is what to bring up.
        return None
    for memory in unique(item.memory for item in request.context.items):
        if memory.subject is not Subject.USER or not re.search(_DIET, memory.text):
            continue
        if re.search(_NOT_EATEN, memory.text):
            continue
        told = retell(memory, request.persona).removeprefix("你")
        if not in_language(memory, reading.language) or choose.said_before(told):
            continue
        if re.search(_DIET, reading.text) or _told_just_now(memory, request):
            continue
        on_plate = overlap(memory, telling_words(reading.text)) > 0
        if not on_plate and re.search(_EATEN, reading.text.lower()):
            continue
        if not on_plate and "food" not in reading.intents:
            continue
        lines = (WATCH_OUT if on_plate else DIET)[reading.language]
        return choose.fresh(lines, "diet").format(told=told)
    return None


def _told_just_now(memory: Memory, request: ReplyRequest) -> bool:
    recent = request.history[-RECENT_MESSAGES:]
    return any(re.search(_DIET, m.text) for m in recent if m.role == "user") or bool(
        {m.id for m in recent} & set(memory.source.message_ids)
    )


def _just_said(memory: Memory, reading: MessageReading, request: ReplyRequest) -> bool:
    """Whether the memory only repeats what was said in this talk a moment ago."""
    recent = request.history[-RECENT_MESSAGES:]
    if {m.id for m in recent} & set(memory.source.message_ids):
        return True
    words = telling_words(memory.text)
    # One word in common with this message is the reason to bring it up, not a repetition.
    own = (
        telling_words(reading.text)
        if len(words) > 1 or _TASTE.search(reading.text)
        else frozenset()
    )
    talk = own.union(*(telling_words(m.text) for m in recent if m.role == "user"))
    return not words or len(words & talk) / len(words) > FRESH_SHARE
