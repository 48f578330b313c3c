"""The settings page: connect a language model, and keep its key where it belongs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from components import runtime
from components.settings.presets import PRESETS
from memory.config import read_saved
from tests.pages.settings.form import ZH, OpenApp, said, submit


class _Endpoint(BaseHTTPRequestHandler):
    status = 200

    def do_POST(self) -> None:
        # Unread, the question would make the system reset the connection.
        self.rfile.read(int(self.headers["content-length"]))
        body = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "OK"}}]}
        self.answer(body if self.status == 200 else {"error": {"message": "bad key sk-abc"}})

    def do_GET(self) -> None:
        self.answer({"data": []})

    def answer(self, body: dict[str, Any]) -> None:
        raw = json.dumps({"id": "1", "object": "x", "created": 1, "model": "m", **body}).encode()
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture
def endpoint() -> Iterator[Callable[[int], str]]:
    server = HTTPServer(("127.0.0.1", 0), type("Endpoint", (_Endpoint,), {}))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def answering(status: int) -> str:
        server.RequestHandlerClass.status = status  # type: ignore[attr-defined]
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield answering
    server.shutdown()
    server.server_close()


def test_without_a_language_model_the_page_says_so_and_how_to_connect(open_page: OpenApp) -> None:
    app = open_page()
    assert not app.exception
    assert ZH["settings.no_model_text"] in [info.value for info in app.info]
    submit(app, ZH["settings.test"], "connection_form")
    assert ZH["settings.test_no_model"] in said(app)


def test_a_preset_fills_in_the_fields(open_page: OpenApp) -> None:
    app = open_page()
    for name, preset in PRESETS.items():
        app.selectbox(key="settings_preset").select(name).run()
        assert not app.exception, name
        assert app.text_input(key="settings_openai_base_url").value == preset.base_url
        assert app.text_input(key="settings_chat_model").value == preset.chat_model
    assert read_saved(runtime.container().settings.data_dir) == {}


class _Recorder(_Endpoint):
    """Writes down the keys that are sent to it."""

    keys: list[str]

    def answer(self, body: dict[str, Any]) -> None:
        self.keys.append(self.headers.get("Authorization", ""))
        super().answer(body)


@pytest.fixture
def two_endpoints() -> Iterator[list[tuple[str, list[str]]]]:
    """Two addresses, each with the keys that were sent there."""
    servers, found = [], []
    for _ in range(2):
        keys: list[str] = []
        server = HTTPServer(("127.0.0.1", 0), type("Here", (_Recorder,), {"keys": keys}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        found.append((f"http://127.0.0.1:{server.server_port}/v1", keys))
    yield found
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_saved_key_never_goes_to_a_new_address(
    open_page: OpenApp, two_endpoints: list[tuple[str, list[str]]]
) -> None:
    (first, sent_first), (second, sent_second) = two_endpoints
    app = open_page()
    app.text_input(key="settings_openai_base_url").set_value(first)
    app.text_input(key="settings_openai_api_key").set_value("sk-for-the-first")
    app = submit(app, ZH["app.save"], "connection_form")
    assert ZH["settings.key_in_file"] in [caption.value for caption in app.caption]
    submit(app, ZH["settings.test"], "connection_form")
    assert "Bearer sk-for-the-first" in sent_first
    # Tried out at another address, then saved with it: it stays here.
    left_behind = ZH["settings.key_left_behind"].format(name=ZH["settings.openai_api_key"])
    app.text_input(key="settings_openai_base_url").set_value(second)
    app = submit(app, ZH["settings.test"], "connection_form")
    assert any(left_behind in caption.value for caption in app.caption)
    app = submit(app, ZH["app.save"], "connection_form")
    assert left_behind in [warning.value for warning in app.warning]
    submit(app, ZH["settings.test"], "connection_form")
    assert sent_second
    assert not any("sk-for-the-first" in key for key in sent_second)
    assert runtime.container().settings.openai_api_key is None


def test_saving_starts_anew_with_the_settings_and_never_shows_the_key(open_page: OpenApp) -> None:
    app = open_page()
    app.text_input(key="settings_openai_base_url").set_value("http://127.0.0.1:9/v1")
    app.text_input(key="settings_openai_api_key").set_value("sk-very-secret")
    app.text_input(key="settings_chat_model").set_value("some-model")
    submit(app, ZH["app.save"], "connection_form")
    assert not app.exception
    settings = runtime.container().settings
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-very-secret"
    assert settings.chat_model == "some-model"
    assert ZH["settings.model_in_use"].format(model="some-model", host="127.0.0.1:9") in said(app)
    app.run()
    field = app.text_input(key="settings_openai_api_key")
    assert (field.value, field.placeholder) == ("", ZH["settings.key_kept"])
    assert "sk-very-secret" not in str(app.main)
    assert "sk-very-secret" not in str(app.session_state.to_dict())

    submit(app, ZH["app.save"], "connection_form")
    assert runtime.container().settings.openai_api_key is not None
    app.checkbox(key="settings_openai_api_key_remove").check()
    submit(app, ZH["app.save"], "connection_form")
    assert runtime.container().settings.openai_api_key is None


def test_a_value_that_isnt_allowed_is_one_sentence_and_nothing_is_saved(
    open_page: OpenApp,
) -> None:
    app = open_page()
    app.text_input(key="settings_openai_base_url").set_value("ftp://nowhere")
    submit(app, ZH["app.save"], "connection_form")
    (error,) = [e.value for e in app.error]
    assert "OPENAI_BASE_URL" in error
    assert "ftp://nowhere" in error
    assert read_saved(runtime.container().settings.data_dir) == {}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, None), (401, "settings.test_model_auth"), (429, "settings.test_model_busy")],
)
def test_the_connection_test_has_a_clear_verdict(
    open_page: OpenApp, endpoint: Callable[[int], str], status: int, verdict: str | None
) -> None:
    app = open_page()
    app.text_input(key="settings_openai_base_url").set_value(endpoint(status))
    app.text_input(key="settings_openai_api_key").set_value("sk-abc")
    app.text_input(key="settings_chat_model").set_value("some-model")
    submit(app, ZH["settings.test"], "connection_form")
    assert not app.exception
    if verdict is None:
        (good,) = [s.value for s in app.success]
        assert good.startswith("连接正常：some-model 用 ")
    else:
        assert [e.value for e in app.error] == [ZH[verdict]]
    assert "sk-abc" not in said(app)
    assert read_saved(runtime.container().settings.data_dir) == {}


def test_a_model_whose_test_failed_isnt_said_to_be_in_use(
    open_page: OpenApp, endpoint: Callable[[int], str]
) -> None:
    app = open_page()
    address = endpoint(401)
    app.text_input(key="settings_openai_base_url").set_value(address)
    app.text_input(key="settings_openai_api_key").set_value("sk-abc")
    app.text_input(key="settings_chat_model").set_value("some-model")
    app = submit(app, ZH["app.save"], "connection_form")
    host = address.split("/")[2]
    in_use, silent = (
        ZH[f"settings.{key}"].format(model="some-model", host=host)
        for key in ("model_in_use", "model_not_answering")
    )
    assert in_use in [success.value for success in app.success]
    app.button(key="test_chat").click().run()
    assert silent in [warning.value for warning in app.warning]
    assert in_use not in said(app)
    # Another one that fails says nothing of the one in use.
    app.text_input(key="settings_chat_model").set_value("another-model")
    app.button(key="test_chat").click().run()
    assert app.error
    assert in_use in said(app)
    assert silent not in said(app)


def test_an_endpoint_that_isnt_there_is_said(open_page: OpenApp) -> None:
    app = open_page()
    app.text_input(key="settings_openai_base_url").set_value("http://127.0.0.1:9/v1")
    submit(app, ZH["settings.test"], "connection_form")
    assert [e.value for e in app.error] == [ZH["settings.test_model_unreachable"]]
