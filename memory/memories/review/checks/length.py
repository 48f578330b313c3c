"""Length check: more than one fact in a memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.finding import Finding, FindingKind
from memory.nlp.language import detect
from memory.types import ByLanguage, Language, Memory, Message

ORDER = 40

LONGEST: Mapping[Language, int] = ByLanguage({"zh": 120, "en": 280})
"""Characters of one fact; Chinese says the same in fewer."""


def check(memory: Memory, sources: Sequence[Message], about: CheckedOwner) -> Finding | None:
    """It is longer than one fact takes."""
    longest = LONGEST[detect(memory.text, memory.language)]
    return Finding(FindingKind.LONG, (memory,)) if len(memory.text) > longest else None
