"""English date expressions."""

from __future__ import annotations

import re
from datetime import date, timedelta

from memory.nlp.dates.holidays import holiday
from memory.nlp.dates.mention import (
    DateReading,
    day,
    day_to,
    maybe_day,
    monday,
    month,
    season,
    week,
    weekend,
    year,
)
from memory.nlp.dates.names import FULL_WEEKDAYS, MONTH_NUMBERS
from memory.nlp.dates.numbers import EN_NUMBER, en_number
from memory.nlp.dates.scan import DateMatch, Rule, either
from memory.nlp.dates.words_en import (
    HABIT,
    HOLIDAY,
    HOLIDAY_NAMES,
    MONTH,
    PARTS,
    SEASON,
    SEASONS,
    SHIFT,
    SHIFTS,
    TAIL,
    WEEKDAY,
    WEEKDAY_NUMBERS,
    YEAR,
    D,
)


def _part(match: re.Match[str]) -> str:
    return (match.groupdict().get("part") or "").lower()


def _month(match: re.Match[str]) -> int:
    return MONTH_NUMBERS[match["month"].lower()]


def _shift(match: re.Match[str]) -> int:
    return SHIFTS[" ".join(match["shift"].lower().split())]


def _month_day(match: re.Match[str], said_on: date) -> DateMatch | None:
    number, of_month = _month(match), int(match["d"])
    groups = match.groupdict()
    until = int(groups.get("until") or 0)
    if groups.get("y"):
        return DateMatch(day_to(int(match["y"]), number, of_month, until), part=_part(match))
    if groups.get("rel"):
        shift = SHIFTS[match["rel"].lower()]
        return DateMatch(day_to(said_on.year + shift, number, of_month, until), part=_part(match))
    candidates = [maybe_day(said_on.year + n, number, of_month, until) for n in (-4, -1, 0, 1, 4)]
    return either(candidates, said_on, _part(match))


def _month_year(match: re.Match[str], said_on: date) -> DateMatch:
    if match["y"]:
        return DateMatch(month(int(match["y"]), _month(match)))
    return DateMatch(month(said_on.year + SHIFTS[match["rel"].lower()], _month(match)))


def _month_of_years_ago(match: re.Match[str], said_on: date) -> DateMatch:
    """ "three years ago in October"."""
    return DateMatch(month(said_on.year - en_number(match["n"]), _month(match)))


def _bare_month(match: re.Match[str], said_on: date) -> DateMatch | None:
    number = _month(match)
    return either((month(said_on.year + n, number) for n in (-1, 0, 1)), said_on)


def _shifted_month(match: re.Match[str], said_on: date) -> DateMatch | None:
    number, shift = _month(match), _shift(match)
    if shift == 0:
        return DateMatch(month(said_on.year, number))
    readings = [month(said_on.year + n, number) for n in (-1, 0, 1)]
    if shift < 0:
        return DateMatch(max((r for r in readings if r.end < said_on), key=lambda r: r.start))
    return DateMatch(min((r for r in readings if r.start > said_on), key=lambda r: r.start))


def _year(match: re.Match[str], said_on: date) -> DateMatch:
    return DateMatch(year(int(match["y"])))


def _season_of(match: re.Match[str], said_on: date) -> DateMatch | None:
    name = SEASONS[match["season"].lower()]
    if match["y"]:
        return DateMatch(season(int(match["y"]), name))
    shift = _shift(match)
    readings = [season(said_on.year + n, name) for n in (-2, -1, 0, 1, 2)]
    if shift < 0:
        # "last summer" in November is the summer that ended in August.
        return DateMatch(max((r for r in readings if r.end < said_on), key=lambda r: r.start))
    if shift > 0:
        return DateMatch(min((r for r in readings if r.start > said_on), key=lambda r: r.start))
    return either(readings[1:-1], said_on)


def _shifted_unit(match: re.Match[str], said_on: date) -> DateMatch:
    return _unit(match["unit"].lower(), _shift(match), said_on)


def _skipped_unit(match: re.Match[str], said_on: date) -> DateMatch:
    # "the week before last", "the month after next"
    shift = -2 if match["way"].lower().startswith("before") else 2
    return _unit(match["unit"].lower(), shift, said_on)


def _unit(unit: str, shift: int, said_on: date) -> DateMatch:
    if unit == "week":
        return DateMatch(week(said_on, shift))
    if unit == "weekend":
        return DateMatch(weekend(said_on, shift))
    if unit == "month":
        return DateMatch(month(said_on.year, said_on.month + shift))
    return DateMatch(year(said_on.year + shift))


