from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.nlp import dates
from memory.types import Language

TODAY = date(2025, 10, 22)  # a Wednesday
DAYS = st.dates(date(2016, 1, 1), date(2034, 12, 31))

ZH = """
今天 2025-10-22|今天早上 2025-10-22|今晚 2025-10-22|昨天 2025-10-21|昨晚 2025-10-21|前天 2025-10-20
大前天 2025-10-19|明天 2025-10-23|明早 2025-10-23|后天 2025-10-24|大后天 2025-10-25|後天 2025-10-24
上周六 2025-10-18|上週六 2025-10-18|上个星期六 2025-10-18|这周五 2025-10-24|下周五 2025-10-31
下下周一 2025-11-03|上上周日 2025-10-12|下礼拜天 2025-11-02|上周 2025-10-13|上周末 2025-10-18
这个周末 2025-10-25|上个月 2025-09|下个月 2025-11|这个月20号 2025-10-20|上个月15号 2025-09-15
去年 2024|前年 2023|明年 2026|今年夏天 2025|去年夏天 2024|2018年夏天 2018|去年10月18日 2024-10-18
2024年4月5日 2024-04-05|二〇二四年五月 2024-05|2025-10-18 2025-10-18|十月十八号 2025-10-18
三天前 2025-10-19|两周后 2025-11-05|半年前 2025-04|两个月前 2025-08|10年前 2015|再过两周 2025-11-05|过两周 2025-11-05
半个月后 2025-11-06|国庆 2025-10-01|今年国庆 2025-10-01|去年春节 2024-02-10|今年中秋 2025-10-06
元旦 2026-01-01|圣诞节 2025-12-25|除夕 2026-02-16|明年清明 2026-04-05|去年端午 2024-06-10
双十一 2025-11-11|年底 2025-12|98年出生 1998|上周六（5月3日） 2025-05-03|大年初一 2026-02-17
"""
EN = """
today 2025-10-22|tonight 2025-10-22|this morning 2025-10-22|yesterday 2025-10-21|last night 2025-10-21
the day before yesterday 2025-10-20|tomorrow morning 2025-10-23|the day after tomorrow 2025-10-24
last Saturday 2025-10-18|last Monday 2025-10-20|this Friday 2025-10-24|next Friday 2025-10-31
this coming Sunday 2025-10-26|last week 2025-10-13|next week 2025-10-27|last weekend 2025-10-18
last month 2025-09|next month 2025-11|last year 2024|on April 2nd, 2024 2024-04-02|2 April 2024 2024-04-02
three days ago 2025-10-19|a week ago 2025-10-15|a couple of days ago 2025-10-20|in two weeks 2025-11-05
in three months 2026-01|two years ago 2023|half a year ago 2025-04|last summer 2025|next spring 2026
the summer of 2019 2019|in 2019 2019|May 2021 2021-05|last October 2024-10|Christmas 2025-12-25
last Christmas 2024-12-25|Thanksgiving 2025-11-27|October 18 last year 2024-10-18|Easter 2024 2024-03-31
2025-10-18 2025-10-18|12/25/2024 2024-12-25|the week before last 2025-10-06|April 5-8, 2024 2024-04-05
"""


def _rows(table: str) -> list[tuple[str, str]]:
    rows = [row for line in table.strip().splitlines() for row in line.split("|")]
    return [(row.rsplit(" ", 1)[0], row.rsplit(" ", 1)[1]) for row in rows]


@pytest.mark.parametrize(("text", "expected"), _rows(ZH))
def test_chinese_expressions(text: str, expected: str) -> None:
    mentions = dates.resolve(f"我{text}去了那里", TODAY, "zh")
    assert [mention.date_str for mention in mentions] == [expected]


@pytest.mark.parametrize(("text", "expected"), _rows(EN))
def test_english_expressions(text: str, expected: str) -> None:
    mentions = dates.resolve(f"I was there {text}.", TODAY, "en")
    assert [mention.date_str for mention in mentions] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "我坐3号线",
        "收藏了邮票x4号",
        "型号是abc4号",
        "在A12号登机口",
        "住在8号楼",
        "一周三次",
        "每周三跑步",
        "每个周末",
        "工作了十年",
        "三个月",
        "周杰伦",
        "今日头条",
        "以后天天来",
        "2月30日",
        "二十五岁",
        "I may go",
        "on Fridays",
        "every Friday",
        "I march 3 times",
        "in 5 minutes",
        "4/5/2024",
        "May I ask",
        "February 30",
        "the sun is out",
    ],
)
def test_no_date_where_none_is_named(text: str) -> None:
    assert dates.resolve(text, TODAY) == []


