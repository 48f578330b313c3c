"""Opened file: chosen or pasted, read once, kept until the import is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from components.own_words import say_instead
from components.text import error_text, t
from memory.container import Container
from memory.errors import BadInput
from memory.transfer import ParsedFile
from memory.types import User

ENDINGS = ("json", "jsonl", "zip", "csv", "txt", "md")
MOST_MEGABYTES = 200
_ROUND = "import_round"
_READ = "import_read"
_PASTED = "import_pasted"
PASTED_NAME = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as read; ``id`` tells it from the next one."""

    id: str
    name: str
    parsed: ParsedFile


def choose(running: Container, user: User | None, *, key: str, paste: bool) -> Opened | None:
    """Fields to choose a file or to paste text; what was in it, once there is something.

    What can't be used is one sentence under the field.
    """
    number = st.session_state.setdefault(_ROUND, 0)
    source = "file"
    if paste:
        source = st.segmented_control(
            t("transfer.source"),
            ("file", "paste"),
            default="file",
            required=True,
            format_func=lambda value: t(f"transfer.source_{value}"),
            label_visibility="collapsed",
            key=f"{key}_source_{number}",
        )
    if source == "paste":
        return _pasted(running, user, f"{key}_text_{number}")
    _own_words()
    file = st.file_uploader(
        t("transfer.file" if paste else "transfer.restore_file"),
        type=ENDINGS if paste else "json",
        max_upload_size=MOST_MEGABYTES,
        key=f"{key}_file_{number}",
        help=t("transfer.file_help") if paste else None,
    )
    if file is None:
        return None
    return _read(running, user, file.file_id, file.name, file.getvalue)


def put_away() -> None:
    """Forget the file; the fields are empty again."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    for name in (_READ, _PASTED):
        st.session_state.pop(name, None)


def _pasted(running: Container, user: User | None, key: str) -> Opened | None:
    with st.form(f"{key}_form", border=False):
        text = st.text_area(
            t("transfer.paste"), height=180, placeholder=t("transfer.paste_hint"), key=key
        )
        if st.form_submit_button(t("transfer.look"), icon=":material/preview:"):
            st.session_state[_PASTED] = text
    pasted: str | None = st.session_state.get(_PASTED)
    if pasted is None:
        return None
    return _read(running, user, f"{key}:{hash(pasted)}", PASTED_NAME, pasted.encode)


def _read(
    running: Container, user: User | None, id: str, name: str, data: Callable[[], bytes]
) -> Opened | None:
    known: Opened | tuple[str, BadInput] | None = st.session_state.get(_READ)
    if isinstance(known, Opened) and known.id == id:
        return known
    if not isinstance(known, tuple) or known[0] != id:
        with st.spinner(t("transfer.reading")):
            try:
                opened = Opened(id, name, running.importer.read(data(), name, user=user))
            except BadInput as error:
                known = (id, error)
                st.session_state[_READ] = known
            else:
                st.session_state[_READ] = opened
                return opened
    st.error(error_text(known[1]), icon=":material/error:")
    return None


def _own_words() -> None:
    zone = "[data-testid='stFileUploaderDropzone']"
    say_instead(
        {
            f"{zone} [data-testid='stBaseButton-secondary'] p": t("transfer.pick"),
            f"{zone} [data-testid='stFileUploaderDropzoneInstructions'] span": t(
                "transfer.pick_hint", limit=MOST_MEGABYTES
            ),
        }
    )