def _shifted_weekday(match: re.Match[str], said_on: date) -> DateMatch | None:
    number = WEEKDAY_NUMBERS[match["weekday"].lower()]
    words = " ".join(match["shift"].lower().split())
    this = monday(said_on) + timedelta(days=number)
    if words in ("last", "this past", "the past", "the previous"):
        # The most recent one: on a Wednesday, "last Monday" is two days ago.
        return DateMatch(
            day(this if this < said_on else this - timedelta(weeks=1)), part=_part(match)
        )
    if words in ("this coming", "the coming"):
        return DateMatch(
            day(this if this > said_on else this + timedelta(weeks=1)), part=_part(match)
        )
    if words == "next":
        return DateMatch(day(this + timedelta(weeks=1)), part=_part(match))
    if this >= said_on:
        return DateMatch(day(this), part=_part(match))
    # "this Monday" on a Wednesday: the one just gone, or the coming one in a plan.
    return DateMatch(day(this), day(this), day(this + timedelta(weeks=1)), _part(match))


def _bare_weekday(match: re.Match[str], said_on: date) -> DateMatch | None:
    this = monday(said_on) + timedelta(days=WEEKDAY_NUMBERS[match["weekday"].lower()])
    return either((day(this + timedelta(weeks=n)) for n in (-1, 0, 1)), said_on, _part(match))


def _bare_weekend(match: re.Match[str], said_on: date) -> DateMatch | None:
    return either((weekend(said_on, n) for n in (-1, 0, 1)), said_on)


def _near_day(match: re.Match[str], said_on: date) -> DateMatch:
    words = " ".join(match.group().lower().split())
    shift, part = 0, _part(match)
    if words.startswith("the day before"):
        shift = -2
    elif words.startswith("the day after"):
        shift = 2
    elif words.startswith(("yesterday", "last night")):
        shift = -1
    elif words.startswith("tomorrow"):
        shift = 1
    if "night" in words and not part:
        part = "night"
    return DateMatch(day(said_on + timedelta(days=shift)), part=part)


def _count(match: re.Match[str], said_on: date) -> DateMatch:
    groups = match.groupdict()
    sign = -1 if groups.get("way") and match["way"].lower() in ("ago", "back") else 1
    unit = match["unit"].lower()
    if groups.get("half"):
        if unit != "year":
            raise ValueError("half units are too vague for a date")
        return DateMatch(month(said_on.year, said_on.month + 6 * sign))
    number = sign * en_number(match["n"])
    if unit == "day":
        return DateMatch(day(said_on + timedelta(days=number)))
    if unit == "week":
        return DateMatch(day(said_on + timedelta(weeks=number)))
    if unit == "month":
        return DateMatch(month(said_on.year, said_on.month + number))
    return DateMatch(year(said_on.year + number))


def _holiday_ago(match: re.Match[str], said_on: date) -> DateMatch | None:
    words = match["holiday"].lower()
    name = next(name for pattern, name in HOLIDAY_NAMES if pattern.fullmatch(words))
    reading = holiday(name, said_on.year - en_number(match["n"]))
    return DateMatch(reading) if reading else None


def _vague(match: re.Match[str], said_on: date) -> DateMatch:
    near = said_on - timedelta(days=3)
    return DateMatch(month(near.year, near.month), past=True)


def _holiday(match: re.Match[str], said_on: date) -> DateMatch | None:
    words = match["holiday"].lower()
    name = next(name for pattern, name in HOLIDAY_NAMES if pattern.fullmatch(words))
    if match["y"]:
        reading = holiday(name, int(match["y"]))
        return DateMatch(reading) if reading else None
    readings = [holiday(name, said_on.year + n) for n in (-1, 0, 1)]
    shift = (match["shift"] or match["rel"] or "").lower()
    if "last" in shift or "past" in shift:
        past = [r for r in readings if r and r.end < said_on]
        return DateMatch(past[-1]) if past else None
    if shift.startswith(("next", "this", "the coming")):
        future = [r for r in readings if r and r.end >= said_on]
        return DateMatch(future[0]) if future else None
    return either(readings, said_on, _part(match))


def _bare_day(match: re.Match[str], said_on: date) -> DateMatch | None:
    months = (month(said_on.year, said_on.month + n) for n in (-2, -1, 0, 1, 2))
    return either(
        (maybe_day(m.start.year, m.start.month, int(match["d"])) for m in months), said_on
    )


def _iso(match: re.Match[str], said_on: date) -> DateMatch:
    return DateMatch(day(date(int(match["y"]), int(match["m"]), int(match["d"]))))


def _us(match: re.Match[str], said_on: date) -> DateMatch | None:
    first, second = int(match["m"]), int(match["d"])
    if first <= 12 and second <= 12 and first != second:
        # 4/5/2024 is April 5 or 4 May: better no date than a wrong one.
        return None
    if first > 12:
        first, second = second, first
    return DateMatch(day(date(int(match["y"]), first, second)))


