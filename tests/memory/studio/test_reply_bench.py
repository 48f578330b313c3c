"""Replies compared: prompts with a model, personas with rules; failures kept or raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.errors import ModelError
from memory.llm.prompts import prompt_text
from memory.studio.reply_bench import ReplyBench, ReplySide
from memory.studio.situations import SituationReader, shipped
from memory.system.worker_process import InProcess
from memory.types import Owner, ReplyTrial, Situation, TrialAnswer
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.conftest import Clock
from tests.verbs import say

RHYMES = prompt_text("chat", "zh").replace("## system", "## system\n每句都押韵。", 1)


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    def answer(body) -> str:
        return "山高路远" if "押韵" in str(body["messages"]) else "好的"

    with FakeOpenAI(answer=answer) as server:
        yield server


@pytest.fixture
def wired(server: FakeOpenAI, tmp_path: Path, clock: Clock) -> Iterator[Container]:
    folder = tmp_path / "wired"
    settings = load_settings(
        openai_base_url=server.url, chat_model="fake-chat", data_dir=folder, max_retries=0
    )
    settings = settings.model_copy(update={"data_dir": folder})
    built = build(settings, clock=clock, worker=InProcess())
    built.extraction_worker.stop()
    yield built
    built.close()


def side(running: Container, persona: str = "niannian", **more) -> ReplySide:
    body = running.studio.text("persona", persona)
    return ReplySide(persona, running.personas[persona], body, **more)


def run(
    running: Container, situations: list[Situation], *sides: ReplySide
) -> list[tuple[ReplyTrial, TrialAnswer]]:
    reader = SituationReader(running.db, running.contexts, running.settings)
    bench = ReplyBench(running.db, reader, running.chat_model, running.clock)
    return list(bench.run("zh", situations, sides))


def test_two_prompts_answer_the_same_situations_and_it_is_kept(wired) -> None:
    sides = (side(wired, prompt=wired.studio.prompt("chat", "zh")), side(wired, prompt=RHYMES))
    came = run(wired, shipped("zh")[:2], *sides)
    assert [[r.text for r in one.replies] for _, one in came] == [["好的", "山高路远"]] * 2
    (kept,) = wired.db.reply_trials.of(Owner("anybody", "niannian"))
    assert [one.name for one in kept.answers] == [one.name for one in shipped("zh")[:2]]
    assert "押韵" in kept.sides[1].prompt
    assert kept.sides[0].model == "fake-chat"
    # What is in use is untouched.
    assert "押韵" not in wired.studio.prompt("chat", "zh")


def test_rules_stand_beside_a_model(wired) -> None:
    ((_, answer),) = run(wired, shipped("zh")[:1], side(wired), side(wired, rules=True))
    assert answer.replies[0].text == "好的"
    assert answer.replies[1].text not in ("", "好的")


def test_personas_are_compared_without_a_model(container) -> None:
    greeting = Situation("x", "问名字", "zh", message="你叫什么名字？")
    others = [name for name in container.personas if name != "niannian"]
    rules = [side(container, name, rules=True) for name in ("niannian", others[0])]
    ((trial, answer),) = run(container, [greeting], *rules)
    names = [container.personas[one.persona.id].text("zh").name for one in rules]
    assert [name in reply.text for name, reply in zip(names, answer.replies, strict=True)] == [
        True,
        True,
    ]
    assert [one.model for one in trial.sides] == ["builtin", "builtin"]


def test_one_side_that_fails_is_kept_as_its_code(wired, server) -> None:
    server.fail(401)
    ((_, answer),) = run(wired, shipped("zh")[:1], side(wired), side(wired, rules=True))
    assert answer.replies[0].error
    assert answer.replies[0].text == ""
    assert answer.replies[1].text


def test_nothing_is_kept_where_all_sides_fail(wired, server) -> None:
    server.fail(401)
    server.fail(401)
    with pytest.raises(ModelError):
        run(wired, shipped("zh"), side(wired), side(wired, prompt=RHYMES))
    assert wired.db.reply_trials.of(Owner("anybody", "niannian")) == []


def test_a_message_that_was_deleted_is_passed_over(container, owner) -> None:
    session = container.session_opener.open(owner, "zh")
    say(container, owner, session.id, "你好呀")
    gone = Situation("x", "你好", "zh", owner=owner, message_id="no-such-message")
    sides = [side(container, rules=True), replace(side(container, rules=True), label="B")]
    assert [one.name for _, one in run(container, [gone, *shipped("zh")[:1]], *sides)] == [
        shipped("zh")[0].name
    ]
