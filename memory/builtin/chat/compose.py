"""Reply composition: first what is asked, then how somebody is, then the topic."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from memory.builtin.chat import about_me, recall
from memory.builtin.chat.about_me_words import AGAIN
from memory.builtin.chat.asked import LIKELY, asked, asked_in_other_words, asks_everything
from memory.builtin.chat.attachment import attachment_intent
from memory.builtin.chat.details import line_slots
from memory.builtin.chat.intent import by_meaning, question_meant, rhetorical, tone_before
from memory.builtin.chat.just_said import heard_now
from memory.builtin.chat.lines import Chooser, lines
from memory.builtin.chat.meaning import tone_of
from memory.builtin.chat.memories_talk import answer, forgot_self
from memory.builtin.chat.noted import noted
from memory.builtin.chat.questions import asks_whether_i_shall, kind_of_question, now_in_words
from memory.builtin.chat.reading import FEELINGS, MessageReading, read
from memory.builtin.chat.safety import in_danger
from memory.builtin.chat.script import in_simplified, in_traditional, writes_traditional
from memory.builtin.chat.told import told_of
from memory.builtin.chat.topic import last_topic, weightiest_intent
from memory.builtin.chat.turn_taking import asked_twice, asks, join, repeated
from memory.builtin.memory_questions import asks_for_memory
from memory.builtin.taught import NEVER, TaughtExample, taught_meaning
from memory.types import AttachmentKind, ExtractionModel, Language, Operation, ReplyRequest
from memory.types.vectors import Encode

ODD = frozenset({"emoji", "emoji_happy", "emoji_sad", "code", "link", "foreign", "long"})
# Nothing is added to these: no memory, no own day.
PLAIN = frozenset({"thanks", "sorry", "praise", "love_you", "insult", "bye", "goodnight"})
GREETING = frozenset({"greet", "greet_morning", "greet_noon", "greet_evening"})
GRIEF = frozenset({"loss", "pet_lost", "miss"})
# To ask for a view isn't to cling.
SHARED = frozenset({"ask_feel", "ask_opinion", "ask_advice"})
# Questions about what an AI is answered with plainly, where its own life has no answer.
OF_AN_AI = frozenset({"ask_feel", "ask_body", "ask_can", "ask_taste", "ask_real"})
_YOU = re.compile(r"你|\b(?:you|your|u)\b", re.IGNORECASE)
UNSURE_OF = frozenset({"fallback", "past", "tone_neutral", "fact_name"})
GENERAL = UNSURE_OF | {"tone_good"}
# Who is off hears no more than a good-bye.
_GOING = frozenset({"leaving", "brb", "bye", "goodnight"})
LULL = frozenset({"ack", "yes", "bored", "laugh"})
ATTEMPTS = 6
"""How often another answer is looked for."""

AND_YOU: Mapping[Language, tuple[str, ...]] = {
    "zh": ("你呢？", "你那边呢？"),
    "en": ("And you?", "How about you?"),
}


def compose(
    request: ReplyRequest,
    listener: ExtractionModel | None = None,
    encode: Encode | None = None,
    taught: Sequence[TaughtExample] = (),
) -> str:
    """The whole reply to ``request``.

    Args:
        request: The message and what is known.
        listener: Reads what was said in this talk.
        encode: Tells what is meant where no pattern knows.
        taught: What designers say that messages mean.
    """
    if writes_traditional(request):
        return in_traditional(_composed(in_simplified(request), listener, encode, taught))
    return _composed(request, listener, encode, taught)


def _composed(
    request: ReplyRequest,
    listener: ExtractionModel | None,
    encode: Encode | None,
    taught: Sequence[TaughtExample],
) -> str:
    request = without_dangers(request)
    reading = read(request)
    meaning = taught_meaning(reading.text, taught, encode)
    if meaning and meaning != NEVER and meaning in lines(reading.language):
        reading = replace(reading, intents=(meaning,))
    elif encode is not None and reading.intent not in ODD:
        reading = by_meaning(reading, request, encode)
    earlier = request.earlier_answers
    # What was said to this very message isn't said again: those lines are used up.
    replies = [m.text for m in request.history if m.role == "assistant"] + list(earlier)
    seed = f"{request.owner.user_id}|{request.persona.id}|{request.message}|{len(request.history)}"
    kept = _kept(request, listener)
    promises = request.remember and (listener is None or bool(kept))
    text = ""
    for attempt in range(len(earlier), len(earlier) + (ATTEMPTS if earlier else 1)):
        salt = f"{seed}|{attempt}" if attempt else seed
        choose = Chooser(reading.language, request.persona.id, replies, salt, promises=promises)
        text = _reply(reading, request, choose, listener, encode, kept)
        if text not in earlier:
            break
    return text


def _kept(request: ReplyRequest, listener: ExtractionModel | None) -> Sequence[Operation]:
    """What the message will be remembered as: only then may a reply say so."""
    return heard_now(request, listener) if listener is not None else ()


def _only_shown(request: ReplyRequest) -> str:
    """What was given without a word to it, as an intent; empty where something was said."""
    marks = request.message.splitlines()
    if not request.attachments or not all(m.startswith("[") and m.endswith("]") for m in marks):
        return ""
    return "shown_photo" if request.attachments[0].kind is AttachmentKind.IMAGE else "shown_file"


def _reply(
    reading: MessageReading,
    request: ReplyRequest,
    choose: Chooser,
    listener: ExtractionModel | None,
    encode: Encode | None,
    kept: Sequence[Operation],
) -> str:
    if request.care == "distress" and reading.intent in GRIEF:
        # The gentle card is there; who mourns is answered as somebody who mourns.
        return _statement(reading.intent, reading, request, choose)
    if request.care and not (request.care_phase == "remembered" and _asked_gently(choose)):
        return in_danger(reading, request, choose)
    shown = _only_shown(request)
    if shown:
        return _statement(shown, reading, request, choose, always_ask=True)
    meant = question_meant(reading, encode) if encode is not None else ""
    if meant and encode is not None and not _YOU.search(reading.text):
        # What was told is asked for: no joke, and no word of comfort.
        meant = "" if asks_for_memory([reading.text], encode)[0] >= LIKELY else meant
    question = asked(reading) if meant != "ask_joke" else None
    leaning = attachment_intent(request) if question is None and meant not in SHARED else None
    if leaning:
        # Before what is odd: it may be said in a long message, or with a heart behind it.
        return _statement(leaning, reading, request, choose, always_ask=True)
    if reading.intent in ODD:
        return _statement(reading.intent, reading, request, choose, always_ask=True)
    if repeated(request):
        return _statement("repeat", reading, request, choose, always_ask=True)
    if encode is not None and question is None and not _of_the_companion(meant, reading):
        question = asked_in_other_words(reading, request, encode)
    elif encode is not None and question is not None and asks_everything(reading, encode):
        question = replace(question, everything=True, attributes=(), days=None)
    if meant == "ask_comfort" and (question is None or not question.certain):
        return _statement(meant, reading, request, choose)
    told = answer(question, reading, request, choose, listener, encode) if question else None
    told = told or noted(reading, request, choose, listener)
    if told:
        return told
    if question is None and asks_whether_i_shall(reading.text):
        return _statement("will_i", reading, request, choose)
    mine = about_me.about_me(reading, request, choose)
    own = mine is not None and not about_me.unsure(mine)
    if meant == "ask_real" and not own and _YOU.search(reading.text):
        return about_me.what_i_am(reading.language, request, choose)
    if not own and reading.intent in {"tease", "creepy"}:
        return _statement(reading.intent, reading, request, choose)
    if meant in OF_AN_AI and not own and _YOU.search(reading.text):
        return choose.react(meant, line_slots(reading))
    if mine:
        return _and_you(mine, reading, request, choose) if mine.hand_back else mine.text
    if question and question.about == "ai":
        return forgot_self(reading.language, choose)
    if reading.intent == "reassure":
        return _statement("reassure", reading, request, choose)
    kind = "joke" if meant == "ask_joke" else kind_of_question(reading)
    if (
        kind == "knowledge"
        and not question
        and encode is not None
        and rhetorical(reading.text, encode)
    ):
        kind = None
    if meant in {"ask_reassure", "ask_opinion"} and kind in {None, "advice", "knowledge"}:
        return _statement(meant, reading, request, choose)
    if kind == "time":
        return now_in_words(reading, request)
    if kind:
        return _to_question(kind, reading, request, choose)
    return _to_statement(reading, request, choose, encode, kept)


def _of_the_companion(meant: str, reading: MessageReading) -> bool:
    """Whether a question is about what the companion is, can or feels."""
    addressed = meant in OF_AN_AI and _YOU.search(reading.text) is not None
    return meant == "ask_joke" or addressed


def _to_question(kind: str, reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str:
    feeling = next((name for name in reading.intents if name in FEELINGS), None)
    if feeling:
        # How somebody is comes before what they ask; then the question is taken up.
        reaction = choose.react(feeling, line_slots(reading))
        return join(
            reading.language,
            reaction,
            choose.ask(kind, reading.text)
            or choose.ask(feeling, reading.text, line_slots(reading)),
        )
    return _statement(kind, reading, request, choose)


def _to_statement(
    reading: MessageReading,
    request: ReplyRequest,
    choose: Chooser,
    encode: Encode | None,
    kept: Sequence[Operation],
) -> str:
    intent = weightiest_intent(reading, request, choose)
    if intent in UNSURE_OF:
        intent = told_of(kept) or intent
    if intent in {"goodnight", "bye"}:
        wish = recall.tomorrow(reading, request, choose)
        return join(reading.language, choose.react(intent, line_slots(reading)), wish or "")
    eating = "" if intent in _GOING else recall.diet(reading, request, choose)
    if eating:
        # What may hurt comes before small talk.
        return eating
    if intent in {"ack", "quiet"} and encode is not None and tone_before(request, encode) == "bad":
        return choose.react("quiet", line_slots(reading))
    if intent in PLAIN:
        return choose.react(intent, line_slots(reading))
    return _statement(
        intent, reading, request, choose, add=_addition(intent, reading, request, choose, encode)
    )


def _statement(
    intent: str,
    reading: MessageReading,
    request: ReplyRequest,
    choose: Chooser,
    *,
    add: str = "",
    always_ask: bool = False,
) -> str:
    """A reaction, perhaps something remembered, perhaps one question."""
    reaction = choose.react(intent, line_slots(reading))
    text = join(reading.language, reaction, add)
    if asks(text) or add:
        return text if asks(text) else _named(text, intent, reading)
    if always_ask or not asked_twice(request):
        question = choose.ask(intent, reading.text, line_slots(reading))
        text = join(reading.language, text, question)
    return _named(text, intent, reading)


def _named(text: str, intent: str, reading: MessageReading) -> str:
    """The reply with the name that the user just gave, if it isn't in it yet."""
    if reading.name and intent != "fact_name":
        return f"{reading.name}{'，' if reading.language == 'zh' else '. '}{text}"
    return text


