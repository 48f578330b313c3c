"""Every word on the screen, in Chinese and English.

``locales/<language>/*.toml`` are merged into one flat catalogue per language;
``[chat] hello = "…"`` is read with ``t("chat.hello")``. Placeholders are written
``{name}``. A key ending in ``_one`` is used instead when ``count`` is 1.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from memory.errors import NiannianError
from memory.types import Language

LOCALES = Path(__file__).parent.parent / "locales"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
STATE_KEY = "ui_language"


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All texts of ``language`` under their dotted keys.

    Raises:
        ValueError: two files define the same key.
    """
    texts: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.toml")):
        for key, value in _flat(tomllib.loads(path.read_text(encoding="utf-8"))).items():
            if key in texts:
                raise ValueError(f"{key} is defined twice in locales/{language}")
            texts[key] = value
    return texts


def translate(language: Language, key: str, **params: Any) -> str:
    """The text for ``key`` in ``language`` with its placeholders filled in.

    Raises:
        KeyError: no such text.
    """
    texts = catalogue(language)
    if params.get("count") == 1 and f"{key}_one" in texts:
        key = f"{key}_one"
    return texts[key].format(**params) if params else texts[key]


def t(key: str, **params: Any) -> str:
    """The text for ``key`` in the language of this browser session."""
    return translate(language(), key, **params)


def word(group: str, value: str) -> str:
    """The name of a value (``word("category", "health")``); itself if it has none.

    Categories are configurable, so a value without a translation is normal.
    """
    return catalogue(language()).get(f"word.{group}.{value}", value)


def error_text(error: NiannianError) -> str:
    """One sentence for ``error``: cause and remedy."""
    texts = catalogue(language())
    text = texts.get(f"error.{error.code}")
    if text is None:
        # A code of its own without a sentence of its own: say what its class says.
        text = texts.get(f"error.{type(error).code}", texts["error.unexpected"])
    params = {**error.params}
    if "why" in params:
        params["why"] = word("why", str(params["why"]))
    return text.format_map(_Lenient(params))


def code_text(code: str) -> str:
    """One sentence for an error of which only the code was kept."""
    texts = catalogue(language())
    return texts.get(f"error.{code}", texts["error.unexpected"]).format_map(_Lenient())


def language() -> Language:
    """The language of this browser session: chosen, else the browser's own."""
    chosen = st.session_state.get(STATE_KEY)
    if chosen in LANGUAGES:
        return "zh" if chosen == "zh" else "en"
    return browser_language()


def choose_language(*preferences: str | None) -> Language:
    """Set this session's language to the first preference that isn't ``auto``."""
    found: Language = browser_language()
    for preference in preferences:
        if preference in LANGUAGES:
            found = "zh" if preference == "zh" else "en"
            break
    st.session_state[STATE_KEY] = found
    return found


def browser_language() -> Language:
    """Chinese for a browser set to any Chinese, English for all others.

    Where the browser says nothing (tests, scripts) it is Chinese.
    """
    locale = st.context.locale
    return "zh" if not locale or locale.lower().startswith("zh") else "en"


class _Lenient(dict[str, Any]):
    """Leaves a placeholder visible rather than fail while reporting an error."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
