"""Chinese date expressions, simplified and traditional."""

from __future__ import annotations

import re
from datetime import date, timedelta

from memory.dates.holidays import holiday
from memory.dates.mention import (
    Reading,
    day,
    maybe_day,
    monday,
    month,
    season,
    week,
    weekend,
    year,
)
from memory.dates.numbers import ZH_NUMBER, zh_number
from memory.dates.scan import Found, Rule, either

_YEAR4 = r"(?:\d{4}|[零〇一二三四五六七八九]{4})"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])"
_D = (
    r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_PARTS = (
    "凌晨|清晨|大清早|一大早|一早|大早上|早上|早晨|上午|中午|午后|下午"
    "|傍晚|晚上|夜里|半夜|深夜|晚间|夜晚"
)
_PART = rf"(?P<part>{_PARTS})?"
_TAIL = _PART.replace("(?P<part>", "(?:的)?(?P<part>")
_YEARS = {
    "今年": 0,
    "本年": 0,
    "去年": -1,
    "前年": -2,
    "大前年": -3,
    "明年": 1,
    "后年": 2,
    "後年": 2,
    "大后年": 3,
}
_REL_YEAR = r"(?P<rel>大前年|大后年|今年|本年|去年|前年|明年|后年|後年)"
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_SEASON = r"(?P<season>[春夏秋冬](?:天|季|日(?!本))|[暑寒]假)"
_DAYS = {
    "今": 0,
    "昨": -1,
    "前": -2,
    "大前": -3,
    "明": 1,
    "后": 2,
    "後": 2,
    "大后": 3,
    "大後": 3,
}
_SHORT_PARTS = {"早": "早上", "晨": "早上", "晚": "晚上", "夜": "晚上", "午": "中午"}
_WEEKDAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
_WEEK = r"(?:周|週|星期|礼拜|禮拜)"
_SHIFTS = {"上": -1, "这": 0, "這": 0, "本": 0, "这一": 0, "下": 1, "上上": -2, "下下": 2}
_SHIFT = r"(?P<shift>上上|下下|上|下|这|這|本)(?:一)?(?:个|個)?"
_HOLIDAYS = {
    "元旦节?": "new_year",
    "除夕夜?|大年三十|(?<![今去明前后])年三十(?![多几出好岁])": "spring_eve",
    r"春节|春節|大年初一"
    # "回家过年" is what one does, "过年我回家" is when.
    r"|(?<!回家)(?<!老家)(?<!回去)(?:过年|過年)"
    r"(?=的时候|期间|那|我|要|回|前|后|放假|$)": "spring_festival",
    "元宵节?|元宵節": "lantern",
    "情人节|情人節": "valentine",
    "妇女节|三八节": "womens_day",
    "清明节?": "qingming",
    "五一(?:劳动节)?|劳动节|勞動節": "labour_day",
    "母亲节|母親節": "mothers_day",
    "六一(?:儿童节)?|儿童节": "childrens_day",
    "父亲节|父親節": "fathers_day",
    "端午节?|端午節": "dragon_boat",
    "七夕节?": "qixi",
    "教师节": "teachers_day",
    "中秋节?|中秋節": "mid_autumn",
    "国庆节?|國慶節?|十一(?=假|长假|黄金周)": "national_day",
    "重阳节?": "double_ninth",
    "万圣节|万圣夜": "halloween",
    "双十一|双11|雙十一": "singles_day",
    "感恩节|感恩節": "thanksgiving",
    "平安夜": "christmas_eve",
    "圣诞节?|聖誕節?": "christmas",
    "跨年夜?": "new_years_eve",
}
_HOLIDAY = "(?P<holiday>" + "|".join(_HOLIDAYS) + ")"
_HOLIDAY_NAMES = [(re.compile(pattern), name) for pattern, name in _HOLIDAYS.items()]
_HABIT = r"(?<![每逢各])(?<!每个)(?<!每年)(?<!每逢)(?<!每到)"


def _part(match: re.Match[str]) -> str:
    return match.groupdict().get("part") or ""


def _full(match: re.Match[str], said_on: date) -> Found:
    number = zh_number(match["y"])
    return _dated(match, number)


def _relative_year(match: re.Match[str], said_on: date) -> Found:
    return _dated(match, said_on.year + _YEARS[match["rel"]])


def _dated(match: re.Match[str], number: int) -> Found:
    if not 1900 <= number <= 2200:
        raise ValueError("not a year")
    groups = match.groupdict()
    if groups.get("m") and groups.get("d"):
        return Found(
            day(date(number, zh_number(match["m"]), zh_number(match["d"]))), part=_part(match)
        )
    if groups.get("m"):
        return Found(month(number, zh_number(match["m"])))
    if groups.get("season"):
        return Found(_season(number, match["season"]))
    if groups.get("edge"):
        return Found(_edge_of_year(number, match["edge"]))
    return Found(year(number))


def _season(number: int, word: str) -> Reading:
    if word == "暑假":
        return season(number, "summer")
    if word == "寒假":
        # The school break around the Spring Festival.
        return Reading(
            date(number, 1, 1), month(number, 2).end, f"{number:04d}", "season", "winter"
        )
    return season(number, _SEASONS[word[0]])


def _edge_of_year(number: int, word: str) -> Reading:
    if word.endswith("初"):
        return month(number, 1)
    if word in ("年底", "年末", "底", "末"):
        return month(number, 12)
    first = 1 if word.startswith("上") else 7
    return Reading(date(number, first, 1), month(number, first + 5).end, f"{number:04d}", "year")


def _month_day(match: re.Match[str], said_on: date) -> Found | None:
    number, of_month = zh_number(match["m"]), zh_number(match["d"])
    if match["loose"] is None and not match["d"].isdecimal():
        return None
    until = zh_number(match["until"]) if match["until"] else 0
    years = (said_on.year + shift for shift in (-4, -1, 0, 1, 4))
    candidates = [maybe_day(year, number, of_month, until) for year in years]
    return either(candidates, said_on, _part(match))


def _bare_month(match: re.Match[str], said_on: date) -> Found | None:
    number = zh_number(match["m"])
    return either((month(said_on.year + shift, number) for shift in (-1, 0, 1)), said_on)


def _bare_day(match: re.Match[str], said_on: date) -> Found | None:
    of_month = zh_number(match["d"])
    months = (month(said_on.year, said_on.month + shift) for shift in (-2, -1, 0, 1, 2))
    candidates = [maybe_day(m.start.year, m.start.month, of_month) for m in months]
    return either(candidates, said_on, _part(match))


def _bare_season(match: re.Match[str], said_on: date) -> Found | None:
    shift = _SHIFTS[match["shift"]] if match["shift"] else None
    readings = [_season(said_on.year + n, match["season"]) for n in (-2, -1, 0, 1, 2)]
    if shift == -1:
        return Found([reading for reading in readings if reading.end < said_on][-1])
    if shift == 1:
        return Found(next(reading for reading in readings if reading.start > said_on))
    return either(readings, said_on)


def _short_year(match: re.Match[str], said_on: date) -> Found:
    number = int(match["y"])
    return Found(year(number + (2000 if number + 2000 <= said_on.year + 1 else 1900)))


def _relative_month(match: re.Match[str], said_on: date) -> Found:
    shift = _SHIFTS[match["shift"]] if match["shift"] else 0
    reading = month(said_on.year, said_on.month + shift)
    if match["d"]:
        reading = day(date(reading.start.year, reading.start.month, zh_number(match["d"])))
    return Found(reading, part=_part(match))


def _relative_week(match: re.Match[str], said_on: date) -> Found:
    shift = _SHIFTS[match["shift"]]
    if match["weekday"] in ("末", None):
        return Found((weekend if match["weekday"] else week)(said_on, shift), part=_part(match))
    first = monday(said_on) + timedelta(weeks=shift)
    return Found(day(first + timedelta(days=_WEEKDAYS[match["weekday"]])), part=_part(match))


def _bare_weekday(match: re.Match[str], said_on: date) -> Found | None:
    if match["weekday"] in ("末", None):
        return either((weekend(said_on, shift) for shift in (-1, 0, 1)), said_on, _part(match))
    this = monday(said_on) + timedelta(days=_WEEKDAYS[match["weekday"]])
    return either((day(this + timedelta(weeks=n)) for n in (-1, 0, 1)), said_on, _part(match))


def _near_day(match: re.Match[str], said_on: date) -> Found:
    part = _part(match) or _SHORT_PARTS.get(match["short"] or "", "")
    return Found(day(said_on + timedelta(days=_DAYS[match["near"]])), part=part)


def _count(match: re.Match[str], said_on: date) -> Found | None:
    groups = match.groupdict()
    sign = -1 if groups.get("way") and match["way"].endswith("前") else 1
    unit = match["unit"]
    if match["n"] == "半":
        return _half(sign, unit, said_on)
    if groups.get("half"):
        raise ValueError("half units are too vague for a date")
    number = sign * zh_number(match["n"])
    if unit == "天":
        return Found(day(said_on + timedelta(days=number)), part=_part(match))
    if unit == "年":
        return Found(year(said_on.year + number))
    if unit == "月":
        return Found(month(said_on.year, said_on.month + number))
    return Found(day(said_on + timedelta(weeks=number)), part=_part(match))


def _half(sign: int, unit: str, said_on: date) -> Found | None:
    if unit == "年":
        return Found(month(said_on.year, said_on.month + sign * 6))
    return Found(day(said_on + timedelta(days=sign * 15))) if unit == "月" else None


def _vague(match: re.Match[str], said_on: date) -> Found:
    past = match.group()[0] == "前"
    near = said_on + timedelta(days=-3 if past else 3)
    return Found(month(near.year, near.month), past=past)


def _holiday(match: re.Match[str], said_on: date) -> Found | None:
    name = next(name for pattern, name in _HOLIDAY_NAMES if pattern.fullmatch(match["holiday"]))
    if match["rel"]:
        reading = holiday(name, said_on.year + _YEARS[match["rel"]])
        return Found(reading, part=_part(match)) if reading else None
    if match["y"]:
        reading = holiday(name, zh_number(match["y"]))
        return Found(reading, part=_part(match)) if reading else None
    return either(
        (holiday(name, said_on.year + shift) for shift in (-1, 0, 1)), said_on, _part(match)
    )


def _month_edge(match: re.Match[str], said_on: date) -> Found:
    if match.group().startswith("年"):
        return Found(_edge_of_year(said_on.year, match.group()))
    return Found(month(said_on.year, said_on.month))


def _iso(match: re.Match[str], said_on: date) -> Found:
    return Found(day(date(int(match["y"]), int(match["m"]), int(match["d"]))))


_EDGE = r"(?P<edge>年?初|年?底|年?末|上半年|下半年)"
# "15号" is a day, "3号线", "8号楼" and "1号选手" are not.
_NOT_A_DAY = r"(?![线線楼樓门門车車房床馆館选選种種机機口店桌院厅廳字码碼码球位元文])"
_ANNOTATED = rf"[（(](?P<y2>{_YEAR4}年)?(?P<m2>{_M})月(?P<d2>{_D})[日号號][)）]"


def _annotated(match: re.Match[str], said_on: date) -> Found | None:
    # "上周六（5月3日）": the date in brackets is the one that counts.
    number, of_month = zh_number(match["m2"]), zh_number(match["d2"])
    if match["y2"]:
        return Found(day(date(zh_number(match["y2"][:-1]), number, of_month)))
    found = either(
        (maybe_day(said_on.year + shift, number, of_month) for shift in (-1, 0, 1)), said_on
    )
    return Found(found.reading) if found else None


def _rules(*pairs: tuple[str, object]) -> list[Rule]:
    return [(re.compile(pattern), function) for pattern, function in pairs]  # type: ignore[misc]


RULES: list[Rule] = _rules(
    (r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", _iso),
    (
        rf"(?<!\d)(?P<y>{_YEAR4})年(?:(?:的)?(?:(?P<m>{_M})月份?(?:(?P<d>{_D})[日号號]?{_TAIL})?|{_SEASON}|{_EDGE}))?"
        r"(?!前|后|後|以前|之前|的?时间|多|间|來|来)",
        _full,
    ),
    (
        rf"{_REL_YEAR}(?:(?:的)?(?:(?P<m>{_M})月份?(?:(?P<d>{_D})[日号號]?{_TAIL})?|{_SEASON}|{_EDGE}))?",
        _relative_year,
    ),
    (
        rf"{_HABIT}(?<![\d一二三四五六七八九十])(?P<m>{_M})月(?P<d>{_D})(?P<loose>[日号號])?"
        rf"(?![\d个個天年月])(?:[到至~～—–-](?P<until>{_D})[日号號])?(?:那天|当天)?{_TAIL}",
        _month_day,
    ),
    (
        rf"{_HABIT}(?<![\d一二三四五六七八九十个個])(?P<m>{_M})月(?:份|初|中旬|底|末)?(?![\d经薪嫂饼季])",
        _bare_month,
    ),
    (
        rf"{_HABIT}(?<![\d第月一二三四五六七八九十廿])(?P<d>{_D})[号號]{_NOT_A_DAY}(?:那天|当天)?{_TAIL}",
        _bare_day,
    ),
    (
        rf"(?:{_SHIFT}|本|当)月(?:份)?(?:的)?(?:(?P<d>{_D})[日号號]{_TAIL}|初|中旬|底|末)?",
        _relative_month,
    ),
    (rf"{_SHIFT}{_WEEK}(?P<weekday>[一二三四五六日天末])?(?:那天)?{_TAIL}", _relative_week),
    (
        rf"{_HABIT}(?<![一两三四五六七八九十\d几本上下这這个個])(?:{_WEEK}(?P<weekday>[一二三四五六日天末])|双休日)(?![年岁鸣])(?:那天)?{_TAIL}",
        _bare_weekday,
    ),
    (
        r"(?<![大天每以之然])(?P<near>大前|大后|大後|今|昨|前|明|后|後)"
        r"(?:天|日(?!头条|本|子)|儿个?|(?=[早晚晨夜]))(?:的)?"
        rf"(?:(?P<part>{_PARTS})|(?P<short>[早晚晨夜])(?![餐饭飯期点點已熟间間睡起班上晨]))?",
        _near_day,
    ),
    (
        rf"(?<![第每\d零一二两三四五六七八九十百])(?P<n>半|{ZH_NUMBER})(?:个|個)?(?P<unit>天|日|周|週|星期|礼拜|月|年)(?P<half>半)?(?:多)?(?P<way>之前|以前|前|之后|以后|之後|以後|后|後)(?!后|面|台)(?:的)?{_PART}",
        _count,
    ),
    (
        rf"(?:再?过|再過|過)(?P<n>半|{ZH_NUMBER})(?:个|個)?(?P<unit>天|周|週|星期|礼拜|月|年)(?P<half>半)?(?:之后|以后|后)?(?P<part>)(?![了过])",
        _count,
    ),
    (r"前(?:几|幾|两|兩|些|一阵子|阵子|段时间|阵)(?:天|日)?|过(?:几|幾|两|兩)天", _vague),
    (
        rf"{_HABIT}(?:{_REL_YEAR}|(?<!\d)(?P<y>\d{{4}})年)?(?:的)?{_HOLIDAY}(?:长假|假期|期间|小长假|那天|当天|那会儿|的时候|黄金周)?{_TAIL}",
        _holiday,
    ),
    (rf"{_HABIT}(?P<shift>)(?P<season>[暑寒]假)", _bare_season),
    (rf"{_SHIFT}{_SEASON}", _bare_season),
    (r"(?<!\d)(?P<y>\d\d)年(?=出生|生的|毕业|来的|入职|结婚|考上|搬)", _short_year),
    (
        r"(?<![去今明前后\d])年(?:底|末|初)|(?<![个個上下这本\d一二三四五六七八九十])月(?:底|初|末)",
        _month_edge,
    ),
    (
        rf"(?:(?:上上|下下|上|下|这|本)?{_WEEK}[一二三四五六日天]|大?[前后]天|[今昨明]天){_ANNOTATED}",
        _annotated,
    ),
)
