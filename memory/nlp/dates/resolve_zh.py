"""Chinese date expressions, simplified and traditional."""

from __future__ import annotations

import re
from datetime import date, timedelta

from memory.nlp.dates.holidays import holiday
from memory.nlp.dates.lunar import lunar_day
from memory.nlp.dates.mention import (
    DateReading,
    day,
    maybe_day,
    monday,
    month,
    season,
    week,
    weekend,
    year,
)
from memory.nlp.dates.numbers import ZH_NUMBER, zh_number
from memory.nlp.dates.scan import DateMatch, Rule, either
from memory.nlp.dates.words_zh import (
    DAYS,
    HABIT,
    HOLIDAY,
    HOLIDAY_NAMES,
    LUNAR_DAY,
    LUNAR_MONTH,
    LUNAR_MONTHS,
    NOT_PASSED,
    PART,
    PARTS,
    REL_YEAR,
    SEASON,
    SEASONS,
    SHIFT,
    SHIFTS,
    SHORT_PARTS,
    TAIL,
    WEEK,
    WEEKDAYS,
    YEAR4,
    YEARS,
    D,
    M,
)


def _part(match: re.Match[str]) -> str:
    return match.groupdict().get("part") or ""


def _full(match: re.Match[str], said_on: date) -> DateMatch:
    number = zh_number(match["y"])
    return _dated(match, number)


def _relative_year(match: re.Match[str], said_on: date) -> DateMatch:
    return _dated(match, said_on.year + YEARS[match["rel"]])


def _dated(match: re.Match[str], number: int) -> DateMatch:
    if not 1900 <= number <= 2200:
        raise ValueError("not a year")
    groups = match.groupdict()
    if groups.get("m") and groups.get("d"):
        return DateMatch(
            day(date(number, zh_number(match["m"]), zh_number(match["d"]))), part=_part(match)
        )
    if groups.get("m"):
        return DateMatch(month(number, zh_number(match["m"])))
    if groups.get("season"):
        return DateMatch(_season(number, match["season"]))
    if groups.get("edge"):
        return DateMatch(_edge_of_year(number, match["edge"]))
    return DateMatch(year(number))


def _season(number: int, word: str) -> DateReading:
    if word == "暑假":
        return season(number, "summer")
    if word == "寒假":
        # The school break around the Spring Festival.
        return DateReading(
            date(number, 1, 1), month(number, 2).end, f"{number:04d}", "season", "winter"
        )
    return season(number, SEASONS[word[0]])


def _edge_of_year(number: int, word: str) -> DateReading:
    if word.endswith("初"):
        return month(number, 1)
    if word in ("年底", "年末", "底", "末"):
        return month(number, 12)
    first = 1 if word.startswith("上") else 7
    return DateReading(
        date(number, first, 1), month(number, first + 5).end, f"{number:04d}", "year"
    )


def _month_day(match: re.Match[str], said_on: date) -> DateMatch | None:
    number, of_month = zh_number(match["m"]), zh_number(match["d"])
    if match["loose"] is None and not match["d"].isdecimal():
        return None
    until = zh_number(match["until"]) if match["until"] else 0
    years = (said_on.year + shift for shift in (-4, -1, 0, 1, 4))
    candidates = [maybe_day(year, number, of_month, until) for year in years]
    return either(candidates, said_on, _part(match))


def _bare_month(match: re.Match[str], said_on: date) -> DateMatch | None:
    number = zh_number(match["m"])
    return either((month(said_on.year + shift, number) for shift in (-1, 0, 1)), said_on)


def _bare_day(match: re.Match[str], said_on: date) -> DateMatch | None:
    of_month = zh_number(match["d"])
    months = (month(said_on.year, said_on.month + shift) for shift in (-2, -1, 0, 1, 2))
    candidates = [maybe_day(m.start.year, m.start.month, of_month) for m in months]
    return either(candidates, said_on, _part(match))


def _bare_season(match: re.Match[str], said_on: date) -> DateMatch | None:
    shift = SHIFTS[match["shift"]] if match["shift"] else None
    readings = [_season(said_on.year + n, match["season"]) for n in (-2, -1, 0, 1, 2)]
    if shift == -1:
        return DateMatch([reading for reading in readings if reading.end < said_on][-1])
    if shift == 1:
        return DateMatch(next(reading for reading in readings if reading.start > said_on))
    return either(readings, said_on)


def _short_year(match: re.Match[str], said_on: date) -> DateMatch:
    number = int(match["y"])
    return DateMatch(year(number + (2000 if number + 2000 <= said_on.year + 1 else 1900)))


def _relative_month(match: re.Match[str], said_on: date) -> DateMatch:
    shift = SHIFTS[match["shift"]] if match["shift"] else 0
    reading = month(said_on.year, said_on.month + shift)
    if match["d"]:
        reading = day(date(reading.start.year, reading.start.month, zh_number(match["d"])))
    return DateMatch(reading, part=_part(match))


