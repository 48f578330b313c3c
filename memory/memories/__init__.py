"""The memory service: every change of a memory goes through here.

A change is written to the journal first, then to the store, then marked as
applied. What a crash leaves in between is applied by :meth:`HistoryFirst.recover`;
applying twice is the same as once, because the journal holds whole memories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.system.lazy_imports import lazy

if TYPE_CHECKING:
    from memory.memories.history_first import Learned, MemoryBackend
    from memory.memories.service import MemoryService
else:
    __getattr__ = lazy(
        __name__,
        {"MemoryService": "service", "Learned": "history_first", "MemoryBackend": "history_first"},
    )

__all__ = ["Learned", "MemoryBackend", "MemoryService"]
