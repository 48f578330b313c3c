"""Language check: a memory in another language than what was said."""

from __future__ import annotations

from collections.abc import Sequence

from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.finding import Finding, FindingKind
from memory.nlp.language import detect
from memory.types import Memory, Message

ORDER = 30

WORDS = 4
"""Letters that a message needs before its language says anything."""


def check(memory: Memory, sources: Sequence[Message], about: CheckedOwner) -> Finding | None:
    """It isn't in the language of its messages, or not in the one that it is filed under."""
    language = detect(memory.text, memory.language)
    # Who sings in English is still spoken of in Chinese: only what all messages share tells.
    said = {detect(m.text) for m in sources if sum(map(str.isalpha, m.text)) >= WORDS}
    if len(said) == 1 and language not in said:
        return Finding(FindingKind.LANGUAGE, (memory,))
    if language != memory.language:
        fields = {"language": language}
        return Finding(FindingKind.LANGUAGE, (memory,), fields, sure=True)
    return None
