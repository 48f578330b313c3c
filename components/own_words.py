"""Widget text overrides: CSS that replaces English words built into Streamlit's fields."""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st


def say_instead(texts: Mapping[str, str]) -> None:
    """Show words of ours where Streamlit's stand, which may say what those can't.

    What it only says in one way everywhere is translated by the page script (``[streamlit]``
    in ``locales``).

    Args:
        texts: By the CSS selector of what holds Streamlit's words.
    """
    rules = ""
    for place, said in texts.items():
        content = json.dumps(said, ensure_ascii=False)
        rules += f"{place} {{ font-size: 0 }} {place} > * {{ display: none }}"
        rules += f"{place}::after {{ content: {content}; font-size: 0.875rem }}"
    st.html(f"<style>{rules}</style>")
