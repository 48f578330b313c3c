"""Replies of the built-in companion while somebody may be in danger.

One calm line for what the message says, and one question about being safe. Nothing else:
no topic, no memory, no day of the persona's own. The lines are in ``lines/safety.*.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from memory.builtin.chat.asked import asked
from memory.builtin.chat.lines import Chooser
from memory.builtin.chat.reading import FEELINGS, MessageReading
from memory.chat import safety
from memory.chat.safety.over import ending
from memory.nlp.endings import Endings
from memory.types import SAFETY_KINDS, ReplyRequest

_ACK_LETTERS = 3
_ANSWER_LETTERS = 40
_SIGNS_AT_THE_END = Endings.of(r"\s，。！？,.!?~～…")
WORDS_FILE = Path(__file__).parent / "words" / "safety.toml"

# Which lines a kind of danger has for what a message is about, where they aren't the
# ones for a danger of one's own.
_OWN_SETS: Mapping[str, Mapping[str, str]] = {
    "friend": {
        "helped": "friend_helped",
        "what_do": "friend_what_do",
        "feeling": "friend_feeling",
        "secret": "friend_what_do",
        "asked_often": "asked_often",
    },
    "danger": {"what_do": "danger_what_do"},
    "threat": {},
}
# What isn't said to somebody who worries about another person or is threatened by one.
_ONLY_OWN = frozenset(
    {
        "burden", "sorry", "pointless", "alone", "means", "what_do", "leaving", "ack",
        "told", "near", "feeling", "asked_often", "answered", "greets",
    }
)  # fmt: skip
# What a message with a sign of danger may be about all the same, once the danger is known.
_BESIDE_A_SIGN = frozenset(
    {"told", "near", "asked_often", "refuses", "secret", "burden", "sorry", "what_do", "alone"}
)
_QUIET = frozenset({"safe_lasting", "safe_other", "safe_feeling", "safe_answered", "safe_told"})
"""Sets of lines after which a question may be left out."""


def in_danger(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str:
    """The reply to somebody in danger; ``request.care`` says of which kind."""
    told = _set(reading, request)
    line = choose.react(told, {})
    if told == "safe_asked_often" or (told in _QUIET and _asked_twice(request)):
        return line
    question = choose.ask(told, reading.text) or choose.ask(_fallback_set(request), reading.text)
    joint = "" if reading.language == "zh" else " "
    return joint.join(part for part in (line, question) if part)


def _set(reading: MessageReading, request: ReplyRequest) -> str:
    kind = request.care if request.care in SAFETY_KINDS else "danger"
    phase = request.care_phase
    if phase == "remembered":
        return "safe_remembered"
    if phase in ("over", "held", "doubted"):
        # "Has a doctor seen you?" is no question to somebody who worries about a friend.
        return f"safe_{kind}_{phase}" if kind in _OWN_SETS else f"safe_{phase}"
    if kind == "distress":
        return "safe_distress"
    about = _about(reading, kind)
    if phase == "afterwards" and about in (None, "ack", "thanks"):
        return "safe_afterwards"
    if request.urgent and phase != "afterwards" and kind in ("suicide", "self_harm"):
        return _urgent_set(reading, request, kind, about)
    if request.urgent and phase != "afterwards":
        helped = kind == "friend" and (about == "helped" or _somebody_there(request))
        return "safe_friend_helped" if helped else f"safe_{kind}_urgent"
    if about == "helped" and kind not in _OWN_SETS:
        return _helped_set(reading)
    known = phase != "sign" or (about in _BESIDE_A_SIGN and _noticed_before(request))
    if about is not None and (known or about == "means"):
        return f"safe_{_OWN_SETS.get(kind, {}).get(about, about)}"
    if kind == "friend" and phase == "lasting" and _found(request):
        return "safe_friend_after"
    if phase in (None, "sign") or kind in _OWN_SETS:
        return f"safe_{kind}"
    return _quiet_set(reading, kind)


def _urgent_set(
    reading: MessageReading, request: ReplyRequest, kind: str, about: str | None
) -> str:
    text = reading.text.lower()
    if _words().sleepy.search(text):
        return "safe_urgent_sleepy"
    if _words().blood.search(text):
        return "safe_urgent_blood"
    if about == "helped":
        return _helped_set(reading)
    if request.care_phase != "sign" and _somebody_there(request):
        return "safe_helped_later"
    if about == "leaving":
        return "safe_urgent_leaving"
    if about in ("refuses", "secret"):
        return f"safe_{about}"
    return "safe_self_harm_urgent" if kind == "self_harm" else "safe_urgent"


def _helped_set(reading: MessageReading) -> str:
    """By what there is now: a hospital, a call that was answered, or a person."""
    text = reading.text.lower()
    if _words().hospital.search(text):
        return "safe_helped_hospital"
    return "safe_helped_called" if _words().called.search(text) else "safe_helped"


def _somebody_there(request: ReplyRequest) -> bool:
    """Whether somebody is there or on the way by now, as the person told since the last sign."""
    helped = dict(_words().about)["helped"]
    for message in reversed(request.history):
        if message.role != "user":
            continue
        if helped.search(message.text.lower()):
            return True
        if message.care not in (None, "distress"):
            return False
    return False


def _noticed_before(request: ReplyRequest) -> bool:
    """Whether an earlier message of this talk spoke of danger."""
    return any(m.role == "user" and m.care in SAFETY_KINDS for m in request.history)


def _found(request: ReplyRequest) -> bool:
    """Whether the friend was found, as the person told."""
    return any(m.role == "user" and ending(m.text, "friend") == "clear" for m in request.history)


def _asked_twice(request: ReplyRequest) -> bool:
    """Whether the last two replies ended with a question: a third in a row is an interrogation."""
    replies = [m.text for m in request.history if m.role == "assistant"][-2:]
    return len(replies) == 2 and all(text.rstrip().endswith(("？", "?")) for text in replies)


def _quiet_set(reading: MessageReading, kind: str) -> str:
    """For a message that doesn't speak of the danger."""
    if safety.is_ai_question(reading.text):
        return "safe_ai"
    question = asked(reading)
    if question is not None:
        return "safe_recall"
    if FEELINGS & set(reading.intents):
        return "safe_self_harm" if kind == "self_harm" else "safe_feeling"
    return "safe_other" if len(reading.text) > _ACK_LETTERS else "safe_lasting"


