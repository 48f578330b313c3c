"""A batch through the whole path: real ledger, real store, a model over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from memory.chat.personas import load_personas
from memory.config import load_settings
from memory.db import Database, resolve_database_url
from memory.errors import (
    BadInput,
    ModelAuth,
    ModelBusy,
    ModelError,
    ModelTimeout,
    ModelTooLong,
    NotFound,
    UnreadableReply,
)
from memory.extraction.openai_extraction import OpenAIExtraction
from memory.extraction.pipeline import Extractor
from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.prompts import load_prompt
from memory.memories import MemoryService
from memory.types import (
    Action,
    Batch,
    BatchState,
    ExtractionReply,
    ExtractionRequest,
    Kind,
    Memory,
    MemoryFilter,
    Operation,
    Owner,
    Reason,
    Status,
    Subject,
    Trace,
    TraceItem,
)
from memory.vector_store.client import open_client
from memory.vector_store.store import MemoryStore
from tests.fakes.openai_server import FakeOpenAI


@dataclass
class Scene:
    """One user with one persona, and everything below the extractor."""

    db: Database
    store: MemoryStore
    memory_service: MemoryService
    extractor: Extractor
    server: FakeOpenAI
    owner: Owner
    session_id: str
    now: datetime

    def clock(self) -> datetime:
        return self.now

    def talk(self, *turns: tuple[str, str]) -> Batch:
        for asked, said in turns:
            message = self.db.messages.add(self.owner, self.session_id, "user", asked)
            reply = self.db.messages.add(
                self.owner, self.session_id, "assistant", said, reply_to=message.id
            )
            self.last_reply = reply.id
        batch = self.db.batches.make(self.owner, self.session_id)
        assert batch is not None
        claimed = self.db.leases.claim("test", self.now)
        assert claimed is not None
        return claimed

    def texts(self, status: Status = Status.ACTIVE) -> list[str]:
        return sorted(m.text for m in self.memories(status))

    def memories(self, status: Status = Status.ACTIVE) -> list[Memory]:
        return self.store.reads.matching(self.owner, MemoryFilter(statuses=frozenset({status})))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with FakeOpenAI() as server:
        settings = load_settings(
            openai_base_url=server.url,
            chat_model="fake-chat",
            data_dir=tmp_path / "d",
            request_timeout=1.5,
        )
        made: list[Scene] = []
        now = datetime(2024, 10, 18, 4, 0, tzinfo=UTC)

        def clock() -> datetime:
            return made[0].now if made else now

        db = Database(resolve_database_url(tmp_path), clock)
        client = open_client(settings)
        store = MemoryStore(client, HashingEmbedder(), settings.data_dir)
        memory_service = MemoryService(store, db, clock)
        owner = Owner(db.users.create("小林").id, "niannian")
        extractor = Extractor(
            store=store,
            db=db,
            memory_service=memory_service,
            model=OpenAIExtraction(settings),
            personas=load_personas(),
            settings=settings,
            clock=clock,
        )
        session_id = db.sessions.create(owner).id
        made.append(Scene(db, store, memory_service, extractor, server, owner, session_id, now))
        yield made[0]
        store.close()
        db.close()


def reply(*memories: dict[str, Any]) -> str:
    return json.dumps({"memories": list(memories)}, ensure_ascii=False)


def item(text: str, **fields: Any) -> dict[str, Any]:
    base = {
        "action": "ADD",
        "text": text,
        "subject": "user",
        "kind": "constant",
        "category": "other",
        "event_date": None,
        "importance": 3,
        "source": [1],
    }
    return {**base, **fields}


def test_a_batch_becomes_memories_of_both_sides(scene: Scene) -> None:
    batch = scene.talk(("我叫小林，我对花生过敏", "记下啦"), ("我昨天去了西湖", "我周末去爬山了"))
    outcome = scene.extractor.run(batch)
    found = {m.text: m for m in scene.memories()}
    assert {"用户叫小林", "用户对花生过敏"} <= found.keys()
    assert found["用户去了西湖"].kind is Kind.TEMPORAL
    assert found["用户去了西湖"].event_date == "2024-10-17"
    assert found["念念周末去爬山了"].subject is Subject.AI
    assert found["用户去了西湖"].source.batch_id == batch.id
    assert found["用户去了西湖"].source.session_id == scene.session_id
    (done,) = scene.db.batches.of(scene.owner, [BatchState.DONE])
    assert done.outcome == outcome.as_mapping()
    assert done.outcome["added"] == len(found)
    assert done.outcome["calls"] == 1
    assert done.outcome["prompt_tokens"] > 500
    assert done.outcome["model"] == "fake-chat"
    assert "西湖" not in json.dumps(done.outcome, ensure_ascii=False)


def test_one_call_for_a_batch_at_temperature_zero(scene: Scene) -> None:
    scene.extractor.run(scene.talk(*((f"我喜欢第{n}首歌", "嗯") for n in range(10))))
    (request,) = scene.server.chats()
    assert request.body["temperature"] == 0
    assert request.body["response_format"] == {"type": "json_object"}


def test_moving_house_supersedes_and_the_model_sees_what_is_known(scene: Scene) -> None:
    scene.server.say(reply(item("用户住在北京", category="identity")))
    scene.extractor.run(scene.talk(("我住在北京", "好的")))
    scene.now += timedelta(days=30)
    scene.server.say(
        reply(item("用户住在上海", action="UPDATE", id=1, category="identity", source=[1]))
    )
    outcome = scene.extractor.run(scene.talk(("我上周搬到上海了", "这么突然")))
    assert '1 "用户住在北京"' in scene.server.chats()[1].prompt
    assert scene.texts() == ["用户住在上海"]
    (old,) = scene.memories(Status.SUPERSEDED)
    (new,) = scene.memories()
    assert (old.superseded_by, new.supersedes) == (new.id, old.id)
    assert outcome.counts()["superseded"] == 1


def test_saying_it_again_adds_nothing(scene: Scene) -> None:
    for day in range(3):
        scene.now += timedelta(days=day)
        scene.server.say(reply(item("用户对花生过敏", importance=5)))
        outcome = scene.extractor.run(scene.talk(("我对花生过敏", "记得的")))
    assert scene.texts() == ["用户对花生过敏"]
    assert (outcome.skipped, outcome.changes) == (1, ())


def test_what_was_recalled_or_is_on_the_card_is_not_extracted(scene: Scene) -> None:
    scene.db.messages.add(scene.owner, scene.session_id, "user", "晚上吃什么")
    said = scene.db.messages.add(
        scene.owner, scene.session_id, "assistant", "你对花生过敏，别点宫保鸡丁"
    )
    recalled = TraceItem(
        "gone", "用户对花生过敏", Subject.USER, Kind.CONSTANT, "health", None, Reason.RECALL, 0.9
    )
    scene.db.traces.save(
        scene.owner,
        Trace(
            message_id=said.id,
            items=(recalled,),
            model="fake",
            context_tokens=1,
            prompt_tokens=1,
            reply_tokens=1,
            context_ms=1.0,
            first_token_ms=1.0,
            total_ms=1.0,
            created_at=scene.now,
        ),
    )
    scene.server.say(
        reply(
            item("用户对花生过敏", source=[2]),
            item("念念养了一只叫半盏的橘猫", subject="ai", source=[2]),
        )
    )
    outcome = scene.extractor.run(scene.talk(("嗯", "好")))
    assert scene.texts() == []
    assert outcome.refused == {"recalled": 1, "persona_card": 1}
    assert scene.db.batches.of(scene.owner)[0].outcome["refused_reasons"] == {
        "recalled": 1,
        "persona_card": 1,
    }


def test_an_unreadable_reply_is_asked_for_once_more(scene: Scene) -> None:
    scene.server.say("抱歉，我无法处理该请求。", reply(item("用户喜欢猫")))
    outcome = scene.extractor.run(scene.talk(("我喜欢猫", "真好")))
    assert scene.texts() == ["用户喜欢猫"]
    assert outcome.calls == 2
    assert "没有可读的 JSON" in scene.server.chats()[1].prompt


def test_twice_unreadable_leaves_the_batch_as_it_was(scene: Scene) -> None:
    scene.server.say("<html>502</html>", "")
    batch = scene.talk(("我喜欢猫", "真好"))
    with pytest.raises(UnreadableReply):
        scene.extractor.run(batch)
    assert scene.texts() == []
    (left,) = scene.db.batches.of(scene.owner)
    assert left.state is BatchState.WORKING
    scene.server.say(reply(item("用户喜欢猫")))
    scene.extractor.run(batch)
    assert scene.texts() == ["用户喜欢猫"]


def test_translated_memories_are_asked_for_again(scene: Scene) -> None:
    scene.server.say(reply(item("The user likes cats")), reply(item("用户喜欢猫")))
    scene.extractor.run(scene.talk(("我喜欢猫", "真好")))
    assert scene.texts() == ["用户喜欢猫"]
    scene.server.say(reply(item("The user likes tea")), reply(item("The user likes tea")))
    outcome = scene.extractor.run(scene.talk(("我喜欢茶", "真好")))
    assert scene.texts() == ["用户喜欢猫"]
    assert outcome.refused == {"language": 1}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (429, ModelBusy),
        (500, ModelError),
        (401, ModelAuth),
        ("hang", ModelTimeout),
        ("html", UnreadableReply),
    ],
)
def test_a_failing_endpoint_stores_nothing_and_the_batch_stays(
    scene: Scene, fault: int | str, error: type[ModelError]
) -> None:
    batch = scene.talk(("我喜欢猫", "真好"))
    scene.server.fail(fault, always=True)
    with pytest.raises(ModelError) as caught:
        scene.extractor.run(batch)
    scene.server.heal()
    assert isinstance(caught.value, error)
    assert scene.texts() == []
    assert scene.db.batches.of(scene.owner)[0].state is BatchState.WORKING
    scene.extractor.run(batch)
    assert scene.texts() == ["用户喜欢猫"]


def test_an_endpoint_without_json_mode_costs_one_more_request_once(scene: Scene) -> None:
    scene.server.json_mode = False
    scene.extractor.run(scene.talk(("我喜欢猫", "真好")))
    scene.extractor.run(scene.talk(("我喜欢茶", "真好")))
    assert ["response_format" in r.body for r in scene.server.chats()] == [True, False, False]
    assert scene.texts() == ["用户喜欢猫", "用户喜欢茶"]


def test_a_batch_that_is_too_long_is_read_in_parts(scene: Scene) -> None:
    long = "今天路上风很大，树叶落了一地。" * 60
    batch = scene.talk(("我喜欢猫。" + long, "真好"), ("我喜欢茶。" + long, "嗯"))
    scene.server.longest_chat = len(load_prompt("extract", "zh").system) + 1500
    outcome = scene.extractor.run(batch)
    assert scene.texts() == ["用户喜欢猫", "用户喜欢茶"]
    assert outcome.calls == 2
    sources = {change.after.source.message_ids for change in outcome.changes if change.after}
    assert sources == {(batch.message_ids[0],), (batch.message_ids[2],)}


def test_a_reply_that_was_cut_is_asked_for_in_parts(scene: Scene) -> None:
    batch = scene.talk(("我喜欢猫。", "真好"), ("我喜欢茶。", "嗯"))
    scene.server.finish = "length"
    scene.server.say('{"memories": [{"action": "ADD", "text": "用户喜')
    scene.extractor.run(batch)
    assert scene.texts() == ["用户喜欢猫", "用户喜欢茶"]
    assert len(scene.server.chats()) == 3


def test_a_turn_that_is_too_long_by_itself_fails(scene: Scene) -> None:
    scene.server.longest_chat = 200
    with pytest.raises(ModelTooLong):
        scene.extractor.run(scene.talk(("我喜欢猫", "真好")))


def test_a_batch_that_is_gone_changes_nothing(scene: Scene) -> None:
    batch = scene.talk(("我喜欢猫", "真好"))
    scene.extractor.run(batch)
    with pytest.raises(NotFound):
        scene.extractor.run(batch)
    assert scene.texts() == ["用户喜欢猫"]


def test_an_opening_line_alone_costs_nothing(scene: Scene) -> None:
    scene.db.messages.add(
        scene.owner, scene.session_id, "assistant", "你来啦，我刚泡好茶", opening=True
    )
    extracted = scene.extractor.dry_run(
        scene.owner, scene.db.messages.of(scene.owner, scene.session_id)
    )
    assert extracted.operations == ()
    assert scene.server.requests == []


def test_a_dry_run_shows_everything_and_stores_nothing(scene: Scene) -> None:
    batch = scene.talk(("我喜欢猫，密码是 hunter2!", "真好"))
    messages = scene.db.messages.by_ids(scene.owner, batch.message_ids)
    raw = "```json\n" + reply(item("用户喜欢猫"), item("用户的密码是 hunter2!")) + "\n```"
    scene.server.say(raw)
    extracted = scene.extractor.dry_run(scene.owner, messages)
    assert extracted.reply.raw == raw
    assert extracted.reply.repairs == ("fence",)
    assert [op.text for op in extracted.guarded.kept] == ["用户喜欢猫"]
    assert [refused.reason for refused in extracted.guarded.refused] == ["secret"]
    assert len(extracted.decision.changes) == 1
    assert scene.texts() == []


def test_an_edited_prompt_is_what_the_model_reads(scene: Scene) -> None:
    batch = scene.talk(("我喜欢猫", "真好"))
    messages = scene.db.messages.by_ids(scene.owner, batch.message_ids)
    edited = "## system\n只找食物，最多{max_memories}条\n## user\n{known}\n{messages}"
    scene.server.say(reply())
    scene.extractor.dry_run(scene.owner, messages, prompt=edited)
    assert "只找食物，最多8条" in scene.server.chats()[0].prompt
    with pytest.raises(BadInput):
        scene.extractor.dry_run(scene.owner, messages, prompt="## system\n只找食物")


class Rules:
    """An extraction model without an endpoint."""

    name = "rules"
    is_builtin = True

    def extract(self, request: ExtractionRequest) -> ExtractionReply:
        operations = tuple(
            Operation(Action.ADD, "用户" + m.text.removeprefix("我"), source=(n,))
            for n, m in enumerate(request.messages, 1)
            if m.role == "user"
        )
        return ExtractionReply(operations, model=self.name)


def test_rules_go_through_the_same_guards(scene: Scene, tmp_path: Path) -> None:
    extractor = Extractor(
        store=scene.store,
        db=scene.db,
        memory_service=scene.memory_service,
        model=Rules(),
        personas=load_personas(),
        settings=load_settings(),
        clock=scene.clock,
    )
    batch = scene.talk(
        ("我喜欢猫", "真好"), ("我的密码是 hunter2!", "别告诉我"), ("我喜欢猫", "嗯")
    )
    outcome = extractor.run(batch)
    assert scene.texts() == ["用户喜欢猫"]
    assert outcome.refused == {"secret": 1, "duplicate": 1}
    messages = scene.db.messages.by_ids(scene.owner, batch.message_ids)
    with pytest.raises(BadInput):
        extractor.dry_run(scene.owner, messages, prompt="anything")
