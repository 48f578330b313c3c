"""The inbox: what may be wrong with memories, found by rules, with a fix for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.inbox.finding import PAIRS, Finding, FindingKind
from memory.lazy_imports import lazy

if TYPE_CHECKING:
    from memory.inbox.inbox import Inbox
else:
    __getattr__ = lazy(__name__, {"Inbox": "inbox"})

__all__ = ["PAIRS", "Finding", "FindingKind", "Inbox"]
