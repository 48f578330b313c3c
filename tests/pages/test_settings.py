"""The settings page: connect, tune, take everything along, erase everything."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import runtime
from components.identity import Identity
from components.settings import export as settings_export
from components.settings import wishes
from components.settings.presets import PRESETS
from components.text import catalogue
from memory.config import read_saved
from memory.container import Container
from memory.errors import NotFound
from memory.transfer.export import read_json, to_json
from memory.types import (
    Appearance,
    CustomCategory,
    ExtractionSettings,
    Kind,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Subject,
    User,
)

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]


@pytest.fixture
def open_page(open_page_named: Callable[[str], AppTest]) -> Callable[[], AppTest]:
    return lambda: open_page_named("settings")


@pytest.fixture
def memory_id(running: Container, owner: Owner) -> str:
    session = running.db.sessions.create(owner, "零食")
    running.db.messages.add(owner, session.id, "user", "我对花生过敏")
    return running.memory_service.add(
        owner, MemoryDraft("用户对花生过敏", Subject.USER, Kind.CONSTANT, "health")
    ).id


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


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.success)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def submit(app: AppTest, label: str, form: str) -> AppTest:
    inside = app.form(form)
    return next(b for b in inside.form_submit_button if b.label == label).click().run()


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


def test_what_the_environment_decides_is_locked_with_the_reason(
    open_page: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANNIAN_BATCH_TURNS", "7")
    runtime.reload()
    app = open_page()
    field = app.number_input(key="settings_batch_turns")
    assert (field.value, field.disabled, field.help) == (7, True, ZH["settings.fixed"])
    assert ZH["settings.fixed_some"] in said(app)


def test_batch_silence_and_context_are_saved(open_page: OpenApp) -> None:
    app = open_page()
    app.number_input(key="settings_batch_turns").set_value(4)
    app.number_input(key="settings_idle_seconds").set_value(60)
    app.number_input(key="settings_context_tokens").set_value(3000)
    app.selectbox(key="settings_language").select("en")
    submit(app, ZH["app.save"], "remembering_form")
    assert not app.exception
    settings = runtime.container().settings
    assert (settings.batch_turns, settings.idle_seconds) == (4, 60)
    assert (settings.context_tokens, settings.language) == (3000, "en")


def test_the_profile_changes_name_language_zone_and_region(open_page: OpenApp, user: User) -> None:
    app = open_page()
    app.text_input(key="profile_name").set_value("小晴")
    app.selectbox(key="profile_language").select("en")
    app.selectbox(key="profile_timezone").select("Europe/Berlin")
    app.selectbox(key="profile_region").select("US")
    submit(app, ZH["app.save"], "profile_form")
    assert not app.error
    assert not app.exception
    now = runtime.container().db.users.get(user.id)
    assert (now.name, now.language) == ("小晴", "en")
    assert (now.timezone, now.region) == ("Europe/Berlin", "US")
    assert app.title[0].value == "Settings"


def test_a_profile_needs_a_name(open_page: OpenApp, user: User) -> None:
    app = open_page()
    app.text_input(key="profile_name").set_value("  ")
    submit(app, ZH["app.save"], "profile_form")
    assert [e.value for e in app.error] == [ZH["app.name_missing"]]


def test_the_export_holds_everything_and_reads_back(
    running: Container, owner: Owner, user: User, memory_id: str
) -> None:
    running.memory_service.edit(owner, memory_id, importance=5)
    running.memory_service.add(
        Owner(user.id, "qing"), MemoryDraft("青喜欢茶", Subject.AI, Kind.CONSTANT)
    )
    other = running.db.users.create("别人")
    running.memory_service.add(
        Owner(other.id, "niannian"), MemoryDraft("别人的秘密", Subject.USER, Kind.CONSTANT)
    )
    me = Identity(user, running.personas["niannian"], "zh")
    raw = to_json(settings_export.everything(running, me))
    export = read_json(raw)
    assert {memory.text for memory in export.memories} == {"用户对花生过敏", "青喜欢茶"}
    assert [m.text for s in export.sessions for m in s.messages] == ["我对花生过敏"]
    assert [change.action.value for change in export.changes] == ["add", "edit", "add"]
    assert "别人的秘密" not in raw


def test_the_page_offers_three_files(open_page: OpenApp, memory_id: str) -> None:
    app = open_page()
    labels = [b.proto.label for b in app.get("download_button")]
    exports = [ZH[f"settings.export_{ending}"] for ending in ("json", "csv", "md")]
    assert labels == [*exports, ZH["backup.download"]]


def test_erasing_needs_the_name(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    app = open_page()
    app.text_input(key="erase_name").set_value("别人")
    submit(app, ZH["settings.erase"], "erase_form")
    assert ZH["settings.erase_mismatch"] in [e.value for e in app.error]
    assert running.store.reads.count(owner) == 1


def test_erasing_everything_leaves_nothing_and_says_what_is_gone(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    folder = running.settings.data_dir
    app = open_page()
    app.switch_page("pages/insights.py").run()
    app.switch_page("pages/settings.py").run()
    app.text_input(key="erase_name").set_value(" 小雨 ")
    submit(app, ZH["settings.erase"], "erase_form")
    assert not app.exception
    assert ZH["settings.erased"].split("{")[0] in said(app)
    assert "1 条记忆和它们的向量" in said(app)
    with pytest.raises(NotFound):
        running.db.users.get(owner.user_id)
    assert running.store.reads.count(owner, MemoryFilter(statuses=frozenset())) == 0
    assert "花生" not in str(app.session_state.to_dict())
    runtime.reload()
    assert not [path for path in files(folder) if "花生".encode() in path.read_bytes()]


def test_erasing_one_persona_keeps_the_others(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    other = Owner(owner.user_id, "qing")
    running.memory_service.add(other, MemoryDraft("青喜欢茶", Subject.AI, Kind.CONSTANT))
    app = open_page()
    app.radio(key="erase_scope").set_value("persona")
    app.text_input(key="erase_name").set_value("小雨")
    submit(app, ZH["settings.erase"], "erase_form")
    assert not app.exception
    assert (running.store.reads.count(owner), running.store.reads.count(other)) == (0, 1)
    assert running.db.users.get(owner.user_id).name == "小雨"


def test_the_demo_is_loaded_and_removed_in_one_step(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    app = open_page()
    app.button(key="demo_load").click().run()
    assert not app.exception
    assert [user for user in running.db.users.all() if user.demo]
    app = open_page()
    app.button(key="demo_remove").click().run()
    assert not app.exception
    assert [user.id for user in running.db.users.all()] == [owner.user_id]
    assert running.store.reads.owners() == [owner]


def test_a_changed_embedder_is_explained_and_put_right(
    running: Container,
    owner: Owner,
    open_page: OpenApp,
    memory_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Other:
        name, dims = "another-16", 16

        def embed(self, texts: list[str], purpose: str = "passage") -> list[list[float]]:
            return [[1.0] * 16 for _ in texts]

    monkeypatch.setattr(running.store.core, "embedder", Other())
    app = open_page()
    assert not app.exception
    assert any("another-16" in str(w.value) for w in app.warning)
    assert app.sidebar.warning, "every page says so, not only this one"
    app.button(key="reembed").click().run()
    assert not app.exception
    assert not any("another-16" in str(w.value) for w in app.warning)
    assert not app.sidebar.warning
    assert running.store.reads.get(owner, memory_id).text == "用户对花生过敏"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_categories_are_cards_where_a_table_has_no_room(
    open_page: Callable[[], AppTest], running: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = CustomCategory("追星"), CustomCategory("钓鱼", "和水库", "#113355")
    running.db.extraction_settings.set(ExtractionSettings(categories=(first, second)))
    monkeypatch.setattr(wishes, "narrow", lambda: True)
    page = open_page()
    names = [field for field in page.text_input if field.label == ZH["settings.category_name"]]
    assert [field.value for field in names[:3]] == ["追星", "钓鱼", ""]
    names[0].set_value("")
    names[2].set_value("观鸟")
    next(b for b in page.button if b.form_id == "wishes_form").click()
    page.run()
    assert not page.exception
    kept = running.db.extraction_settings.of().categories
    assert kept == (second, CustomCategory("观鸟"))
    names = [field for field in page.text_input if field.label == ZH["settings.category_name"]]
    assert [field.value for field in names[:3]] == ["钓鱼", "观鸟", ""]


def test_a_category_of_ones_own_is_offered_for_memories(
    open_page: Callable[[], AppTest],
    open_page_named: Callable[[str], AppTest],
    running: Container,
    owner: Owner,
) -> None:
    running.db.extraction_settings.set(
        ExtractionSettings(categories=(CustomCategory("追星", "演唱会和偶像", "#aa3377"),))
    )
    page = open_page()
    page.text_area(key="wishes_instructions").set_value("不要记价格。")
    page.text_input(key="wishes_excludes").set_value("工资")
    next(b for b in page.button if b.form_id == "wishes_form").click()
    page.run()
    assert not page.exception
    kept = running.db.extraction_settings.of()
    assert (kept.custom_instructions, kept.excludes) == ("不要记价格。", "工资")
    assert [c.name for c in kept.categories] == ["追星"]
    memory = running.memory_service.add(
        owner, MemoryDraft("用户去看了演唱会", Subject.USER, Kind.CONSTANT, "追星")
    )
    memories = open_page_named("memories")
    assert not memories.exception
    assert memory.category == "追星"


def test_the_look_holds_at_once_and_for_this_user_alone(
    open_page: Callable[[], AppTest], running: Container, owner: Owner
) -> None:
    page = open_page()
    other = running.db.users.create("阿宁")
    # AppTest knows no segmented control; its callback does what a click does.
    page.selectbox(key="appearance_accent_qing").select("sea").run()
    assert not page.exception
    kept = running.db.appearances.of(owner.user_id)
    assert kept == Appearance(accents={"qing": "sea"})
    assert running.db.appearances.of(other.id) == Appearance()
    running.db.appearances.set(owner.user_id, Appearance("dark", "huge", {"niannian": "moss"}))
    page = open_page()
    styles = " ".join(element.proto.body for element in page.get("html"))
    assert "font-size: 21px" in styles
    assert "light-dark(#2F6A4A, #7CC29B)" in styles
