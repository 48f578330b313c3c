"""Question answering from memory: "我对什么过敏？", "what's my dog's name?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from memory.builtin.chat.answer_by_meaning import answer_by_meaning, asked_parts
from memory.builtin.chat.asked import MemoryQuestion
from memory.builtin.chat.asked_days import on_days
from memory.builtin.chat.asked_slots import ASKS_WHO, answers, asked_slots
from memory.builtin.chat.find_memory import MOST_OF_EVERYTHING, find
from memory.builtin.chat.just_said import heard, quoted
from memory.builtin.chat.lines import Chooser
from memory.builtin.chat.pick_memory import overlap
from memory.builtin.chat.reading import MessageReading
from memory.nlp.rephrase import retell, retell_dated
from memory.nlp.words import telling_words
from memory.types import (
    ContextItem,
    ExtractionModel,
    Language,
    Memory,
    ReplyRequest,
)
from memory.types.vectors import Encode

LEAD: Mapping[Language, Mapping[str, tuple[str, ...]]] = {
    "zh": {
        "niannian": ("记得呀，", "嗯，我记得，", "这个我一直记着呢，"),
        "shenyan": ("记着呢，", "这页我折过角，", "当然，"),
        "qing": ("当然记得！", "这还能忘？", "记着呢，"),
        "": ("记得，", "我记得，"),
    },
    "en": {
        "niannian": ("I do remember: ", "Yes, I kept that: ", "Of course: "),
        "shenyan": ("I folded that corner: ", "Certainly: ", "It's on file: "),
        "qing": ("Of course I do: ", "How could I forget: ", "Got it right here: "),
        "": ("I remember: ", "Yes: "),
    },
}
# Said in this very talk: no feat of memory, so no lead that boasts of one.
JUST_SAID: Mapping[Language, tuple[str, ...]] = {
    "zh": ("你刚才说过，{told}。", "嗯，你刚刚跟我说过，{told}。", "这个你前面说过，{told}。"),
    "en": (
        "You told me a moment ago: {told}.",
        "You said so earlier: {told}.",
        "That came up just now: {told}.",
    ),
}
IN_YOUR_WORDS: Mapping[Language, str] = {
    "zh": "你刚才的原话是：“{told}”。",
    "en": "Your own words a moment ago: \u201c{told}\u201d.",
}
FORGOT: Mapping[Language, tuple[str, ...]] = {
    "zh": (
        "这个我没有印象，你好像还没跟我说过。",
        "我翻了翻，没有找到这件事，不想乱说。",
        "这个我记不起来，可能是你没提过，也可能是我漏了。",
    ),
    "en": (
        "I have no memory of that; I don't think you've told me yet.",
        "I looked, and I couldn't find it. I'd rather not make something up.",
        "I can't recall that. Either you didn't mention it, or I missed it.",
    ),
}
TELL_ME: Mapping[Language, tuple[str, ...]] = {
    "zh": ("现在说给我听好吗？", "愿意告诉我吗？"),
    "en": ("Will you tell me now?", "Would you tell me?"),
}
FORGOT_DAYS: Mapping[Language, str] = {
    "zh": "那段时间我这里没有记下什么。",
    "en": "I have nothing written down for that time.",
}
TELL_DAYS: Mapping[Language, str] = {"zh": "你那时候在做什么？", "en": "What were you doing then?"}
FORGOT_SELF: Mapping[Language, tuple[str, ...]] = {
    "zh": ("我说过这个吗？我自己都没有印象了。",),
    "en": ("Did I say that? I have no memory of it myself.",),
}
DID_YOU_MEAN: Mapping[Language, tuple[str, ...]] = {
    "zh": ("是不是你说过的这件事：{told}？", "我不太确定，你指的是{told}吗？"),
    "en": (
        "Do you mean what you told me: {told}?",
        "I'm not sure. Is it this: {told}?",
    ),
}
# Of whom was asked something is known, and not that.
KNOWN_PART: Mapping[Language, tuple[str, ...]] = {
    "zh": (
        "我知道的是{told}，再多你还没跟我说过。",
        "这上头你跟我说过的是{told}，别的我就不知道了。",
    ),
    "en": (
        "What I know there is this: {told}. More than that you haven't told me.",
        "All I have on that is this: {told}.",
    ),
}
PROFILE_NAME: Mapping[Language, str] = {
    "zh": "你的资料里写的名字是{name}。",
    "en": "Your profile says {name}.",
}
NOTHING_YET: Mapping[Language, str] = {
    "zh": "我们还没聊过多少，我对你知道得很少。想从哪里说起？",
    "en": (
        "We haven't talked much yet, so I know very little about you. Where would "
        "you like to start?"
    ),
}


SURE_UNASKED = 0.6
"""Probability from which a sentence is answered that only its answer shows to be a question."""

LOOSE = frozenset({"plan", "family"})
"""Attributes that fit many memories: which of them is meant, the meaning tells."""


def answer(
    question: MemoryQuestion,
    reading: MessageReading,
    request: ReplyRequest,
    choose: Chooser,
    listener: ExtractionModel | None = None,
    encode: Encode | None = None,
) -> str | None:
    """The answer to a question about what is remembered; honest where there is nothing.

    Memories come first, then what was said in this talk (read by ``listener``, the
    rules that will make memories of it). None for a question about the persona of
    which neither tells: its own story may.
    """
    language = reading.language
    talk = heard(request, listener)
    said = talk.items
    if talk.gone:
        kept = tuple(one for one in request.context.items if one.memory.id not in talk.gone)
        request = replace(request, context=replace(request.context, items=kept))
    found = find(question, request.context.items, reading.today)
    fresh = find(question, said, reading.today)
    if encode is not None and question.about == "user" and not question.everything:
        who = ASKS_WHO.match(question.text) is not None
        wanted = () if who else asked_slots(reading.text)
        found = [memory for memory in found if answers(memory.text, wanted, memory.category)]
        fresh = [memory for memory in fresh if answers(memory.text, wanted, memory.category)]
        found = [memory for memory in found if answers(memory.text, wanted)] or found
        if question.days:
            days = question.days
            found = [m for m in found if not m.event_date or on_days(m.event_date, days)]
        two = len(asked_parts(reading.text)) == 2
        if two or (not (question.days and found) and not set(question.attributes) - LOOSE):
            # Words in common are no answer yet: what they mean decides.
            meant = _by_meaning(reading, request, said, choose, encode, sure=question.tentative)
            if meant or question.tentative:
                return meant
            if question.attributes and question.wanted:
                # Of what fits so many memories, only what has a word in common.
                found = [one for one in found if overlap(one, question.wanted)]
    if question.everything and found:
        found = [*found[: MOST_OF_EVERYTHING - 2], *_news(fresh, found)][:MOST_OF_EVERYTHING]
    if fresh and (not found or _closer(fresh, found, question)):
        told = _in_words(fresh, reading, request)
        return choose.fresh(JUST_SAID[language], "just said").format(told=told)
    if found:
        return _tell(found, reading, request, choose)
    if encode is not None and question.about == "user" and not question.everything:
        meant = _by_meaning(reading, request, said, choose, encode, sure=question.tentative)
        if meant or not question.certain:
            return meant
    # With the encoder, what was said has been weighed already.
    own_words = quoted(question, request, language) if encode is None else None
    if own_words:
        return IN_YOUR_WORDS[language].format(told=own_words)
    if "name" in question.attributes and request.user_name:
        return PROFILE_NAME[language].format(name=request.user_name)
    if question.everything:
        return NOTHING_YET[language]
    if question.about == "ai":
        return None
    if question.days and not question.attributes:
        ask = "" if question.future else TELL_DAYS[language]
        return _join(language, FORGOT_DAYS[language], ask)
    return _join(language, choose.fresh(FORGOT[language]), choose.fresh(TELL_ME[language]))


def _by_meaning(
    reading: MessageReading,
    request: ReplyRequest,
    said: Sequence[ContextItem],
    choose: Chooser,
    encode: Encode,
    *,
    sure: bool = False,
) -> str | None:
    """The answer among memories and the user's own words; a doubtful one is asked back."""
    language = reading.language
    best = answer_by_meaning(reading, request, said, encode)
    if best is None or (sure and best.chance < SURE_UNASKED):
        return None
    first = best.found[0]
    memories = [one.memory for one in best.found if one.memory is not None]
    if not best.sure and first.memory is None:
        memories = []
    new = {item.memory.id for item in said}
    told = _in_words(memories, reading, request) if memories else f"“{first.text}”"
    if best.partly:
        return choose.fresh(KNOWN_PART[language], "known part").format(told=told)
    if not best.sure:
        return choose.fresh(DID_YOU_MEAN[language], "did you mean").format(told=told)
    if not memories:
        return IN_YOUR_WORDS[language].format(told=first.text)
    if all(memory.id in new for memory in memories):
        return choose.fresh(JUST_SAID[language], "just said").format(told=told)
    return _tell(memories, reading, request, choose)


