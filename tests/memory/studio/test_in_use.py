"""What was saved is what models read and who speaks, from the next time on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.llm.prompts import prompt_text
from memory.system.worker_process import InProcess
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.conftest import Clock
from tests.verbs import say


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
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
    built.extraction_worker.stop()
    yield built
    built.close()


def test_both_prompts_and_the_persona_count_without_a_restart(
    wired: Container, server: FakeOpenAI
) -> None:
    owner = Owner(wired.db.users.create("小雨", language="zh").id, "niannian")
    session = wired.session_opener.open(owner, "zh")
    say(wired, owner, session.id, "你好呀，我喜欢吃火锅")
    assert "每句都押韵" not in server.chats()[-1].prompt

    studio = wired.studio
    studio.save("chat", "zh", prompt_text("chat", "zh").replace("规矩：", "规矩：每句都押韵。"))
    body = studio.text("persona", "niannian").replace("慢慢说，我听着呢", "今天也在")
    studio.save("persona", "niannian", body)
    say(wired, owner, session.id, "你好呀")
    assert "每句都押韵" in server.chats()[-1].prompt
    assert "今天也在" in server.chats()[-1].prompt

    edited = prompt_text("extract", "zh").replace("不要记：", "只记吃的。不要记：")
    studio.save("extract", "zh", edited)
    wired.db.batches.make(owner, session.id)
    batch = wired.db.leases.claim("test", wired.clock())
    assert batch is not None
    wired.extractor.run(batch)
    assert "只记吃的" in server.chats()[-1].prompt


def test_an_example_of_an_edited_prompt_is_no_memory(wired: Container, server: FakeOpenAI) -> None:
    owner = Owner(wired.db.users.create("小雨", language="zh").id, "niannian")
    session = wired.session_opener.open(owner, "zh")
    say(wired, owner, session.id, "今天天气真好呀")
    shown = prompt_text("extract", "zh")
    edited = shown.replace('"text": "用户从书店辞职了，有点舍不得"', '"text": "用户会弹尤克里里"')
    assert edited != shown
    wired.studio.save("extract", "zh", edited)
    server.say(
        '{"memories": [{"action": "ADD", "text": "用户会弹尤克里里", "subject": "user", '
        '"kind": "constant", "category": "habit", "source": [2]}]}'
    )
    messages = wired.db.messages.of(owner, session.id)
    extracted = wired.extractor.dry_run(owner, messages)
    assert [refused.reason for refused in extracted.guarded.refused] == ["example"]


def test_a_new_persona_talks_and_remembers_with_the_built_in_companion(
    container: Container, owner: Owner
) -> None:
    container.extraction_worker.stop()
    container.studio.add_persona("mimi", "niannian", {"zh": "咪咪", "en": "Mimi"})
    mimi = Owner(owner.user_id, "mimi")
    session = container.session_opener.open(mimi, "zh")
    for text in ("我对花生过敏。", "你今天做了什么？", "我对什么过敏？"):
        answer = say(container, mimi, session.id, text)
        assert answer
        assert "念念" not in answer
    container.db.batches.make(mimi, session.id)
    batch = container.db.leases.claim("test", container.clock())
    assert batch is not None
    container.studio.archive_persona("mimi")
    container.extractor.run(batch)
    assert any("花生" in memory.text for memory in container.store.reads.matching(mimi))
    assert container.store.reads.count(owner) == 0
