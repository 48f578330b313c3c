"""Older memories that come from a danger are found once, and stay as people leave them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from memory.container import Container
from memory.memories import edits
from memory.memories.safety_marking import DONE, SafetyMarking
from memory.types import Actor, Kind, Memory, MemoryDraft, Owner, Source, Subject
from tests.memory.conftest import Clock

SAID = [
    ("The user wants to die", "emotion", "suicide"),
    ("用户的前男友一直打用户", "relationship", "danger"),
    ("用户打算周末去看海", "plan", None),
    ("The user likes plums", "preference", None),
]


@pytest.fixture
def unmarked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Memories as they were made before there were marks."""
    monkeypatch.setattr(edits, "marked", lambda memory: memory)
    return monkeypatch.undo


def test_old_memories_are_marked_once_by_text_and_by_source(
    container: Container, owner: Owner, clock: Clock, unmarked: Callable[[], None]
) -> None:
    assert container.extraction_worker.wait_idle()
    session = container.db.sessions.create(owner).id
    heard = container.db.messages.add(owner, session, "user", "星期天就不用再撑了", care="suicide")
    made: dict[str, Memory] = {}
    for text, category, _ in SAID:
        draft = MemoryDraft(text, Subject.USER, Kind.CONSTANT, category)
        made[text] = container.memory_service.add(owner, draft)
    told = MemoryDraft(
        "用户星期天要出门", Subject.USER, Kind.TEMPORAL, "plan", event_date="2025-10-19",
        source=Source(session, (heard.id,)),
    )  # fmt: skip
    made[told.text] = container.memory_service.add(owner, told)
    unmarked()
    marking = SafetyMarking(
        container.store, container.db, container.memory_service, container.priority
    )
    container.db.engine.set_meta(DONE, None)
    assert marking.run() == 3
    now = {memory.text: memory.safety for memory in container.store.reads.matching(owner)}
    assert now == {**{text: kind for text, _, kind in SAID}, told.text: "suicide"}
    # In the history, as the system's doing: it can be looked at and taken back.
    (change,) = [c for c in container.memory_service.history(owner, made[told.text].id) if c.before]
    assert (change.actor, replace(change.before, safety="suicide").safety) == (  # type: ignore[type-var]
        Actor.SYSTEM, "suicide",
    )  # fmt: skip
    container.memory_service.undoing.undo(owner, change.id)
    assert marking.run() == 0
    again = {memory.text: memory.safety for memory in container.store.reads.matching(owner)}
    assert again[told.text] is None