def without_dangers(request: ReplyRequest) -> ReplyRequest:
    """``request`` without the memories that come from a danger.

    They make the companion ask how somebody is; nothing of them is ever said.
    """
    items = tuple(item for item in request.context.items if item.memory.safety is None)
    if len(items) == len(request.context.items):
        return request
    return replace(request, context=replace(request.context, items=items))


def _asked_gently(choose: Chooser) -> bool:
    """Whether this talk has seen the gentle question already: once is enough."""
    return any(choose.said_before(line) for line in choose.all_of("safe_remembered"))


def _addition(
    intent: str,
    reading: MessageReading,
    request: ReplyRequest,
    choose: Chooser,
    encode: Encode | None,
) -> str:
    """Something remembered, or a bit of the persona's own life, where it fits."""
    if intent == "correction":
        return ""  # what is remembered may be what was wrong
    if not request.care and (intent in GREETING or intent in GENERAL):
        plan = recall.yesterday(reading, request, choose)
        if plan:
            return plan
    remembered = recall.reminded(intent, reading, request, choose)
    if remembered:
        return remembered
    if intent in FEELINGS or intent in GREETING or request.care or tone_of(intent) == "bad":
        return ""
    turn = len(request.history) // 2
    if intent in LULL and turn >= 2 and not _after_something_hard(request, encode):
        day = about_me.own_day(reading, request, choose)
        return "" if choose.said_before(day) or day.startswith(AGAIN[reading.language]) else day
    if turn % 3 == 1:
        mine = about_me.like_of_topic(intent, request, reading.language)
        if mine and not choose.said_before(mine):
            return mine
    return ""


def _after_something_hard(request: ReplyRequest, encode: Encode | None) -> bool:
    if encode is not None:
        return tone_before(request, encode) == "bad"
    return last_topic(request, FEELINGS) is not None


def _and_you(
    mine: about_me.Told, reading: MessageReading, request: ReplyRequest, choose: Chooser
) -> str:
    """Hand the talk back after telling about oneself, now and then."""
    text = mine.text
    long = len(text) > 80 + 120 * (reading.language == "en")
    handed = any(choose.said_before(line) for line in AND_YOU[reading.language])
    if handed or long or asks(text) or asked_twice(request):
        return text
    return join(reading.language, text, choose.one(AND_YOU[reading.language], "and you"))
