"""Sessions in the chat's sidebar: made, found, pinned, filed and deleted."""

from __future__ import annotations

from memory.container import Container
from memory.types import Owner, User
from tests.pages.chat_page import ZH, OpenApp, said, say, session_id


def test_sessions_can_be_made_found_and_left(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "聊聊上海的雨")
    first = session_id(app)
    app.button(key="new_session").click().run()
    assert session_id(app) != first
    assert len(app.chat_message) == 1
    app.text_input(key="session_query").set_value("上海").run()
    app.button(key=f"go_{first}").click().run()
    assert session_id(app) == first
    assert len(app.chat_message) == 3


def test_a_new_session_replaces_one_that_nobody_answered(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = open_app()
    app.button(key="new_session").click().run()
    assert len(running.db.sessions.of(owner)) == 1


def test_a_deleted_session_in_the_address_is_no_dead_end(user: User, open_app: OpenApp) -> None:
    app = open_app(user=user.id, session="gone")
    assert not app.exception
    assert len(app.chat_message) == 1


def test_personas_have_sessions_of_their_own(
    running: Container, user: User, open_app: OpenApp
) -> None:
    say(open_app(user=user.id), "这是和念念说的")
    app = open_app(user=user.id, persona="qing")
    assert not [t for t in app.text if "念念说的" in t.value]
    assert running.db.sessions.of(Owner(user.id, "qing"))


def test_a_session_is_only_deleted_after_asking(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(), "聊聊上海的雨")
    session = session_id(app)
    app.menu_button(key=f"menu_{session}").click("rename").run()
    assert app.text_input(key="new_title").value == "聊聊上海的雨"
    app.menu_button(key=f"menu_{session}").click("delete").run()
    assert any("聊聊上海的雨" in m.value for m in app.markdown)
    assert app.button(key="really_delete").label == ZH["app.delete"]
    assert running.db.sessions.get(owner, session).title == "聊聊上海的雨"


def test_a_pinned_session_stands_first(running: Container, owner: Owner, open_app: OpenApp) -> None:
    old = running.db.sessions.create(owner, "旅行")
    running.db.sessions.create(owner, "工作")
    app = open_app(user=owner.user_id)
    app.menu_button(key=f"menu_{old.id}").click("pin").run()
    assert running.db.sessions.of(owner, pinned_first=True)[0].id == old.id
    assert ZH["session.pinned"] in said(app)


def test_a_session_in_a_folder_stands_there_and_not_in_the_list(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    old = running.db.sessions.create(owner, "旅行")
    running.db.sessions.create(owner, "工作")
    app = open_app(user=owner.user_id)
    app.menu_button(key=f"menu_{old.id}").click("folder").run()
    running.db.sessions.file(owner, old.id, "  出门  ")
    app = open_app(user=owner.user_id, session=old.id)
    assert not app.exception
    assert running.db.sessions.folders(owner) == ["出门"]
    assert [e.label for e in app.sidebar.expander] == ["出门"]
    assert len([b for b in app.button if b.key == f"go_{old.id}"]) == 1
    app.menu_button(key=f"menu_{old.id}").click("export").run()
    assert not app.exception
    assert len(app.get("download_button")) == 2
