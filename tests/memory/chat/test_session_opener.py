from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.memory.conftest import Clock


def test_opening_asks_about_the_plan_whose_day_has_passed(
    container: Container, owner: Owner
) -> None:
    memory = container.memory_service.add(
        owner,
        MemoryDraft("用户10月16日有一场面试", Subject.USER, Kind.TEMPORAL, "plan", "2025-10-16"),
    )
    session = container.session_opener.open(owner, "zh")
    (opening,) = container.db.messages.of(owner, session.id)
    assert opening.opening
    assert "面试" in opening.text
    trace = container.db.traces.get(owner, opening.id)
    assert trace is not None
    assert [item.memory_id for item in trace.items] == [memory.id]


def test_opening_does_not_ask_at_noon_about_what_was_told_at_breakfast(
    container: Container, owner: Owner, clock: Clock
) -> None:
    clock.now = datetime(2025, 10, 20, 7, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    container.memory_service.add(
        owner,
        MemoryDraft("用户10月20日早上面试了", Subject.USER, Kind.TEMPORAL, "event", "2025-10-20"),
    )
    clock.forward(hours=4, minutes=40)
    session = container.session_opener.open(owner, "zh")
    (opening,) = container.db.messages.of(owner, session.id)
    assert "面试" not in opening.text