@pytest.mark.parametrize(
    ("text", "earlier", "later"),
    [
        ("周五", "2025-10-17", "2025-10-24"),
        ("4月5号", "2025-04-05", "2026-04-05"),
        ("15号", "2025-10-15", "2025-11-15"),
        ("国庆节", "2025-10-01", "2026-10-01"),
        ("on Friday", "2025-10-17", "2025-10-24"),
        ("April 2", "2025-04-02", "2026-04-02"),
        ("in May", "2025-05", "2026-05"),
    ],
)
def test_open_dates_expose_both_readings(text: str, earlier: str, later: str) -> None:
    (mention,) = dates.resolve(text, TODAY)
    assert mention.past is None
    assert mention.towards(future=False).date_str == earlier
    assert mention.towards(future=True).date_str == later


@pytest.mark.parametrize(
    ("text", "past"),
    [("昨天", True), ("明天", False), ("今天", None), ("前几天", True), ("last week", True)],
)
def test_past_or_not(text: str, past: bool | None) -> None:
    (mention,) = dates.resolve(text, TODAY)
    assert mention.past is past


def test_before_december_is_not_twelve_months_ago() -> None:
    (mention,) = dates.resolve("12月前瘦十斤", TODAY)
    assert mention.date_str == "2025-12"


def test_spans_of_weekends_and_ranges() -> None:
    (weekend,) = dates.resolve("上周末", TODAY)
    assert (weekend.start, weekend.end) == (date(2025, 10, 18), date(2025, 10, 19))
    (stay,) = dates.resolve("10月5号到8号", TODAY)
    assert (stay.start, stay.end) == (date(2025, 10, 5), date(2025, 10, 8))


@pytest.mark.parametrize(
    ("event_date", "language", "expected"),
    [
        ("2025-10-22", "zh", "今天"),
        ("2025-10-20", "zh", "前天"),
        ("2025-10-24", "zh", "后天"),
        ("2025-10-18", "zh", "上周六（10月18日）"),
        ("2025-10-31", "zh", "下周五（10月31日）"),
        ("2025-08-01", "zh", "8月1日"),
        ("2025-01-01", "zh", "今年1月1日"),
        ("2024-10-18", "zh", "去年10月18日"),
        ("2021-05-03", "zh", "2021年5月3日"),
        ("2021-05", "zh", "2021年5月"),
        ("2026", "zh", "明年"),
        ("2025-10-21", "en", "yesterday"),
        ("2025-10-18", "en", "last Saturday (October 18)"),
        ("2025-08-01", "en", "August 1"),
        ("2024-10-18", "en", "October 18 last year"),
        ("2021-05-03", "en", "May 3, 2021"),
        ("2021-05", "en", "May 2021"),
        ("someday", "en", "someday"),
    ],
)
def test_say(event_date: str, language: Language, expected: str) -> None:
    assert dates.say(event_date, TODAY, language) == expected


@given(today=DAYS, shift=st.integers(-900, 900), language=st.sampled_from(["zh", "en"]))
def test_what_is_said_resolves_to_the_same_day(today: date, shift: int, language: Language) -> None:
    day = (today + timedelta(days=shift)).isoformat()
    (mention,) = dates.resolve(dates.say(day, today, language), today, language)
    assert mention.date_str == day