def forgot_self(language: Language, choose: Chooser) -> str:
    """The persona can't remember having said something of itself."""
    return choose.fresh(FORGOT_SELF[language])


def _news(fresh: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
    """What of this talk isn't remembered yet."""
    known = [telling_words(memory.text) for memory in found]
    return [m for m in fresh if not any(telling_words(m.text) <= words for words in known)]


def _closer(fresh: Sequence[Memory], found: Sequence[Memory], question: MemoryQuestion) -> bool:
    """Whether this talk answers a question of no well-known kind better than memory."""
    if question.attributes or question.days or question.everything:
        return False
    return overlap(fresh[0], question.wanted) > overlap(found[0], question.wanted)


def _tell(
    found: Sequence[Memory], reading: MessageReading, request: ReplyRequest, choose: Chooser
) -> str:
    language = reading.language
    voices = LEAD[language]
    lead = choose.fresh(voices.get(request.persona.id, voices[""]), "lead")
    return f"{lead}{_in_words(found, reading, request)}{'。' if language == 'zh' else '.'}"


def _in_words(found: Sequence[Memory], reading: MessageReading, request: ReplyRequest) -> str:
    """The memories said to the user, without a full stop."""
    told = [
        retell_dated(memory, request.persona, reading.today)
        if memory.event_date
        else retell(memory, request.persona)
        for memory in found
    ]
    told = list(dict.fromkeys(told))  # what was just said may be remembered already
    if reading.language == "zh":
        return "；".join(told)
    return "; ".join(
        text[0].lower() + text[1:] if text.startswith("On ") else text for text in told
    )


def _join(language: Language, *parts: str) -> str:
    return ("" if language == "zh" else " ").join(part for part in parts if part)
