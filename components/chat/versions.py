"""Versions of a message, and the menu of what can be done with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from components import page_script
from components.chat import message_deletion as chat_unsaying
from components.identity import Identity
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.text import error_text, t
from memory.chat.companion import MAX_MESSAGE
from memory.container import Container
from memory.errors import NiannianError
from memory.nlp.quotes import quoted_line, split_quote
from memory.types import Message, MessageState

Versions = Mapping[str, tuple[str, ...]]
DRAFT = "chat_draft"
"""What the next run puts into the input."""
_EDITED = "chat_edited"
_RESENT = "chat_resent"
_ICONS = {"up": ":material/thumb_up:", "down": ":material/thumb_down:"}


@dataclass
class Resent:
    """A message that is said differently, on its way to the database; empty once it is there."""

    id: str
    text: str


def of(running: Container, me: Identity, messages: Sequence[Message]) -> Versions:
    """The versions of the messages that have several, by message."""
    return running.db.branches.versions(me.owner, messages)


def arrows(running: Container, me: Identity, message: Message, ids: Sequence[str]) -> None:
    """``‹ 2/3 ›``: the version that is shown, and the way to the others."""
    place = ids.index(message.id)
    for step, icon, label in ((-1, "chevron_left", "earlier"), (1, "chevron_right", "later")):
        if step == 1:
            st.caption(f"{place + 1}/{len(ids)}", width="content")
        other = place + step
        st.button(
            t(f"versions.{label}"),
            key=f"version_{label}_{message.id}",
            type="tertiary",
            icon=f":material/{icon}:",
            disabled=not 0 <= other < len(ids),
            on_click=_choose,
            args=(running, me, ids[other % len(ids)], label),
        )


def menu(running: Container, me: Identity, message: Message) -> None:
    """Edit, copy, quote, rate and delete, behind one quiet button."""
    mine = message.role == "user"
    options = ["copy", "quote"]
    if message.state is not MessageState.STREAMING and not message.opening:
        options = [
            "edit" if mine else "correct",
            "copy",
            "quote",
            *([] if mine else ["up", "down"]),
            "delete",
        ]
    if message.rating:
        said = t(f"versions.{message.rating}")
        st.caption(f"{_ICONS[message.rating]} {said}", width="content")
    if message.original is not None:
        st.caption(t("versions.corrected"), width="content", help=plain(message.original))
    choice = st.menu_button(
        t("versions.menu"),
        options,
        format_func=lambda value: t(f"versions.{value}"),
        icon=":material/more_horiz:",
        type="tertiary",
        key=f"more_{message.id}",
    )
    if choice in ("edit", "correct"):
        st.session_state[_EDITED] = message.id
        page_script.focus(_field(message))
        st.rerun()
    elif choice == "copy":
        page_script.copy(message.typed)
        st.toast(t("versions.copied"), icon=":material/content_copy:")
        st.rerun()
    elif choice == "quote":
        quoted(message)
    elif choice in ("up", "down"):
        again = None if message.rating == choice else choice
        running.db.branches.rate(me.owner, message.id, again)
        st.rerun()
    elif choice == "delete":
        chat_unsaying.ask(message.id)


def quoted(message: Message) -> None:
    """Put a message into the input, to be answered to; ends this run."""
    _, own = split_quote(message.typed)
    st.session_state[DRAFT] = quoted_line(own or message.typed)
    page_script.focus("chat_input")
    st.rerun()


def edited(message: Message) -> bool:
    """Whether somebody is writing this message differently right now."""
    return bool(st.session_state.get(_EDITED) == message.id)


def editor(running: Container, me: Identity, message: Message) -> None:
    """The message as a form, in its place."""
    mine = message.role == "user"
    key = _field(message)
    with st.container(key=f"edit_{message.id}"):
        st.text_area(
            t("versions.edit" if mine else "versions.correct"),
            message.typed,
            key=key,
            max_chars=MAX_MESSAGE,
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(t("app.cancel"), key="edit_cancel", on_click=_close, args=(message,))
            st.button(
                t("versions.send") if mine else t("app.save"),
                key="edit_save",
                type="primary",
                on_click=_save,
                args=(running, me, message, key),
            )


def resent() -> Resent | None:
    """The message that this run says differently."""
    found: Resent | None = st.session_state.get(_RESENT)
    return found if found is not None and found.text else None


def followed(running: Container, me: Identity, group: str | None) -> None:
    """Say what was forgotten with what was set aside, and offer to undo it."""
    count = len(running.db.history.changed_ids(me.owner, group)) if group else 0
    if count:
        said = t("unsay.forgotten", count=count)
        memory_changes.note(said, me.owner, group, place=chat_unsaying.PLACE)


def _field(message: Message) -> str:
    return f"edit_text_{message.id}"


def _close(message: Message) -> None:
    st.session_state.pop(_EDITED, None)
    page_script.focus(f"more_{message.id}")


def _save(running: Container, me: Identity, message: Message, key: str) -> None:
    text = str(st.session_state.get(key) or "").strip()
    _close(message)
    if not text or text == message.typed:
        return
    if message.role == "user":
        st.session_state[_RESENT] = Resent(message.id, text)
        return
    branches = running.memory_service.branches
    _follow(running, me, lambda: branches.correct(me.owner, message.id, text))


def _choose(running: Container, me: Identity, message_id: str, label: str) -> None:
    # The arrow of the version that comes, or the other one where there is none further.
    page_script.focus(*(f"version_{each}_{message_id}" for each in (label, "earlier", "later")))
    branches = running.memory_service.branches
    _follow(running, me, lambda: branches.choose(me.owner, message_id))


def _follow(running: Container, me: Identity, step: Callable[[], str | None]) -> None:
    try:
        followed(running, me, step())
    except NiannianError as error:
        memory_changes.note(error_text(error), me.owner, place=chat_unsaying.PLACE, failed=True)
