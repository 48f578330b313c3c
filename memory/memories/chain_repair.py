"""Repair of supersedes links (曾经 → 现在) when a memory in the chain goes away (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from memory.types import ChangeAction, Memory, Status

Step = tuple[ChangeAction, Memory, Memory]
"""What a memory's change is called, the memory before it and after it."""


def beside(gone: Iterable[Memory]) -> list[str]:
    """The ids of what ``gone`` had replaced, and of what has replaced them."""
    links = (link for memory in gone for link in (memory.supersedes, memory.superseded_by))
    return list(dict.fromkeys(link for link in links if link))


def mended(around: Iterable[Memory], gone: Mapping[str, Memory], now: datetime) -> list[Step]:
    """What becomes of the neighbours of memories that go away.

    What was replaced by one in force gets its place back. What was replaced by one that
    had been replaced itself stays replaced, now by what is in force; else two that
    contradict each other would both be.

    Args:
        around: The neighbours (:func:`beside`), as they are now.
        gone: What goes away, by id, as it was before.
        now: When this is.
    """
    there = {memory.id: memory for memory in around if memory.id not in gone}
    steps: list[Step] = []
    for memory in there.values():
        after = _without_newer(_without_older(memory, there, gone), there, gone)
        if after != memory:
            back = memory.status is not Status.ACTIVE and after.status is Status.ACTIVE
            action = ChangeAction.RESTORE if back else ChangeAction.EDIT
            steps.append((action, memory, replace(after, updated_at=now)))
    return steps


def _without_newer(
    memory: Memory, there: Mapping[str, Memory], gone: Mapping[str, Memory]
) -> Memory:
    """``memory`` without what had replaced it."""
    if memory.superseded_by is None or memory.superseded_by not in gone:
        return memory
    last = _last(gone, memory.superseded_by, "superseded_by")
    if last.status is Status.ACTIVE and memory.status is Status.SUPERSEDED:
        return replace(memory, status=Status.ACTIVE, superseded_by=None)
    newer = last.superseded_by
    return replace(memory, superseded_by=newer if newer in there else None)


def _without_older(
    memory: Memory, there: Mapping[str, Memory], gone: Mapping[str, Memory]
) -> Memory:
    """``memory`` without what it had replaced."""
    if memory.supersedes is None or memory.supersedes not in gone:
        return memory
    older = there.get(_last(gone, memory.supersedes, "supersedes").supersedes or "")
    # One that was brought back beside the others is nobody's past.
    still = older is not None and older.superseded_by in gone
    return replace(memory, supersedes=older.id if older and still else None)


def _last(gone: Mapping[str, Memory], id: str, link: str) -> Memory:
    """The last one of ``gone`` on the way along ``link``."""
    seen = {id}
    while (following := getattr(gone[id], link)) in gone and following not in seen:
        seen.add(following)
        id = following
    return gone[id]
