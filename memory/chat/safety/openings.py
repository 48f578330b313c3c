"""First words to somebody in danger, by kind and urgency (``openings.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from memory.types import ByLanguage, Language

OPENINGS_FILE = Path(__file__).parent / "openings.toml"


def opening(kind: str, language: Language, *, urgent: bool = False) -> str:
    """What is shown first, before any reply and before the numbers.

    Args:
        kind: A :data:`memory.types.RiskKind`; one that this version doesn't
            know gets the words for ``danger``.
        language: Of the words.
        urgent: Something is happening right now.
    """
    openings = _openings()
    known = kind if kind in openings else "danger"
    said = openings.get(f"{known}_urgent" if urgent else known, openings[known])
    return ByLanguage(said)[language]


@cache
def _openings() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(OPENINGS_FILE.read_text(encoding="utf-8"))
