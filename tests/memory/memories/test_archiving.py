"""What a night archives, and that all of it can be taken back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from memory.container import Container
from memory.memories.archiving import Archiving, Why
from memory.types import (
    Actor,
    Kind,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Reason,
    Status,
    Subject,
    Trace,
    TraceItem,
)
from tests.memory.conftest import Clock
from tests.verbs import undo

ARCHIVED = MemoryFilter(statuses=frozenset({Status.ARCHIVED}))


def life_cycle(container: Container, clock: Clock, **limits: float) -> Archiving:
    return Archiving(
        container.store,
        container.db,
        container.memory_service,
        zone=ZoneInfo("Asia/Shanghai"),
        clock=clock,
        **limits,  # type: ignore[arg-type]
    )


def remember(container: Container, owner: Owner, text: str, **values: object) -> str:
    draft = MemoryDraft(text, Subject.USER, Kind.TEMPORAL, "event", **values)  # type: ignore[arg-type]
    return container.memory_service.add(owner, draft).id


def texts(container: Container, owner: Owner, filter: MemoryFilter | None = None) -> set[str]:
    return {
        memory.text for memory in container.store.reads.matching(owner, filter or MemoryFilter())
    }


def use(container: Container, owner: Owner, memory_id: str) -> None:
    session = container.db.sessions.create(owner)
    reply = container.db.messages.add(owner, session.id, "assistant", "嗯")
    memory = container.store.reads.get(owner, memory_id)
    item = TraceItem.of(memory, Reason.RECALL)
    container.db.traces.save(owner, Trace(reply.id, (item,), container.clock()))


def test_what_has_faded_is_archived_and_what_was_used_stays(
    container: Container, owner: Owner, clock: Clock
) -> None:
    remember(container, owner, "用户买了一把伞", importance=1)
    used = remember(container, owner, "用户看了一场电影", importance=1)
    remember(container, owner, "用户的第一天上班", importance=1, pinned=True)
    clock.forward(days=150)
    use(container, owner, used)
    clock.forward(days=10)
    nights = life_cycle(container, clock, below=0.02)
    due = nights.due(owner)
    assert [(one.memory.text, one.why) for one in due] == [("用户买了一把伞", Why.FADED)]
    assert due[0].retention < 0.02
    assert nights.run(owner)
    assert texts(container, owner) == {"用户看了一场电影", "用户的第一天上班"}
    assert texts(container, owner, ARCHIVED) == {"用户买了一把伞"}
    change = container.db.history.of(owner, limit=1)[0]
    assert change.actor is Actor.SYSTEM


def test_a_night_can_be_undone_and_stays_undone(
    container: Container, owner: Owner, clock: Clock
) -> None:
    for n in range(3):
        remember(container, owner, f"用户第{n}次去了海边")
    clock.forward(days=40)
    nights = life_cycle(container, clock, days=30)
    group = nights.run(owner)
    assert group is not None
    assert texts(container, owner) == set()
    undo(container, owner, group)
    assert len(texts(container, owner)) == 3
    assert nights.run(owner) is None, "what was brought back is given its time again"


def test_beyond_the_most_the_least_present_go_first(
    container: Container, owner: Owner, clock: Clock
) -> None:
    remember(container, owner, "用户丢了一支笔", importance=1)
    remember(container, owner, "用户考上了研究生", importance=5)
    remember(container, owner, "用户爱笑", pinned=True, importance=1)
    clock.forward(days=1)
    remember(container, owner, "用户换了一把椅子", importance=1)
    nights = life_cycle(container, clock, most=3)
    assert [(one.memory.text, one.why) for one in nights.due(owner)] == [
        ("用户丢了一支笔", Why.CROWDED)
    ]


def test_what_goes_anyway_makes_room_for_the_rest(
    container: Container, owner: Owner, clock: Clock
) -> None:
    for n in range(3):
        draft = MemoryDraft(f"用户的旧事{n}", Subject.USER, Kind.CONSTANT, importance=5)
        container.memory_service.add(owner, draft)
    clock.forward(days=91)
    for n in range(9):
        remember(container, owner, f"用户第{n}次去了海边", importance=1)
    clock.forward(hours=5)
    nights = life_cycle(container, clock, days=90, most=10)
    assert [one.why for one in nights.due(owner)] == [Why.EXPIRED] * 3, "nine are left"
    nights = life_cycle(container, clock, days=90, most=7)
    assert [one.why for one in nights.due(owner)] == [Why.CROWDED] * 2 + [Why.EXPIRED] * 3
    nights = life_cycle(container, clock, most=10)
    assert [one.why for one in nights.due(owner)] == [Why.CROWDED] * 2


def test_a_plan_does_not_expire_before_its_day(
    container: Container, owner: Owner, clock: Clock
) -> None:
    wedding = remember(container, owner, "用户2026年1月20日举行婚礼", event_date="2026-01-20")
    clock.forward(days=91)  # 17 January
    nights = life_cycle(container, clock, days=90)
    assert nights.due(owner) == []
    clock.forward(days=90)
    assert nights.due(owner) == [], "its time begins with its day"
    clock.forward(days=10)
    assert [one.memory.id for one in nights.due(owner)] == [wedding]


def test_a_night_is_done_once_and_made_up_for(
    container: Container, owner: Owner, clock: Clock
) -> None:
    nights = life_cycle(container, clock, days=30)
    remember(container, owner, "用户买了花")
    assert nights.nightly() == 0
    clock.forward(days=31)
    assert nights.nightly() == 1
    other = remember(container, owner, "用户买了书")
    assert nights.nightly() == 0, "this night is done"
    clock.forward(days=45)
    assert nights.nightly() == 1, "the app wasn't running for six weeks"
    assert container.store.reads.get(owner, other).status is Status.ARCHIVED


def test_switched_off_nothing_is_due(container: Container, owner: Owner, clock: Clock) -> None:
    remember(container, owner, "用户买了花", importance=1)
    clock.forward(days=30_000)
    nights = life_cycle(container, clock)
    assert not nights.active
    assert nights.due(owner) == []
    assert nights.nightly() == 0


def test_each_owner_is_counted_alone(container: Container, owner: Owner, clock: Clock) -> None:
    other = Owner(container.db.users.create("阿明").id, "niannian")
    remember(container, owner, "用户买了花")
    remember(container, other, "用户买了书")
    nights = life_cycle(container, clock, most=1)
    assert nights.due(owner) == nights.due(other) == []


@pytest.mark.parametrize("setting", ["memory_days", "memory_limit"])
def test_the_writer_looks_after_the_night(
    container: Container, owner: Owner, clock: Clock, setting: str
) -> None:
    assert container.archiving.active, "fading is on by default"
    remember(container, owner, "用户买了一把伞", importance=1)
    clock.forward(days=400)
    assert container.archiving.nightly() == 1