def _annotated(match: re.Match[str], said_on: date) -> DateMatch | None:
    # "last Saturday (May 3)": the date in brackets is the one that counts.
    found = _month_day(match, said_on)
    return DateMatch(found.reading) if found else None


def _same_day(match: re.Match[str], said_on: date) -> DateMatch:
    """ "two years ago today", "three weeks ago yesterday": the same day of another time."""
    near = said_on + timedelta(
        days={"today": 0, "this day": 0, "yesterday": -1, "tomorrow": 1}[match["near"].lower()]
    )
    number, unit = -en_number(match["n"]), match["unit"].lower()
    if unit == "year":
        return DateMatch(day(_years_on(near, number)))
    if unit == "month":
        first = month(near.year, near.month + number)
        return DateMatch(day(min(first.start + timedelta(days=near.day - 1), first.end)))
    return DateMatch(day(near + timedelta(days=number * (7 if unit == "week" else 1))))


def _years_on(of: date, years: int) -> date:
    try:
        return of.replace(year=of.year + years)
    except ValueError:
        return of.replace(year=of.year + years, day=28)


def _weeks_from(match: re.Match[str], said_on: date) -> DateMatch:
    """ "a week from Tuesday", "two weeks from tomorrow", "a week ago Friday"."""
    number = en_number(match["n"])
    near = match["near"]
    if near:
        first = said_on + timedelta(days={"today": 0, "tomorrow": 1, "now": 0}[near.lower()])
        return DateMatch(day(first + timedelta(weeks=number)))
    weekday = WEEKDAY_NUMBERS[match["weekday"].lower()]
    if match["way"].lower() == "ago":
        last = said_on - timedelta(days=(said_on.weekday() - weekday) % 7 or 7)
        return DateMatch(day(last - timedelta(weeks=number)))
    coming = said_on + timedelta(days=(weekday - said_on.weekday()) % 7 or 7)
    return DateMatch(day(coming + timedelta(weeks=number)))


def _skipped_weekday(match: re.Match[str], said_on: date) -> DateMatch:
    """ "the Monday before last", "the Friday after next"."""
    weekday = WEEKDAY_NUMBERS[match["weekday"].lower()]
    if match["way"].lower().startswith("before"):
        last = said_on - timedelta(days=(said_on.weekday() - weekday) % 7 or 7)
        return DateMatch(day(last - timedelta(weeks=1)))
    coming = said_on + timedelta(days=(weekday - said_on.weekday()) % 7 or 7)
    return DateMatch(day(coming + timedelta(weeks=1)))


def _years_holiday(match: re.Match[str], said_on: date) -> DateMatch | None:
    """ "on New Year's Day two years ago"."""
    words = match["holiday"].lower()
    name = next(name for pattern, name in HOLIDAY_NAMES if pattern.fullmatch(words))
    reading = holiday(name, said_on.year - en_number(match["n"]))
    return DateMatch(reading) if reading else None


def _beside_holiday(match: re.Match[str], said_on: date) -> DateMatch | None:
    """ "the day before Christmas", "two days after Thanksgiving"."""
    found = _holiday(match, said_on)
    if found is None:
        return None
    number = en_number(match["n"]) if match["n"] else 1
    shift = timedelta(days=-number if match["side"].lower() == "before" else number)

    def moved(reading: DateReading | None) -> DateReading | None:
        return day(reading.start + shift) if reading else None

    reading = moved(found.reading)
    assert reading is not None  # it was given one
    return DateMatch(reading, moved(found.earlier), moved(found.later))


_REL = r"(?P<rel>last|this|next) year"
_OF_YEAR = rf"(?:,?\s+{YEAR}|,? (?:of )?{_REL})?"
_RANGE = r"(?:\s?(?:-|–|to)\s?(?P<until>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?![\d:]))?"
_AGO = r"(?P<way>ago|back|from now|from today)"
_LAST_OR_NEXT = rf"(?:(?:on|at|over|for|during) )?(?:{SHIFT} )?"


def _rules(*pairs: tuple[str, object]) -> list[Rule]:
    return [(re.compile(pattern, re.IGNORECASE), function) for pattern, function in pairs]  # type: ignore[misc]


