"""Integrity: the memory store held against the history, and rebuilt from it."""

from memory.memories.integrity.compare import Comparison, Totals, compare
from memory.memories.integrity.integrity import Integrity, Notice, Progress
from memory.memories.integrity.sentences import sentences

__all__ = ["Comparison", "Integrity", "Notice", "Progress", "Totals", "compare", "sentences"]
