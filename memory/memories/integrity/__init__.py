"""Integrity: the memory store compared with the history, and rebuilt from it."""

from memory.memories.integrity.compare import Comparison, StoreTotals, compare
from memory.memories.integrity.integrity import Integrity, IntegrityNotice, Progress
from memory.memories.integrity.sentences import sentences

__all__ = [
    "Comparison",
    "Integrity",
    "IntegrityNotice",
    "Progress",
    "StoreTotals",
    "compare",
    "sentences",
]
