"""Messages that are taken back, with what was learnt only from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import NotFound
from memory.memories import MemoryService
from memory.types import (
    Actor,
    Change,
    ChangeAction,
    Memory,
    MessageState,
    Owner,
    Session,
    Source,
    Status,
)
from tests.memory.db_fakes import FakeStore, StandingClock

Say = Callable[[str], tuple[str, str]]
Learn = Callable[..., Memory]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = Database(resolve_database_url(tmp_path), StandingClock())
    yield opened
    opened.close()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def memory_service(store: FakeStore, db: Database) -> MemoryService:
    return MemoryService(store, db, clock=StandingClock())


@pytest.fixture
def owner(memory: Memory) -> Owner:
    return memory.owner


@pytest.fixture
def session(db: Database, owner: Owner) -> Session:
    return db.sessions.create(owner)


@pytest.fixture
def say(db: Database, owner: Owner, session: Session) -> Say:
    def turn(text: str) -> tuple[str, str]:
        asked = db.messages.add(owner, session.id, "user", text)
        answer = db.messages.add(
            owner, session.id, "assistant", "嗯", state=MessageState.DONE, reply_to=asked.id
        )
        return asked.id, answer.id

    return turn


@pytest.fixture
def learn(memory_service: MemoryService, db: Database, memory: Memory, session: Session) -> Learn:
    """Remember something from messages, as an extraction does."""

    def from_messages(text: str, *message_ids: str, **more) -> Memory:
        made = replace(
            memory,
            id=f"m-{text}",
            text=text,
            source=Source(session.id, message_ids, "batch"),
            **more,
        )
        added = Change(
            id=f"c-{text}",
            owner=made.owner,
            memory_id=made.id,
            action=ChangeAction.ADD,
            actor=Actor.EXTRACTION,
            at=made.created_at,
            before=None,
            after=made,
            group_id="batch",
        )
        memory_service.commit([added])
        return made

    return from_messages


def test_what_came_from_one_message_alone_and_from_others_too(
    memory_service: MemoryService, owner: Owner, say: Say, learn: Learn
) -> None:
    first, second = say("我对花生过敏"), say("我住在上海")
    alone = learn("过敏", first[0])
    turn = learn("一轮", *first)
    both = learn("两处", first[0], second[0])
    learn("别处", second[0])
    learnt = memory_service.retraction.learnt_from(owner, first)
    assert set(learnt.only) == {alone, turn}
    assert learnt.also == (both,)
    assert set(memory_service.retraction.learnt_from(owner, [first[1]]).only) == set()


def test_deleting_with_forgetting_is_undone_as_one(
    memory_service: MemoryService,
    store: FakeStore,
    db: Database,
    owner: Owner,
    say: Say,
    learn: Learn,
) -> None:
    first, second = say("我对花生过敏"), say("我住在上海")
    alone = learn("过敏", first[0])
    both = learn("两处", first[0], second[0])
    done = memory_service.retraction.delete_message(owner, first[0], forget=True)
    assert ([m.id for m in done.messages], done.forgotten) == ([*first], 1)
    assert alone.id not in store.memories
    assert store.memories[both.id].source.message_ids == (second[0],)
    assert db.messages.by_ids(owner, first) == []
    assert done.group_id is not None
    assert {c.action for c in db.history.of(owner, group_id=done.group_id)} == {
        ChangeAction.DELETE,
        ChangeAction.EDIT,
    }
    memory_service.undoing.undo_group(owner, done.group_id)
    assert store.memories[alone.id].text == alone.text
    assert store.memories[both.id].source == both.source


def test_memories_can_be_kept(
    memory_service: MemoryService, store: FakeStore, owner: Owner, say: Say, learn: Learn
) -> None:
    first = say("我对花生过敏")
    alone = learn("过敏", first[0])
    done = memory_service.retraction.delete_message(owner, first[0])
    assert (done.forgotten, done.group_id) == (0, None)
    assert store.memories[alone.id] == alone


def test_deleting_an_answer_keeps_what_the_user_said(
    memory_service: MemoryService,
    store: FakeStore,
    db: Database,
    owner: Owner,
    say: Say,
    learn: Learn,
) -> None:
    asked, answer = say("你今天做了什么")
    own = learn("念念煮了茶", answer)
    users = learn("用户问候", asked)
    done = memory_service.retraction.delete_message(owner, answer, forget=True)
    assert [m.id for m in done.messages] == [answer]
    assert own.id not in store.memories
    assert users.id in store.memories
    assert [m.id for m in db.messages.by_ids(owner, [asked, answer])] == [asked]


def test_what_was_replaced_comes_back_when_its_successor_is_forgotten(
    memory_service: MemoryService, store: FakeStore, owner: Owner, say: Say, learn: Learn
) -> None:
    first, second = say("我住在北京"), say("我搬到上海了")
    old = learn("用户住在北京", first[0], status=Status.SUPERSEDED, superseded_by="m-用户住在上海")
    new = learn("用户住在上海", second[0], supersedes=old.id)
    done = memory_service.retraction.delete_message(owner, second[0], forget=True)
    assert new.id not in store.memories
    back = store.memories[old.id]
    assert (back.status, back.superseded_by) == (Status.ACTIVE, None)
    assert done.group_id is not None
    memory_service.undoing.undo_group(owner, done.group_id)
    assert store.memories[old.id].status is Status.SUPERSEDED


def test_forgetting_without_deleting_leaves_the_messages(
    memory_service: MemoryService,
    store: FakeStore,
    db: Database,
    owner: Owner,
    say: Say,
    learn: Learn,
) -> None:
    _, answer = say("你今天做了什么")
    own = learn("念念煮了茶", answer)
    group = memory_service.retraction.forget_learnt(owner, [answer])
    assert group is not None
    assert own.id not in store.memories
    assert db.messages.get(owner, answer).id == answer
    assert memory_service.retraction.forget_learnt(owner, [answer]) is None


def test_merged_memories_of_other_sessions_are_found_by_their_batch(
    memory_service: MemoryService, store: FakeStore, db: Database, owner: Owner, memory: Memory
) -> None:
    """A merge keeps the session in which a memory was learnt first."""
    session = db.sessions.create(owner)
    later = db.messages.add(owner, session.id, "user", "我对腰果也过敏")
    db.messages.add(owner, session.id, "assistant", "嗯", reply_to=later.id)
    store.writes.put([memory])
    batch = db.batches.make(owner, session.id) or pytest.fail("nothing to extract")
    merged = replace(memory, source=Source("long ago", ("gone", later.id), "first"))
    change = Change(
        id="merge",
        owner=owner,
        memory_id=memory.id,
        action=ChangeAction.MERGE,
        actor=Actor.EXTRACTION,
        at=memory.updated_at,
        before=memory,
        after=merged,
    )
    memory_service.commit([change], finish_batch=batch.id)
    # The store's own filter would leave it out: it is filed under another session.
    store.matching = lambda owner, filter: []  # type: ignore[method-assign]
    assert memory_service.retraction.learnt_from(owner, [later.id]).also == (merged,)


def test_an_extraction_under_way_cannot_bring_it_back(
    memory_service: MemoryService,
    store: FakeStore,
    db: Database,
    owner: Owner,
    say: Say,
    memory: Memory,
) -> None:
    asked, _ = say("我对花生过敏")
    session_id = db.messages.get(owner, asked).session_id
    batch = db.batches.make(owner, session_id) or pytest.fail("nothing to extract")
    db.leases.claim("w", memory.created_at)
    found = Change(
        id="late",
        owner=owner,
        memory_id=memory.id,
        action=ChangeAction.ADD,
        actor=Actor.EXTRACTION,
        at=memory.created_at,
        before=None,
        after=replace(memory, source=Source(session_id, (asked,), batch.id)),
    )
    memory_service.retraction.delete_message(owner, asked, forget=True)
    with pytest.raises(NotFound) as caught:
        memory_service.commit([found], finish_batch=batch.id)
    assert caught.value.code == "batch_gone"
    assert store.memories == {}


def test_others_messages_are_not_found(
    memory_service: MemoryService, say: Say, db: Database
) -> None:
    asked, _ = say("我对花生过敏")
    with pytest.raises(NotFound):
        memory_service.retraction.delete_message(Owner("mei", "niannian"), asked, forget=True)
    assert db.messages.by_ids(Owner("lin", "niannian"), [asked])


def test_forgetting_one_in_between_links_its_neighbours(
    memory_service: MemoryService, store: FakeStore, owner: Owner, say: Say, learn: Learn
) -> None:
    first, second, third = say("我住在北京"), say("我住在上海"), say("我住在深圳")
    past = {"status": Status.SUPERSEDED}
    a = learn("北京", first[0], superseded_by="m-上海", **past)
    b = learn("上海", second[0], supersedes=a.id, superseded_by="m-深圳", **past)
    c = learn("深圳", third[0], supersedes=b.id)
    done = memory_service.retraction.delete_message(owner, second[0], forget=True)
    assert done.forgotten == 1
    assert store.memories[a.id].status is Status.SUPERSEDED
    assert (store.memories[a.id].superseded_by, store.memories[c.id].supersedes) == (c.id, a.id)
    assert done.group_id is not None
    memory_service.undoing.undo_group(owner, done.group_id)
    assert store.memories == {memory.id: memory for memory in (a, b, c)}
