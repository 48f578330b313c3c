"""Questions about what is remembered: which they are, and what they ask for."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from memory.builtin.chat.answer_chances import without_frame
from memory.builtin.chat.asked_days import named_days
from memory.builtin.chat.asked_slots import ASKS_WHO, asked_slots
from memory.builtin.chat.attributes import ATTRIBUTES, RELATIVE, SPECIES
from memory.builtin.chat.en import ASKS
from memory.builtin.chat.intent import rhetorical
from memory.builtin.chat.known_names import introduced, known_names
from memory.builtin.chat.meaning import Meant, ranked_intents
from memory.builtin.chat.pick_memory import stated
from memory.builtin.chat.reading import MessageReading
from memory.builtin.memory_questions import asks_for_memory
from memory.nlp.language import has_cjk
from memory.nlp.words import telling_words
from memory.types import ReplyRequest, Subject
from memory.types.vectors import Encode

WEEK = 7

MEANT = 0.35
"""Score of the examples from which a question may be one about memory."""

MEANT_SURELY = 0.5
MEANT_OTHERWISE = 0.6
MEANT_EVERYTHING = 0.5
LIKELY = 0.5
"""Likelihood from which a message is taken for a question about what was told."""

PERHAPS = 0.1
"""The same from which a sure answer shows that it is one."""

SURELY = 0.85
"""The same from which it is certain."""

NEAR_BEST = 0.08
"""By how much another intent may be nearer."""

_REMEMBER_ZH = (
    r"(?:还)?记(?:不)?记?得(?:我|吗|么|不|上次|那|之前|你|她|他|咱|我们|以前|"
    r".{1,20}(?:吗|么|嘛|不|没)\s*[?？]?$)|"
    r"(?<![他她们])忘(?:了|记)(?:我|吗|没)|我(?:之前|上次|以前|有没有|是不是)?(?:跟|和|对)你(?:说|讲|提)过|"
    r"我(?:之前|上次|以前)(?:说|讲|提)(?:过|的)|你(?:都)?(?:知道|了解|"
    r"记住了?)(?:我|关于我)(?:的)?.{0,8}(?:什么|吗|哪些|多少|些)|你说过你|"
    r"你(?:之前|上次|以前)(?:说|讲|提)"
)
_REMEMBER_EN = (
    r"\b(?:do|did|can|don't|would) you (?:still )?(?:remember|recall)\b|^remember "
    r"(?:when|that|my|the|what|where|who|how|me)\b|"
    r"\bdid i (?:ever )?(?:tell|mention|say)\b(?! (?:something|anything|it) wrong| the wrong)|\bhave i (?:ever )?(?:told|"
    r"mentioned)\b|what (?:do|did) you (?:know|remember)(?: about)?|"
    r"do you know (?:my|what i|where i|who i|when i|how i|anything about me)|"
    r"\byou (?:said|told me|mentioned) (?:that )?you\b|have you forgotten|did you "
    r"forget|what did i (?:say|tell)"
)
_WH_ZH = r"什么|啥|哪|谁|几[点号岁月天个]|多少|多大|怎么称呼|干嘛|干什么|吗\s*[?？]?$"
_OPEN_ZH = (
    r"我(?:们)?(?:到底|究竟)?(?:该|应该|要不要|怎么|咋|为什么|为啥|能不能|能|可以|"
    r"可不可以|需要|想|是不是应该|觉得|刚|跟你|给你|帮|来)|"
    r"(?:什么|啥)(?:都|也|事|人)|没什么|不知道|不晓得|没有什么|问你|想问|为什么|"
    r"凭(?:什么|啥)|你要是我|换(?:作|做|成)?你|要是你|问我|怎么办|合适|划算|才(?:好|行|够)|陪我|告诉我怎么|教我|帮我|推荐|给我"
)
_WH_EN = (
    r"\b(?:what|where|who|when|which|how old|how many|how long)(?:'s| is| are| "
    r"was| were| do| did| am| have| had)? (?:\w+ ){0,3}(?:i|my)\b|"
    r"^(?:am|was|do|did|have) i\b|\bwhat'?s my\b|\bwho'?s my\b|\bwhen'?s my\b|"
    r"\bwhat (?:\w+ )?(?:am|did|do) (?:i|we)\b"
)
_OPEN_EN = (
    r"\b(?:should|can|could|would|shall|must|might) i\b|\bi (?:should|could|can)\b|what if|"
    r"what do i do\b(?! for)|why (?:am|do|did) i|how (?:do|can|should) i|what am i (?:supposed|"
    r"doing wrong|doing with)|do i (?:look|need|have to|sound)|where (?:do|should|"
    r"can) i (?:start|begin|find|get|buy)|what (?:do|should) i say"
)

# Somebody both know of; a stranger's name is answered honestly too.
_WHO_IS = (
    r"^([^，。？?我你]{1,8})是谁(?:呀|啊|来着)?\s*[?？]?$|^who(?:'s| is| was) "
    r"([a-z][a-z' -]{1,20})\W*$"
)
_ABOUT_AI_ZH = (
    r"你(?:自己)?(?:之前|上次|以前)?(?:说|讲|提)(?:过|到|的)?(?:你|自己)|"
    r"你(?:最)?(?:喜欢|讨厌|爱|怕)|你的|你昨天|你上"
)
_ABOUT_AI_EN = (
    r"\byou (?:said|told me|mentioned) (?:that )?you\b|what (?:do|did) you "
    r"(?:like|do|love|hate)|\byour (?:favou?rite|cat|day|name|birthday)\b"
)
_ABOUT_BOTH = r"我们(?:俩|两个)?(?:都|一起|聊|说|之间|上次)|咱|\bwe\b|\bour\b|both of us"
_EVERYTHING = (
    r"(?:知道|记得|记住|了解)(?:了)?(?:我|关于我)(?:的)?(?:什么|哪些|多少|些什么)|"
    r"(?:还)?(?:记得|认识)我(?:是谁)?(?:吗|么|不|嘛)?\s*[?？]?$|what (?:do|did) "
    r"you (?:know|remember)(?: about me)?\W*$|do you (?:still )?remember me\b|"
    r"(?<!like to )(?<!want to )know about me|(?<!know )anything about me"
)
_USUALLY = (
    r"一般|平时|平常|通常|经常|每[天周个]|喜欢|\b(?:usually|normally|generally|often|every|"
    r"like to|love to|enjoy|hobb\w+|these days|nowadays)\b|\b(?:at|on) (?:the )?weekends\b|\bon \w+days\b"
)
# Words of asking: as telling words they would be looked for in what is remembered.
_ASKING = re.compile(
    r"(?:还)?记不?记?得|跟你说过|和你说过|你知道|上次|之前|什么|名字|时候|哪里|哪儿|来着|告诉"
    r"|\b(?:remember|recall|tell|mention\w*|know|forgot\w*|ago|last|week\w*)\b"
)
_PLEASANTRY = r"^(?:你)?(?:记得|别忘了)(?!我|你).{0,12}(?:哦|喔|啊|呀|吧|[!！。])?$"


@dataclass(frozen=True, slots=True)
class MemoryQuestion:
    """What a question wants to be told from memory.

    ``days`` is the time asked about; ``wanted`` are its telling words;
    ``attributes`` the well-known things asked for ("name", "allergy"); ``certain`` whether
    it is surely a question about what is remembered,
    ``tentative`` whether only a sure answer shows that it is one.
    """

    about: str
    attributes: tuple[str, ...]
    wanted: frozenset[str]
    days: tuple[date, date] | None
    everything: bool
    future: bool
    species: tuple[str, ...] = ()
    relative: bool = False
    text: str = ""
    certain: bool = True
    tentative: bool = False


def asked(reading: MessageReading) -> MemoryQuestion | None:
    """What is asked of memory; None if the message is no such question."""
    plain = reading.text.lower().replace("’", "'").strip()
    zh = reading.language == "zh"
    remember = re.search(_REMEMBER_ZH if zh else _REMEMBER_EN, plain)
    who = re.search(_WHO_IS, plain)
    if who and not re.search(r"你是|我是|\b(?:you|i)\b", plain):
        return MemoryQuestion("both", (), telling_words(who[1] or who[2] or ""), None, False, False)
    if not remember and not _about_oneself(plain, zh):
        return None
    if not remember and not reading.question:
        return None
    if (
        re.search(_PLEASANTRY, plain)
        and "?" not in plain
        and "？" not in plain
        and not re.search(r"吗|么|不记", plain)
    ):
        return None
    # "我告诉过你的" says of the question who was told, not whom it is about.
    ai = re.search(_ABOUT_AI_ZH if zh else _ABOUT_AI_EN, without_frame(plain))
    about = (
        "both"
        if re.search(_ABOUT_BOTH, plain) and not re.search(r"我(?!们)", plain if zh else "")
        else "user"
    )
    if (
        about == "user"
        and ai
        and not re.search(
            r"我(?:的|最|都)?(?:喜欢|叫|住|在|对|是)|\bmy\b|\bdo i\b|\bdid i\b", plain
        )
    ):
        about = "ai"
    # "Who works at the clinic?" asks for somebody, not for one's own work.
    known = () if ASKS_WHO.match(plain) else ATTRIBUTES
    keys = tuple(key for key, question, _ in known if re.search(question, plain))
    # What one does at weekends isn't what one did last weekend.
    days = None if re.search(_USUALLY, plain) or "age" in keys else named_days(reading)
    if days and "plan" in keys and days[1] < reading.today and (days[1] - days[0]).days < WEEK:
        # "What do I have on Saturday?" means the coming one.
        weeks = (reading.today - days[1]).days // WEEK + 1
        days = (days[0] + timedelta(weeks * WEEK), days[1] + timedelta(weeks * WEEK))
    return MemoryQuestion(
        about=about,
        attributes=keys,
        wanted=_asked_for(plain),
        days=days,
        everything=bool(re.search(_EVERYTHING, plain)) and not _asks_one_thing(plain),
        future="plan" in keys or bool(days and days[1] > reading.today),
        relative=bool(re.search(RELATIVE, plain)),
        text=plain,
        species=tuple(memory for question, memory in SPECIES if re.search(question, plain)),
    )


# How questions look when they have no question mark.
_COLLOQUIAL = re.compile(
    r"[?？]\s*$|啥|什么|哪|谁|几|多大|多少|咋|怎么样?了|[吗么嘛伐不没]\s*[?？。]?$|(?<!不)([\u4e00-\u9fff])[不没]\1|考考你|说说|讲讲|总结|"
    r"(?:^|[,.:;] )(?:(?:so|and|ok|okay|hey|wait|um|oh|but|now|by the way)[, ]+)*(?:in |at |for |to |on |from )?(?:what|how|(?<!, )(?:who|where|when|which|why)|remind me|tell me|do you|am i|can i|is there|anything|sum me|describe me|list)|\b(?:remind me|tell me|i (?:forg[eo]t|wonder) (?:what|who|where|when|which|how))\b",
    re.IGNORECASE,
)
_ASKS_WHO_OR_WHAT = re.compile(
    r"谁|啥|什么|哪|几|多少|多久|(?<!不)([\u4e00-\u9fff])[不没]\1|^(?:so |and )?(?:who|what|which|when|where|how (?:many|long|much))\b"
)
_ASKS_YES_OR_NO = re.compile(r"[吗么嘛]\s*[?？]?$")
_OF_YOU = re.compile(r"你|\b(?:you|your)\b|为什么|为啥")
# Asks for a view, or asks nobody.
_ASKS_HOW_MANY = re.compile(r"(?:几(?:年|个月|天|次|岁)|多(?:久|少|大))了?$")
_IN_MY_PLACE = re.compile(
    r"你要是我|换(?:作|做|成)?你|要是你|如果你是我|凭(?:什么|啥)|\b(?:if you were me|in my (?:shoes|place)|what would you do)\b"
)
# Asks for what was told, whatever it is.
_RECALLS = re.compile(
    r"(?:什么|啥|哪|谁|几|多|咋|怎么)[^，。]{0,12}来着|来着[?？]|(?:跟|和|给|对)你(?:说|讲|提)过|上[回次]跟你[说讲]的|告诉过你|\bagain\W*$|\bremind me\b|\byou (?:still )?(?:remember|recall)\b"
    r"|\bi (?:told you|mentioned)\b|\b(?:did|have) i (?:ever )?(?:tell|told|mention)"
)
_OF_ME = re.compile(r"我|\b(?:i|my)\b")
_OTHER_QUESTIONS = frozenset({"ask_persona", "ask_world", "ask_advice"})
_OWN = re.compile(
    r"我|他|她|\b(?:i|my|me|mine|we|our|he|she|her|him|his|they|their)\b", re.IGNORECASE
)


def asks_everything(reading: MessageReading, encode: Encode) -> bool:
    """Whether all that is known of the user is asked for."""
    return _means_everything(reading.text.lower(), ranked_intents(reading.text, encode))


def _means_everything(plain: str, ranked: Sequence[Meant]) -> bool:
    best, mine = ranked[0], next(one for one in ranked if one.intent == "ask_memory")
    return (
        best.intent == "ask_everything"
        and best.score >= MEANT_EVERYTHING
        and best.score - mine.score > NEAR_BEST
        and not _asks_one_thing(plain)
    )


def asked_in_other_words(
    reading: MessageReading, request: ReplyRequest, encode: Encode
) -> MemoryQuestion | None:
    """What is asked of memory by a question that no pattern knows; None if nothing is.

    Its ``certain`` is False: where nothing answers it, it may have been another question.
    """
    text = introduced(reading.text, known_names(request))
    plain = text.lower().replace("’", "'").strip()
    if _IN_MY_PLACE.search(plain):
        return None
    recalls = _RECALLS.search(plain) is not None
    of_the_talk = _of_the_talk(plain, request)
    likely = asks_for_memory([text], encode)[0]
    if not _COLLOQUIAL.search(plain) and likely < PERHAPS:
        return None
    slots = {slot.kind for slot in asked_slots(plain)}
    ranked = ranked_intents(reading.text, encode)
    best = ranked[0]
    sure = "what" in slots or best.intent == "ask_memory" or plain[-1:] in {"?", "？"}
    sure = sure or _ASKS_HOW_MANY.search(plain) is not None or re.match(ASKS, plain) is not None
    sure = sure or recalls
    if not (sure or of_the_talk or likely >= PERHAPS) and rhetorical(plain, encode):
        return None
    to_you = _OF_YOU.search(plain) is not None
    own = of_the_talk or _OWN.search(plain) is not None
    mine = next(one for one in ranked if one.intent == "ask_memory")
    everything = _means_everything(plain, ranked)
    other = best.intent in _OTHER_QUESTIONS and best.score >= MEANT_OTHERWISE
    other = other and (slots != {"who", "what"} or bool(_OF_YOU.search(plain)))
    of_me = _OF_ME.search(plain) is not None and _certain_things(plain)
    other = other and not of_me
    asks_of_me = not other and "what" in slots
    if _ASKS_YES_OR_NO.search(plain) and not _ASKS_WHO_OR_WHAT.search(plain) and not everything:
        # "人家听得懂吗" asks for a view, unless it is plainly about what was told.
        other = other or best.intent != "ask_memory" or best.score < MEANT_SURELY
        asks_of_me = asks_of_me and not other
    other = other and not recalls and (to_you or likely < LIKELY)
    tentative = (not own and not recalls) or (
        not (everything or recalls or asks_of_me or (of_the_talk and not other))
        and (mine.score < MEANT or best.score - mine.score > NEAR_BEST)
    )
    if not to_you and likely >= LIKELY:
        tentative = False
    if tentative and (other or to_you):
        return None
    return MemoryQuestion(
        about="user",
        attributes=(),
        wanted=_asked_for(plain),
        days=named_days(reading),
        everything=everything,
        future=False,
        relative=bool(re.search(RELATIVE, plain)),
        text=plain,
        species=tuple(memory for question, memory in SPECIES if re.search(question, plain)),
        tentative=tentative,
        certain=not tentative
        and (
            of_me
            or recalls
            or slots == {"who", "what"}
            or (likely >= SURELY and not to_you)
            or (best.intent == "ask_memory" and best.score >= MEANT_SURELY)
        ),
    )


def _certain_things(plain: str) -> bool:
    """Whether something is asked for that only people have: an age, a job, an illness."""
    kinds = {slot.name for slot in asked_slots(plain) if slot.kind == "what"}
    advice = _OPEN_ZH if has_cjk(plain) else _OPEN_EN
    return (
        bool(kinds - {"where", "when", "named", "usual", "plan"})
        and not _OF_YOU.search(plain)
        and not re.search(advice, plain)
    )


def _asks_one_thing(plain: str) -> bool:
    """Whether a certain thing is asked for ("你知道我学什么的吗")."""
    return any(slot.kind == "what" and slot.name != "named" for slot in asked_slots(plain))


def _of_the_talk(plain: str, request: ReplyRequest) -> bool:
    """Whether who, what or when is asked of something that the user told."""
    if not _ASKS_WHO_OR_WHAT.search(plain) or _OF_YOU.search(plain):
        return False
    asked_for = _asked_for(plain)
    slots = {slot.kind for slot in asked_slots(plain)}
    if slots == {"who", "what"}:
        return True
    told = [m.text for m in request.history if m.role == "user" and not m.care]
    told += [i.memory.text for i in request.context.items if i.memory.subject is Subject.USER]
    return any(telling_words(stated(text)) & asked_for for text in told)


def _about_oneself(plain: str, zh: bool) -> bool:
    """A question about the user's own life: "我对什么过敏？", "where did I go?"."""
    if zh:
        if "我" not in plain or not re.search(_WH_ZH, plain) or re.search(_OPEN_ZH, plain):
            return False
        if re.search(r"吗\s*[?？]?$", plain) and not re.search(
            r"我(?:是不是|对|有|喜欢|养|住|会|叫|还)", plain
        ):
            return False
        return bool(
            re.search(
                r"我(?:们|的|家)?.{0,16}(?:" + _WH_ZH + ")|(?:哪天|什么时候|谁|哪).{0,8}我", plain
            )
        )
    return bool(re.search(_WH_EN, plain)) and not re.search(_OPEN_EN, plain)


def _asked_for(plain: str) -> frozenset[str]:
    """The telling words of a question, without those that belong to the asking."""
    return telling_words(_ASKING.sub(" ", plain))