@pytest.mark.parametrize(
    ("event_date", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_span(event_date: str, first: date, last: date) -> None:
    assert dates.span(event_date) == (first, last)


@pytest.mark.parametrize("event_date", ["", "2024-13", "2023-02-29", "yesterday", "24-1-1"])
def test_span_of_no_date(event_date: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        dates.span(event_date)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("上周末我去了哪", (date(2025, 10, 18), date(2025, 10, 19))),
        ("周五我有什么安排", (date(2025, 10, 24), date(2025, 10, 24))),
        ("周五我们聊了什么", (date(2025, 10, 17), date(2025, 10, 17))),
        ("What did I do on Friday?", (date(2025, 10, 17), date(2025, 10, 17))),
        ("What are my plans next week?", (date(2025, 10, 27), date(2025, 11, 2))),
        ("4月5号到8号我会去哪", (date(2026, 4, 5), date(2026, 4, 8))),
        ("上个月发生了什么", (date(2025, 9, 1), date(2025, 9, 30))),
        ("我最近怎么样", (date(2025, 10, 8), TODAY)),
        ("你还记得我喜欢什么吗", None),
        ("Where do I live?", None),
    ],
)
def test_query_range(question: str, expected: tuple[date, date] | None) -> None:
    assert dates.query_range(question, TODAY) == expected


@given(text=st.text(), today=st.dates())
def test_no_text_crashes(text: str, today: date) -> None:
    for mention in dates.resolve(text, today):
        assert mention.start <= mention.end
        assert dates.span(mention.date_str)[0] <= mention.end
        assert text[mention.begin : mention.stop] == mention.text
    dates.query_range(text, today)


_PIECES = "今昨前天明后上下个周月年日号末一二三十25半过春节国庆last next on in May April Friday 2nd week ago 0-/（）"


@given(
    text=st.lists(st.sampled_from([*_PIECES, *_PIECES.split()]), max_size=12).map("".join),
    today=st.dates(),
)
def test_no_mix_of_date_words_crashes(text: str, today: date) -> None:
    for mention in dates.resolve(text, today):
        assert dates.span(mention.date_str)[0] <= mention.end


@pytest.mark.parametrize(
    "text", ["我学过两年钢琴", "在那里住过三年", "我吃过几天药", "我喜欢五月天的歌", "工作过两周"]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert dates.resolve(text, TODAY, "zh") == []


def test_the_end_of_a_month_is_in_that_month() -> None:
    (mention,) = dates.resolve("we move out by the end of November", TODAY, "en")
    assert (mention.text, mention.date_str) == ("November", "2025-11")


COMPOUND = [
    # what is said on Tuesday 2026-05-12, the day or days it can mean
    ("今年国庆前一天", {"2026-09-30"}),
    ("去年春节后第三天", {"2025-02-01"}),
    ("今年中秋前两天", {"2026-09-23"}),
    ("五年前的今天", {"2021-05-12"}),
    ("上个月的今天", {"2026-04-12"}),
    ("去年的昨天", {"2025-05-11"}),
    ("三周前的今天", {"2026-04-21"}),
    ("月底", {"2026-05"}),
    ("下个月底", {"2026-06"}),
    ("a week from Thursday", {"2026-05-21"}),
    ("two weeks from tomorrow", {"2026-05-27"}),
    ("the Friday before last", {"2026-05-01"}),
    ("the Sunday after next", {"2026-05-24"}),
    ("six years ago today", {"2020-05-12"}),
    ("a month ago yesterday", {"2026-04-11"}),
    ("on Christmas Eve three years ago", {"2023-12-24"}),
    ("the day before Thanksgiving last year", {"2025-11-26"}),
    ("two days after Christmas", {"2025-12-27", "2026-12-27"}),
    ("农历六月初八", {"2025-07-02", "2026-07-21"}),
    ("去年腊月二十八", {"2026-02-15"}),
    ("正月十六", {"2026-03-04", "2027-02-21"}),
    ("今年冬至那天", {"2026-12-22"}),
    ("今年腊八节", {"2027-01-15"}),
]


@pytest.mark.parametrize(("said", "meant"), COMPOUND)
def test_compound_and_lunar_mentions_resolve_as_wholes(said: str, meant: set[str]) -> None:
    mentions = dates.resolve(said, date(2026, 5, 12))
    assert len(mentions) == 1
    found = mentions[0]
    readings = {r.date_str for r in (found.earlier, found.later) if r} or {found.date_str}
    assert readings == meant


def test_the_beginning_of_a_month_is_no_lunar_day() -> None:
    mention = dates.resolve("三月初一共花了两千", date(2026, 5, 12))[0]
    assert mention.date_str == "2026-03"
