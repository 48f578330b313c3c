"""Built-in extraction: memories from everyday sentences, without a language model.

Rules come first: sentences about the speaker are taken apart into subject, predicate and
date, and the predicate is rewritten in the third person with absolute dates, so that the
memory can be read on its own. Of statements that no rule reads, a classifier on sentence
vectors says whether they are worth a memory; they keep their words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from memory.builtin.taught import TaughtExample, without_never
from memory.system.lazy_imports import LazyModule
from memory.types import ExtractionReply, ExtractionRequest, Memory, Operation
from memory.types.vectors import Encode

# Its hundreds of patterns take half a second to compile: not while the process starts.
if TYPE_CHECKING:
    from memory.builtin.extraction import batch
    from memory.llm.sentence_encoder import SentenceEncoder
else:
    batch = LazyModule("memory.builtin.extraction.batch")


class _Snapshot(tuple[TaughtExample, ...]):
    """What was taught when a batch went to its worker."""

    def __call__(self) -> tuple[TaughtExample, ...]:
        return self


class BuiltinExtraction:
    """An :class:`memory.types.ExtractionModel` made of rules and a classifier.

    Args:
        encoder: Gives sentence vectors; without it, or while it can't be had, the rules
            read alone.
        patience: Seconds that a batch waits for an encoder that is being loaded.
        taught: What designers say that must never become a memory.
    """

    name = "builtin-rules"
    is_builtin = True

    def __init__(
        self,
        encoder: SentenceEncoder | None = None,
        patience: float = 0,
        taught: Callable[[], Sequence[TaughtExample]] | None = None,
    ) -> None:
        self._encoder = encoder
        self._patience = patience
        self._taught = taught or tuple

    def __getstate__(self) -> dict[str, object]:
        """For a worker process: the encoder stays here, see :meth:`callbacks`."""
        return {"_encoder": None, "_patience": 0, "_taught": _Snapshot(self._taught())}

    def callbacks(self) -> dict[str, Encode]:
        """What :meth:`extract` needs from this process when it runs in another one."""
        encoder = self._encoder
        if encoder is None:
            return {}
        if encoder.loading and self._patience:
            encoder.wait(self._patience)
        return {"encode": encoder.encode} if encoder.ready else {}

    def extract(
        self,
        request: ExtractionRequest,
        *,
        encode: Encode | None = None,
        said_at: Callable[[Memory], datetime] | None = None,
    ) -> ExtractionReply:
        """Proposed operations for a batch, in the order in which they were said.

        Never raises: a message of which nothing is understood yields nothing. The guards keep
        the strongest ``request.max_memories`` once those that are no news have gone.

        Args:
            request: The batch.
            encode: Gives sentence vectors where this runs in a worker process.
            said_at: When a known memory was said; by default when it was stored.
        """
        encode = encode or self.callbacks().get("encode")
        operations = batch.operations_in(request, encode, said_at)
        operations = without_never(operations, request, self._taught(), encode)
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