def _relative_week(match: re.Match[str], said_on: date) -> DateMatch | None:
    shift = SHIFTS[match["shift"]]
    if match["weekday"] in ("末", None):
        return DateMatch((weekend if match["weekday"] else week)(said_on, shift), part=_part(match))
    that = monday(said_on) + timedelta(weeks=shift, days=WEEKDAYS[match["weekday"]])
    if shift == 0 and that < said_on:
        # On a Sunday, "这周六" of something ahead is the next one.
        return either((day(that), day(that + timedelta(weeks=1))), said_on, _part(match))
    return DateMatch(day(that), part=_part(match))


def _bare_weekday(match: re.Match[str], said_on: date) -> DateMatch | None:
    if match["weekday"] in ("末", None):
        return either((weekend(said_on, shift) for shift in (-1, 0, 1)), said_on, _part(match))
    this = monday(said_on) + timedelta(days=WEEKDAYS[match["weekday"]])
    return either((day(this + timedelta(weeks=n)) for n in (-1, 0, 1)), said_on, _part(match))


def _near_day(match: re.Match[str], said_on: date) -> DateMatch:
    part = _part(match) or SHORT_PARTS.get(match["short"] or "", "")
    return DateMatch(day(said_on + timedelta(days=DAYS[match["near"]])), part=part)


def _count(match: re.Match[str], said_on: date) -> DateMatch | None:
    groups = match.groupdict()
    sign = -1 if groups.get("way") and match["way"].endswith("前") else 1
    unit = match["unit"]
    if match["n"] == "半":
        return _half(sign, unit, said_on)
    if groups.get("half"):
        raise ValueError("half units are too vague for a date")
    number = sign * zh_number(match["n"])
    if unit == "天":
        return DateMatch(day(said_on + timedelta(days=number)), part=_part(match))
    if unit == "年":
        return DateMatch(year(said_on.year + number))
    if unit == "月":
        return DateMatch(month(said_on.year, said_on.month + number))
    return DateMatch(day(said_on + timedelta(weeks=number)), part=_part(match))


def _half(sign: int, unit: str, said_on: date) -> DateMatch | None:
    if unit == "年":
        return DateMatch(month(said_on.year, said_on.month + sign * 6))
    return DateMatch(day(said_on + timedelta(days=sign * 15))) if unit == "月" else None


def _vague(match: re.Match[str], said_on: date) -> DateMatch:
    past = match.group()[0] == "前"
    near = said_on + timedelta(days=-3 if past else 3)
    return DateMatch(month(near.year, near.month), past=past)


def _holiday(match: re.Match[str], said_on: date) -> DateMatch | None:
    name = next(name for pattern, name in HOLIDAY_NAMES if pattern.fullmatch(match["holiday"]))
    if match["rel"]:
        reading = holiday(name, said_on.year + YEARS[match["rel"]])
        return DateMatch(reading, part=_part(match)) if reading else None
    if match["y"]:
        reading = holiday(name, zh_number(match["y"]))
        return DateMatch(reading, part=_part(match)) if reading else None
    return either(
        (holiday(name, said_on.year + shift) for shift in (-1, 0, 1)), said_on, _part(match)
    )


def _lunar(match: re.Match[str], said_on: date) -> DateMatch | None:
    """ "农历八月十五", "腊月二十三", "正月初五": a day of the lunar year."""
    word = match["lm"]
    if word.startswith("闰"):
        return None
    number = LUNAR_MONTHS.get(word) or zh_number(word)
    of_month = zh_number(match["ld"].removeprefix("初").replace("廿", "二十"))

    def of_year(year: int) -> DateReading | None:
        found = lunar_day(year, number, of_month)
        return day(found) if found else None

    if match["rel"] or match["y"]:
        year = said_on.year + YEARS[match["rel"]] if match["rel"] else zh_number(match["y"])
        reading = of_year(year)
        return DateMatch(reading, part=_part(match)) if reading else None
    return either((of_year(said_on.year + n) for n in (-2, -1, 0, 1)), said_on, _part(match))


def _same_day(match: re.Match[str], said_on: date) -> DateMatch:
    """ "两年前的今天", "上个月的今天": the same day of another year, month or week."""
    near = said_on + timedelta(days=DAYS[match["near"]] if match["near"] else 0)
    groups = match.groupdict()
    if groups["rel"]:
        return DateMatch(day(_years_on(near, YEARS[groups["rel"]])))
    if groups["shift"]:
        number, unit = SHIFTS[groups["shift"]], groups["su"]
    else:
        sign = -1 if groups["way"].endswith("前") else 1
        number, unit = sign * zh_number(groups["n"]), groups["unit"]
    if unit == "年":
        return DateMatch(day(_years_on(near, number)))
    if unit == "月":
        first = month(near.year, near.month + number)
        return DateMatch(day(min(first.start + timedelta(days=near.day - 1), first.end)))
    return DateMatch(day(near + timedelta(days=number if unit in "天日" else 7 * number)))


