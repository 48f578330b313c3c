"""Review finding: its kinds and fields."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from memory.types import Memory


class FindingKind(StrEnum):
    """What may be wrong, in the order in which it is shown."""

    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    SUBJECT = "subject"
    UNDATED = "undated"
    LANGUAGE = "language"
    LONG = "long"


PAIRS = frozenset({FindingKind.DUPLICATE, FindingKind.CONTRADICTION})
"""The kinds that are about two memories."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what may be wrong, and with which memories.

    ``memories`` are one, or two with the one remembered earlier first. ``fields``
    is what one click would give the memory (of duplicates: the one that stays);
    empty where only a person knows. ``key`` is the same as long as texts and kind
    are: what was settled stays settled until the text changes. ``sure`` says that
    the fix needs no second look.
    """

    kind: FindingKind
    memories: tuple[Memory, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    sure: bool = False

    @property
    def key(self) -> str:
        """Kind, ids and a digest of the texts; below 300 characters."""
        return key_of(self.kind, self.memories)


def key_of(kind: FindingKind, memories: Sequence[Memory]) -> str:
    """See :attr:`Finding.key`."""
    parts = sorted(memories, key=lambda memory: memory.id)
    texts = "\x00".join(memory.text for memory in parts)
    digest = hashlib.sha256(texts.encode()).hexdigest()[:16]
    return ":".join([kind.value, *(memory.id for memory in parts), digest])
