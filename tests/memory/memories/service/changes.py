"""Memories and changes of them, as the service is handed them."""

from __future__ import annotations

from memory.types import Actor, Change, ChangeAction, Kind, Memory, MemoryDraft, Subject


def draft(text: str = "用户对花生过敏", **more) -> MemoryDraft:
    return MemoryDraft(text, Subject.USER, Kind.CONSTANT, "health", **more)


def extracted(
    memory: Memory | None, after: Memory | None, action: ChangeAction, clock, group: str = "b"
) -> Change:
    either = after or memory
    assert either is not None
    return Change(
        id=f"{action}-{either.id}",
        owner=either.owner,
        memory_id=either.id,
        action=action,
        actor=Actor.EXTRACTION,
        at=clock(),
        before=memory,
        after=after,
        group_id=group,
    )
