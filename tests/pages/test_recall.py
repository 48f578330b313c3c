"""The recall debugger: ask, tune, look; nothing is stored, settings are only saved on purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from components import runtime
from components.text import catalogue
from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject, User

ZH = catalogue("zh")
Open = Callable[[], AppTest]


def tab() -> None:
    from components import identity
    from components.recall.tab import recall_tab
    from components.runtime import container

    running = container()
    me = identity.current(running)
    assert me is not None
    recall_tab(running, me)


@pytest.fixture
def some(running: Container, owner: Owner) -> None:
    running.memory_service.add_many(
        owner,
        [
            MemoryDraft("用户的花瓶是红色的", Subject.USER, Kind.CONSTANT),
            MemoryDraft("用户爱看红色的花，也爱看白色的花", Subject.USER, Kind.CONSTANT),
            MemoryDraft("用户种了 tulips", Subject.USER, Kind.CONSTANT),
            *(
                MemoryDraft(
                    f"用户第{n}天散步看见了{'黄蓝'[n % 2]}色的鸟", Subject.USER, Kind.CONSTANT
                )
                for n in range(90)
            ),
        ],
    )


@pytest.fixture
def open_tab(some: None, user: User) -> Open:
    def open_it() -> AppTest:
        app = AppTest.from_function(tab, default_timeout=30)
        app.query_params["user"] = user.id
        return app.run()

    return open_it


def ask(app: AppTest, message: str) -> AppTest:
    return app.text_input(key="recall_message").set_value(message).run()


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_before_a_message_it_says_what_to_do(open_tab: Open) -> None:
    app = open_tab()
    assert not app.exception
    assert [info.value for info in app.info] == [ZH["recall.ask_first"]]
    assert not app.metric


def test_candidates_with_their_scores_and_what_became_of_them(open_tab: Open) -> None:
    app = ask(open_tab(), "红色的花")
    assert not app.exception
    table = app.dataframe[0].value
    assert table["text"].iloc[0] == "用户爱看红色的花，也爱看白色的花"
    assert table["score"].is_monotonic_decreasing
    assert "moved" not in table
    assert table["fate"].iloc[0] == ZH["recall.packed_as"].format(reason=ZH["word.reason.profile"])
    # Built-in vectors take no part, and the page doesn't pretend.
    assert "dense" not in table
    assert int(figures(app)[ZH["recall.found"]]) > 0


def test_the_budget_moves_what_is_packed(open_tab: Open) -> None:
    app = ask(open_tab(), "散步看见的鸟")
    before = int(figures(app)[ZH["recall.packed"]])
    app.slider(key="recall_try_context_tokens").set_value(300).run()
    assert int(figures(app)[ZH["recall.packed"]]) < before
    app.get_by_key("recall_view").set_value("context").run()
    assert not app.exception
    assert any("预算放不下" in str(element.value) for element in app.markdown)


def test_weights_move_the_ranking_and_go_back(open_tab: Open) -> None:
    app = ask(open_tab(), "红色的花 tulips")
    first = list(app.dataframe[0].value["text"])
    app.slider(key="recall_try_cjk_weight").set_value(3.0).run()
    assert list(app.dataframe[0].value["text"]) != first
    assert any(app.dataframe[0].value["moved"])
    app.button(key="recall_reset").click().run()
    assert list(app.dataframe[0].value["text"]) == first


def test_the_prompt_is_shown_as_a_model_would_read_it(open_tab: Open) -> None:
    app = ask(open_tab(), "红色的花")
    app.get_by_key("recall_view").set_value("prompt").run()
    assert not app.exception
    assert "用户爱看红色的花" in app.code[-1].value
    assert app.code[-1].value.endswith("红色的花")


def test_looking_stores_nothing(running: Container, owner: Owner, open_tab: Open) -> None:
    before = (running.store.reads.count(owner), len(running.db.sessions.of(owner)))
    ask(open_tab(), "记住我喜欢红色的花")
    assert (running.store.reads.count(owner), len(running.db.sessions.of(owner))) == before


def test_weights_can_be_made_the_settings(open_tab: Open) -> None:
    app = ask(open_tab(), "红色的花")
    app.slider(key="recall_try_cjk_weight").set_value(1.0).run()
    app.button(key="recall_use").click().run()
    assert not app.exception
    assert runtime.container().settings.cjk_weight == 1.0


@pytest.fixture
def fixed_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A weight that stands in the environment before the parts are built."""
    monkeypatch.setenv("NIANNIAN_CJK_WEIGHT", "0.3")


@pytest.mark.usefixtures("fixed_weight")
def test_what_the_environment_fixes_is_said(open_tab: Open) -> None:
    app = ask(open_tab(), "红色的花")
    app.slider(key="recall_try_cjk_weight").set_value(1.0).run()
    assert not [button for button in app.button if button.key == "recall_use"]
    assert any("NIANNIAN_CJK_WEIGHT" in str(caption.value) for caption in app.caption)


def test_a_reply_brings_its_message_and_conversation(
    running: Container, owner: Owner, some: None, open_app: Callable[..., AppTest]
) -> None:
    session = running.db.sessions.create(owner)
    running.db.messages.add(owner, session.id, "user", "花园里开了什么")
    asked = running.db.messages.add(owner, session.id, "user", "红色的花")
    reply = running.db.messages.add(owner, session.id, "assistant", "在呢", reply_to=asked.id)
    running.db.messages.add(owner, session.id, "user", "后来说的话")
    app = open_app(user=owner.user_id)
    app.switch_page("pages/studio.py")
    for name, value in (("user", owner.user_id), ("tab", "recall"), ("reply", reply.id)):
        app.query_params[name] = value
    app.run()
    assert app.text_input(key="recall_message").value == "红色的花"
    app.get_by_key("recall_view").set_value("prompt").run()
    assert not app.exception
    prompt = "".join(block.value for block in app.code)
    assert "花园里开了什么" in prompt
    assert "后来说的话" not in prompt
    assert ask(app, "tulips").text_input(key="recall_message").value == "tulips"


def test_small_talk_has_no_candidates(open_tab: Open) -> None:
    app = ask(open_tab(), "你好")
    assert not app.exception
    assert [info.value for info in app.info] == [ZH["recall.no_candidates"]]


def test_the_edited_prompt_is_the_one_that_is_shown(running: Container, open_tab: Open) -> None:
    shipped = running.studio.prompt("chat", "zh")
    running.studio.save("chat", "zh", shipped.replace("底线", "底线（改过）"))
    app = ask(open_tab(), "红色的花")
    app.get_by_key("recall_view").set_value("prompt").run()
    assert "底线（改过）" in app.code[0].value


def test_a_designer_looks_at_somebody_else(
    running: Container, open_tab: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = running.db.users.create("阿明", language="zh", timezone="Asia/Shanghai")
    running.memory_service.add(
        Owner(other.id, "niannian"), MemoryDraft("用户喜欢红色", Subject.USER, Kind.CONSTANT)
    )
    app = ask(open_tab(), "红色")
    app.selectbox(key="recall_user").set_value(other.id).run()
    assert not app.exception
    assert list(app.dataframe[0].value["text"]) == ["用户喜欢红色"]
