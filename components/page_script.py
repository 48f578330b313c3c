"""Page script: what only a browser can do, in one invisible element on every page.

The language of the document, shortcuts, copying, the way to the end of a long talk, the
drawer of a phone, and saying a finished reply to who hears the page instead of seeing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from components import menu
from components.element_data import packed
from components.text import catalogue, language, t
from memory.types import Language, Theme

_PARTS = ("page_names.js", "page_focus.js", "page_script.js")
_mount = st.components.v2.component(
    "niannian_page",
    html="<span></span>",
    js="\n".join(Path(__file__).with_name(part).read_text(encoding="utf-8") for part in _PARTS),
)
_COPY = "page_copy"
_SPOKEN = "page_spoken"
_PUT_AWAY = "page_put_away"
_FOCUS = "page_focus"
_REFUGE = "page_refuge"
NARROW = "page_narrow"
_STREAMLIT = "streamlit."


def show(theme: Theme) -> None:
    """Mount it, once a run; ``theme`` is what somebody chose."""
    with st.container(key="page_script_place"):
        mounted = _mount(
            key="page_script",
            on_narrow_change=lambda: None,
            data=packed(
                narrow=narrow(),
                language=language(),
                theme=theme,
                pages=menu.names(),
                copy=st.session_state.get(_COPY),
                spoken=st.session_state.get(_SPOKEN),
                focus=st.session_state.get(_FOCUS),
                refuge=st.session_state.get(_REFUGE),
                putAway=st.session_state.get(_PUT_AWAY, 0),
                toEnd=t("arrival.to_the_end"),
                popup=t("app.popup"),
                words=_words(language()),
            ),
        )
    if mounted is not None and mounted.narrow is not None:
        st.session_state[NARROW] = bool(mounted.narrow)


@cache
def _words(spoken: Language) -> Mapping[str, str]:
    """What Streamlit says in English, in another language; nothing for English."""
    theirs, ours = catalogue("en"), catalogue(spoken)
    pairs = ((theirs[key], ours[key]) for key in theirs if key.startswith(_STREAMLIT))
    return {english: word for english, word in pairs if english != word}


def narrow() -> bool:
    """Whether there is room for cards only: on phones, and where the browser measured it."""
    measured: bool | None = st.session_state.get(NARROW)
    if measured is not None:
        return measured
    return "Mobi" in st.context.headers.get("User-Agent", "")


def copy(text: str) -> None:
    """Put a text on the clipboard at the next run."""
    _say_once(_COPY, text)


def speak(text: str) -> None:
    """Say a text to who hears the page, at the next run."""
    _say_once(_SPOKEN, text)


def put_sidebar_away() -> None:
    """On a phone the sidebar lies over the page: let it go at the next run."""
    st.session_state[_PUT_AWAY] = st.session_state.get(_PUT_AWAY, 0) + 1


def focus(*keys: str) -> None:
    """Let the next run go on at the first of these widgets that is there and takes the focus.

    What was pressed may be gone after its run, and who goes by the keyboard would start from
    the top again.
    """
    _say_once(_FOCUS, keys)


def focus_if_lost(*keys: str) -> None:
    """As :func:`focus`, if what had the focus goes with the next run and doesn't come back."""
    _say_once(_REFUGE, keys)


def _say_once(key: str, said: str | tuple[str, ...]) -> None:
    before = st.session_state.get(key)
    st.session_state[key] = {"number": before["number"] + 1 if before else 1, "said": said}
