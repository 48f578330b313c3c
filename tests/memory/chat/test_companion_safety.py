"""Somebody in danger: help that stays, memories with a mark, and days that follow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.memories.profile import build_profile
from memory.types import Actor, Kind, MemoryDraft, MemoryFilter, Owner, Status, Subject
from tests.memory.chat.safety_turns import AFTER, CHEER, remembered, turn
from tests.memory.conftest import Clock


def test_help_and_tone_stay_and_nothing_is_said_twice(
    container: Container, owner: Owner, clock: Clock
) -> None:
    session = container.session_opener.open(owner, "zh").id
    first = turn(container, owner, session, "我真的不想活了")
    assert first.opens_help
    replies = [first.text]
    for text in AFTER:
        clock.forward(minutes=3)
        said = turn(container, owner, session, text)
        assert said.help is not None, text
        assert not CHEER.search(said.text), said.text
        assert not said.opens_help
        replies.append(said.text)
    assert len(set(replies)) == len(replies)


def test_what_was_taken_puts_the_ambulance_first(container: Container, owner: Owner) -> None:
    container.db.users.update(owner.user_id, region="CN")
    session = container.session_opener.open(owner, "zh").id
    calm = turn(container, owner, session, "我不想活了").help
    assert calm is not None
    assert calm.lines[0].kind == "crisis"
    pressing = turn(container, owner, session, "药我已经吃了一半了")
    assert pressing.help is not None
    assert pressing.help.urgent
    assert pressing.help.lines[0].number == "120"
    assert re.search(r"急救|救护车|医院", pressing.text)
    # A joke doesn't take it back.
    joked = turn(container, owner, session, "没事了我开玩笑的")
    assert joked.help is not None
    assert joked.help.urgent


def test_no_pause_line_is_glued_to_a_danger(
    container: Container, owner: Owner, clock: Clock
) -> None:
    session = container.session_opener.open(owner, "en").id
    turn(container, owner, session, "I want to die", "en")
    for _ in range(10):
        clock.forward(minutes=15)
        said = turn(container, owner, session, "still here", "en")
        assert "two hours" not in said.text.lower()


def test_a_new_session_the_same_evening_is_not_cheerful(
    container: Container, owner: Owner, clock: Clock
) -> None:
    turn(container, owner, container.session_opener.open(owner, "zh").id, "我想死")
    clock.forward(hours=3)
    other = Owner(owner.user_id, "qing")
    for who in (owner, other):
        session = container.session_opener.open(who, "zh")
        (line,) = container.db.messages.of(who, session.id)
        lines = container.personas[who.persona_id].text("zh").opening_lines
        assert line.text not in lines
        assert turn(container, who, session.id, "来了").help is not None
    clock.forward(hours=30)
    session = container.session_opener.open(owner, "zh")
    # Not asked about any more, and still nothing playful to begin with.
    lines = container.personas[owner.persona_id].text("zh").opening_lines
    assert container.db.messages.of(owner, session.id)[0].text not in lines
    assert turn(container, owner, session.id, "早呀").help is None


def test_the_state_survives_a_restart_and_is_erased_with_its_owner(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "kept"))
    running = build(load_settings(), clock=clock)
    owner = Owner(running.db.users.create("Ada").id, "shenyan")
    turn(running, owner, running.session_opener.open(owner, "en").id, "I want to die", "en")
    running.close()
    running = build(load_settings(), clock=clock)
    assert running.safety_watch.in_danger(owner.user_id)
    running.erase_owner(owner)
    assert running.safety_watch.in_danger(owner.user_id) is None
    running.close()


PLANS = [
    ("zh", "我打算明天晚上从厂房楼顶跳下去，不想活了", "晚安", "你记得我什么？"),
    ("en", "I plan to kill myself tomorrow.", "good night", "What do you know about me?"),
]


@pytest.mark.parametrize(("language", "plan", "night", "asked"), PLANS)
def test_a_plan_to_die_is_marked_and_never_a_plan(
    container: Container,
    owner: Owner,
    clock: Clock,
    language: str,
    plan: str,
    night: str,
    asked: str,
) -> None:
    session = container.session_opener.open(owner, language).id  # type: ignore[arg-type]
    turn(container, owner, session, plan, language)
    remembered(container, owner, session)
    marked = container.store.reads.matching(owner, MemoryFilter(safety=True))
    assert [memory.safety for memory in marked] == ["suicide"]
    about_user = MemoryFilter(subjects=frozenset({Subject.USER}), safety=False)
    assert not container.store.reads.matching(owner, about_user)
    words = set(re.findall(r"跳下去|楼顶|kill", plan))
    # The day before, the day itself, the day after, and weeks later.
    for days in (0, 1, 1, 20):
        clock.forward(days=days)
        opened = container.session_opener.open(owner, language)  # type: ignore[arg-type]
        texts = [container.db.messages.of(owner, opened.id)[0].text]
        for text in (night, asked):
            said = turn(container, owner, opened.id, text, language)
            texts.append(said.text)
            assert (said.help is not None) == (days != 20), (days, text)
        for text in texts:
            assert not CHEER.search(text), text
            assert not any(word in text for word in words), text


def test_the_portrait_leaves_it_out(container: Container, owner: Owner, clock: Clock) -> None:
    for text, day in (("用户打算明天去跳楼自杀", "2025-10-19"), ("用户要去听音乐会", "2025-10-20")):
        container.memory_service.add(
            owner, MemoryDraft(text, Subject.USER, Kind.TEMPORAL, "plan", event_date=day)
        )
    seen = build_profile(
        "小雨", container.store.reads.matching(owner), today=clock().date(), language="zh"
    )
    assert [line.text for line in seen.upcoming] != []
    assert "跳楼" not in str(seen)


def test_what_is_told_beside_a_danger_is_marked_where_it_may_belong_to_it(
    container: Container, owner: Owner
) -> None:
    session = container.session_opener.open(owner, "zh").id
    turn(container, owner, session, "我不想活了")
    turn(container, owner, session, "我打算周五去山上")
    turn(container, owner, session, "我喜欢吃柚子")
    remembered(container, owner, session)
    marks = {memory.text: memory.safety for memory in container.store.reads.matching(owner)}
    assert {bool(mark) for text, mark in marks.items() if "山上" in text} == {True}
    assert {bool(mark) for text, mark in marks.items() if "柚子" in text} == {False}


def test_the_mark_is_found_in_the_memory_itself_and_can_be_taken_off(
    container: Container, owner: Owner
) -> None:
    draft = MemoryDraft("The user wants to kill themselves", Subject.USER, Kind.CONSTANT, "emotion")
    memory = container.memory_service.add(owner, draft, actor=Actor.API)
    assert memory.safety == "suicide"
    container.memory_service.edit(owner, memory.id, safety=None)
    (now,) = container.store.reads.matching(owner)
    assert now.safety is None
    change, added = container.memory_service.history(owner, memory.id)
    assert change.before == added.after
    container.memory_service.undoing.undo(owner, change.id)
    assert container.store.reads.matching(owner)[0].safety == "suicide"


def test_it_is_recalled_gently_when_the_talk_comes_near_it(
    container: Container, owner: Owner, clock: Clock
) -> None:
    container.memory_service.add(
        owner, MemoryDraft("用户去年在天台上想过自杀", Subject.USER, Kind.CONSTANT, "emotion")
    )
    session = container.session_opener.open(owner, "zh").id
    assert turn(container, owner, session, "中午吃了拌面").help is None
    near = turn(container, owner, session, "今天又路过那个天台")
    assert near.help is not None
    assert "自杀" not in near.text
    built = container.contexts.build(owner, "天台", today=clock().date(), language="zh", budget=900)
    assert "关怀" in built.text


def test_the_gentle_card_is_no_alarm(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from memory.chat.safety import watch as module
    from memory.chat.safety.assessment import Assessment

    monkeypatch.setattr(
        module,
        "assess_window",
        lambda texts: Assessment("distress" if "熬" in texts[-1] else None),
    )
    session = container.session_opener.open(owner, "zh").id
    said = turn(container, owner, session, "每天都在熬")
    assert said.help is None
    assert said.gentle is not None
    assert said.gentle.kind == "distress"
    assert not CHEER.search(said.text)
    assert turn(container, owner, session, "晚上吃面").gentle is None


def test_an_archived_mark_stays(container: Container, owner: Owner) -> None:
    memory = container.memory_service.add(
        owner, MemoryDraft("用户想自杀", Subject.USER, Kind.CONSTANT, "emotion")
    )
    container.memory_service.edit(owner, memory.id, status=Status.ARCHIVED)
    archived = MemoryFilter(statuses=frozenset({Status.ARCHIVED}), safety=True)
    assert [m.id for m in container.store.reads.matching(owner, archived)] == [memory.id]
