"""The chat page for somebody in danger, with a language model that answers badly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from components import runtime
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI

CHEER = re.compile(r"加油|顺利|恭喜|哈哈")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("NIANNIAN_CHAT_MODEL", "fake-chat")
        runtime.reload()
        yield server


def test_a_bad_reply_is_neither_shown_nor_kept(
    server: FakeOpenAI, owner: Owner, open_app: Callable[..., AppTest]
) -> None:
    app = open_app()
    for text, bad in (
        ("我打算明天自杀", "我听着呢。祝你明天顺利，加油！"),
        ("外面在下雨", "哈哈，恭喜你下定决心。"),
    ):
        server.say(bad)
        app.chat_input[0].set_value(text).run()
        assert not app.exception
        shown = [m.value for m in app.markdown]
        assert not [value for value in shown if CHEER.search(value)]
        assert any("12356" in value for value in shown)
    running = runtime.container()
    kept = running.db.messages.of(owner, str(app.query_params["session"]), limit=20)
    assert len(kept) == 5
    assert not [one.text for one in kept if CHEER.search(one.text)]
