"""Our own export, imported where some of it is there already."""

from __future__ import annotations

import json

import pytest

from memory.container import Container
from memory.errors import BadInput
from memory.transfer import read
from memory.transfer.export import Export, to_json
from memory.types import Actor, BatchState, MessageState, Owner, Status
from tests.memory.transfer.previews import ANY, draft, exported, look, mem0


@pytest.fixture
def lived(container: Container, owner: Owner) -> Export:
    """A user with a replaced fact, a session, and its extraction."""
    db = container.db
    old = container.memory_service.add(owner, draft("用户住在北京"))
    session = db.sessions.create(owner, "搬家")
    said = db.messages.add(owner, session.id, "user", "我搬到上海了，我住在上海。")
    db.messages.add(owner, session.id, "assistant", "好", reply_to=said.id)
    container.extraction_worker.run_now(owner, session.id)
    assert container.extraction_worker.wait_idle()
    now = container.store.reads.get(owner, old.id)
    assert now.status is Status.SUPERSEDED
    assert now.superseded_by
    return exported(container, owner.user_id)


def test_under_another_user_everything_gets_free_ids(
    container: Container, owner: Owner, lived: Export
) -> None:
    other = Owner(container.db.users.create("阿明").id, "niannian")
    applied = container.importer.apply(other, look(container, other, to_json(lived).encode()))
    copy = exported(container, other.user_id)
    assert exported(container, owner.user_id).memories == lived.memories, "untouched"
    assert {m.text for m in copy.memories} == {m.text for m in lived.memories}
    assert not {m.id for m in copy.memories} & {m.id for m in lived.memories}
    (old,) = [m for m in copy.memories if m.status is Status.SUPERSEDED]
    new = container.store.reads.get(other, old.superseded_by or "")
    assert new.supersedes == old.id
    assert "上海" in new.text
    (session,) = copy.sessions
    assert new.source.session_id == session.session.id
    assert set(new.source.message_ids) <= {message.id for message in session.messages}
    assert [m.text for m in session.messages] == [m.text for m in lived.sessions[0].messages]
    assert session.messages[1].reply_to == session.messages[0].id
    (batch,) = copy.batches
    assert batch.state is BatchState.DONE
    assert {m.batch_id for m in session.messages} == {batch.id}
    assert len(copy.changes) == len(lived.changes)
    assert {c.owner for c in copy.changes} == {other}
    twice = container.importer.apply(other, look(container, other, to_json(lived).encode()))
    assert set(twice.counts) == {"session_duplicate", "memory_duplicate"}
    assert exported(container, other.user_id).sessions == copy.sessions

    assert container.importer.take_back(other.user_id, applied.group_id) == len(lived.memories)
    left = exported(container, other.user_id)
    assert (left.memories, left.sessions) == ((), ())
    again = container.importer.apply(other, look(container, other, to_json(lived).encode()))
    assert again.counts["memory_added"] == len(lived.memories)


def test_what_is_there_is_not_added_again(
    container: Container, owner: Owner, lived: Export
) -> None:
    preview = look(container, owner, to_json(lived).encode())
    assert preview.is_empty
    assert preview.counts["session_duplicate"] == 1
    container.importer.apply(owner, preview)
    after = exported(container, owner.user_id)
    assert (after.memories, after.changes, after.sessions) == (
        lived.memories,
        lived.changes,
        lived.sessions,
    )


def test_only_what_is_missing_comes_back_and_links_to_what_is_there(
    container: Container, owner: Owner, lived: Export
) -> None:
    container.erase_owner(owner)
    said = next(m.text for m in lived.memories if m.status is Status.ACTIVE)
    there = container.memory_service.add(owner, draft(said))
    container.importer.apply(owner, look(container, owner, to_json(lived).encode()))
    memories = {m.status: m for m in container.store.reads.matching(owner, ANY)}
    assert memories[Status.ACTIVE] == there
    assert memories[Status.SUPERSEDED].superseded_by == there.id
    assert container.memory_service.history_first.recover() == 0


def test_a_deleted_memory_comes_back_with_its_history(
    container: Container, owner: Owner, lived: Export
) -> None:
    memory = next(m for m in lived.memories if m.status is Status.ACTIVE)
    container.memory_service.delete(owner, [memory.id])
    applied = container.importer.apply(owner, look(container, owner, to_json(lived).encode()))
    assert container.store.reads.get(owner, memory.id) == memory
    latest = container.memory_service.history(owner, memory.id)[0]
    assert (latest.actor, latest.group_id) == (Actor.IMPORT, applied.group_id)
    container.memory_service.undoing.undo(owner, latest.id)
    assert container.store.reads.get_many(owner, [memory.id]) == []


def test_a_user_is_restored_only_where_there_is_none(
    container: Container, owner: Owner, lived: Export
) -> None:
    parsed = read(to_json(lived).encode())
    with pytest.raises(BadInput) as caught:
        container.importer.restore(parsed)
    assert caught.value.code == "import_user_there"
    with pytest.raises(BadInput) as caught:
        container.importer.restore(read(mem0("a")))
    assert caught.value.code == "import_no_user"


def test_rows_that_refer_to_nothing_are_left_out(container: Container, owner: Owner) -> None:
    """A file that was edited by hand, or cut off before the sessions."""
    user = container.db.users.get(owner.user_id)
    other = container.db.users.create("阿明", id="other-user")
    container.memory_service.add(owner, draft("x"))
    value = json.loads(to_json(exported(container, user.id)))
    value["user"]["id"] = "someone"
    value["traces"] = [{"message_id": "nowhere", "items": [], "created_at": "2024-01-01T00:00:00Z"}]
    value["batches"] = [
        {
            "id": "b",
            "owner": {"user_id": "u", "persona_id": "niannian"},
            "session_id": "nowhere",
            "state": "done",
            "created_at": "2024-01-01T00:00:00",
        }
    ]
    value["changes"] *= 2
    value["memories"] *= 2
    target = Owner(other.id, "niannian")
    applied = container.importer.apply(target, look(container, target, json.dumps(value).encode()))
    assert applied.counts["memory_added"] == applied.counts["memory_duplicate"] == 1
    made = exported(container, other.id)
    assert (len(made.changes), made.traces, made.batches) == (1, (), ())


def test_a_reply_that_was_being_said_was_interrupted(container: Container, owner: Owner) -> None:
    session = container.db.sessions.create(owner, "s")
    container.db.messages.add(owner, session.id, "assistant", "我…", state=MessageState.STREAMING)
    data = to_json(exported(container, owner.user_id)).encode()
    container.erase_user(owner.user_id)
    container.importer.restore(read(data))
    (message,) = container.db.messages.of(owner, session.id)
    assert message.state is MessageState.INTERRUPTED
