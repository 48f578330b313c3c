"""Prompts tried side by side and sessions extracted anew; nothing is stored unasked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.errors import BadInput, ModelError, NotFound
from memory.llm.prompts import prompt_text
from memory.studio.dialogue import pasted_messages
from memory.studio.dry_run import DryRun, Side, fate
from memory.system.worker_process import InProcess
from memory.types import Actor, Memory, MemoryFilter, Message, Owner, Status
from tests.fakes.openai_answers import answer
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.conftest import Clock
from tests.verbs import undo

ZONE = ZoneInfo("Asia/Shanghai")
FOOD = prompt_text("extract", "zh").replace("找出以后聊天用得上的事", "只找食物")
TALK = (
    "2025-10-18\n我：我对花生过敏，昨天去了西湖。\n念念：记住了。\n我：我喜欢吃火锅。\n念念：好呀。"
)


def only_food(body: Mapping[str, Any]) -> str:
    """As the fake answers by itself; with the edited prompt, only what is about food."""
    said = answer(body)
    if "只找食物" not in str(body["messages"][0]["content"]):
        return said
    found = [m for m in json.loads(said)["memories"] if "吃" in m["text"] or "花生" in m["text"]]
    for memory in found:
        memory["importance"] = 5
    return json.dumps({"memories": found}, ensure_ascii=False)


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI(answer=only_food) as server:
        yield server


@pytest.fixture
def wired(server: FakeOpenAI, tmp_path: Path, clock: Clock) -> Iterator[Container]:
    settings = load_settings(
        openai_base_url=server.url, chat_model="fake-chat", data_dir=tmp_path / "wired"
    )
    built = build(
        settings.model_copy(update={"data_dir": tmp_path / "wired"}),
        clock=clock,
        worker=InProcess(),
    )
    yield built
    built.close()


@pytest.fixture
def me(wired: Container) -> Owner:
    return Owner(wired.db.users.create("小雨").id, "niannian")


def bench(running: Container) -> DryRun:
    return DryRun(
        running.extractor, running.db, running.store, running.memory_service, running.clock
    )


def pasted(running: Container, owner: Owner, text: str = TALK) -> tuple[Message, ...]:
    persona = running.personas[owner.persona_id]
    return pasted_messages(text, owner, persona, ZONE, running.clock())


def everything(running: Container, owner: Owner) -> list[Memory]:
    return running.store.reads.matching(owner, MemoryFilter(statuses=frozenset(Status)))


def test_pasted_dialogue_is_read_with_sides_and_days(container: Container, owner: Owner) -> None:
    first, reply, *_ = messages = pasted(container, owner)
    assert [m.role for m in messages] == ["user", "assistant"] * 2
    assert first.text == "我对花生过敏，昨天去了西湖。"
    assert str(first.created_at.astimezone(ZONE).date()) == "2025-10-18"
    assert reply.text == "记住了。"
    english = pasted(container, owner, "Lin: I like tea\nNiannian: So do I\nLin: Good")
    assert [m.role for m in english] == ["user", "assistant", "user"]
    (bare,) = pasted(container, owner, "我喜欢猫\n也喜欢狗")
    assert (bare.role, bare.text) == ("user", "我喜欢猫\n也喜欢狗")
    for text, code in ((" \n", "dialogue_empty"), ("啊" * 30_001, "dialogue_long")):
        with pytest.raises(BadInput) as caught:
            pasted(container, owner, text)
        assert caught.value.code == code


def test_two_prompts_side_by_side_store_nothing(
    wired: Container, me: Owner, server: FakeOpenAI
) -> None:
    a, b, rules = bench(wired).try_out(
        me, pasted(wired, me), [Side(), Side(FOOD), Side(rules=True)], blank=True
    )
    assert a.extracted is not None
    assert b.extracted is not None
    assert rules.extracted is not None
    texts = [op.text for op in a.extracted.guarded.kept]
    assert "用户喜欢吃火锅" in texts
    assert [op.importance for op in b.extracted.guarded.kept] == [5] * len(b.extracted.guarded.kept)
    assert {fate(a.extracted, op) for op in a.extracted.guarded.kept} == {"add"}
    assert rules.extracted.reply.model == "builtin-rules"
    assert rules.extracted.guarded.kept
    assert len(server.chats()) == 2
    assert everything(wired, me) == []


def test_a_side_that_fails_leaves_the_other(wired: Container, me: Owner) -> None:
    good, broken = bench(wired).try_out(
        me, pasted(wired, me), [Side(), Side("## system\nno")], blank=True
    )
    assert good.extracted is not None
    assert isinstance(broken.error, BadInput)


def test_an_endpoint_that_fails_is_said(wired: Container, me: Owner, server: FakeOpenAI) -> None:
    server.fail(401, always=True)
    (tried,) = bench(wired).try_out(me, pasted(wired, me), [Side()], blank=True)
    assert isinstance(tried.error, ModelError)


def test_without_an_endpoint_rules_answer_and_a_prompt_is_refused(
    container: Container, owner: Owner
) -> None:
    rules, prompt = bench(container).try_out(
        owner, pasted(container, owner), [Side(), Side(FOOD)], blank=True
    )
    assert rules.extracted is not None
    assert any("花生" in op.text for op in rules.extracted.guarded.kept)
    assert prompt.error is not None
    assert prompt.error.code == "prompt_builtin"


def test_what_is_asked_for_is_stored_as_one_undoable_group(wired: Container, me: Owner) -> None:
    (tried,) = bench(wired).try_out(me, pasted(wired, me), [Side(FOOD)], blank=False)
    assert tried.extracted is not None
    with pytest.raises(NotFound):
        bench(wired).keep(Owner(me.user_id, "somebody"), tried.extracted)
    group, count = bench(wired).keep(me, tried.extracted)
    stored = everything(wired, me)
    assert len(stored) == count > 0
    assert all(memory.source.message_ids == () for memory in stored), "pasted text is no source"
    changes = wired.db.history.of(me, group_id=group)
    assert {change.actor for change in changes} == {Actor.HAND}

    (again,) = bench(wired).try_out(me, pasted(wired, me), [Side(FOOD)], blank=False)
    assert again.extracted is not None
    assert {fate(again.extracted, op) for op in again.extracted.guarded.kept} == {"known"}
    undo(wired, me, group)
    assert everything(wired, me) == []


# --- a stored session anew ------------------------------------------------------------


def talk(running: Container, owner: Owner, *said: str) -> str:
    """A session of which each message was extracted as a batch."""
    session = running.db.sessions.create(owner)
    for text in said:
        message = running.db.messages.add(owner, session.id, "user", text)
        running.db.messages.add(owner, session.id, "assistant", "嗯", reply_to=message.id)
        running.db.batches.make(owner, session.id)
        batch = running.db.leases.claim("test", running.clock())
        assert batch is not None
        running.extractor.run(batch)
    return session.id


@pytest.fixture
def session_id(wired: Container, me: Owner) -> str:
    wired.extraction_worker.stop()
    return talk(wired, me, "我喜欢吃火锅。", "我每天跑步。", "我对花生过敏。")


def test_extracting_anew_with_the_same_prompt_changes_nothing(
    wired: Container, me: Owner, session_id: str
) -> None:
    before = everything(wired, me)
    assert len(before) == 3
    seen: list[float] = []
    review = bench(wired).review(me, session_id, Side(), seen.append)
    assert [entry.what for entry in review.entries] == ["same"] * 3
    assert seen[-1] == 1.0
    assert len(seen) == len(review.runs) == 3
    assert everything(wired, me) == before
    _, count = bench(wired).apply(me, review, review.entries)
    assert count == 0
    assert everything(wired, me) == before


def test_differences_are_reviewed_and_only_the_chosen_are_applied(
    wired: Container, me: Owner, session_id: str
) -> None:
    before = {memory.text: memory for memory in everything(wired, me)}
    review = bench(wired).review(me, session_id, Side(FOOD))
    (changed,), (gone,) = review.of("changed"), review.of("gone")
    assert changed.before == before["用户喜欢吃火锅"]
    assert changed.fields == {"importance"}
    assert changed.wanted
    assert gone.before == before["用户每天跑步"]
    assert not gone.wanted, "nothing is taken away unasked"

    group, count = bench(wired).apply(me, review, [changed, gone])
    assert count == 2
    after = {memory.text: memory for memory in everything(wired, me)}
    assert after["用户喜欢吃火锅"].importance == 5
    assert after["用户喜欢吃火锅"].id == before["用户喜欢吃火锅"].id
    assert after["用户每天跑步"].status is Status.ARCHIVED
    undo(wired, me, group)
    undone = {memory.text: memory for memory in everything(wired, me)}
    assert {t: (m.importance, m.status) for t, m in undone.items()} == {
        t: (m.importance, m.status) for t, m in before.items()
    }


def test_what_is_new_is_added_with_its_source(wired: Container, me: Owner, session_id: str) -> None:
    jogging = next(m for m in everything(wired, me) if "跑步" in m.text)
    wired.memory_service.delete(me, [jogging.id])
    review = bench(wired).review(me, session_id, Side())
    (new,) = review.of("new")
    assert new.wanted
    bench(wired).apply(me, review, [new])
    again = next(m for m in everything(wired, me) if "跑步" in m.text)
    assert again.source == jogging.source, "session, messages and batch are known"


def test_what_was_changed_by_hand_is_left_alone_unless_chosen(
    wired: Container, me: Owner, session_id: str
) -> None:
    hotpot = next(m for m in everything(wired, me) if "火锅" in m.text)
    wired.memory_service.edit(me, hotpot.id, text="用户最喜欢吃四川火锅")
    review = bench(wired).review(me, session_id, Side())
    (entry,) = review.of("changed")
    assert entry.touched
    assert not entry.wanted


def test_a_fact_that_was_replaced_within_the_session_stays_replaced(
    wired: Container, me: Owner
) -> None:
    wired.extraction_worker.stop()
    session_id = talk(wired, me, "我住在北京。", "我住在上海。")
    assert sorted(m.status.value for m in everything(wired, me)) == ["active", "superseded"]
    review = bench(wired).review(me, session_id, Side())
    assert [entry.what for entry in review.entries] == ["same", "same"]


def test_a_session_that_was_never_extracted_says_so(wired: Container, me: Owner) -> None:
    session = wired.db.sessions.create(me)
    with pytest.raises(NotFound) as caught:
        bench(wired).review(me, session.id, Side())
    assert caught.value.code == "studio_no_batches"
    with pytest.raises(NotFound):
        bench(wired).review(Owner(me.user_id, "qing"), session.id, Side())
