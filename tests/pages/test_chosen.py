"""Views and tabs: in the address, kept for the browser session, the rest of it untouched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from components.text import catalogue
from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject, User

OpenApp = Callable[..., AppTest]
ZH = catalogue("zh")

# Page, key of its control, parameter, the default, another choice.
VIEWS = [
    ("memories", "memories_view", "view", "table", "diary"),
    ("insights", "insights_view", "view", "overview", "use"),
]
TABS = [
    ("settings", "settings_tabs", "tab", "connection", "data"),
    ("studio", "studio_tabs", "tab", "prompts", "personas"),
]
CONTROLS = [*VIEWS, *TABS]
everywhere = pytest.mark.parametrize(("page", "key", "param", "default", "other"), CONTROLS)


@pytest.fixture
def open_at(
    open_app: OpenApp, running: Container, owner: Owner, user: User
) -> Callable[..., AppTest]:
    """Open a page with what its address says; something is remembered."""
    running.memory_service.add(owner, MemoryDraft("用户养猫", Subject.USER, Kind.CONSTANT))

    def open_it(page: str, **query: str) -> AppTest:
        app = open_app(user=user.id)
        return go(app, page, user=user.id, **query)

    return open_it


def go(app: AppTest, page: str, **query: str) -> AppTest:
    """Follow a link: the address is what the link says, and nothing else."""
    app.query_params.clear()
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(f"pages/{page}.py").run()


def held(page: str, name: str) -> str:
    """What the control of a page holds for a choice: tabs hold their labels."""
    return ZH.get(f"{page}.tab_{name}", name)


def choose(app: AppTest, page: str, key: str, name: str) -> AppTest:
    """Choose as a click does."""
    if page in {control[0] for control in VIEWS}:
        return app.segmented_control(key=key).set_value(name).run()
    app.session_state[key] = held(page, name)
    return app.run()


def said(app: AppTest, param: str) -> str:
    value = app.query_params.get(param, "")
    return value if isinstance(value, str) else value[0]


@everywhere
def test_a_first_visit_has_a_clean_address(
    open_at: OpenApp, page: str, key: str, param: str, default: str, other: str
) -> None:
    app = open_at(page)
    assert not app.exception
    assert param not in app.query_params
    assert app.session_state[key] == held(page, default)


@everywhere
def test_a_choice_is_in_the_address_and_a_reload_keeps_it(
    open_at: OpenApp, user: User, page: str, key: str, param: str, default: str, other: str
) -> None:
    app = choose(open_at(page, keep="me"), page, key, other)
    assert not app.exception
    assert said(app, param) == other
    assert said(app, "user") == user.id
    assert said(app, "keep") == "me"
    again = open_at(page, **{param: said(app, param)})
    assert again.session_state[key] == held(page, other)
    assert said(again, param) == other
    assert param not in choose(again, page, key, default).query_params
    assert again.session_state[key] == held(page, default)


@everywhere
def test_a_look_at_another_page_keeps_it(
    open_at: OpenApp, page: str, key: str, param: str, default: str, other: str
) -> None:
    app = choose(open_at(page), page, key, other)
    go(app, "chat")
    assert param not in app.query_params
    go(app, page)
    assert app.session_state[key] == held(page, other)
    assert said(app, param) == other
    choose(app, page, key, default)
    go(app, "chat")
    go(app, page)
    assert app.session_state[key] == held(page, default)


@everywhere
def test_an_unknown_name_in_the_address_is_the_default(
    open_at: OpenApp, page: str, key: str, param: str, default: str, other: str
) -> None:
    app = open_at(page, **{param: "nonsense"})
    assert not app.exception
    assert app.session_state[key] == held(page, default)
    assert param not in app.query_params


@everywhere
def test_a_link_wins_over_what_was_chosen_before(
    open_at: OpenApp, page: str, key: str, param: str, default: str, other: str
) -> None:
    app = choose(open_at(page), page, key, other)
    go(app, "chat")
    go(app, page, **{param: default})
    assert app.session_state[key] == held(page, default)


@everywhere
def test_back_in_the_browser_is_back_to_the_view_before(
    open_at: OpenApp, page: str, key: str, param: str, default: str, other: str
) -> None:
    app = choose(open_at(page), page, key, other)
    del app.query_params[param]
    app.run()
    assert app.session_state[key] == held(page, default)
    app.query_params[param] = other
    app.run()
    assert app.session_state[key] == held(page, other)


def test_the_same_name_on_two_pages_are_two_choices(open_at: OpenApp) -> None:
    app = choose(open_at("memories"), "memories", "memories_view", "diary")
    choose(go(app, "insights"), "insights", "insights_view", "use")
    go(app, "memories")
    assert app.session_state["memories_view"] == "diary"


def test_another_persona_is_seen_in_the_same_view(open_at: OpenApp) -> None:
    app = choose(open_at("memories"), "memories", "memories_view", "diary")
    app.radio(key="pick_persona_niannian").set_value("qing").run()
    assert not app.exception
    assert said(app, "persona") == "qing"
    assert app.session_state["memories_view"] == "diary"
    assert said(app, "view") == "diary"


def test_an_opened_memory_and_the_view_stand_side_by_side(
    open_at: OpenApp, running: Container, owner: Owner
) -> None:
    (memory,) = running.store.reads.matching(owner)
    app = open_at("memories", memory=memory.id)
    choose(app, "memories", "memories_view", "profile")
    assert (said(app, "memory"), said(app, "view")) == (memory.id, "profile")


def test_tabs_stay_when_the_language_changes(open_at: OpenApp, running: Container) -> None:
    app = choose(open_at("studio"), "studio", "studio_tabs", "personas")
    (user,) = running.db.users.all()
    running.db.users.update(user.id, language="en")
    app.run()
    assert app.session_state["studio_tabs"] == catalogue("en")["studio.tab_personas"]
    assert said(app, "tab") == "personas"
