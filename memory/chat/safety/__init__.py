"""Safety (care): noticing that somebody is in danger, and what to say first.

Works without a language model and without a network: word patterns
(:mod:`memory.chat.safety.rules`) and a classifier on sentence vectors
(:mod:`memory.chat.safety.classifier`), help lines in :mod:`memory.chat.safety.helplines`. Sadness
alone is not an alarm; being wrong in the direction of one help line too many is
accepted, the other direction is not.
"""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from functools import cache
from typing import Any

from memory.chat.safety.assessment import Assessment
from memory.chat.safety.crisis_messages import opening
from memory.chat.safety.help import Help, help_for
from memory.chat.safety.helplines import Helpline, helplines, region_of, regions, unchecked
from memory.chat.safety.normalization import normalized
from memory.chat.safety.rules import WORDS_FILE
from memory.chat.safety.window import assess, assess_window, use_encoder, warm_up
from memory.types import ByLanguage, Language, Persona, RiskKind


def is_ai_question(text: str) -> bool:
    """Whether the user asks if they are talking to a person or a machine."""
    plain = normalized(text)
    return any(pattern.search(plain) for pattern in _ai_questions())


def suggest_pause(
    language: Language,
    persona: Persona | str | None = None,
    *,
    after: timedelta = timedelta(hours=2),
) -> str:
    """A kind word after a long talk in one go, in the persona's own voice.

    Args:
        language: Of the words.
        persona: Who says it; one without words of its own says the plain ones.
        after: How long the talk has been at least: one hour or two.
    """
    name = persona.id if isinstance(persona, Persona) else (persona or "default")
    voices: dict[str, str] = ByLanguage(_words()["pause"])[language]
    span: str = ByLanguage(_words()["pause_span"])[language][str(after // timedelta(hours=1))]
    wording = voices.get(name, voices["default"])
    return wording.format(span=span, Span=span[:1].upper() + span[1:])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))


@cache
def _ai_questions() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _words()["ai_questions"]))


__all__ = [
    "Assessment",
    "Help",
    "Helpline",
    "RiskKind",
    "assess",
    "assess_window",
    "help_for",
    "helplines",
    "is_ai_question",
    "opening",
    "region_of",
    "regions",
    "suggest_pause",
    "unchecked",
    "use_encoder",
    "warm_up",
]
