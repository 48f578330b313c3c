"""Connecting a model as its users meet it: found here, thinking aloud, refused."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import actions, house
from tests.browser.app_process import WITHOUT_ENCODER, AppProcess
from tests.browser.endpoint import KEY, Script, environment, serve
from tests.fakes.openai_server import FakeOpenAI

OLLAMA_PORT = 11434
THOUGHT = "机密思考：用户在打招呼，我要温柔一点。"
HELLO = "你来啦，今天累不累？"


def port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", OLLAMA_PORT))
        except OSError:
            return False
    return True


@pytest.mark.skipif(not port_is_free(), reason="something listens on Ollama's port")
def test_a_server_on_this_machine_is_connected_with_one_click(tmp_path: Path, page: Page) -> None:
    script = Script(replies=[f"<think>\n{THOUGHT}\n</think>\n\n{HELLO}", "我也在听。"])
    server = FakeOpenAI(
        answer=script.answer,
        port=OLLAMA_PORT,
        ollama=True,
        models=("bge-m3", "qwen3:8b"),
        delay=0.02,
    )
    app = AppProcess(tmp_path / "data", **WITHOUT_ENCODER)
    with server:
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            offer = page.locator(".st-key-found_here_ollama")
            expect(offer).to_contain_text("Ollama", timeout=actions.SETTLED)
            expect(offer).to_contain_text("qwen3:8b")
            offer.get_by_role("button").click()
            expect(page.locator(".st-key-builtin_note")).to_have_count(0, timeout=actions.SETTLED)
            expect(offer).to_have_count(0)
            page.evaluate(
                """() => { window.seen = ''; new MutationObserver(() => {
                    window.seen += document.body.innerText;
                }).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""
            )
            assert actions.say(page, "我回来了") == HELLO
            assert "机密" not in page.evaluate("window.seen")
            assert actions.say(page, "听得到吗") == "我也在听。"
            assert {request.body["model"] for request in server.chats()} == {"qwen3:8b"}
            assert all("机密" not in request.prompt for request in server.chats())
            actions.open_page(page, "settings")
            assert "机密" not in page.content()
            expect(page.locator(".st-key-settings_chat_model input").first).to_have_value(
                "qwen3:8b"
            )
        finally:
            app.stop()
    assert house.files_holding(tmp_path, THOUGHT) == []


@pytest.mark.parametrize(
    ("status", "said", "sentence"),
    [
        (401, "Incorrect API key provided", "语言模型的密钥没有被接受；请到设置页检查密钥。"),
        pytest.param(
            *(404, "The model `old-1` does not exist", "对方没有这个模型，或者它不是聊天模型"),
            marks=pytest.mark.exhaustive,
        ),
        (402, "Insufficient Balance", "余额或额度用完了；请到服务商那里充值，或换一个模型。"),
    ],
)
def test_a_refusal_is_one_sentence_and_the_providers_own_words(
    tmp_path: Path, page: Page, status: int, said: str, sentence: str
) -> None:
    with serve(Script(replies=["好了。"]), models=("new-1", "new-2", "voice")) as server:
        server.fail((status, said), always=True)
        server.fail_models = False
        app = AppProcess(tmp_path / "data", **environment(server, NIANNIAN_CHAT_MODEL="old-1"))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            actions.send(page, "在吗")
            failed = page.get_by_test_id("stChatMessage").last
            expect(failed).to_contain_text(sentence, timeout=actions.SETTLED)
            expect(failed).to_contain_text(said)
            assert KEY not in page.content()
            server.heal()
            failed.get_by_role("button", name="再试一次").click()
            expect(failed).to_contain_text("好了。", timeout=actions.SETTLED)
        finally:
            app.stop()
