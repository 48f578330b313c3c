"""Date formatting: the way people say dates, and dates for texts that must stand alone."""

from __future__ import annotations

from datetime import date

from memory.nlp.dates.mention import DateMention, monday, span
from memory.nlp.dates.names import MONTHS, WEEKDAYS
from memory.types import Language

_ZH_NEAR = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
_EN_NEAR = {
    -2: "the day before yesterday",
    -1: "yesterday",
    0: "today",
    1: "tomorrow",
    2: "the day after tomorrow",
}
_ZH_SEASONS = {"spring": "春天", "summer": "夏天", "autumn": "秋天", "winter": "冬天"}


# A month and a day alone mean the nearest such day; farther off, the year is named.
_NEAR_ENOUGH = 150


def say(event_date: str, today: date, language: Language) -> str:
    """``event_date`` the way people say it on the day ``today``.

    ``"昨天"``, ``"上周六（5月3日）"``, ``"10月18日"``, ``"去年10月18日"``, ``"2021年5月"``;
    ``"yesterday"``, ``"last Saturday (May 3)"``, ``"October 18 last year"``.
    A value that is no date is returned as it is.
    """
    try:
        start, _ = span(event_date)
    except ValueError:
        return event_date
    parts = event_date.strip().count("-")
    years = start.year - today.year
    if parts == 0:
        return _year_zh(start.year, years) if language == "zh" else _year_en(start.year, years)
    if parts == 1:
        return _month_zh(start, years) if language == "zh" else _month_en(start, years)
    return _day_zh(start, today) if language == "zh" else _day_en(start, today)


def _year_zh(number: int, years: int) -> str:
    return {-1: "去年", 0: "今年", 1: "明年"}.get(years, f"{number}年")


def _year_en(number: int, years: int) -> str:
    return {-1: "last year", 0: "this year", 1: "next year"}.get(years, str(number))


def _month_zh(start: date, years: int) -> str:
    return f"{_year_zh(start.year, years) if years else ''}{start.month}月"


def _month_en(start: date, years: int) -> str:
    name = MONTHS[start.month - 1]
    return f"{name} {_year_en(start.year, years)}" if years else name


def _day_zh(day: date, today: date) -> str:
    near = _ZH_NEAR.get((day - today).days)
    if near:
        return near
    years = day.year - today.year
    plain = f"{day.month}月{day.day}日"
    if years or abs((day - today).days) > _NEAR_ENOUGH:
        plain = _year_zh(day.year, years) + plain
    weeks = (monday(day) - monday(today)).days // 7
    if abs(weeks) > 1:
        return plain
    prefix = {-1: "上", 0: "这", 1: "下"}[weeks]
    return f"{prefix}周{'一二三四五六日'[day.weekday()]}（{day.month}月{day.day}日）"


def _day_en(day: date, today: date) -> str:
    near = _EN_NEAR.get((day - today).days)
    if near:
        return near
    years = day.year - today.year
    plain = f"{MONTHS[day.month - 1]} {day.day}"
    weeks = (monday(day) - monday(today)).days // 7
    if abs(weeks) <= 1:
        prefix = {-1: "last", 0: "this", 1: "next"}[weeks]
        return f"{prefix} {WEEKDAYS['en'][day.weekday()]} ({plain})"
    if abs(years) > 1:
        return f"{plain}, {day.year}"
    far = abs((day - today).days) > _NEAR_ENOUGH
    return f"{plain} {_year_en(day.year, years)}" if years or far else plain


def absolute(mention: DateMention, said_on: date, language: Language) -> str:
    """``mention`` as a date that still means the same when read years later.

    Chinese leaves out the year where it is the year of ``said_on``, as a diary
    does (the memory carries the full date beside its text). English has no
    preposition in front: ``"October 18, 2025"``, ``"the week of May 5, 2025"``.
    """
    start = mention.start
    if language == "en":
        return _absolute_en(mention)
    year = "" if start.year == said_on.year else f"{start.year}年"
    if mention.grain == "year":
        return f"{start.year}年"
    if mention.grain == "season":
        return f"{start.year}年{_ZH_SEASONS[mention.season or 'summer']}"
    if mention.grain == "month":
        return f"{year}{start.month}月"
    plain = f"{year}{start.month}月{start.day}日"
    if mention.grain == "weekend":
        return f"{plain}那个周末"
    if mention.grain == "week":
        return f"{plain}那一周"
    return plain + mention.part


def _absolute_en(mention: DateMention) -> str:
    start = mention.start
    name = MONTHS[start.month - 1]
    if mention.grain == "year":
        return str(start.year)
    if mention.grain == "season":
        return f"the {mention.season} of {start.year}"
    if mention.grain == "month":
        return f"{name} {start.year}"
    plain = f"{name} {start.day}, {start.year}"
    if mention.grain in ("weekend", "week"):
        return f"the {mention.grain} of {plain}"
    return plain