def _years_on(of: date, years: int) -> date:
    try:
        return of.replace(year=of.year + years)
    except ValueError:
        return of.replace(year=of.year + years, day=28)


def _beside_holiday(match: re.Match[str], said_on: date) -> DateMatch | None:
    """ "国庆前一天", "春节后第三天", "中秋第二天": so many days from a holiday."""
    found = _holiday(match, said_on)
    if found is None:
        return None
    if match["eve"]:
        shift = -1
    else:
        number = zh_number(match["count"]) if match["count"] else 1
        shift = -number if match["side"] == "前" else number
        if match["nth"] and not match["side"]:
            shift = number - 1

    def moved(reading: DateReading | None) -> DateReading | None:
        return day(reading.start + timedelta(days=shift)) if reading else None

    reading = moved(found.reading)
    assert reading is not None  # it was given one
    return DateMatch(reading, moved(found.earlier), moved(found.later))


def _month_edge(match: re.Match[str], said_on: date) -> DateMatch:
    if match.group().startswith("年"):
        return DateMatch(_edge_of_year(said_on.year, match.group()))
    return DateMatch(month(said_on.year, said_on.month))


def _iso(match: re.Match[str], said_on: date) -> DateMatch:
    return DateMatch(day(date(int(match["y"]), int(match["m"]), int(match["d"]))))


_EDGE = r"(?P<edge>年?初|年?底|年?末|上半年|下半年)"
# "15号" is a day, "3号线", "8号楼" and "1号选手" are not.
_NOT_A_DAY = r"(?![线線楼樓门門车車房床馆館选選种種机機口店桌院厅廳字码碼码球位元文])"
_ANNOTATED = rf"[（(](?P<y2>{YEAR4}年)?(?P<m2>{M})月(?P<d2>{D})[日号號][)）]"


def _annotated(match: re.Match[str], said_on: date) -> DateMatch | None:
    # "上周六（5月3日）": the date in brackets is the one that counts.
    number, of_month = zh_number(match["m2"]), zh_number(match["d2"])
    if match["y2"]:
        return DateMatch(day(date(zh_number(match["y2"][:-1]), number, of_month)))
    found = either(
        (maybe_day(said_on.year + shift, number, of_month) for shift in (-1, 0, 1)), said_on
    )
    return DateMatch(found.reading) if found else None


def _rules(*pairs: tuple[str, object]) -> list[Rule]:
    return [(re.compile(pattern), function) for pattern, function in pairs]  # type: ignore[misc]


_SAME_DAY = (
    rf"(?:{REL_YEAR}|{SHIFT}(?P<su>月|周|星期|礼拜)|"
    rf"(?<![第每\d零一二两三四五六七八九十百])(?P<n>{ZH_NUMBER})(?:个|個)?(?P<unit>天|日|周|星期|礼拜|"
    rf"(?<=[个個])月|年)(?:之|以)?(?P<way>前|后|後))的?(?:(?P<near>今|昨|明)[天日]|这一?天|同一天)"
)


# A month of the lunar calendar is another day of the solar one each year.
_SOLAR = r"(?<!农历)(?<!農曆)(?<!阴历)(?<!旧历)(?<!闰)"

