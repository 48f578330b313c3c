"""What operators who serve others show: the statement, notices, contact, complaints, alarms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from components.text import catalogue
from memory.container import Container
from memory.types import Owner, User

ZH = catalogue("zh")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANNIAN_SERVED_TO_OTHERS", "true")


@pytest.fixture
def settings_page(open_page_named: Callable[[str], AppTest]) -> Callable[[], AppTest]:
    return lambda: open_page_named("settings")


def words(app: AppTest) -> str:
    shown = [*app.markdown, *app.header, *app.caption, *app.text]
    return "\n".join(str(element.value) for element in shown)


def ai_notice(app: AppTest) -> list[str]:
    return [str(one.value) for one in app.markdown if "念念是人工智能程序" in str(one.value)]


@pytest.mark.usefixtures("served")
def test_nobody_talks_before_saying_how_old_they_are(
    open_app: Callable[..., AppTest], running: Container, user: User
) -> None:
    app = open_app(user=user.id)
    assert not app.chat_input
    assert ZH["safety.statement_title"] in words(app)
    app.button(key="age_minor").click().run()
    assert not app.exception
    known = running.db.users.get(user.id)
    assert (known.minor, known.age_source) == (True, "stated")
    assert app.chat_input


@pytest.mark.usefixtures("served")
def test_the_notice_stands_at_the_beginning_and_stays_there(
    open_app: Callable[..., AppTest], running: Container, user: User, owner: Owner
) -> None:
    running.db.operators.set_age(user.id, minor=False, source="stated")
    app = open_app(user=user.id)
    [notice] = ai_notice(app)
    assert notice.startswith(":material/smart_toy: **")
    app.chat_input[0].set_value("今天吃了面").run()
    assert not app.exception
    assert len(ai_notice(app)) == 1


@pytest.mark.usefixtures("served")
def test_after_two_hours_of_talking_a_break_is_suggested_where_it_was_due(
    open_app: Callable[..., AppTest], running: Container, user: User, owner: Owner
) -> None:
    running.db.operators.set_age(user.id, minor=False, source="stated")
    session = running.db.sessions.create(owner)
    start = running.clock() - timedelta(hours=2, minutes=10)
    for n in range(7):
        at = start + timedelta(minutes=20 * n)
        running.db.messages.add(owner, session.id, "user", f"第{n}句", created_at=at)
        running.db.messages.add(owner, session.id, "assistant", "嗯", created_at=at)
    app = open_app(user=user.id)
    shown = [str(one.value) for one in (*app.markdown, *app.text)]
    assert sum("请休息一下" in text for text in shown) == 1


def test_a_private_install_shows_no_notice_and_asks_for_no_age(
    open_app: Callable[..., AppTest], user: User
) -> None:
    app = open_app(user=user.id)
    assert app.chat_input
    assert ai_notice(app) == []


@pytest.mark.usefixtures("served")
def test_contact_and_complaint_are_kept_and_answered(
    settings_page: Callable[[], AppTest], running: Container, user: User
) -> None:
    app = settings_page()
    app.text_input(key="emergency_contact").set_value("姑姑 138 0000 1111")
    next(b for b in app.button if b.form_id == "contact_form").click().run()
    assert running.db.users.get(user.id).emergency_contact == "姑姑 138 0000 1111"
    assert [note.value for note in app.toast] == [ZH["settings.saved"]]
    assert not app.error
    app.text_area(key="complaint_text").set_value("它总打断我。")
    next(b for b in app.button if b.form_id == "complaint_form").click().run()
    [complaint] = running.db.operators.complaints(user.id)
    app = settings_page()
    app.text_input(key=f"answer_{complaint.id}").set_value("已经改好。")
    next(b for b in app.button if b.form_id == f"answer_form_{complaint.id}").click().run()
    assert not app.exception
    [complaint] = running.db.operators.complaints(user.id)
    assert complaint.answer == "已经改好。"
    assert "已经改好。" in words(settings_page())


def test_a_private_install_has_the_counter_and_the_age_and_nothing_else(
    settings_page: Callable[[], AppTest], running: Container, user: User
) -> None:
    running.db.operators.count_alarm(running.clock().date(), "self_harm", "CN")
    running.db.operators.count_alarm(date(2020, 1, 1), "suicide", None)
    running.db.operators.set_age(user.id, minor=True, source="said")
    app = settings_page()
    said = words(app)
    assert ZH["safety.alarms"] in said
    assert ZH["safety.age_minor"] in said
    assert ZH["safety.complaints"] not in said
    assert not [one for one in app.text_input if one.key == "emergency_contact"]
    frame = next(one.value for one in app.dataframe if ZH["safety.kind"] in one.value.columns)
    assert frame.to_numpy().tolist() == [
        [running.clock().date(), ZH["word.alarm.self_harm"], ZH["word.region.CN"], 1]
    ]
    app.button(key="correct_age").click().run()
    known = running.db.users.get(user.id)
    assert (known.minor, known.age_source) == (False, "designer")


def test_the_region_can_be_changed_beside_the_lines(
    open_app: Callable[..., AppTest], running: Container, user: User
) -> None:
    app = open_app(user=user.id)
    app.chat_input[0].set_value("我不想活了").run()
    assert "12356" in words(app)
    box = next(one for one in app.selectbox if str(one.key).startswith("lines_region_"))
    box.set_value("TW").run()
    assert not app.exception
    assert running.db.users.get(user.id).region == "TW"
    assert "1925" in words(app)
