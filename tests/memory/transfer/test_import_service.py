"""What is new, what is there, what would be written; and back again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from memory.container import Container
from memory.errors import BadInput, NotFound
from memory.transfer import Options, Preview, RowVerdict, everything, owners_of, read
from memory.transfer.export import Export, to_csv, to_json
from memory.types import (
    Actor,
    BatchState,
    ChangeAction,
    Kind,
    MemoryDraft,
    MemoryFilter,
    MessageState,
    Owner,
    Status,
    Subject,
    User,
)
from tests.memory.conftest import Clock

ANY = MemoryFilter(statuses=frozenset(Status))
TALK = "我：我叫小雨，我在杭州做老师。\n念念：你好小雨。\n我：昨天我去爬了灵隐寺。\n念念：真好。\n"


def draft(text: str, **fields: Any) -> MemoryDraft:
    return MemoryDraft(text, Subject.USER, Kind.CONSTANT, **fields)


def mem0(*texts: str, **fields: Any) -> bytes:
    rows = [{"memory": text, "user_id": "alex", **fields} for text in texts]
    return json.dumps({"results": rows}).encode()


def look(container: Container, owner: Owner, data: bytes, **options: Any) -> Preview:
    return container.importer.preview(owner, container.importer.read(data), Options(**options))


def rows(preview: Preview, verdict: RowVerdict) -> list[tuple[int, str]]:
    return [(row.row, row.text) for row in preview.rows if row.verdict is verdict]


def exported(container: Container, user_id: str) -> Export:
    user = container.db.users.get(user_id)
    owners = owners_of(container.store, user_id, container.personas)
    return everything(container.db, container.store, user, owners, container.clock())


# --- memories -----------------------------------------------------------------


def test_a_preview_writes_nothing_and_says_what_is_new(container: Container, owner: Owner) -> None:
    container.memory_service.add(owner, draft("用户喜欢茶"))
    data = mem0("用户喜欢茶。", "用户有只猫", "用户有只猫", "")
    preview = look(container, owner, data)
    assert rows(preview, RowVerdict.ADDED) == [(2, "用户有只猫")]
    assert rows(preview, RowVerdict.DUPLICATE) == [(1, "用户喜欢茶。"), (3, "用户有只猫")]
    assert [(r.row, r.code) for r in preview.rows if r.code] == [(4, "memory_text_empty")]
    counts = preview.counts
    assert (counts["memory_added"], counts["memory_duplicate"], counts["wrong"]) == (1, 2, 1)
    assert container.store.reads.count(owner, ANY) == 1
    assert len(container.db.history.of(owner)) == 1


def test_an_import_keeps_dates_and_is_one_group(container: Container, owner: Owner) -> None:
    seen: list[float] = []
    data = mem0("用户有只猫", "用户去滑雪", created_at="2024-05-01T00:00:00Z")
    applied = container.importer.apply(owner, look(container, owner, data), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert applied.counts["memory_added"] == 2
    stored = container.store.reads.matching(owner)
    assert {memory.created_at for memory in stored} == {datetime(2024, 5, 1, tzinfo=UTC)}
    changes = container.db.history.of(owner, group_id=applied.group_id)
    assert {(c.action, c.actor, c.applied) for c in changes} == {
        (ChangeAction.ADD, Actor.IMPORT, True)
    }
    again = look(container, owner, data)
    assert again.is_empty
    assert again.counts["memory_duplicate"] == 2

    assert container.importer.take_back(owner.user_id, applied.group_id) == 2
    assert container.store.reads.count(owner, ANY) == 0
    with pytest.raises(NotFound):
        container.importer.take_back(owner.user_id, applied.group_id)


def test_memories_of_known_personas_stay_with_theirs(container: Container, owner: Owner) -> None:
    data = json.dumps(
        [{"memory": "a", "agent_id": "qing"}, {"memory": "b", "agent_id": "somebody"}]
    ).encode()
    container.importer.apply(owner, look(container, owner, data))
    assert [m.text for m in container.store.reads.matching(owner)] == ["b"]
    assert [m.text for m in container.store.reads.matching(Owner(owner.user_id, "qing"))] == ["a"]


def test_one_user_of_several_can_be_chosen(container: Container, owner: Owner) -> None:
    data = json.dumps([{"memory": "a", "user_id": "x"}, {"memory": "b", "user_id": "y"}]).encode()
    assert read(data).users == ("x", "y")
    assert rows(look(container, owner, data, whose="y"), RowVerdict.ADDED) == [(2, "b")]


def test_our_csv_comes_back(container: Container, owner: Owner) -> None:
    kept = container.memory_service.add_many(
        owner, [draft("=1+1", pinned=True, importance=5), draft("用户有只猫")]
    )
    data = to_csv(container.store.reads.matching(owner)).encode()
    container.memory_service.delete(owner, [memory.id for memory in kept])
    container.importer.apply(owner, look(container, owner, data))
    assert container.store.reads.get_many(owner, [m.id for m in kept]) == kept


# --- our own export under other circumstances --------------------------------------


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


# --- conversations ----------------------------------------------------------------


def test_a_conversation_is_kept_and_remembered_from(
    container: Container, clock: Clock, owner: Owner
) -> None:
    preview = look(container, owner, ("2024-10-18\n" + TALK).encode())
    assert preview.counts["session_added"] == 1
    assert preview.counts["message_added"] == 4
    learnt = {row.memory.text: row for row in preview.rows if row.learnt and row.memory}
    assert "用户在杭州做老师" in learnt
    climbed = next(row for text, row in learnt.items() if "灵隐寺" in text)
    assert climbed.memory is not None
    assert (climbed.row, climbed.memory.event_date) == (4, "2024-10-17")
    assert container.db.sessions.of(owner) == []
    assert container.store.reads.count(owner, ANY) == 0

    applied = container.importer.apply(owner, preview)
    (session,) = container.db.sessions.of(owner)
    # Noon of that day in Shanghai.
    assert session.created_at == datetime(2024, 10, 18, 4, tzinfo=UTC)
    messages = container.db.messages.of(owner, session.id)
    assert [m.created_at.date() for m in messages] == [date(2024, 10, 18)] * 4
    assert [m.created_at for m in messages] == sorted({m.created_at for m in messages})
    assert [m.reply_to for m in messages] == [None, messages[0].id, None, messages[2].id]
    assert container.extraction_worker.wait_idle()
    assert {m.text for m in container.store.reads.matching(owner)} == set(learnt)
    assert all(m.batch_id for m in container.db.messages.of(owner, session.id))

    again = look(container, owner, ("2024-10-18\n" + TALK).encode())
    assert again.is_empty
    assert again.counts["session_duplicate"] == 1

    assert container.importer.take_back(owner.user_id, applied.group_id) == len(learnt)
    assert container.db.sessions.of(owner) == []
    assert container.store.reads.count(owner, ANY) == 0


def test_a_conversation_can_be_kept_without_remembering(container: Container, owner: Owner) -> None:
    preview = look(container, owner, TALK.encode(), extract=False)
    assert preview.counts["learnt"] == 0
    container.importer.apply(owner, preview)
    assert container.extraction_worker.wait_idle()
    assert container.store.reads.count(owner, ANY) == 0
    (session,) = container.db.sessions.of(owner)
    assert container.db.batches.unbatched_turns(owner, session.id) == 0
    (batch,) = container.db.batches.of(owner)
    assert (batch.state, len(batch.message_ids)) == (BatchState.DONE, 4)


def test_a_conversation_that_went_on_stays(
    container: Container, clock: Clock, owner: Owner
) -> None:
    applied = container.importer.apply(owner, look(container, owner, TALK.encode(), extract=False))
    (session,) = container.db.sessions.of(owner)
    clock.forward(minutes=1)
    container.db.messages.add(owner, session.id, "user", "接着聊")
    container.importer.take_back(owner.user_id, applied.group_id)
    assert container.db.messages.count(owner, session.id) == 5


def test_days_of_conversations_without_dates(
    container: Container, clock: Clock, owner: Owner
) -> None:
    assert read(TALK.encode()).undated
    preview = look(container, owner, TALK.encode(), day=date(2020, 5, 5))
    climbed = [r.memory.event_date for r in preview.rows if r.memory and "灵隐寺" in r.memory.text]
    assert climbed == ["2020-05-04"]
    container.importer.apply(owner, look(container, owner, TALK.encode()))
    (session,) = container.db.sessions.of(owner)
    assert clock() - timedelta(minutes=1) < session.updated_at <= clock()


@pytest.mark.parametrize(
    ("text", "speaker", "first"),
    [
        ("念念：早\n阿亮：早\n念念：好\n阿亮：我", None, "assistant"),
        ("阿亮：早\n念念：早\n阿亮：好\n念念：我", None, "user"),
        ("甲：早\n乙：早\n甲：好\n乙：我", None, "user"),
        ("甲：早\n乙：早\n甲：好\n乙：我", "乙", "assistant"),
        ("AI: hi\nMaya: yo\nAI: x\nMaya: y", None, "assistant"),
        ("旅人：早\n小雨：早\n旅人：好\n小雨：我", None, "assistant"),
    ],
)
def test_who_is_who(
    container: Container, owner: Owner, text: str, speaker: str | None, first: str
) -> None:
    container.importer.apply(owner, look(container, owner, text.encode(), speaker=speaker))
    (session,) = container.db.sessions.of(owner)
    roles = [message.role for message in container.db.messages.of(owner, session.id)]
    assert roles == ([first, "user" if first == "assistant" else "assistant"] * 2)


def test_a_conversation_in_which_the_user_says_nothing(container: Container, owner: Owner) -> None:
    preview = look(container, owner, b"AI: hi\nAI: anybody there?\n")
    assert preview.is_empty
    assert [row.code for row in preview.rows] == ["import_conversation_empty"]


def test_only_some_conversations(container: Container, owner: Owner) -> None:
    def talk(text: str) -> dict[str, Any]:
        message = {
            "author": {"role": "user"},
            "content": {"content_type": "text", "parts": [text]},
        }
        return {"title": text, "mapping": {"a": {"message": message}}, "current_node": "a"}

    data = json.dumps([talk("one"), talk("two"), talk("two"), talk("three")]).encode()
    everything_in_it = look(container, owner, data)
    assert rows(everything_in_it, RowVerdict.DUPLICATE) == [(3, "two")]
    chosen = look(container, owner, data, talks=frozenset({2}))
    assert rows(chosen, RowVerdict.ADDED) == [(2, "two")]


def test_with_a_language_model_the_preview_asks_nothing(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container.importer, "rules", None)
    preview = look(container, owner, TALK.encode())
    assert preview.counts["learnt"] == 0
    assert preview.more_learnt


def test_an_unknown_user_is_not_found(container: Container) -> None:
    with pytest.raises(NotFound):
        look(container, Owner("nobody", "niannian"), mem0("x"))


def test_erasing_the_user_takes_the_notes_along(container: Container, user: User) -> None:
    owner = Owner(user.id, "niannian")
    applied = container.importer.apply(owner, look(container, owner, mem0("x")))
    container.erase_user(user.id)
    assert container.db.imports.note(user.id, applied.group_id) is None


@pytest.fixture
def user(container: Container, owner: Owner) -> User:
    return container.db.users.get(owner.user_id)


def test_categories_of_another_program_become_the_user_s_own(
    container: Container, owner: Owner
) -> None:
    data = mem0("用户想去冰岛看极光", categories=["travel", "dreams"])
    container.importer.apply(owner, look(container, owner, data))
    (memory,) = container.store.reads.matching(owner)
    assert memory.category == "travel"
    assert memory.metadata == {"categories": ["travel", "dreams"]}
    wishes = container.db.extraction_settings
    assert [one.name for one in wishes.of(owner.user_id).categories] == ["travel"]
    assert "travel" not in wishes.of().category_names
    container.memory_service.edit(owner, memory.id, category="travel", importance=5)


@pytest.mark.parametrize("name", ["x" * 41, "", 7, "\x00"])
def test_a_category_that_can_t_be_one_is_other(
    container: Container, owner: Owner, name: object
) -> None:
    container.importer.apply(owner, look(container, owner, mem0("用户爱散步", category=name)))
    (memory,) = container.store.reads.matching(owner)
    assert memory.category == "other"
