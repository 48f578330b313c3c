"""The demo story: complete, dated from today, loaded once, removed in one step."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from memory.container import Container
from memory.transfer.demo import is_loaded, load_demo, remove_demo, story_users
from memory.types import (
    DEFAULT_CATEGORIES,
    Actor,
    BatchState,
    ChangeAction,
    Kind,
    Memory,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Status,
    Subject,
)

EVERYTHING = MemoryFilter(statuses=frozenset(Status))
XIAOMAN = Owner("demo-lin-xiaoman", "niannian")
MAYA = Owner("demo-maya-chen", "niannian")


def memories(container: Container) -> list[Memory]:
    found: list[Memory] = []
    for user in story_users():
        for persona in container.personas:
            found += container.store.reads.matching(Owner(user, persona), EVERYTHING)
    return found


@pytest.fixture
def loaded(container: Container) -> Container:
    load_demo(container)
    return container


def test_two_people_and_about_two_hundred_memories_of_every_sort(loaded: Container) -> None:
    users = [user for user in loaded.db.users.all() if user.demo]
    assert [(user.name, user.language) for user in users] == [("林小满", "zh"), ("Maya Chen", "en")]
    told = memories(loaded)
    assert 180 <= len(told) <= 230
    assert {memory.category for memory in told} == set(DEFAULT_CATEGORIES)
    assert min(Counter(memory.subject for memory in told).values()) >= 40
    assert min(Counter(memory.kind for memory in told).values()) >= 60
    counts = Counter(memory.status for memory in told)
    assert counts[Status.SUPERSEDED] >= 5
    assert counts[Status.CLOSED] >= 2
    assert sum(memory.pinned for memory in told) >= 5


def test_texts_stand_alone(loaded: Container) -> None:
    names = {p.text(lang).name for p in loaded.personas.values() for lang in ("zh", "en")}
    for memory in memories(loaded):
        assert "{" not in memory.text
        about = ("用户", "the user", "The user") if memory.subject == "user" else tuple(names)
        assert any(name in memory.text for name in about), memory.text
        assert not re.search(r"今天|明天|昨天|\b(?:today|tomorrow|yesterday)\b", memory.text), (
            memory.text
        )


def test_three_months_back_from_today_and_some_way_ahead(loaded: Container) -> None:
    today = date(2025, 10, 18)
    days = [date.fromisoformat(m.event_date) for m in memories(loaded) if m.event_date]
    assert today - timedelta(days=95) <= min(days) <= today - timedelta(days=80)
    assert sum(day > today for day in days) >= 8
    now = loaded.clock()
    for memory in memories(loaded):
        assert now - timedelta(days=95) <= memory.created_at < now


def test_superseded_ones_are_tied_to_what_came_after(loaded: Container) -> None:
    by_id = {memory.id: memory for memory in memories(loaded)}
    old = [memory for memory in by_id.values() if memory.status is Status.SUPERSEDED]
    for memory in old:
        after = by_id[memory.superseded_by or ""]
        assert after.supersedes == memory.id
        assert after.created_at > memory.created_at
        history = loaded.memory_service.history(memory.owner, memory.id)
        assert {change.action for change in history} == {ChangeAction.ADD, ChangeAction.SUPERSEDE}
        assert {change.actor for change in history} == {Actor.DEMO}


def test_sessions_hold_the_messages_that_memories_come_from(loaded: Container) -> None:
    for owner in (XIAOMAN, MAYA):
        sessions = loaded.db.sessions.of(owner)
        assert len(sessions) >= 5
        assert sessions == sorted(sessions, key=lambda s: s.updated_at, reverse=True)
        assert sessions[0].updated_at < loaded.clock()
        from_talks = [
            m for m in loaded.store.reads.matching(owner, EVERYTHING) if m.source.session_id
        ]
        assert len(from_talks) >= 10
        for memory in from_talks:
            said = loaded.db.messages.by_ids(owner, memory.source.message_ids)
            assert len(said) == len(memory.source.message_ids) > 0
            assert all(message.created_at <= memory.created_at for message in said)


def test_replies_have_a_trace_of_what_was_known(loaded: Container) -> None:
    session = loaded.db.sessions.of(XIAOMAN)[0]
    replies = [
        message
        for message in loaded.db.messages.of(XIAOMAN, session.id)
        if message.role == "assistant" and not message.opening
    ]
    for message in replies:
        trace = loaded.db.traces.get(XIAOMAN, message.id)
        assert trace is not None
        assert trace.items


def test_nothing_is_left_to_extract(loaded: Container) -> None:
    for owner in (XIAOMAN, MAYA):
        for session in loaded.db.sessions.of(owner):
            assert loaded.db.batches.make(owner, session.id) is None
        state = loaded.db.batches.queue_state(owner)
        assert not any(count for state, count in state.items() if state is not BatchState.DONE)


def test_loading_twice_doubles_nothing(loaded: Container) -> None:
    before = memories(loaded)
    messages = loaded.db.messages.count(XIAOMAN)
    load_demo(loaded)
    assert memories(loaded) == before
    assert loaded.db.messages.count(XIAOMAN) == messages
    assert is_loaded(loaded.db)


def test_a_load_that_was_cut_short_is_done_again(loaded: Container) -> None:
    before = len(memories(loaded))
    loaded.db.engine.set_meta(f"demo:{MAYA.user_id}", None)
    load_demo(loaded)
    assert len(memories(loaded)) == before


def test_removing_erases_exactly_the_story(container: Container) -> None:
    real = container.db.users.create("真人", id="real")
    owner = Owner(real.id, "niannian")
    draft = MemoryDraft("用户喜欢猫", Subject.USER, Kind.CONSTANT, "preference")
    container.memory_service.add(owner, draft, actor=Actor.HAND)
    load_demo(container)
    assert remove_demo(container) == 2
    assert [user.id for user in container.db.users.all()] == ["real"]
    assert [memory.text for memory in container.store.reads.matching(owner)] == ["用户喜欢猫"]
    assert memories(container) == []
    assert container.db.sessions.of(XIAOMAN) == []
    assert not is_loaded(container.db)
    assert remove_demo(container) == 0
    load_demo(container)
    assert len(memories(container)) >= 180


def test_a_real_user_is_never_taken_for_one_of_the_story(container: Container) -> None:
    container.db.users.create("林小满", id="somebody")
    load_demo(container)
    remove_demo(container)
    assert [user.id for user in container.db.users.all()] == ["somebody"]


def test_the_story_opens_with_something_remembered(loaded: Container) -> None:
    for owner, language, word in ((XIAOMAN, "zh", "复试"), (MAYA, "en", "meeting")):
        session = loaded.session_opener.open(owner, language)
        first = loaded.db.messages.of(owner, session.id)[0]
        assert word in first.text


def test_dates_in_texts_are_those_of_the_event(loaded: Container) -> None:
    for memory in loaded.store.reads.matching(XIAOMAN, EVERYTHING):
        found = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日", memory.text)
        if found and memory.event_date:
            told = date(int(found[1]), int(found[2]), int(found[3]))
            assert told.isoformat() == memory.event_date


def test_times_are_aware_and_in_utc(loaded: Container) -> None:
    for memory in memories(loaded):
        assert memory.created_at.tzinfo is not None
        assert memory.created_at.utcoffset() == datetime.now(UTC).utcoffset()
