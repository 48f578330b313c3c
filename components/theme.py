"""Theme CSS: what ``.streamlit/config.toml`` can't say, the same in light and dark.

Only classes made from our own keys (``st-key-…``) are styled, beside four parts of
the frame. Colours are mixed from the current text and accent colours, so both
themes, and a switch between them, need no second set of rules. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from memory.types import ACCENTS, Accent, Appearance, TextSize

# The frame and the chat, the pages for looking inside, and what fingers need everywhere.
STYLES = tuple(Path(__file__).with_name(name) for name in ("styles.css", "pages.css", "touch.css"))


@cache
def _css() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in STYLES)


def apply() -> None:
    """Put the styles on the page; takes no room on it."""
    # Dialogs hang outside of the app's root, which alone knows light from dark.
    scheme = st.context.theme.type or "light dark"
    st.html(f"<style>body {{ color-scheme: {scheme}; }}\n{_css()}</style>")


ACCENT_COLOURS: Mapping[Accent, tuple[str, str]] = {
    "clay": ("#B4472F", "#E9967A"),
    "sea": ("#2B6584", "#7DBBD8"),
    "moss": ("#2F6A4A", "#7CC29B"),
    "plum": ("#84417F", "#D3A4DC"),
    "ochre": ("#7D5A00", "#E0B040"),
    "slate": ("#4A5A6C", "#A9B8C9"),
}
"""On light and on dark paper; each can be read as a text on either shade of it."""

_PIXELS: Mapping[TextSize, int] = {"small": 14, "normal": 16, "large": 18, "huge": 21}

_SCALE = "theme_scale"


def wear(appearance: Appearance, persona_id: str) -> None:
    """Put on what a user chose for talking with a persona; light or dark is the script's."""
    accent = appearance.accents.get(persona_id, ACCENTS[0])
    light, dark = ACCENT_COLOURS[accent]
    st.session_state[_SCALE] = _PIXELS[appearance.text_size] / _PIXELS["normal"]
    rules = [
        # Streamlit's own sizes are all relative to the root's.
        f"html {{ font-size: {_PIXELS[appearance.text_size]}px !important; }}",
        f"body {{ --accent: light-dark({light}, {dark}); }}",
    ]
    if accent != ACCENTS[0]:
        rules.append(_repainted())
    st.html("<style>" + "\n".join(rules) + "</style>")


def scale() -> float:
    """How much larger than usual letters are, for what is measured in pixels."""
    return float(st.session_state.get(_SCALE, 1.0))


@cache
def _repainted() -> str:
    return Path(__file__).with_name("accents.css").read_text(encoding="utf-8")