def _about(reading: MessageReading, kind: str) -> str | None:
    text = reading.text.lower().replace("’", "'").strip()
    bare = _SIGNS_AT_THE_END.stripped(text)
    if _words().ack.fullmatch(bare):
        return None if kind in _OWN_SETS else "ack"
    answer = (
        len(bare) <= _ANSWER_LETTERS
        and not text.endswith(("?", "？", "吗", "呢"))
        and _words().answered.fullmatch(bare)
    )
    for about, pattern in _words().about:
        if kind in _OWN_SETS and about in _ONLY_OWN and about not in _OWN_SETS[kind]:
            continue
        if pattern.search(text):
            return about
    return "answered" if answer and kind not in _OWN_SETS else None


def _fallback_set(request: ReplyRequest) -> str:
    """Whose questions are asked when those of the chosen lines are used up."""
    if request.care == "friend" and not request.urgent and _found(request):
        return "safe_friend_after"
    if request.care in _OWN_SETS:
        return f"safe_{request.care}_urgent" if request.urgent else f"safe_{request.care}"
    return "safe_urgent" if request.urgent else "safe_lasting"


@dataclass(frozen=True, slots=True)
class _SafetyWords:
    """``words/safety.toml``, compiled once."""

    about: tuple[tuple[str, re.Pattern[str]], ...]
    sleepy: re.Pattern[str]
    blood: re.Pattern[str]
    hospital: re.Pattern[str]
    called: re.Pattern[str]
    ack: re.Pattern[str]
    answered: re.Pattern[str]


@cache
def _words() -> _SafetyWords:
    data = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))
    more = data["more"]
    return _SafetyWords(
        about=tuple((name, re.compile("|".join(words))) for name, words in data["about"].items()),
        sleepy=re.compile("|".join(more["sleepy"])),
        blood=re.compile("|".join(more["blood"])),
        hospital=re.compile("|".join(more["hospital"])),
        called=re.compile("|".join(more["called"])),
        ack=re.compile("|".join(more["ack"])),
        answered=re.compile("|".join(more["answered"])),
    )