RULES: list[Rule] = _rules(
    (
        r"(?<![\d.])(?P<m>1[0-2]|[1-9])\.(?P<d>3[01]|[12]\d|[1-9])(?![\d.])(?P<loose>号?)(?P<until>)(?P<part>)(?=[我要去那]|晚上|早上|下午)",
        _month_day,
    ),
    (_SAME_DAY, _same_day),
    (
        rf"{HABIT}(?:{REL_YEAR}|(?<!\d)(?P<y>\d{{4}})年)?(?:的)?{HOLIDAY}(?P<part>)的?"
        rf"(?:(?P<eve>前夕|前夜|头一天)|(?P<side>[前后後])?(?P<nth>第)?(?P<count>{ZH_NUMBER})[天日])",
        _beside_holiday,
    ),
    (
        rf"{HABIT}(?:{REL_YEAR}|(?<!\d)(?P<y>\d{{4}})年)?(?:的)?(?:农历|农曆|農曆|阴历|陰曆|旧历)(?:的)?"
        rf"{LUNAR_MONTH}{LUNAR_DAY}{TAIL}",
        _lunar,
    ),
    (
        rf"{HABIT}(?:{REL_YEAR}|(?<!\d)(?P<y>\d{{4}})年)?(?:的)?"
        rf"(?=(?:正|冬|腊|臘)月|[一二三四五六七八九十]{{1,2}}月初[一二三四五六七八九十]){LUNAR_MONTH}{LUNAR_DAY}{TAIL}",
        _lunar,
    ),
    (r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", _iso),
    (
        rf"(?<!\d)(?P<y>{YEAR4})年(?:(?:的)?(?:(?P<m>{M})月份?(?:(?P<d>{D})[日号號]?{TAIL})?|{SEASON}|{_EDGE}))?"
        r"(?!前|后|後|以前|之前|的?时间|多|间|來|来)",
        _full,
    ),
    (
        rf"{REL_YEAR}(?:(?:的)?(?:(?P<m>{M})月份?(?:(?P<d>{D})[日号號]?{TAIL})?|{SEASON}|{_EDGE}))?",
        _relative_year,
    ),
    (
        rf"{HABIT}{_SOLAR}(?<![\d一二三四五六七八九十])(?P<m>{M})月(?P<d>{D})(?P<loose>[日号號])?"
        rf"(?![\d个個天年月])(?:[到至~～—–-](?P<until>{D})[日号號])?(?:那天|当天)?{TAIL}",
        _month_day,
    ),
    (
        rf"{HABIT}{_SOLAR}(?<![\d一二三四五六七八九十个個])(?P<m>{M})月(?:份|初|中旬|底|末)?(?![\d经薪嫂饼季])(?!天(?![气氣天]))",
        _bare_month,
    ),
    (
        rf"{HABIT}(?<![A-Za-z_\d第月一二三四五六七八九十廿])(?P<d>{D})[号號]{_NOT_A_DAY}(?:那天|当天)?{TAIL}",
        _bare_day,
    ),
    (
        rf"(?:{SHIFT}|本|当)月(?:份)?(?:的)?(?:(?P<d>{D})[日号號]{TAIL}|初|中旬|底|末)?",
        _relative_month,
    ),
    (rf"{SHIFT}{WEEK}(?P<weekday>[一二三四五六日天末])?(?:那天)?{TAIL}", _relative_week),
    (
        rf"{HABIT}(?<![一两三四五六七八九十\d几本上下这這个個])(?:{WEEK}(?P<weekday>[一二三四五六日天末])|双休日)(?![年岁鸣])(?:那天)?{TAIL}",
        _bare_weekday,
    ),
    (
        r"(?<![大天每以之然])(?P<near>大前|大后|大後|今|昨|前|明|后|後)"
        r"(?:天|日(?!头条|本|子)|儿个?|(?=[早晚晨夜]))(?:的)?"
        rf"(?:(?P<part>{PARTS})|(?P<short>[早晚晨夜])(?![餐饭飯期点點已熟间間睡起班上晨]))?",
        _near_day,
    ),
    (
        rf"(?<![第每\d零一二两三四五六七八九十百])(?P<n>半|{ZH_NUMBER})(?:个|個)?(?P<unit>天|日|周|週|星期|礼拜|(?<=[个個])月|年)(?P<half>半)?(?:多)?(?P<way>之前|以前|前|之后|以后|之後|以後|后|後)(?!后|面|台)(?:的)?{PART}",
        _count,
    ),
    (
        rf"(?:(?:{NOT_PASSED}(?:过|過))|再过|再過)(?P<n>半|{ZH_NUMBER})(?:个|個)?(?P<unit>天|周|週|星期|礼拜|(?<=[个個])月|年)(?P<half>半)?(?:之后|以后|后)?(?P<part>)(?![了过])",
        _count,
    ),
    (
        rf"前(?:几|幾|两|兩|些|一阵子|阵子|段时间|阵)(?:天|日)?|{NOT_PASSED}过(?:几|幾|两|兩)天",
        _vague,
    ),
    (
        rf"{HABIT}(?:{REL_YEAR}|(?<!\d)(?P<y>\d{{4}})年)?(?:的)?{HOLIDAY}(?:长假|假期|期间|小长假|那天|当天|那会儿|的时候|黄金周)?{TAIL}",
        _holiday,
    ),
    (rf"{HABIT}(?P<shift>)(?P<season>[暑寒]假)", _bare_season),
    (rf"{SHIFT}{SEASON}", _bare_season),
    (r"(?<!\d)(?P<y>\d\d)年(?=出生|生的|毕业|来的|入职|结婚|考上|搬)", _short_year),
    (
        r"(?<![去今明前后\d])年(?:底|末|初)|(?<![个個上下这本\d一二三四五六七八九十])月(?:底|初|末)",
        _month_edge,
    ),
    (
        rf"(?:(?:上上|下下|上|下|这|本)?{WEEK}[一二三四五六日天]|大?[前后]天|[今昨明]天){_ANNOTATED}",
        _annotated,
    ),
)
