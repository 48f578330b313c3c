"""Charts: colours that can be told apart and seen, and a calendar without gaps."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from components import chart_look, charts
from memory.memories import stats
from memory.types import DEFAULT_CATEGORIES


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_category_has_a_colour_of_its_own_that_can_be_seen(theme: chart_look.Mode) -> None:
    colours = [chart_look.category_colour(category, theme) for category in DEFAULT_CATEGORIES]
    assert len(set(colours)) == len(DEFAULT_CATEGORIES)
    paper = {"light": "#FBF7F2", "dark": "#1C1A19"}[theme]
    for colour in colours:
        assert contrast(colour, paper) >= 3, colour


def test_categories_of_ones_own_are_drawn_too() -> None:
    assert chart_look.category_colour("hobby", "light") == chart_look.category_colour(
        "other", "light"
    )


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
