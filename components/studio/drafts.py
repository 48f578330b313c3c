"""Unsaved drafts: what is being edited survives a visit to another tab.

Fields keep their text in ``on_change``: a click on another tab while the field has
the focus is one run with the end of the typing, and that run doesn't draw the field.
"""

from __future__ import annotations

import zlib

import streamlit as st

from memory.container import Container
from memory.types import TextKind


def current(running: Container, kind: TextKind, name: str) -> str:
    """The edited text, else the one in use."""
    draft: str | None = st.session_state.get(_key(kind, name))
    return running.studio.text(kind, name) if draft is None else draft


def keep(running: Container, kind: TextKind, name: str, body: str) -> None:
    """Remember an edited text; one that is as in use is no draft."""
    if body.strip() == running.studio.text(kind, name).strip():
        st.session_state.pop(_key(kind, name), None)
    else:
        st.session_state[_key(kind, name)] = body


def is_edited(kind: TextKind, name: str) -> bool:
    """Whether there is a text that isn't saved yet."""
    return _key(kind, name) in st.session_state


def forget(kind: TextKind, name: str) -> None:
    """Drop the edits (a callback); the fields show what is in use again."""
    st.session_state.pop(_key(kind, name), None)
    show_again(kind, name)


def show_again(kind: TextKind, name: str) -> None:
    """New fields for the same draft (a callback): other fields may have changed it."""
    count = f"{_key(kind, name)}_fields"
    st.session_state[count] = st.session_state.get(count, 0) + 1


def fields(running: Container, kind: TextKind, name: str) -> str:
    """Begins the keys of the fields; another one once what they show isn't in use any more."""
    count = st.session_state.get(f"{_key(kind, name)}_fields", 0)
    base = zlib.crc32(running.studio.text(kind, name).encode())
    return f"studio_{kind}_{name}_{base:x}_{count}"


def seed(key: str, value: object) -> str:
    """Give a field its first value; returns its key."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def _key(kind: TextKind, name: str) -> str:
    return f"studio_draft_{kind}_{name}"
