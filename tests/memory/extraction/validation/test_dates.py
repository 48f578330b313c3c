"""Relative dates are resolved against the day of the message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from memory.extraction.validation import guard
from memory.types import Operation
from tests.memory.extraction.batches import AI, CONSTANT, TEMPORAL, USER, ZONE, add, batch
from tests.memory.extraction.proposals import kept

DATED = [
    ("我昨天去了西湖", "用户昨天去了西湖", None, "用户10月17日去了西湖", "2024-10-17"),
    ("我昨天去了西湖", "用户去了西湖", None, "用户去了西湖", "2024-10-17"),
    ("我昨天去了西湖", "用户去了西湖", "2026-11-19", "用户去了西湖", "2024-10-17"),
    ("我昨天去了西湖", "用户去了西湖", "2024-10-17", "用户去了西湖", "2024-10-17"),
    ("我下周五面试", "用户下周五面试", None, "用户10月25日面试", "2024-10-25"),
    ("我明天要去滑雪", "用户明天要去滑雪", "2024-10-20", "用户10月19日要去滑雪", "2024-10-19"),
    (
        "I went skiing yesterday",
        "The user went skiing yesterday",
        None,
        "The user went skiing on October 17, 2024",
        "2024-10-17",
    ),
    (
        "I have an interview next Friday",
        "The user has an interview next Friday",
        None,
        "The user has an interview on October 25, 2024",
        "2024-10-25",
    ),
    ("我去了西湖", "用户去了西湖", None, "用户去了西湖", None),
    ("我10月1号去了西湖", "用户去了西湖", "2024-10-01", "用户去了西湖", "2024-10-01"),
]


@pytest.mark.parametrize(("line", "text", "given", "kept_text", "event_date"), DATED)
def test_days_are_counted_from_the_message(
    line: str, text: str, given: str | None, kept_text: str, event_date: str | None
) -> None:
    result = kept(line, op=add(text, kind=TEMPORAL, event_date=given))
    assert isinstance(result, Operation), result
    assert (result.text, result.event_date) == (kept_text, event_date)


STRESSED = "我最近压力好大，下个月就要考研了"


DATES_OF_OTHER_CLAUSES = [
    # line, proposed text, date of the model, date that is kept
    (STRESSED, "用户压力很大", "2024-10", "2024-10"),
    (STRESSED, "用户压力很大", None, None),
    (STRESSED, "用户要考研", "2025-12", "2024-11"),
    ("压力好大，下个月就要考研了", "用户压力很大", "2024-10-18", "2024-10-18"),
    ("昨天天气好，我和小李去了西湖", "用户和小李去了西湖", "2024-10-18", "2024-10-17"),
    ("我们去滑雪了，昨天", "用户去滑雪了", "2024-10-18", "2024-10-17"),
    ("压力好大，昨天考研了", "用户压力很大", "2031-01-01", "2024-10-17"),
    (
        "I've been so stressed lately, my exam is next month",
        "The user has been so stressed",
        "2024-10",
        "2024-10",
    ),
]


@pytest.mark.parametrize(("line", "text", "given", "event_date"), DATES_OF_OTHER_CLAUSES)
def test_the_date_of_another_clause_overrides_nothing(
    line: str, text: str, given: str | None, event_date: str | None
) -> None:
    result = kept(line, op=add(text, kind=TEMPORAL, event_date=given))
    assert isinstance(result, Operation), result
    assert (result.text, result.event_date) == (text, event_date)


@pytest.mark.parametrize(
    ("line", "text", "event_date"),
    [
        ("我12月前要交论文", "用户要在12月前交论文", "2024-12"),
        ("我10月30日前要交论文", "用户要在10月30日前交论文", "2024-10-30"),
        ("我2025年前要存够十万", "用户要在2025年前存够十万", "2024"),
    ],
)
def test_before_a_month_is_no_relative_date(line: str, text: str, event_date: str) -> None:
    result = kept(line, op=add(text, kind=TEMPORAL, event_date=event_date))
    assert isinstance(result, Operation), result
    assert (result.text, result.event_date) == (text, event_date)


def test_the_message_of_another_day_counts() -> None:
    request = batch("我昨天去了西湖", day=date(2023, 3, 1))
    (operation,) = guard([add("用户昨天去了西湖", kind=TEMPORAL)], request).kept
    assert operation.event_date == "2023-02-28"


def test_a_habit_is_no_date() -> None:
    op = add("用户每周六跑步", category="habit")
    assert kept("我每周六跑步", op=op) == op


def test_a_constant_fact_keeps_no_day() -> None:
    result = kept("我今年开始吃素", op=add("用户今年开始吃素", kind=CONSTANT))
    assert isinstance(result, Operation)
    assert (result.text, result.event_date) == ("用户2024年开始吃素", None)


UNSUPPORTED_DATES = [
    # said at, text, the model's memory and date, the date that is kept
    ("我把阳台收拾好了", "用户收拾好了阳台", "2021-02-03", "2024-10-18"),
    ("I baked a lemon cake", "The user baked a lemon cake", "2025-08-09", "2024-10-18"),
    ("我想学陶艺", "用户想学陶艺", "2025-03-04", None),
    ("大二那年冬天我学会了滑雪", "用户大二那年冬天学会了滑雪", "2018-12", "2018-12"),
    ("上周三我去了植物园", "用户去了植物园", "2024-10-09", "2024-10-09"),
]


@pytest.mark.parametrize(("said", "text", "proposed", "date_kept"), UNSUPPORTED_DATES)
def test_a_date_is_kept_if_what_was_said_supports_it(
    said: str, text: str, proposed: str, date_kept: str | None
) -> None:
    guarded = guard([add(text, USER, TEMPORAL, "event", proposed)], batch(said))
    assert [one.event_date for one in guarded.kept] == [date_kept]


@pytest.mark.parametrize(
    ("proposed", "date_kept"),
    [("2024-10-18", "2024-10-18"), ("2024-10-19", "2024-10-19"), (None, "2024-10-18")],
)
def test_after_midnight_tomorrow_goes_by_the_hour_and_the_model(
    proposed: str | None, date_kept: str
) -> None:
    request = batch("还没睡，明天要去体检")
    late = datetime(2024, 10, 18, 1, 30, tzinfo=ZONE).astimezone(UTC)
    request = replace(request, messages=(replace(request.messages[0], created_at=late),))
    guarded = guard([add("用户要去体检", USER, TEMPORAL, "plan", proposed)], request)
    assert [one.event_date for one in guarded.kept] == [date_kept]


def test_what_the_persona_is_about_to_do_is_of_that_day() -> None:
    request = batch("在忙吗", "> 我正要去浇花，一会儿聊")
    made = guard([add("念念正要去浇花", AI, source=(2,))], request).kept
    assert [(one.kind, one.event_date) for one in made] == [(TEMPORAL, "2024-10-18")]
