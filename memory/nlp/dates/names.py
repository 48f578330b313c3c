"""Names of months and weekdays: the one table for reading and for writing dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memory.types import ByLanguage, Language

# Not calendar.month_name: that follows the locale of the process.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
MONTH_NUMBERS: Mapping[str, int] = {
    **{name.lower(): number for number, name in enumerate(MONTHS, 1)},
    **{name[:3].lower(): number for number, name in enumerate(MONTHS, 1)},
    "sept": 9,
}
"""By lower-case name, whole or short."""

FULL_MONTHS = "|".join(MONTHS)
SHORT_MONTHS = "|".join(name[:3] for name in MONTHS)
"""Alternations for patterns; of ``May`` both are the same."""

WEEKDAYS: Mapping[Language, Sequence[str]] = ByLanguage(
    {
        "zh": [f"星期{day}" for day in "一二三四五六日"],
        "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    }
)
"""From Monday on, as ``date.weekday()`` counts."""

SHORT_WEEKDAYS: Mapping[Language, Sequence[str]] = ByLanguage(
    {
        "zh": [f"周{day}" for day in "一二三四五六日"],
        "en": [name[:3] for name in WEEKDAYS["en"]],
    }
)
FULL_WEEKDAYS = "|".join(WEEKDAYS["en"])
