"""Signing in, and that nobody gets at what belongs to somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from components import menu, runtime
from components.text import catalogue
from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject, User
from tests.pages.conftest import APP, TIMEOUT_SECONDS

ZH = catalogue("zh")
MEI = {"is_logged_in": True, "iss": "https://id.example", "sub": "mei", "name": "Mei"}
LIN = {**MEI, "sub": "lin", "name": "Lin"}
BOSS = {**MEI, "sub": "boss", "name": "Boss", "email": "boss@x.org", "email_verified": True}
SECRET = "a purple umbrella"


@pytest.fixture(autouse=True)
def _accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANNIAN_ACCOUNTS", "required")
    monkeypatch.setenv("NIANNIAN_DESIGNERS", "boss@x.org")
    monkeypatch.setenv("NIANNIAN_LANGUAGE", "zh")


@pytest.fixture
def app() -> Callable[..., AppTest]:
    def make(claims: dict[str, object], page: str = "chat", **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=TIMEOUT_SECONDS)
        app.user = dict(claims)
        app.run()
        if page != "chat":
            app.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return make


@pytest.fixture
def lin(app: Callable[..., AppTest], running: Container) -> User:
    """Somebody with a memory, a conversation and a token of their own."""
    app(LIN)
    user = next(u for u in running.db.users.all() if u.name == "Lin")
    owner = Owner(user.id, "niannian")
    running.memory_service.add(
        owner, MemoryDraft(f"User has {SECRET}", Subject.USER, Kind.CONSTANT)
    )
    session = running.db.sessions.create(owner, SECRET)
    running.db.messages.add(owner, session.id, "user", f"I have {SECRET}")
    running.accounts.create_token(user.id, SECRET, ["memory"])
    return user


def shown(app: AppTest) -> str:
    """Everything on the page, tables included."""
    parts = [str(getattr(element, "value", "")) for element in app.main]
    parts += [str(getattr(element, "label", "")) for element in app.main]
    parts += [str(getattr(element, "value", "")) for element in app.sidebar]
    parts += [str(getattr(element, "label", "")) for element in app.sidebar]
    parts += [str(element.proto) for element in app.main]
    return "\n".join(parts)


def test_without_a_login_there_is_only_the_sign_in(app, lin: User) -> None:
    for page in menu.names():
        page_shown = app({"is_logged_in": False}, page, user=lin.id)
        assert [title.value for title in page_shown.title] == [ZH["accounts.title"]]
        assert SECRET not in shown(page_shown)
        assert not page_shown.sidebar.button


def test_without_a_provider_it_says_so(app) -> None:
    assert app({"is_logged_in": False}).error[0].value == ZH["accounts.no_provider"]


def test_an_identity_that_says_nothing_is_nobody(app, running: Container) -> None:
    page = app({"is_logged_in": True, "name": "Nobody"})
    assert [title.value for title in page.title] == [ZH["accounts.title"]]
    assert running.db.users.all() == []


def test_the_first_sign_in_makes_a_profile_and_the_next_finds_it(app, running: Container) -> None:
    assert not app(MEI).exception
    app(MEI)
    assert [(u.name, u.role) for u in running.db.users.all()] == [("Mei", "person")]


@pytest.mark.parametrize("page", sorted(e.name for e in menu.entries() if not e.designers))
def test_anothers_id_in_the_address_opens_nothing(app, lin: User, running, page: str) -> None:
    owner = Owner(lin.id, "niannian")
    session = running.db.sessions.of(owner)[0].id
    memory = running.store.page(owner).items[0].id if hasattr(running.store, "page") else ""
    before = (running.store.reads.count(owner), len(running.db.sessions.of(owner)))
    ids = {
        "user": lin.id,
        "session": session,
        "memory": memory,
        "message": running.db.messages.of(owner, session)[0].id,
    }
    opened = app(MEI, page, **ids)
    assert not opened.exception
    assert SECRET not in shown(opened)
    mei = next(u for u in running.db.users.all() if u.name == "Mei")
    assert opened.query_params["user"] in (mei.id, [mei.id])
    assert (running.store.reads.count(owner), len(running.db.sessions.of(owner))) == before
    assert running.db.access_log.entries(lin.id) == []


@pytest.mark.parametrize("page", sorted(e.name for e in menu.entries() if e.designers))
def test_a_designers_page_is_no_page_for_others(app, page: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        app(MEI, page)
    straight = AppTest.from_file(str(APP.parent / "pages" / f"{page}.py"))
    straight.default_timeout = TIMEOUT_SECONDS
    straight.user = dict(MEI)
    straight.run()
    assert ZH[f"app.page_{page}"] not in [title.value for title in straight.title]
    assert not straight.tabs
    assert not app(BOSS, page).exception


def test_a_remembered_choice_of_another_opens_nothing(app, lin: User) -> None:
    page = app(MEI)
    page.session_state["chosen_user"] = lin.id
    page.run()
    page.switch_page("pages/memories.py").run()
    assert SECRET not in shown(page)


def test_a_person_has_no_picker_and_no_settings_of_the_server(app, lin: User) -> None:
    page = app(MEI, "settings")
    assert [tab.label for tab in page.tabs] == [
        ZH[f"settings.tab_{name}"] for name in ("profile", "access", "safety", "data")
    ]
    assert not [box for box in page.sidebar.selectbox if box.label == ZH["app.user"]]
    assert ZH["app.new_user"] not in [button.label for button in page.sidebar.button]
    assert ZH["accounts.sign_out"] in [button.label for button in page.sidebar.button]


def test_a_designer_sees_another_and_the_look_is_written_down(app, lin: User, running) -> None:
    page = app(BOSS, "memories", user=lin.id)
    boss = next(u for u in running.db.users.all() if u.name == "Boss")
    assert boss.role == "designer"
    assert SECRET in shown(page)
    assert "Lin" in page.sidebar.warning[0].value
    page.run()
    page.run()
    looked = [(look.by_user_id, look.what) for look in running.db.access_log.entries(lin.id)]
    assert looked == [(boss.id, "memories")]
    page.button(key="looking_back").click().run()
    assert SECRET not in shown(page)
    assert running.db.access_log.entries(boss.id) == []


def test_a_designer_s_change_on_a_page_is_written_down(app, lin: User, running) -> None:
    owner = Owner(lin.id, "niannian")
    memory = running.store.reads.matching(owner)[0]
    page = app(BOSS, "memories", user=lin.id, memory=memory.id)
    boss = next(u for u in running.db.users.all() if u.name == "Boss")
    # The callback of this button runs before the page knows who is there.
    next(b for b in page.button if b.key and b.key.startswith("undo_")).click().run()
    assert not page.exception
    assert running.store.reads.matching(owner) == []
    done = [(look.by_user_id, look.action) for look in running.db.access_log.entries(lin.id)]
    assert done[0] == (boss.id, "change")
    mine = app(LIN, "settings")
    assert ZH["accounts.action_change"] in shown(mine)


def test_a_designer_s_care_for_another_is_written_down(
    app, lin: User, running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANNIAN_SERVED_TO_OTHERS", "true")
    runtime.reload()
    db = runtime.container().db
    complaint = db.operators.add_complaint(lin.id, "总是答非所问。")
    page = app(BOSS, "settings")
    boss = next(u for u in db.users.all() if u.name == "Boss")
    page.run()
    page.text_input(key=f"answer_{complaint.id}").set_value("改好了。")
    next(b for b in page.button if b.form_id == f"answer_form_{complaint.id}").click().run()
    assert not page.exception
    app(BOSS, "settings", user=lin.id).button(key="correct_age").click().run()
    done = [(look.by_user_id, look.action) for look in reversed(db.access_log.entries(lin.id))]
    assert [action for _, action in done if action == "change"] == ["change"] * 2
    assert done[0] == (boss.id, "view")
    assert {by for by, _ in done} == {boss.id}


def test_who_is_no_designer_any_more_sees_nothing(app, lin: User, monkeypatch) -> None:
    assert SECRET in shown(app(BOSS, "memories", user=lin.id))
    monkeypatch.setenv("NIANNIAN_DESIGNERS", "")
    runtime.reload()
    assert SECRET not in shown(app(BOSS, "memories", user=lin.id))


def test_the_demo_story_is_not_for_everybodys_server(app) -> None:
    for claims, page in ((MEI, "memories"), (BOSS, "memories"), (BOSS, "settings")):
        labels = [button.label for button in app(claims, page).button]
        assert ZH["demo.load"] not in labels


def test_a_token_is_shown_once_and_can_be_taken_back(app, running: Container) -> None:
    page = app(MEI, "settings")
    page.text_input(key="token_name").input("phone")
    form = next(b for b in page.button if b.label == ZH["accounts.create"])
    form.click().run()
    secret = page.code[0].value
    token = running.accounts.check(secret)
    assert token is not None
    assert (token.name, token.scopes) == ("phone", {"chat", "memory"})
    page.button(key="token_copied").click().run()
    assert not page.code
    assert secret not in shown(page)
    page.button(key=f"revoke_{token.id}").click().run()
    assert running.accounts.check(secret) is None


def test_a_person_cant_make_a_designers_token(app, running: Container) -> None:
    page = app(MEI, "settings")
    assert ZH["accounts.scope_designer"] not in str(page.get("button_group")[0].proto)


def test_other_machines_need_accounts(app, monkeypatch: pytest.MonkeyPatch) -> None:
    real = runtime.st.get_option
    monkeypatch.setattr(
        runtime.st,
        "get_option",
        lambda name: "0.0.0.0" if name == "server.address" else real(name),
    )
    assert not app(MEI).error
    monkeypatch.setenv("NIANNIAN_ACCOUNTS", "local")
    runtime.reload()
    refused = app({})
    assert "0.0.0.0" in refused.error[0].value
    assert "NIANNIAN_ACCOUNTS" in refused.error[0].value


def test_people_see_who_looked_at_their_data(app, lin: User, running: Container) -> None:
    app(BOSS, "memories", user=lin.id)
    page = app(LIN, "settings")
    table = page.dataframe[-1].value
    said = ["Boss", ZH["accounts.action_view"], ZH["app.page_memories"]]
    assert table.iloc[0].tolist()[1:] == said
    boss = next(u for u in running.db.users.all() if u.name == "Boss")
    running.accounts.look(boss, lin.id, "recall")
    running.accounts.look(boss, lin.id, "GET /api/memory/user/{user_id}")
    seen = app(LIN, "settings").dataframe[-1].value.iloc[:2, 3].tolist()
    assert seen == ["GET /api/memory/user/{user_id}", ZH["app.page_studio"]]
    assert "Boss" in app(LIN, "changes").dataframe[-1].value.to_string()
    assert ZH["accounts.looks_none"] in [note.value for note in app(MEI, "settings").caption]


def test_a_designer_cant_erase_or_rename_another(app, lin: User) -> None:
    page = app(BOSS, "settings", user=lin.id)
    assert ZH["settings.tab_profile"] not in [tab.label for tab in page.tabs]
    assert ZH["settings.erase"] not in [button.label for button in page.button]
    assert ZH["accounts.create"] not in [button.label for button in page.button]


def test_a_designer_reads_anothers_chat_and_cant_write_in_it(app, lin: User, running) -> None:
    owner = Owner(lin.id, "niannian")
    running.db.messages.add(owner, running.db.sessions.of(owner)[0].id, "assistant", "Oh!")
    before = _written(running, owner)
    page = app(BOSS, user=lin.id)
    assert not page.exception
    assert SECRET in shown(page)
    assert page.chat_input[0].disabled
    assert ZH["accounts.looking_only"].format(name="Lin") in page.get("caption")[-1].value
    keys = {button.key.split("_")[0] for button in page.button if button.key}
    assert not keys & {"again", "unsay", "new", "remember", "plan"}
    assert not page.get("menu_button")
    assert _written(running, owner) == before


def test_looking_where_nobody_talked_opens_no_session(app, lin: User, running) -> None:
    owner = Owner(lin.id, "niannian")
    for session in running.db.sessions.of(owner):
        running.db.sessions.delete(owner, session.id)
    page = app(BOSS, user=lin.id)
    assert [note.value for note in page.info] == [ZH["accounts.looking_no_session"]]
    assert running.db.sessions.of(owner) == []


def _written(running: Container, owner: Owner) -> list[tuple[str, str]]:
    """Everything said in the sessions of ``owner``."""
    return [
        (session.id, message.text)
        for session in running.db.sessions.of(owner)
        for message in running.db.messages.of(owner, session.id)
    ]
