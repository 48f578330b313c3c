"""The inbox: what may be wrong with memories, found by rules, with a fix for each."""

from memory.inbox.finding import PAIRS, Finding, FindingKind
from memory.inbox.inbox import Inbox

__all__ = ["PAIRS", "Finding", "FindingKind", "Inbox"]
