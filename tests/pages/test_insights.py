"""The insights page: right numbers, one sentence a chart, and empty states that help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from components.insights import charts as insights_charts
from components.text import catalogue
from memory.container import Container
from memory.errors import StoreError
from memory.types import Kind, MemoryDraft, Owner, Reason, Source, Subject, Trace, TraceItem

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]


@pytest.fixture
def open_page(open_page_named: Callable[[str], AppTest]) -> Callable[[], AppTest]:
    return lambda: open_page_named("insights")


@pytest.fixture
def some(running: Container, owner: Owner) -> None:
    today = running.clock().date()
    user, ai, constant, temporal = Subject.USER, Subject.AI, Kind.CONSTANT, Kind.TEMPORAL
    running.memory_service.add_many(
        owner,
        [
            MemoryDraft("用户对花生过敏", user, constant, "health"),
            MemoryDraft("用户叫小雨", user, constant, "identity"),
            MemoryDraft("念念喜欢下雨", ai, constant, "preference"),
            MemoryDraft("用户去滑雪", user, temporal, "event", today.isoformat()),
            MemoryDraft("念念看了流星雨", ai, temporal, "event", today.isoformat()),
            MemoryDraft("用户搬家", user, temporal, "event", f"{today:%Y-%m}"),
        ],
    )


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def test_nothing_remembered_says_what_to_do(open_page: OpenApp) -> None:
    app = open_page()
    assert not app.exception
    assert ZH["memories.empty_title"] in said(app)
    assert not app.metric
    assert not app.get("plotly_chart")


def test_three_numbers_and_a_sentence_for_each_chart(open_page: OpenApp, some: None) -> None:
    app = open_page()
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["6", "4 : 2", "6"]
    text = said(app)
    assert ZH["insights.category_says"].format(count=4, name="经历", share="50%") in text
    assert ZH["insights.subject_says"].format(user=4, ai=2) in text
    assert ZH["insights.kind_says"].format(constant=3, temporal=3) in text
    assert ZH["insights.left_out"].format(count=1) in text
    assert len(app.get("plotly_chart")) == 6
    assert len([b for b in app.get("download_button") if b.proto.id]) == 6


def test_dates_by_the_day_they_were_stored(open_page: OpenApp, some: None) -> None:
    app = open_page()
    app.get_by_key("insights_which").set_value("stored").run()
    app.get_by_key("insights_unit").set_value("month").run()
    assert not app.exception
    assert "记下了 6 条" in said(app)
    app.get_by_key("insights_period").set_value("all").run()
    assert not app.exception


def test_all_personas_counts_every_one(
    running: Container, owner: Owner, open_page: OpenApp, some: None
) -> None:
    running.memory_service.add(
        Owner(owner.user_id, "qing"), MemoryDraft("青喜欢茶", Subject.AI, Kind.CONSTANT)
    )
    app = open_page()
    assert app.metric[0].value == "6"
    app.get_by_key("insights_scope").set_value("all").run()
    assert app.metric[0].value == "7"


def test_a_change_shows_at_the_next_run(
    running: Container, owner: Owner, open_page: OpenApp, some: None
) -> None:
    app = open_page()
    memory = running.store.reads.matching(owner, limit=1)[0]
    running.memory_service.delete(owner, [memory.id])
    assert app.run().metric[0].value == "5"
    other = running.store.reads.matching(owner, limit=1)[0]
    running.memory_service.edit(
        owner, other.id, subject="ai" if other.subject == "user" else "user"
    )
    assert app.run().metric[1].value != "4 : 2"


def test_no_dates_is_said_in_place_of_the_chart(
    running: Container, owner: Owner, open_page: OpenApp
) -> None:
    running.memory_service.add(owner, MemoryDraft("用户叫小雨", Subject.USER, Kind.CONSTANT))
    app = open_page()
    assert not app.exception
    assert [info.value for info in app.info] == [ZH["insights.no_dates_event"]] * 2


def test_a_failing_store_is_one_sentence(
    running: Container, open_page: OpenApp, some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise StoreError("broken")

    monkeypatch.setattr(running.store.reads, "count", fail)
    app = open_page()
    assert not app.exception
    assert [error.value for error in app.error] == [ZH["error.store"]]


def show(app: AppTest, view: str) -> AppTest:
    app.get_by_key("insights_view").set_value(view).run()
    assert not app.exception
    return app


@pytest.fixture
def talked(running: Container, owner: Owner, some: None) -> None:
    """Two turns, one reply with a memory in its context, and a batch with a mood."""
    session = running.db.sessions.create(owner)
    memory = next(m for m in running.store.reads.matching(owner) if m.text == "用户对花生过敏")
    for used in (True, False):
        asked = running.db.messages.add(owner, session.id, "user", "你好")
        reply = running.db.messages.add(owner, session.id, "assistant", "在", reply_to=asked.id)
        if used:
            item = TraceItem.of(memory, Reason.PROFILE)
            trace = Trace(reply.id, (item,), created_at=running.clock())
            running.db.traces.save(owner, trace)
    batch = running.db.batches.make(owner, session.id)
    assert batch is not None
    mood = {"mood": {"score": -1, "word": "疲惫"}}
    running.db.history.record([], finish_batch=batch.id, outcome=mood)


def test_time_shows_categories_mood_and_hours(open_page: OpenApp, talked: None) -> None:
    app = show(open_page(), "time")
    text = said(app)
    assert "经历最多，共 3 条" in text
    assert "1 次提取里，用户的心情平均偏低" in text
    assert "用户一共写了 2 条消息" in text
    assert len(app.get("plotly_chart")) == 3
    app.get_by_key("time_which").set_value("event").run()
    app.get_by_key("time_unit").set_value("month").run()
    assert not app.exception
    assert "共 3 条" in said(app)


def test_time_says_what_is_missing(open_page: OpenApp, some: None) -> None:
    app = show(open_page(), "time")
    infos = [info.value for info in app.info]
    assert infos == [ZH["insights.no_moods"], ZH["insights.no_messages"]]


def test_use_counts_replies_and_lists_what_is_never_used(open_page: OpenApp, talked: None) -> None:
    app = show(open_page(), "use")
    assert [metric.value for metric in app.metric] == ["50%", "1", "5"]
    text = said(app)
    assert ZH["insights.replies_says"].format(total=2, used=1, share="50%") in text
    assert ZH["insights.used_says"].format(used=1, never=5) in text
    labels = [link.proto.label for link in app.get("page_link")]
    assert any("花生" in label and "1 次" in label for label in labels)
    assert len([label for label in labels if "花生" in label]) == 1


def test_rated_replies_lead_to_the_reply_and_to_its_recall(
    running: Container, owner: Owner, open_page: OpenApp, talked: None
) -> None:
    assert ZH["rated.title"] not in said(show(open_page(), "use"))
    session = running.db.sessions.of(owner)[0]
    reply = running.db.messages.of(owner, session.id)[-1]
    running.db.branches.rate(owner, reply.id, "down")
    app = show(open_page(), "use")
    assert "> 你好" in said(app)
    links = [link.proto for link in app.get("page_link")]
    queries = {link.label: link.query_string for link in links}
    assert reply.id in queries[ZH["used.to_reply"]]
    assert f"reply={reply.id}" in queries[ZH["recall.open"]]
    app.get_by_key("rated_which").set_value("up").run()
    assert ZH["rated.none"] in said(app)


def test_use_tells_who_said_it_from_the_source_messages(
    running: Container, owner: Owner, open_page: OpenApp, talked: None
) -> None:
    session = running.db.sessions.of(owner)[0]
    asked, reply = running.db.messages.of(owner, session.id)[:2]
    running.memory_service.add_many(
        owner,
        [
            MemoryDraft(text, subject, Kind.CONSTANT, source=Source(session.id, (id,)))
            for text, subject, id in (
                ("用户养了猫", Subject.USER, asked.id),
                ("念念喜欢茶", Subject.AI, reply.id),
            )
        ],
    )
    app = show(open_page(), "use")
    assert ZH["insights.speakers_says_about"].format(user=5, ai=3) in said(app)
    app.get_by_key("insights_whose").set_value("said").run()
    assert not app.exception
    assert ZH["insights.speakers_says_said"].format(user=1, ai=1) in said(app)


def test_two_periods_are_compared(open_page: OpenApp, some: None) -> None:
    app = show(open_page(), "compare")
    assert "0 条记忆" in said(app)
    assert "6 条记忆" in said(app)
    assert len(app.get("plotly_chart")) == 1


def test_two_users_are_compared_and_the_look_is_asked_for(
    running: Container, open_page: OpenApp, some: None
) -> None:
    other = running.db.users.create("阿明", language="zh", timezone="Asia/Shanghai")
    running.memory_service.add(
        Owner(other.id, "niannian"),
        MemoryDraft("用户怕高", Subject.USER, Kind.CONSTANT, "emotion"),
    )
    app = show(open_page(), "compare")
    assert "阿明" in said(app)
    gap = ZH["insights.compare_says"].format(name="情绪", side="阿明", points=100)
    assert gap in said(app)
    app.get_by_key("insights_compare").set_value("periods").run()
    assert not app.exception


def test_without_the_right_nobody_else_can_be_compared(
    running: Container, open_page: OpenApp, some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.db.users.create("阿明", language="zh", timezone="Asia/Shanghai")
    app = open_page()
    monkeypatch.setattr(running.accounts, "may_see", lambda viewer, user_id: False)
    app.get_by_key("insights_view").set_value("compare").run()
    assert not [s for s in app.selectbox if s.key == "insights_other"]


def test_the_portrait_is_kept_until_it_is_made_anew(
    running: Container, owner: Owner, open_page: OpenApp, some: None
) -> None:
    app = show(open_page(), "portrait")
    assert "对花生过敏" in said(app)
    running.memory_service.add(
        owner, MemoryDraft("用户喜欢茶", Subject.USER, Kind.CONSTANT, "preference")
    )
    assert "喜欢茶" not in said(app.run())
    app.button(key="portrait_again").click().run()
    assert "喜欢茶" in said(app)
    assert len([b for b in app.get("download_button") if b.proto.id]) == 2


def test_the_kept_table_holds_no_text(open_page: OpenApp, some: None) -> None:
    app = open_page()
    kept = app.session_state["insights_kept"][1]
    assert not kept.map(lambda cell: "花生" in str(cell)).to_numpy().any()


@pytest.mark.parametrize(
    ("make", "point", "expected"),
    [
        ("category", {"customdata": "health"}, {"category": ["health"]}),
        ("category", {"customdata": ["health"]}, {"category": ["health"]}),
        ("subject", {"customdata": ["ai", "temporal"]}, {"subject": ["ai"], "kind": ["temporal"]}),
        ("kind", {"customdata": ["constant", "user"]}, {"kind": ["constant"], "subject": ["user"]}),
        (
            "event",
            {"customdata": ["2026-03-02", "2026-03-08"]},
            {"event_from": ["2026-03-02"], "event_to": ["2026-03-08"], "within": ["yes"]},
        ),
        (
            "stored",
            {"customdata": {"0": "2026-03-02", "1": "2026-03-08"}},
            {"stored_from": ["2026-03-02"], "stored_to": ["2026-03-08"]},
        ),
        ("category", {"x": 3}, None),
        ("event", {}, None),
    ],
)
def test_a_click_leads_to_the_memories_behind_it(
    make: str, point: dict[str, Any], expected: dict[str, list[str]] | None
) -> None:
    links: dict[str, Callable[..., Any]] = {
        "category": insights_charts.category_link,
        "subject": lambda p: insights_charts.pair_link(p, "subject", "kind"),
        "kind": lambda p: insights_charts.pair_link(p, "kind", "subject"),
        "event": lambda p: insights_charts.date_link(p, "event"),
        "stored": lambda p: insights_charts.date_link(p, "stored"),
    }
    assert links[make](point) == expected


def test_what_was_said_then_is_found(
    running: Container, owner: Owner, talked: None, open_page: OpenApp
) -> None:
    now = running.clock()
    found = running.db.aggregates.newest_message([owner], now - timedelta(days=1), now)
    assert found is not None
    whose, session, message = found
    assert whose == owner
    assert running.db.messages.get(owner, message).session_id == session
    other = Owner(owner.user_id, "qing")
    assert running.db.aggregates.newest_message([other], now - timedelta(days=1), now) is None
    asked = insights_charts.said_link(now.date(), now.date(), ZoneInfo("UTC"))
    start, end = (datetime.fromisoformat(asked[name][0]) for name in insights_charts.SAID)
    assert end - start == timedelta(days=1)


def test_everybody_at_once_and_from_there_to_one(
    running: Container, owner: Owner, some: None, open_page: OpenApp
) -> None:
    app = open_page()
    control = app.segmented_control(key="insights_view")
    assert "everybody" not in control.options
    mei = running.db.users.create("梅", tenant_id="acme")
    draft = MemoryDraft("用户怕黑", Subject.USER, Kind.CONSTANT, "emotion")
    running.memory_service.add(Owner(mei.id, "niannian"), draft)
    app = open_page()
    app.segmented_control(key="insights_view").set_value("everybody").run()
    assert not app.exception
    assert ZH["everybody.says"].format(users=2, memories=7) in said(app)
    (table,) = app.dataframe
    assert list(table.value["user"]) == ["小雨", "梅"]
    assert list(table.value["memories"]) == [6, 1]
    assert len(app.get("plotly_chart")) == 1
    app.get_by_key("everybody_subject").set_value(Subject.AI).run()
    assert list(app.dataframe[0].value["memories"]) == [2, 0]
    app.get_by_key("everybody_subject").set_value(None)
    app.get_by_key("everybody_category").set_value(["emotion"])
    app.get_by_key("everybody_persona").set_value("niannian").run()
    assert 1 in list(app.dataframe[0].value["memories"])
    app.get_by_key("everybody_persona").set_value("qing").run()
    assert not app.exception
    assert set(app.dataframe[0].value["memories"]) == {0}
    app.get_by_key("everybody_tenant").set_value("acme").run()
    assert list(app.dataframe[0].value["tenant"]) == ["acme"]


def test_people_and_things_as_a_map_and_a_list(
    open_app: OpenApp, running: Container, owner: Owner
) -> None:
    drafts = [
        MemoryDraft(text, Subject.USER, Kind.CONSTANT, "relationship")
        for text in ("用户的舅舅老秦住在西安", "用户养了一只狗，叫豆包", "老秦做的臊子面很香")
    ]
    running.memory_service.add_many(owner, drafts)
    app = open_app(user=owner.user_id)
    app.switch_page("pages/insights.py")
    app.query_params["user"] = owner.user_id
    app.query_params["view"] = "people"
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    text = said(app)
    assert ZH["insights.people_says"].format(people=1, all=3) in text
    assert "老秦做的臊子面很香" in text
    who = app.selectbox(key="people_chosen")
    assert len(who.options) == 3
    who.set_value("pet:豆包").run()
    assert not app.exception
    assert "老秦做的臊子面很香" not in said(app)
