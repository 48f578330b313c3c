"""Translated text: every word on the screen, in the language of the browser session.

The texts themselves are in :mod:`memory.i18n`; here is which language it is.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from memory import i18n
from memory.errors import NiannianError
from memory.i18n import LOCALES, catalogue, languages, translate
from memory.types import Language

STATE_KEY = "ui_language"


def t(key: str, **params: Any) -> str:
    """The text for ``key`` in the language of this browser session."""
    return translate(language(), key, **params)


def word(group: str, value: str) -> str:
    """The name of a value (``word("category", "health")``); itself if it has none."""
    return i18n.word(language(), group, value)


def error_text(error: NiannianError) -> str:
    """One sentence for ``error``: cause and remedy."""
    return i18n.error_text(language(), error)


def provider_words(error: NiannianError) -> str | None:
    """What the provider of a model said itself, if it said anything."""
    return i18n.provider_words(language(), error)


def code_text(code: str) -> str:
    """One sentence for an error of which only the code was kept."""
    return i18n.code_text(language(), code)


def language() -> Language:
    """The language of this browser session: chosen, else the browser's own."""
    chosen = st.session_state.get(STATE_KEY)
    if chosen in languages():
        return str(chosen)
    return browser_language()


def choose_language(*preferences: str | None) -> Language:
    """Set this session's language to the first preference that isn't ``auto``."""
    found: Language = browser_language()
    for preference in preferences:
        if preference in languages():
            found = str(preference)
            break
    st.session_state[STATE_KEY] = found
    return found


def browser_language() -> Language:
    """That of the browser if there are sentences in it, else English.

    Where the browser says nothing (tests, scripts) it is Chinese.
    """
    locale = st.context.locale
    found = locale.lower().partition("-")[0] if locale else "zh"
    return found if found in languages() else "en"


__all__ = [
    "LOCALES",
    "STATE_KEY",
    "browser_language",
    "catalogue",
    "choose_language",
    "code_text",
    "error_text",
    "language",
    "provider_words",
    "t",
    "translate",
    "word",
]
