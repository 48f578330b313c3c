"""Plans whose day has passed: which they are, and the three things that become of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from memory.chat import follow_ups
from memory.types import Kind, Language, Memory, Owner, Status, Subject

TODAY = date(2025, 10, 20)
SAID = datetime(2025, 10, 10, tzinfo=UTC)


def plan(text: str, day: str | None, language: Language = "zh", id: str = "plan") -> Memory:
    return Memory(
        id=id,
        owner=Owner("lin", "niannian"),
        text=text,
        subject=Subject.USER,
        kind=Kind.TEMPORAL,
        category="plan",
        created_at=SAID,
        updated_at=SAID,
        event_date=day,
        language=language,
    )


SKIING = plan("用户计划10月18日去滑雪", "2025-10-18")


def test_a_plan_waits_from_the_day_after() -> None:
    assert follow_ups.passed([SKIING], date(2025, 10, 19)) == [SKIING]
    assert follow_ups.passed([SKIING], date(2025, 10, 18)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(SKIING, status=Status.CLOSED),
        replace(SKIING, subject=Subject.AI),
        replace(SKIING, event_date=None),
        replace(SKIING, event_date="irgendwann"),
        replace(SKIING, event_date="2025"),
        replace(SKIING, category="event", text="用户10月18日去滑雪了"),
        replace(SKIING, category="event", created_at=datetime(2025, 10, 19, tzinfo=UTC)),
    ],
    ids=["closed", "ai", "undated", "no date", "year not over", "told as past", "told afterwards"],
)
def test_nothing_else_waits(other: Memory) -> None:
    assert follow_ups.passed([other], TODAY) == []


def test_what_reads_like_a_plan_waits_whatever_its_category() -> None:
    said = replace(SKIING, category="event")
    assert follow_ups.passed([said], TODAY) == [said]


def test_a_plan_of_which_was_heard_since_does_not_wait() -> None:
    told = replace(
        SKIING,
        id="told",
        category="event",
        text="用户10月18日去滑雪摔了一跤",
        created_at=datetime(2025, 10, 19, tzinfo=UTC),
    )
    assert follow_ups.passed([SKIING, told], TODAY) == []


def test_the_latest_comes_first() -> None:
    earlier = plan("用户10月12日去体检", "2025-10-12", id="earlier")
    assert follow_ups.passed([earlier, SKIING], TODAY) == [SKIING, earlier]


@pytest.mark.parametrize(
    ("planned", "told"),
    [
        ("用户计划10月18日去滑雪", "用户10月18日去滑雪了"),
        ("用户10月31日和小李去看演唱会", "用户10月31日和小李去看演唱会了"),
        ("用户10月23日下午三点有个面试，好紧张", "用户10月23日下午三点的面试已经结束了"),
        ("用户高中同学聚会定在11月1日", "用户11月1日的高中同学聚会已经结束了"),
        ("用户准备12月辞职。", "用户12月辞职了。"),
        ("用户10月25日约了牙医拔智齿", "用户10月25日约了牙医拔智齿，已经去了"),
        ("用户10月25日搬家，搬到滨江那边", "用户10月25日搬家了，搬到滨江那边"),
        ("用户和妈妈打算10月去日本", "用户和妈妈10月去日本了"),
        ("用户10月18日去开会议", "用户10月18日去开会议了"),
        ("用户10月18日不去滑雪", "用户10月18日没去滑雪"),
        ("用户10月18日看完画展了", "用户10月18日看完画展了"),
    ],
)
def test_a_sentence_becomes_past_in_chinese(planned: str, told: str) -> None:
    assert follow_ups.happened(plan(planned, "2025-10-18")) == {"text": told, "category": "event"}


@pytest.mark.parametrize(
    ("planned", "told"),
    [
        ("The user is flying to Paris on May 3, 2025", "The user flew to Paris on May 3, 2025"),
        ("The user plans to visit Ann on May 3, 2025.", "The user visited Ann on May 3, 2025."),
        ("The user has to study on May 3, 2025", "The user studied on May 3, 2025"),
        ("The user is studying on May 3, 2025", "The user studied on May 3, 2025"),
        ("The user is getting married in May 2025", "The user got married in May 2025"),
        (
            "The user has an exam on May 3, 2025 and is nervous",
            "The user had an exam on May 3, 2025",
        ),
        ("The user's flight is on May 3, 2025", "The user's flight was on May 3, 2025"),
        ("The user is off to Japan in April 2025", "The user went to Japan in April 2025"),
        ("A trip to Rome in May 2025", "A trip to Rome in May 2025 (and it happened)"),
    ],
)
def test_a_sentence_becomes_past_in_english(planned: str, told: str) -> None:
    assert follow_ups.happened(plan(planned, "2025-05", "en"))["text"] == told


def test_only_a_plan_becomes_an_event() -> None:
    health = replace(plan("用户10月18日要去复查", "2025-10-18"), category="health")
    assert follow_ups.happened(health)["category"] == "health"


@pytest.mark.parametrize(
    ("text", "day", "language", "to", "said"),
    [
        ("用户计划10月18日去滑雪", "2025-10-18", "zh", "2025-11-02", "用户计划11月2日去滑雪"),
        ("用户计划10月18日去滑雪", "2025-10-18", "zh", "2026-01-02", "用户计划2026年1月2日去滑雪"),
        (
            "用户10月23日下午三点有个面试",
            "2025-10-23",
            "zh",
            "2025-11-02",
            "用户11月2日下午三点有个面试",
        ),
        (
            "The user is getting married in May 2026",
            "2026-05",
            "en",
            "2026-06-02",
            "The user is getting married on June 2, 2026",
        ),
        (
            "The user plans to camp over the weekend of October 25, 2025",
            "2025-10-25",
            "en",
            "2025-12-06",
            "The user plans to camp on December 6, 2025",
        ),
        (
            "The user has a meeting on October 18, 2025",
            "2025-10-18",
            "en",
            "2025-10-30",
            "The user has a meeting on October 30, 2025",
        ),
    ],
)
def test_a_moved_plan_says_its_new_day(
    text: str, day: str, language: Language, to: str, said: str
) -> None:
    fields = follow_ups.moved(plan(text, day, language), date.fromisoformat(to))
    assert fields == {"event_date": to, "text": said}


def test_a_plan_that_names_no_day_only_gets_a_new_one() -> None:
    assert follow_ups.moved(plan("用户要去滑雪", "2025-10-18"), TODAY) == {
        "event_date": "2025-10-20"
    }


def test_a_moved_plan_is_read_as_of_the_day_on_which_it_was_said() -> None:
    evening = datetime(2025, 12, 31, 22, tzinfo=ZoneInfo("America/New_York"))
    said = replace(
        plan("用户计划1月2日看牙医", "2026-01-02"),
        created_at=evening.astimezone(UTC),
    )
    fields = follow_ups.moved(said, date(2026, 1, 9), ZoneInfo("America/New_York"))
    assert fields["text"] == "用户计划2026年1月9日看牙医"
    same_year = follow_ups.moved(said, date(2026, 1, 9), ZoneInfo("Asia/Shanghai"))
    assert same_year["text"] == "用户计划1月9日看牙医"


@pytest.mark.parametrize("hour", [7, 9])
def test_what_was_told_on_its_day_does_not_wait(hour: int) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    told = replace(
        plan("用户10月15日去想去的书店了", "2025-10-15"),
        category="event",
        created_at=datetime(2025, 10, 15, hour, tzinfo=shanghai).astimezone(UTC),
    )
    assert follow_ups.passed([told], date(2025, 10, 16), shanghai) == []


def test_a_dropped_plan_is_closed() -> None:
    assert follow_ups.dropped() == {"status": Status.CLOSED}
