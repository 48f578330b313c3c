"""Intent decision: what a message means, from patterns and from examples together.

The examples say how likely each intent is; a pattern that matches makes its own likelier.
Where no intent is likely enough, the tone is: what is said then is general, but never glad
about something bad.
"""

from __future__ import annotations

import re
from dataclasses import replace

from memory.builtin.chat import details
from memory.builtin.chat.known_names import introduced, known_names
from memory.builtin.chat.lines import lines
from memory.builtin.chat.meaning import likely_intents, shares, stored, tone_of
from memory.builtin.chat.reading import FEELINGS, MessageReading, life_events, ungreeted
from memory.types import ReplyRequest
from memory.types.vectors import Encode

# A pattern that knows these knows enough: greetings, thanks, a name, what may hurt.
FIXED = frozenset({
    "greet", "greet_morning", "greet_noon", "greet_evening", "thanks", "sorry", "praise",
    "love_you", "insult", "bye", "goodnight", "brb", "ack", "yes", "no", "dunno", "fact_name",
    "allergy", "allergy_now", "birthday_today", "birthday_alone", "pet_missing", "pregnant",
    "pregnant_hard", "period", "engaged", "reassure", "correction",
})  # fmt: skip

TELLING = 5.0
"""How much likelier an intent is whose pattern of a feeling or an event matches."""

HINTING = 1.4
"""The same where the pattern only knows a topic."""

# These are as telling as an event: what is said puts something right.
_PLAIN = frozenset({"correction", "breakup", "leaving"})
UNTAUGHT = 0.35
UNTAUGHT_TOPIC = 0.12
"""Likelihood of an intent without examples, where its pattern of an event or topic matches."""

LEAST = 0.3
"""Likelihood from which an intent is answered as itself."""

LEAST_ALONE = 0.2
AHEAD = 3.0
"""The same where no other intent comes near: so many times as likely as the next."""

SURELY_ASKED = 0.45
"""Likelihood from which something that doesn't look like a question is one."""

MOST_ASKED = 0.3
"""Likelihood of all questions together up to which a question only looks like one."""

CLEAR = 0.4
"""Likelihood from which a short message needs no other to be understood."""

LEAST_OF_TONE = 0.55
"""The same of a tone."""

LEAST_OF_BAD = 0.7
"""The same of the bad one: pity for somebody who tells of a good day is wrong, listening never."""

LEAST_OF_GLAD = 0.55
MOST_BAD = 0.3
"""A glad or amused reply needs so much of its tone, and no more of the bad one."""

# Nobody is mourned before they are dead, however alike a stroke sounds.
_DEATHS = frozenset({"loss", "pet_lost", "patient_lost", "remember_dead"})
_DEATH = re.compile(
    r"走了|没了|去世|过世|不在了|(?<![爱笑累饿困热冷烦吓渴美乐香甜气急忙疼痛帅萌羞难])死(?!活|党|心|磕)|葬|坟|墓|头七|忌日|送走|送别|没救|断气|安乐|翻肚|喵星|离开了|再也见不到"
    r"|没熬过|生前|流产|小产|纸钱|祭|走得|要是.{1,6}还在"
    r"|\b(?:died|dead|dies|death|passed|gone|lost|losing|buried|funeral|grave|graves?ide|cemetery"
    r"|put (?:him|her|it|the \w+|them) down|didn't make it|grief|mourn\w*|no more|anniversary"
    r"|in (?:his|her|their) memory|(?:would|'d) have (?:been|loved|turned)|slipped away"
    r"|couldn't save|miscarr\w+)\b"
)
_OF_KIN = re.compile(
    r"(?:老伴儿?|爱人|先生|丈夫|妻子|老公|老婆|[爸妈爷奶]|父亲|母亲|外[公婆]|姥[姥爷])"
    r"[^，。]{0,6}(?:走|没|不在|去世|过世)"
    r"|\b(?:husband|wife|mum|mom|dad|nan|gran\w*|mother|father|brother|sister|son|daughter)\b"
    r"[\w ]{0,12}(?:died|passed|gone)"
)
# Goes on with what was said before.
_GOES_ON = re.compile(
    r"[他她它]|^(?:\w+ ){0,2}(?:it|he|she|they|him|her|them|he's|she's|it's|they're)\b"
    r"|^(?:and|but|in|with|for)\b"
)
# Reactions to the companion itself: they need it to have said or to be addressed.
_YOU = re.compile(r"你|\b(?:you|your|you're|u)\b", re.IGNORECASE)
_CRIES = re.compile(
    r"(?<![笑好])(?<![激感]动得)(?<![高开][兴心]得)(?<![激感]动得差点)哭(?![笑得不])|眼泪|流泪"
    r"|\b(?:cried|crying|sobb\w+|in tears|wept)\b"
)
_DENIES = re.compile(r"没(?!事)|不(?!错|过)|n't\b|\b(?:no|not|never|nobody|nothing)\b")
_AT_YOU = frozenset({"tease", "creepy"})
UNADDRESSED = 0.3
DEATH_NAMED = 2.0
"""How much likelier mourning is where a word for a death is said; without one it isn't."""

