"""What ``.streamlit/config.toml`` can't say: a little CSS, the same in light and dark.

Only classes made from our own keys (``st-key-…``) are styled, beside four parts of
the frame. Colours are mixed from the current text and accent colours, so both
themes, and a switch between them, need no second set of rules. Nothing is fetched.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

# styles.css is the frame and the chat, pages.css the pages for looking inside.
STYLES = tuple(Path(__file__).with_name(name) for name in ("styles.css", "pages.css"))


@cache
def _css() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in STYLES)


def apply() -> None:
    """Put the styles on the page; takes no room on it."""
    # Dialogs hang outside of the app's root, which alone knows light from dark.
    scheme = st.context.theme.type or "light dark"
    st.html(f"<style>body {{ color-scheme: {scheme}; }}\n{_css()}</style>")
