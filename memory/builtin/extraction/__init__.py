"""Built-in extraction: memories from everyday sentences by rules, without a model.

Precision before recall: what no rule fits exactly is left alone. Sentences about the
speaker are taken apart into subject, predicate and date; the predicate is rewritten in
the third person with absolute dates, so that the memory can be read on its own.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from memory.system.lazy_imports import LazyModule
from memory.types import ExtractionReply, ExtractionRequest, Operation

# Its hundreds of patterns take half a second to compile: not while the process starts.
if TYPE_CHECKING:
    from memory.builtin.extraction import batch
else:
    batch = LazyModule("memory.builtin.extraction.batch")


class BuiltinExtraction:
    """An :class:`memory.types.ExtractionModel` made of rules."""

    name = "builtin-rules"
    is_builtin = True

    def extract(self, request: ExtractionRequest) -> ExtractionReply:
        """Proposed operations for a batch, in the order in which they were said.

        Never raises: a message that no rule fits yields nothing. The guards keep the
        strongest ``request.max_memories`` once those that are no news have gone.
        """
        operations = batch.operations_in(request)
        felt = batch.mood_in(request)
        answer = {
            "memories": [_as_json(operation) for operation in operations],
            "mood": asdict(felt) if felt else None,
        }
        return ExtractionReply(
            tuple(operations),
            raw=json.dumps(answer, ensure_ascii=False),
            model=self.name,
            calls=0,
            mood=felt,
        )


def warm_up() -> None:
    """Compile the rules now, so that the first reply doesn't wait for it."""
    _ = batch.operations_in


def _as_json(operation: Operation) -> dict[str, object]:
    entry: dict[str, object] = {"action": operation.action.value}
    for key in ("id", "text", "subject", "kind", "category", "event_date", "importance"):
        value = getattr(operation, key)
        if value not in (None, ""):
            entry[key] = value
    return {**entry, "source": list(operation.source)}


__all__ = ["BuiltinExtraction", "warm_up"]