RULES: list[Rule] = _rules(
    (
        rf"\b(?P<n>{EN_NUMBER})\s+(?P<unit>day|week|month|year)s?\s+ago\s+(?:to )?"
        r"(?P<near>today|this day|yesterday|tomorrow)\b",
        _same_day,
    ),
    (
        rf"\b(?:on )?(?P<n>{EN_NUMBER})\s+weeks?\s+(?P<way>from|ago|after)\s+(?:on )?"
        rf"(?:(?P<near>today|tomorrow|now)\b|{WEEKDAY})",
        _weeks_from,
    ),
    (rf"\b(?:on )?(?:the )?{WEEKDAY} (?P<way>before last|after next)\b", _skipped_weekday),
    (
        rf"\b(?:(?:on|at|over|for|during) )?{HOLIDAY}\s+(?P<n>{EN_NUMBER})\s+years?\s+ago\b",
        _years_holiday,
    ),
    (
        rf"\b(?:on )?(?:the day|(?P<n>{EN_NUMBER}) days?) (?P<side>before|after) (?:{SHIFT} )?"
        rf"{HOLIDAY}(?:,? {YEAR}| {_REL})?(?P<part>)",
        _beside_holiday,
    ),
    (r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?!\d)", _iso),
    (r"(?<![\d/])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>20\d\d)(?!\d)", _us),
    (
        rf"\b(?:on )?(?:{WEEKDAY},? )?(?:the )?{MONTH}\s+(?:the )?{D}{_RANGE}{_OF_YEAR}{TAIL}",
        _month_day,
    ),
    (
        rf"\b(?:on )?(?:{WEEKDAY},? )?(?:the )?{D}\s+(?:of\s+)?{MONTH}\b{_OF_YEAR}{TAIL}",
        _month_day,
    ),
    (
        rf"\b(?:last|this|next) {WEEKDAY}\s+\({MONTH} {D}(?:,? {YEAR}| {_REL})?\)",
        _annotated,
    ),
    (
        rf"\b(?P<n>{EN_NUMBER})\s+years?\s+ago,? (?:back )?in {MONTH}\b",
        _month_of_years_ago,
    ),
    (rf"\b(?:in |since |back in )?{MONTH},?\s+(?:of )?(?:{YEAR}|{_REL})\b", _month_year),
    (
        rf"(?:(?<=end of )|(?<=start of )|(?<=middle of )|"
        rf"\b(?:in|since|until|by|during|back in|early|late|mid)[ -]){MONTH}\b(?!\s+\d)",
        _bare_month,
    ),
    (rf"\b{SHIFT} {MONTH}(?![a-z])(?!\s+\d)", _shifted_month),
    (rf"\b(?:in|since|of|until|by|from|during|around|back in) {YEAR}\b(?![-/])", _year),
    (rf"\b(?:in |back in )?(?:the )?(?:{SHIFT} )?{SEASON}(?: of)?(?: {YEAR})\b", _season_of),
    (rf"\b(?P<y>(?!))?{SHIFT} {SEASON}\b", _season_of),
    (rf"\b{SHIFT} (?P<unit>weekend|week|month|year)\b", _shifted_unit),
    (
        r"\bthe (?P<unit>weekend|week|month|year) (?P<way>before last|after next)\b",
        _skipped_unit,
    ),
    (rf"\b(?:on )?{SHIFT} {WEEKDAY}{TAIL}", _shifted_weekday),
    (rf"{HABIT}\b(?:on |by |until |since ){WEEKDAY}{TAIL}", _bare_weekday),
    (
        rf"{HABIT}\b(?P<weekday>{FULL_WEEKDAYS.lower()})(?![a-z'’]){TAIL}",
        _bare_weekday,
    ),
    (r"(?<!most )\b(?:over|on|at|during|for)? ?the weekend\b", _bare_weekend),
    (
        r"\b(?:the day before yesterday|the day after tomorrow|today|yesterday|tomorrow)"
        rf"{TAIL}|\b(?:tonight|last night)\b",
        _near_day,
    ),
    (rf"\bthis (?P<part>{PARTS})\b", _near_day),
    (rf"\b(?:on |at )?{HOLIDAY},? (?P<n>{EN_NUMBER}) years? ago\b", _holiday_ago),
    (
        rf"\b(?:about |around )?(?P<n>{EN_NUMBER})\s+(?P<unit>day|week|month|year)s?\s+{_AGO}\b",
        _count,
    ),
    (
        r"\b(?P<half>half a|half) (?P<n>)(?P<unit>year)\s+(?P<way>ago|from now)\b",
        _count,
    ),
    (rf"\bin\s+(?P<n>{EN_NUMBER})\s+(?P<unit>day|week|month|year)s?(?:[’']? time)?\b", _count),
    (r"\bthe other day\b|\ba few days ago\b|\bearlier this week\b", _vague),
    (
        rf"{HABIT}\b{_LAST_OR_NEXT}{HOLIDAY}(?:,? {YEAR}| {_REL})?",
        _holiday,
    ),
    (
        r"(?:\bon |(?<=\bis )|(?<=\bnow )|(?<=\bit's )|(?<=\bto )|(?<=\btill )|(?<=\buntil ))"
        r"the (?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b(?! (?:floor|street|avenue|of|day))",
        _bare_day,
    ),
)