DENIED = 0.4
"""How much less likely good news is where something isn't so ("票没抢到")."""

CRIED = 3.0
"""How much likelier all that is bad is where somebody cried."""

LOUD = 1.5
"""How much likelier good and funny news is behind an exclamation mark."""

_SHORT_ZH = 5
_SHORT_EN = 3
_GOING_ON = 0.4


def by_meaning(reading: MessageReading, request: ReplyRequest, encode: Encode) -> MessageReading:
    """``reading`` with the intent that patterns and examples together make likeliest."""
    if (
        reading.intent == "loss"
        and not reading.question
        and _DEATH.search(reading.text)
        and _OF_KIN.search(reading.text)
    ):
        return reading  # whatever else the message tells
    laughs = reading.intent == "laugh" and _short(reading)
    if reading.intent in FIXED or laughs or not reading.text.strip():
        return reading
    likely = likelihoods(reading, request, encode)
    intent = decided(likely)
    if intent == "tone_neutral" and _short(reading) and tone_before(request, encode) == "bad":
        intent = "tone_bad"
    if (
        reading.intent == "plan"
        and tone_of(intent) not in {"bad", "funny"}
        and intent != "tone_bad"
    ):
        event = details.event(reading.text, reading.today, reading.language)
        intent = "plan" if event else intent
    rest = tuple(name for name in reading.intents if name not in {intent, "fallback"})
    return replace(reading, intents=(intent, *rest))


def likelihoods(reading: MessageReading, request: ReplyRequest, encode: Encode) -> dict[str, float]:
    """How likely each intent of a statement is; they sum to 1."""
    known = known_names(request)
    text = introduced(ungreeted(reading.text, reading.language), known)
    found = _told(text, encode)
    before = _before(request)
    if before and _needs_before(reading) and max(found.values()) < CLEAR:
        joined = _told(f"{introduced(before, known)} {text}", encode)
        share = 0.6 if _short(reading) else _GOING_ON
        found = {name: (1 - share) * value + share * joined[name] for name, value in found.items()}
    matched = [name for name in reading.intents if name not in {"fallback", "past", "plan"}]
    for place, name in enumerate(matched[:2]):
        event = name in FEELINGS | _PLAIN or name in life_events(reading.language)
        if name in found:
            found[name] *= (TELLING if event else HINTING) / (1 + place)
        elif name not in found:
            found[name] = (UNTAUGHT if event else UNTAUGHT_TOPIC) / (1 + place)
    plain = reading.text.lower()
    told_a_joke = any(
        line in _last_reply(request) for line in lines(reading.language)["joke"]["any"]
    )
    for name in found:
        if name == "joke_reaction" and not told_a_joke:
            found[name] = 0.0
        elif name in _AT_YOU and not _YOU.search(plain):
            found[name] *= UNADDRESSED
        elif _DENIES.search(plain) and tone_of(name) == "good" and name != "better":
            found[name] *= DENIED
        elif plain.endswith(("!", "！")) and tone_of(name) in {"good", "funny"}:
            found[name] *= LOUD
    if _CRIES.search(plain):
        found = {n: v * (CRIED if tone_of(n) == "bad" else 1.0) for n, v in found.items()}
    for name in _DEATHS & set(found):
        found[name] *= DEATH_NAMED if _DEATH.search(plain) else 0.0
    total = sum(found.values())
    return {name: value / total for name, value in found.items()}


