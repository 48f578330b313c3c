"""Crisis messages: first words to somebody in danger, by kind and urgency."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from memory.types import ByLanguage, Language

MESSAGES_FILE = Path(__file__).parent / "crisis_messages.toml"


def opening(kind: str, language: Language, *, urgent: bool = False) -> str:
    """What is shown first, before any reply and before the numbers.

    Args:
        kind: A :data:`memory.types.RiskKind`; one that this version doesn't
            know gets the words for ``danger``.
        language: Of the words.
        urgent: Something is happening right now.
    """
    messages = _messages()
    known = kind if kind in messages else "danger"
    said = messages.get(f"{known}_urgent" if urgent else known, messages[known])
    return ByLanguage(said)[language]


@cache
def _messages() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(MESSAGES_FILE.read_text(encoding="utf-8"))
