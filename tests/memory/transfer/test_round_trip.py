"""Export, erase, import, export: nothing is lost and nothing is added."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory.container import Container
from memory.transfer import everything, owners_of
from memory.transfer.export import Export, read_json, to_json
from memory.types import (
    BatchState,
    Kind,
    MemoryDraft,
    MemoryFilter,
    MessageState,
    Owner,
    Reason,
    Status,
    Subject,
    Trace,
    TraceItem,
    User,
)
from tests.memory.conftest import Clock
from tests.verbs import undo

ANY = MemoryFilter(statuses=frozenset(Status))


def exported(container: Container, user: User) -> Export:
    owners = owners_of(container.store, user.id, container.personas)
    return everything(container.db, container.store, user, owners, container.clock())


def lived(container: Container, clock: Clock, owner: Owner) -> None:
    """A life with everything that an export can hold."""
    db, memory_service = container.db, container.memory_service
    other = Owner(owner.user_id, "qing")
    session = db.sessions.create(owner, "早上好 ☀")
    hello = db.messages.add(owner, session.id, "assistant", "早。", opening=True)
    said = db.messages.add(owner, session.id, "user", "我对花生过敏，\n昨天去了灵隐寺", care="x")
    old = db.messages.add(
        owner, session.id, "assistant", "嗯", reply_to=said.id, state=MessageState.REPLACED
    )
    reply = db.messages.add(owner, session.id, "assistant", "记住了", reply_to=said.id)
    db.messages.add(owner, session.id, "user", "别记这句", remember=False)
    assert old.number < reply.number
    container.extraction_worker.run_now(owner, session.id)
    assert container.extraction_worker.wait_idle()
    learnt = container.store.reads.matching(owner)
    assert learnt
    clock.forward(hours=1)
    memory_service.edit(owner, learnt[0].id, importance=5, text="用户对花生和腰果过敏")
    memory_service.pin(owner, learnt[0].id)
    clock.forward(days=2, microseconds=17)
    many = memory_service.add_many(
        other,
        [
            MemoryDraft("阿青喜欢茶", Subject.AI, Kind.CONSTANT, "preference"),
            MemoryDraft("用户去滑雪", Subject.USER, Kind.TEMPORAL, "event", "2024-02-29"),
            MemoryDraft("The user lives in Leeds", Subject.USER, Kind.CONSTANT, "identity"),
        ],
    )
    memory_service.edit(other, many[1].id, status=Status.ARCHIVED)
    gone = memory_service.add(owner, MemoryDraft("要忘掉的", Subject.USER, Kind.CONSTANT))
    memory_service.delete(owner, [gone.id])
    undone = memory_service.add(owner, MemoryDraft("加了又撤", Subject.USER, Kind.CONSTANT))
    memory_service.undoing.undo(owner, memory_service.history(owner, undone.id)[0].id)
    db.traces.save(
        owner,
        Trace(
            message_id=reply.id,
            items=(TraceItem.of(learnt[0], Reason.PINNED, 0.5),),
            created_at=clock(),
            model="m",
            context_ms=1.25,
        ),
    )
    assert hello.opening


@pytest.fixture
def user(container: Container) -> User:
    return container.db.users.create("小雨", language="zh", timezone="Asia/Shanghai", region="CN")


@pytest.fixture
def owner(user: User) -> Owner:
    return Owner(user.id, "niannian")


def test_export_erase_import_export(
    container: Container, clock: Clock, user: User, owner: Owner
) -> None:
    lived(container, clock, owner)
    before = exported(container, user)
    raw = to_json(before).encode()
    assert read_json(raw) == before
    assert len(before.memories) >= 5
    assert before.traces
    assert before.batches
    assert {change.undone_by is None for change in before.changes} == {True, False}

    container.erase_user(user.id)
    clock.forward(days=10)
    back = container.importer.restore(container.importer.read(raw, "niannian.json"))
    assert back == user
    after = exported(container, back)
    assert replace(after, exported_at=before.exported_at) == before
    assert to_json(replace(after, exported_at=before.exported_at)).encode() == raw
    assert container.memory_service.history_first.recover() == 0

    # What the journal ties together still is: the batch can be undone as one.
    batch = next(b for b in before.batches if b.state is BatchState.DONE)
    learned = container.memory_service.learned(owner, batch.session_id)
    assert [one.batch_id for one in learned] == [batch.id]
    undo(container, owner, batch.id)
    assert container.db.traces.using(owner, before.traces[0].items[0].memory_id)
