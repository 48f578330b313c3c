"""Both themes can be read: every pair of text and ground meets contrast AA."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from components.theme import ACCENT_COLOURS, STYLES
from memory.types import ACCENTS

ROOT = Path(__file__).parents[2]
AA = 4.5


def config() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("text", ["textColor", "grayTextColor", "primaryColor", "linkColor"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_can_be_read(mode: str, text: str, ground: str) -> None:
    theme = config()["theme"][mode]
    assert contrast(theme[text], theme[ground]) >= AA


@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("accent", ACCENTS)
def test_every_accent_can_be_read(accent: str, ground: str) -> None:
    pair = dict(ACCENT_COLOURS)[accent]  # type: ignore[index]
    for colour, mode in zip(pair, ("light", "dark"), strict=True):
        assert contrast(colour, config()["theme"][mode][ground]) >= AA, mode


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_charts_stand_out_from_the_page(mode: str) -> None:
    theme = config()["theme"][mode]
    for colour in theme["chartCategoricalColors"]:
        assert contrast(colour, theme["backgroundColor"]) >= 3, colour


def test_the_stylesheets_use_the_colours_of_the_theme_and_fetch_nothing() -> None:
    theme = config()["theme"]
    styles = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    for name, key in (
        ("paper", "backgroundColor"),
        ("panel", "secondaryBackgroundColor"),
        ("ink", "textColor"),
        ("quiet", "grayTextColor"),
        ("accent", "primaryColor"),
        ("line", "borderColor"),
    ):
        pair = f"light-dark({theme['light'][key]}, {theme['dark'][key]})"
        assert re.search(rf"--{name}:\s*{re.escape(pair)}", styles), name
    assert not re.search(r"url\(|@import|https?:", styles)


def test_nothing_is_fetched_or_told_and_only_this_computer_is_served() -> None:
    settings = config()
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["address"] == "localhost"
    fonts = [settings["theme"][key] for key in ("font", "headingFont", "codeFont")]
    assert not [font for font in fonts if "http" in font or ":" in font]
