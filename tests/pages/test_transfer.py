"""Importing on the settings page, and bringing a profile back on the welcome page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from components import runtime
from components.text import catalogue
from memory.container import Container
from memory.errors import StoreError
from memory.transfer import everything, owners_of
from memory.transfer.export import to_json
from memory.types import Kind, MemoryDraft, Owner, Subject, User

ZH = catalogue("zh")
MEM0 = json.dumps(
    [
        {"memory": "用户对花生过敏"},
        {"memory": "用户有只猫"},
        {"memory": "用户要开会", "metadata": {"event_date": "tomorrow"}},
    ]
)


@pytest.fixture
def open_page(open_page_named: Callable[[str], AppTest]) -> Callable[[], AppTest]:
    return lambda: open_page_named("settings")


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.error)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def upload(app: AppTest, name: str, data: bytes, key: str = "import_file_0") -> AppTest:
    return app.file_uploader(key=key).upload(name, data, "application/json").run()


def paste(app: AppTest, text: str) -> AppTest:
    app.segmented_control(key="import_source_0").set_value("paste").run()
    app.text_area(key="import_text_0").set_value(text)
    form = app.form("import_text_0_form")
    return form.form_submit_button[0].click().run()


def shown(app: AppTest) -> list[tuple[int, str, str]]:
    frame = next(f.value for f in app.dataframe if "verdict" in f.value)
    return [(int(r["row"]), r["verdict"], r["text"]) for _, r in frame.iterrows()]


def test_look_confirm_and_take_back(
    running: Container, owner: Owner, open_page: Callable[[], AppTest]
) -> None:
    running.memory_service.add(owner, MemoryDraft("用户有只猫。", Subject.USER, Kind.CONSTANT))
    app = upload(open_page(), "mem0.json", MEM0.encode())
    assert not app.exception
    wrong, known, new = shown(app)
    assert wrong[:2] == (3, ZH["transfer.is_wrong"])
    assert ZH["error.memory_event_date"] in wrong[2]
    assert known == (2, ZH["transfer.is_duplicate"], "用户有只猫")
    assert new == (1, ZH["transfer.is_added"], "用户对花生过敏")
    assert ZH["transfer.adds_memories"].format(count=1) in said(app)
    app.segmented_control(key=_ending(app, "_verdict")).set_value("wrong").run()
    assert shown(app) == [wrong]
    assert running.store.reads.count(owner) == 1, "nothing before it is confirmed"

    app.button(key="import_go").click().run()
    assert not app.exception
    assert ZH["transfer.did_memories"].format(count=1) in said(app)
    assert {m.text for m in running.store.reads.matching(owner)} == {
        "用户有只猫。",
        "用户对花生过敏",
    }
    assert not [b for b in app.button if b.key == "import_go"], "the file is put away"

    app.button(key="import_undo").click().run()
    assert ZH["transfer.taken_back"].format(count=1) in said(app)
    assert running.store.reads.count(owner) == 1


def _ending(app: AppTest, ending: str) -> str:
    return next(str(c.key) for c in app.get("button_group") if str(c.key).endswith(ending))


def test_a_pasted_dialogue_asks_only_what_it_leaves_open(
    running: Container, owner: Owner, open_page: Callable[[], AppTest]
) -> None:
    app = paste(open_page(), "甲：我住在杭州。\n乙：真好。\n甲：昨天我去了西湖。\n乙：好玩吗？")
    assert not app.exception
    boxes = {box.label: box for box in app.selectbox}
    assert boxes[ZH["transfer.speaker"]].value == "甲"
    day = next(d for d in app.date_input if d.label == ZH["transfer.day"])
    day.set_value(date(2024, 10, 18)).run()
    assert any("用户住在杭州" in text for _, _, text in shown(app))
    boxes[ZH["transfer.speaker"]].select("乙").run()
    assert not any("用户住在杭州" in text for _, _, text in shown(app))
    boxes = {box.label: box for box in app.selectbox}
    boxes[ZH["transfer.speaker"]].select("甲").run()
    boxes[ZH["transfer.persona"]].select("qing").run()
    app.button(key="import_go").click().run()
    assert not app.exception
    (session,) = running.db.sessions.of(Owner(owner.user_id, "qing"))
    assert session.created_at.date() == date(2024, 10, 18)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.json", b"{", "import_json"),
        ("a.txt", b"no dialogue", "import_unknown"),
        ("a.zip", b"PK\x03\x04", "import_archive"),
        ("a.csv", b"\x00" * 50, "import_empty"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    open_page: Callable[[], AppTest], name: str, data: bytes, code: str
) -> None:
    app = upload(open_page(), name, data)
    assert not app.exception
    assert [error.value for error in app.error] == [ZH[f"error.{code}"]]
    assert not [button for button in app.button if button.key == "import_go"]


def test_nothing_new_cannot_be_confirmed(
    running: Container, owner: Owner, open_page: Callable[[], AppTest]
) -> None:
    running.memory_service.add(owner, MemoryDraft("用户有只猫", Subject.USER, Kind.CONSTANT))
    app = upload(open_page(), "m.json", json.dumps([{"memory": "用户有只猫"}]).encode())
    assert app.button(key="import_go").disabled
    assert ZH["transfer.nothing_new"] in said(app)
    app.button(key="import_cancel").click().run()
    assert not [button for button in app.button if button.key == "import_go"]


def test_a_failure_says_that_nothing_was_written(
    running: Container,
    owner: Owner,
    open_page: Callable[[], AppTest],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise StoreError

    app = upload(open_page(), "mem0.json", MEM0.encode())
    monkeypatch.setattr(running.store.writes, "put", broken)
    app.button(key="import_go").click().run()
    assert not app.exception
    assert app.error[0].value == f"{ZH['error.store']} {ZH['transfer.failed']}"
    monkeypatch.undo()
    app.button(key="import_go").click().run()
    assert running.store.reads.count(owner) == 2


def test_the_welcome_page_brings_a_profile_back(
    running: Container, owner: Owner, user: User, open_app: Callable[..., AppTest]
) -> None:
    running.memory_service.add(owner, MemoryDraft("用户有只猫", Subject.USER, Kind.CONSTANT))
    owners = owners_of(running.store, user.id, running.personas)
    whole = everything(running.db, running.store, user, owners, running.clock())
    running.erase_user(user.id)
    app = upload(open_app(), "me.json", to_json(whole).encode(), "restore_file_0")
    assert not app.exception
    found = ZH["transfer.restore_found"].format(name="小雨", memories=1, sessions=0)
    assert found in said(app)
    app.button(key="restore_go").click().run()
    assert not app.exception
    assert runtime.container().db.users.all() == [user]
    assert running.store.reads.count(owner) == 1
    assert app.chat_input, "the chat is open, as that user"


def test_another_file_restores_nobody(open_app: Callable[..., AppTest], running: Container) -> None:
    app = upload(open_app(), "m.json", MEM0.encode(), "restore_file_0")
    assert [error.value for error in app.error] == [ZH["error.import_no_user"]]
    assert running.db.users.all() == []


def test_the_empty_memories_page_leads_here(open_page_named: Callable[[str], AppTest]) -> None:
    app = open_page_named("memories")
    links = [link.proto.label for link in app.get("page_link")]
    assert ZH["transfer.link"] in links


def test_an_export_of_one_persona(
    running: Container, owner: Owner, open_page: Callable[[], AppTest]
) -> None:
    app = open_page()
    app.segmented_control(key="export_scope").set_value("persona").run()
    assert not app.exception
    assert len([b for b in app.get("download_button") if b.key.startswith("export_")]) == 3