def decided(likely: dict[str, float]) -> str:
    """The intent to answer, "tone_bad" and the like where only the tone is sure."""
    tone = shares(likely)
    first, second, *_ = sorted(likely, key=lambda name: -likely[name])
    alone = likely[first] >= max(LEAST_ALONE, AHEAD * likely[second])
    for intent in (first, second):
        if likely[intent] < LEAST and not (alone and intent == first):
            break
        kind = tone_of(intent)
        if kind in {"good", "funny"} and not _may_smile(kind, tone):
            continue
        return intent
    surest = max(tone, key=lambda name: tone[name])
    least = LEAST_OF_BAD if surest == "bad" else LEAST_OF_TONE
    if tone[surest] < least or not (surest in {"bad", "neutral"} or _may_smile(surest, tone)):
        return "tone_neutral"
    return f"tone_{surest}"


def question_meant(reading: MessageReading, encode: Encode) -> str:
    """Which question of the examples is meant ("ask_can"); "" for what is surely none."""
    if reading.intent in FIXED - {"reassure"}:
        return ""
    likely = likely_intents(reading.text, encode)
    best = max(likely, key=lambda name: likely[name])
    asks = max((name for name in likely if name.startswith("ask_")), key=lambda one: likely[one])
    if reading.question or (best == asks and likely[best] >= SURELY_ASKED):
        return asks
    return ""


def rhetorical(text: str, encode: Encode) -> bool:
    """Whether what looks like a question tells something ("who's meant to watch her at 2am?")."""
    likely = likely_intents(text, encode)
    asks = sum(value for name, value in likely.items() if name.startswith("ask_"))
    return asks <= MOST_ASKED


def tone_before(request: ReplyRequest, encode: Encode) -> str:
    """The tone of what the user said last."""
    before = _before(request)
    if not before or not stored().names:
        return "neutral"
    tone = shares(_told(before, encode))
    return max(tone, key=lambda name: tone[name])


def _may_smile(kind: str, tone: dict[str, float]) -> bool:
    glad = tone["good"] + tone["funny"]
    return glad >= LEAST_OF_GLAD and tone["bad"] <= MOST_BAD and tone[kind] > tone["bad"]


def _told(text: str, encode: Encode) -> dict[str, float]:
    """The likelihoods of statements: a question isn't what is looked for."""
    found = {
        name: value
        for name, value in likely_intents(text, encode).items()
        if not name.startswith("ask_")
    }
    total = sum(found.values())
    return {name: value / total for name, value in found.items()}


def _before(request: ReplyRequest) -> str:
    """What the user said last, if it wasn't a question."""
    last = next((m for m in reversed(request.history) if m.role == "user"), None)
    return last.text if last and not re.search(r"[?？]\s*$", last.text) else ""


def _last_reply(request: ReplyRequest) -> str:
    return next((m.text for m in reversed(request.history) if m.role == "assistant"), "")


def _short(reading: MessageReading) -> bool:
    if reading.language == "zh":
        return len(re.sub(r"\W", "", reading.text)) <= _SHORT_ZH
    return len(reading.text.split()) <= _SHORT_EN


def _needs_before(reading: MessageReading) -> bool:
    return _short(reading) or bool(_GOES_ON.match(reading.text.lower()))
