"""The insights page: right numbers, one sentence a chart, and empty states that help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from components import charts
from components.insights import charts as insights_charts
from components.text import catalogue
from memory import stats
from memory.container import Container
from memory.errors import StoreError
from memory.types import DEFAULT_CATEGORIES, Kind, MemoryDraft, Owner, Subject

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]


@pytest.fixture
def open_page(open_page_named: Callable[[str], AppTest]) -> Callable[[], AppTest]:
    return lambda: open_page_named("insights")


@pytest.fixture
def some(running: Container, owner: Owner) -> None:
    today = running.clock().date()
    user, ai, constant, temporal = Subject.USER, Subject.AI, Kind.CONSTANT, Kind.TEMPORAL
    running.keeper.add_many(
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
    running.keeper.add(
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
    memory = running.store.list(owner, limit=1)[0]
    running.keeper.delete(owner, [memory.id])
    assert app.run().metric[0].value == "5"
    other = running.store.list(owner, limit=1)[0]
    running.keeper.edit(owner, other.id, subject="ai" if other.subject == "user" else "user")
    assert app.run().metric[1].value != "4 : 2"


def test_no_dates_is_said_in_place_of_the_chart(
    running: Container, owner: Owner, open_page: OpenApp
) -> None:
    running.keeper.add(owner, MemoryDraft("用户叫小雨", Subject.USER, Kind.CONSTANT))
    app = open_page()
    assert not app.exception
    assert [info.value for info in app.info] == [ZH["insights.no_dates_event"]] * 2


def test_a_failing_store_is_one_sentence(
    running: Container, open_page: OpenApp, some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise StoreError("broken")

    monkeypatch.setattr(running.store, "count", fail)
    app = open_page()
    assert not app.exception
    assert [error.value for error in app.error] == [ZH["error.store"]]


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
        "category": insights_charts._category_link,
        "subject": lambda p: insights_charts._pair(p, "subject", "kind"),
        "kind": lambda p: insights_charts._pair(p, "kind", "subject"),
        "event": lambda p: insights_charts._date_link(p, "event"),
        "stored": lambda p: insights_charts._date_link(p, "stored"),
    }
    assert links[make](point) == expected


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_category_has_a_colour_of_its_own_that_can_be_seen(theme: charts.Mode) -> None:
    colours = [charts.category_colour(category, theme) for category in DEFAULT_CATEGORIES]
    assert len(set(colours)) == len(DEFAULT_CATEGORIES)
    paper = {"light": "#FBF7F2", "dark": "#1C1A19"}[theme]
    for colour in colours:
        assert contrast(colour, paper) >= 3, colour


def test_categories_of_ones_own_are_drawn_too() -> None:
    assert charts.category_colour("hobby", "light") == charts.category_colour("other", "light")


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.1)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_calendar_of_a_year_change_has_every_week() -> None:
    table = stats.frame([], ZoneInfo("UTC"))
    data = stats.calendar(table, "event", date(2025, 9, 1), date(2026, 3, 1))
    figure = charts.calendar_map(data, list("一二三四五六日"), str, "light")
    assert len(figure.data[0].x) == len(data)
    assert max(figure.data[0].x) == data["week"].nunique() - 1
