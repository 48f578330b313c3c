"""The inbox: what may be wrong with memories, found by rules, with a fix for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.memories.review.finding import PAIRS, Finding, FindingKind
from memory.system.lazy_imports import lazy

if TYPE_CHECKING:
    from memory.memories.review.review import Review
else:
    __getattr__ = lazy(__name__, {"Review": "review"})

__all__ = ["PAIRS", "Finding", "FindingKind", "Review"]
