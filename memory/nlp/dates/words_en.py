"""The words of English date expressions, as pieces of patterns."""

from __future__ import annotations

import re

from memory.nlp.dates.names import FULL_MONTHS, FULL_WEEKDAYS, SHORT_MONTHS, WEEKDAYS

MONTH = rf"(?P<month>{FULL_MONTHS.lower()}|sept|{SHORT_MONTHS.lower()})\.?"
WEEKDAY_NUMBERS = {name.lower(): n for n, name in enumerate(WEEKDAYS["en"])}
WEEKDAY_NUMBERS |= {
    short: n
    for n, shorts in enumerate(
        (
            ("mon",),
            ("tue", "tues"),
            ("wed",),
            ("thu", "thur", "thurs"),
            ("fri",),
            ("sat",),
            ("sun",),
        )
    )
    for short in shorts
}
WEEKDAY = (
    rf"(?P<weekday>{FULL_WEEKDAYS.lower()}"
    r"|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun)(?![a-z'’])"
)
D = (
    r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
    r"(?![\d:%]|\s?[ap]\.?m\b|\s(?:times|days|weeks|hours|miles|people)\b)"
)
YEAR = r"(?P<y>(?:19|20)\d\d)"
PARTS = r"early morning|morning|afternoon|evening|night|noon"
TAIL = rf"(?:\s+(?:in the\s+)?(?P<part>{PARTS}))?"
SEASONS = {
    "spring": "spring",
    "summer": "summer",
    "fall": "autumn",
    "autumn": "autumn",
    "winter": "winter",
}
SEASON = r"(?P<season>spring(?! roll)|summer|autumn|fall|winter)"
SHIFTS = {
    "last": -1,
    "this past": -1,
    "the past": -1,
    "the previous": -1,
    "this": 0,
    "this coming": 1,
    "the coming": 1,
    "next": 1,
    "the following": 1,
}
SHIFT = r"(?P<shift>this past|this coming|the coming|the past|the previous|last|this|next)"
HOLIDAYS = {
    r"new year[’']?s eve": "new_years_eve",
    r"new year[’']?s(?: day)?|new year(?! resolution)": "new_year",
    r"valentine[’']?s(?: day)?": "valentine",
    r"easter(?: sunday)?": "easter",
    r"mother[’']?s day": "mothers_day",
    r"father[’']?s day": "fathers_day",
    r"(?:the )?(?:fourth|4th) of july|independence day": "independence_day",
    r"labor day": "us_labor_day",
    r"halloween": "halloween",
    r"thanksgiving": "thanksgiving",
    r"christmas eve": "christmas_eve",
    r"boxing day": "boxing_day",
    r"christmas(?: day)?|xmas": "christmas",
    r"(?:chinese|lunar) new year|(?:the )?spring festival": "spring_festival",
    r"(?:the )?mid-?autumn(?: festival)?": "mid_autumn",
    r"(?:the )?dragon boat festival": "dragon_boat",
    r"(?:the )?national day": "national_day",
}
HOLIDAY = "(?P<holiday>" + "|".join(HOLIDAYS) + r")\b"
HOLIDAY_NAMES = [(re.compile(pattern), name) for pattern, name in HOLIDAYS.items()]
# "every Friday", "on Fridays" and "each May" are habits, not dates.
HABIT = r"(?<!every )(?<!each )(?<!most )"
