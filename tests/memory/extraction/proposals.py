"""What validation makes of one proposal, for the tests of its parts."""

from __future__ import annotations

from memory.extraction.validation import REASONS, guard
from memory.types import Operation
from tests.memory.extraction.batches import batch


def kept(*lines: str, op: Operation, recalled: tuple[str, ...] = ()) -> Operation | str:
    """What became of ``op``: itself as it was kept, or the reason of the refusal."""
    guarded = guard([op], batch(*lines), recalled)
    if guarded.refused:
        assert not guarded.kept
        assert guarded.refused[0].reason in REASONS
        return guarded.refused[0].reason
    return guarded.kept[0]


def text_of(result: Operation | str) -> str:
    return result if isinstance(result, str) else result.text
