"""Replies compared on the studio page: tried, rated, kept, held against an earlier result."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from components import runtime
from components.text import catalogue
from memory.container import Container
from memory.i18n import code_text
from memory.studio.situations import shipped
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.verbs import say

ZH = catalogue("zh")
FIRST = shipped("zh")[0]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    with FakeOpenAI(answer=lambda body: "喵" if "像猫" in str(body) else "好的") as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("NIANNIAN_CHAT_MODEL", "fake-chat")
        monkeypatch.setenv("NIANNIAN_MAX_RETRIES", "0")
        runtime.reload()
        yield server


@pytest.fixture
def tab(open_page_named: Callable[[str], AppTest]) -> AppTest:
    app = open_page_named("studio")
    app.session_state["studio_tabs"] = ZH["studio.tab_replies"]
    app.session_state["studio_situations_zh"] = [FIRST.id]
    return app.run()


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.toast)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def tried(app: AppTest) -> AppTest:
    app.button(key="studio_replies_try").click().run()
    assert not app.exception
    return app


def test_personas_answer_side_by_side_and_are_rated(
    tab: AppTest, running: Container, owner: Owner
) -> None:
    assert not tab.exception
    assert ZH["studio.replies_builtin"] in said(tab)
    tried(tab)
    (trial,) = running.db.reply_trials.of(owner)
    (answer,) = trial.answers
    assert len({reply.text for reply in answer.replies}) == 2
    assert FIRST.name in said(tab)
    key = f"studio_rate_{trial.id}_0_seen"
    tab.segmented_control(key=key).set_value("b").run()
    assert running.db.reply_trials.of(owner)[0].answers[0].rating == "b"
    tab.button(key="studio_trial_forget").click().run()
    assert running.db.reply_trials.of(owner) == []
    assert ZH["studio.trials_none"] in said(tab)


def test_a_prompt_is_held_against_the_one_in_use_and_against_earlier_results(
    server: FakeOpenAI, tab: AppTest, running: Container, owner: Owner
) -> None:
    (area,) = [one for one in tab.text_area if "{context}" in (one.value or "")]
    area.set_value(area.value.replace("## system", "## system\n说话像猫。")).run()
    tried(tab)
    assert "喵" in said(tab)
    tried(tab)
    second, first = running.db.reply_trials.of(owner)
    tab.selectbox(key=f"studio_trial_beside_{second.id}").set_value(first.id).run()
    assert not tab.exception
    assert ZH["studio.trial_earlier"].partition("{")[0] in said(tab)
    tab.toggle(key="studio_blind").set_value(True).run()
    assert "使用中" not in "\n".join(one.value for one in tab.caption)


def test_a_model_that_refuses_is_one_sentence_and_nothing_is_kept(
    server: FakeOpenAI, tab: AppTest, running: Container, owner: Owner
) -> None:
    server.fail(401)
    server.fail(401)
    (own,) = [one for one in tab.text_area if "{context}" in (one.value or "")]
    own.set_value(own.value + "\n像猫").run()
    tried(tab)
    (error,) = tab.error
    assert error.value == code_text("zh", "model_auth")
    assert running.db.reply_trials.of(owner) == []


def test_the_same_twice_and_a_broken_prompt_cannot_be_tried(
    server: FakeOpenAI, tab: AppTest
) -> None:
    assert ZH["studio.replies_same"] in said(tab)
    assert tab.button(key="studio_replies_try").disabled
    (area,) = [one for one in tab.text_area if "{context}" in (one.value or "")]
    area.set_value(area.value.replace("{message}", "")).run()
    assert "message" in tab.error[0].value
    assert tab.button(key="studio_replies_try").disabled


def test_a_message_of_a_session_becomes_a_situation(
    open_page_named: Callable[[str], AppTest], running: Container, owner: Owner
) -> None:
    session = running.session_opener.open(owner, "zh")
    say(running, owner, session.id, "我今天搬家了")
    (asked,) = [m for m in running.db.messages.of(owner, session.id) if m.role == "user"]
    app = open_page_named("studio")
    app.session_state["studio_tabs"] = ZH["studio.tab_replies"]
    app.run()
    app.multiselect(key=f"studio_situation_messages_{session.id}").set_value([asked.id])
    app.button(key="FormSubmitter:studio_situation_real-存为情境").click().run()
    assert not app.exception
    (kept,) = running.db.reply_trials.situations(owner, "zh")
    assert kept.message_id == asked.id
    assert kept.id in app.multiselect(key="studio_situations_zh").value


def test_a_pasted_situation_is_kept_and_deleted(
    tab: AppTest, running: Container, owner: Owner
) -> None:
    tab.segmented_control(key="studio_situation_source").set_value("pasted").run()
    tab.text_area(key="studio_situation_text_0").set_value("念念：早")
    save = "FormSubmitter:studio_situation_written_0-存为情境"
    tab.button(key=save).click().run()
    assert ZH["error.situation_empty"] in said(tab)
    tab.text_area(key="studio_situation_text_0").set_value("念念：早\n我：下雨了")
    tab.text_area(key="studio_situation_memories_0").set_value("用户怕打雷")
    tab.button(key=save).click().run()
    (kept,) = running.db.reply_trials.situations(owner, "zh")
    assert (kept.name, kept.memories) == ("下雨了", ("用户怕打雷",))
    tab.button(key=f"studio_situation_forget_{kept.id}").click().run()
    assert running.db.reply_trials.situations(owner, "zh") == []
