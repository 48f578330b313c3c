"""Help on the chat page: open at first, then one line that can't be sent away."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from components.text import catalogue
from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject

OpenApp = Callable[..., AppTest]
TITLE = catalogue("zh")["care.title"]


def say(app: AppTest, text: str) -> AppTest:
    return app.chat_input[0].set_value(text).run()


def folds(app: AppTest) -> list[tuple[str, bool]]:
    """Everything that opens, and whether it is; without the rest of the lines."""
    more = catalogue("zh")["care.more_lines"].partition("{")[0]
    said = [(fold.label, fold.proto.expanded) for fold in app.expander]
    return [fold for fold in said if not fold[0].startswith(more)]


def test_it_is_open_at_first_and_one_line_from_then_on(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    app = say(open_app(user=owner.user_id), "我真的不想活了")
    assert folds(app) == [(TITLE, True)]
    for text in ("嗯", "楼下的猫又来了", "不知道"):
        app = say(app, text)
        ((label, open_now),) = folds(app)
        assert not open_now
        assert "12356" in label
        # Nothing on the page takes it away.
        assert not [b for b in app.button if "care" in (b.key or "") or "help" in (b.key or "")]
    app = say(app, "药我已经吃下去了")
    assert folds(app) == [(TITLE, True)]
    app = say(app, "嗯")
    assert "120" in folds(app)[0][0]
    # A reload, another session and another persona change nothing.
    app = open_app(user=owner.user_id, persona="qing")
    assert "120" in folds(app)[0][0]


def test_no_plan_is_asked_about_meanwhile(
    running: Container, owner: Owner, open_app: OpenApp
) -> None:
    day = running.clock().date().replace(day=1).isoformat()
    running.memory_service.add(
        owner, MemoryDraft("用户打算去看牙医", Subject.USER, Kind.TEMPORAL, "plan", event_date=day)
    )
    running.db.engine.set_meta("safety_marks", "1")
    app = say(open_app(user=owner.user_id), "我不想活了")
    app = say(app, "嗯")
    assert not [m for m in app.markdown if "牙医" in m.value]


def test_a_marked_memory_is_a_quiet_chip_and_a_filter(
    running: Container, owner: Owner, open_page_named: Callable[[str], AppTest]
) -> None:
    for text in ("用户想自杀", "用户喜欢听雨"):
        running.memory_service.add(owner, MemoryDraft(text, Subject.USER, Kind.CONSTANT, "emotion"))
    app = open_page_named("memories")
    app.query_params["safety"] = "yes"
    app.run()
    table = app.dataframe[0].value
    assert list(table["text"]) == ["用户想自杀"]
    assert catalogue("zh")["memories.safety"] in table["category"].iloc[0]
