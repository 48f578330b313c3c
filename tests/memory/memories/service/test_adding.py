"""Memories are added, edited and found by their owner alone."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from memory.errors import BadInput, NotFound
from memory.types import Actor, ChangeAction, Kind, Memory, Owner, Source, Subject
from tests.memory.memories.service.changes import draft


def test_a_memory_is_added_and_journalled(memory_service, store, db, owner, clock) -> None:
    memory = memory_service.add(owner, draft(" 用户对花生过敏 ", event_date="", importance=5))
    assert store.memories == {memory.id: memory}
    assert memory.text == "用户对花生过敏"
    assert (memory.language, memory.event_date, memory.created_at) == ("zh", None, clock.now)
    [change] = memory_service.history(owner, memory.id)
    assert (change.action, change.actor, change.before, change.after, change.applied) == (
        ChangeAction.ADD,
        Actor.HAND,
        None,
        memory,
        True,
    )


def test_the_same_text_is_not_stored_twice(memory_service, store, owner, other) -> None:
    first = memory_service.add(owner, draft("The user likes Tea."))
    assert memory_service.add(owner, draft("the user  likes Tea")) == first
    about_ai = replace(draft("The user likes Tea."), subject=Subject.AI)
    assert memory_service.add(owner, about_ai).id != first.id
    assert memory_service.add(other, draft("The user likes Tea.")).id != first.id
    memory_service.edit(owner, first.id, status="archived")
    assert memory_service.add(owner, draft("The user likes Tea.")).id != first.id
    assert len(store.memories) == 4


def test_the_same_words_of_another_day_are_another_memory(memory_service, store, owner) -> None:
    def went(day: str | None) -> Memory:
        return memory_service.add(owner, draft("用户去了杭州", event_date=day))

    october, november = went("2026-10-01"), went("2026-11-01")
    assert october.id != november.id
    assert went("2026-10-01") == october
    assert went(None) in (october, november), "without a day it is nothing new"
    assert len(store.memories) == 2


def test_many_are_added_at_once_or_none(memory_service, store, owner) -> None:
    made = memory_service.add_many(
        owner, [draft(f"用户有 {n} 只猫") for n in range(5)] * 2, actor=Actor.IMPORT
    )
    assert [m.id for m in made[:5]] == [m.id for m in made[5:]]
    assert store.calls == [("put", 5)]
    with pytest.raises(BadInput):
        memory_service.add_many(owner, [draft("用户养鱼"), draft("")])
    assert len(store.memories) == 5
    assert len({c.group_id for m in made for c in memory_service.history(owner, m.id)}) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": " "}, "memory_text_empty"),
        ({"text": "长" * 2001}, "memory_text_long"),
        ({"event_date": "2024-13"}, "memory_event_date"),
        ({"event_date": "2023-02-29"}, "memory_event_date"),
        ({"event_date": "18.10.2024"}, "memory_event_date"),
        ({"importance": 0}, "memory_importance"),
        ({"importance": 6}, "memory_importance"),
        ({"importance": "5"}, "memory_importance"),
        ({"subject": "friend"}, "memory_subject"),
        ({"kind": "eternal"}, "memory_kind"),
        ({"category": "zodiac"}, "memory_category"),
        ({"status": "lost"}, "memory_status"),
        ({"pinned": "yes"}, "memory_pinned"),
        ({"language": "fr"}, "memory_language"),
        ({"created_at": "2024"}, "field_unknown"),
    ],
)
def test_bad_fields_change_nothing(memory_service, store, owner, fields, code) -> None:
    memory = memory_service.add(owner, draft())
    with pytest.raises(BadInput) as caught:
        memory_service.edit(owner, memory.id, **fields)
    assert caught.value.code == code
    assert store.memories == {memory.id: memory}
    assert len(memory_service.history(owner, memory.id)) == 1


def test_an_edit_keeps_what_it_does_not_name(memory_service, store, owner, clock) -> None:
    memory = memory_service.add(owner, draft(source=Source("s", ("m",), "b")))
    clock.forward(days=1)
    after = memory_service.edit(
        owner, memory.id, text="The user moved.", kind="temporal", event_date="2024-05"
    )
    assert after == replace(
        memory,
        text="The user moved.",
        kind=Kind.TEMPORAL,
        event_date="2024-05",
        language="en",
        updated_at=clock.now,
    )
    assert store.memories[memory.id] == after
    assert memory_service.edit(owner, memory.id, text="The user moved.") == after
    assert len(memory_service.history(owner, memory.id)) == 2


def test_edits_are_called_what_they_are(memory_service, owner) -> None:
    memory = memory_service.add(owner, draft())
    memory_service.pin(owner, memory.id, True)
    memory_service.edit(owner, memory.id, status="closed")
    memory_service.edit(owner, memory.id, status="archived")
    memory_service.restore(owner, memory.id)
    memory_service.edit(owner, memory.id, status="archived", text="用户对腰果过敏")
    assert [c.action.value for c in memory_service.history(owner, memory.id)] == [
        "edit",
        "restore",
        "archive",
        "close",
        "pin",
        "add",
    ]


def test_memories_of_others_are_not_found(memory_service, store, owner, other) -> None:
    memory = memory_service.add(owner, draft())
    mine = memory_service.add(other, draft())
    [change] = memory_service.history(owner, memory.id)
    stranger = Owner(owner.user_id, "another_persona")
    for who in (other, stranger):
        with pytest.raises(NotFound):
            memory_service.edit(who, memory.id, text="changed")
        with pytest.raises(NotFound):
            memory_service.delete(who, [memory.id])
        with pytest.raises(NotFound):
            memory_service.restore(who, memory.id)
        with pytest.raises(NotFound):
            memory_service.undoing.undo(who, change.id)
        with pytest.raises(NotFound):
            memory_service.undoing.undo_group(who, change.group_id)
        assert memory_service.history(who, memory.id) == []
    memory_service.delete(other, [memory.id, mine.id])
    assert store.memories == {memory.id: memory}


def test_concurrent_edits_of_different_fields_are_all_kept(memory_service, owner) -> None:
    memory = memory_service.add(owner, draft())
    wanted = {"text": "用户对腰果过敏", "importance": 5, "pinned": True, "event_date": "2024"}
    threads = [
        threading.Thread(target=memory_service.edit, args=(owner, memory.id), kwargs={name: value})
        for name, value in wanted.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = memory_service.edit(owner, memory.id)
    assert {name: getattr(after, name) for name in wanted} == wanted


def test_ten_thousand_at_once(memory_service, store, owner) -> None:
    made = memory_service.add_many(owner, [draft(f"用户有 {n} 只猫") for n in range(10_000)])
    started = time.process_time()
    group = memory_service.delete(owner, [m.id for m in made])
    deleted = time.process_time()
    memory_service.undoing.undo_group(owner, group)
    undone = time.process_time()
    assert len(store.memories) == 10_000
    assert store.calls == [("put", 10_000), ("delete", 10_000), ("put", 10_000)]
    assert deleted - started < 3
    assert undone - deleted < 5
