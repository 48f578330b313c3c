"""Message deletion and regeneration: what was learned only from it can go as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.memories import changes as memory_changes
from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError
from memory.types import Memory, Message

ASK_AGAIN = "chat_ask_again"
PLACE = "chat"
_ASKED = "chat_unsaying"
_DECIDED = "chat_unsaying_decided"
_SHOWN = 6


def again_button(message: Message, *, failed: bool) -> None:
    """Answer again."""
    st.button(
        t("chat.retry") if failed else t("chat.again"),
        key=again_key(message.id),
        type="secondary" if failed else "tertiary",
        icon=":material/refresh:",
        on_click=_again,
    )


def again_key(message_id: str) -> str:
    """The key of the button under a reply."""
    return f"again_{message_id}"


def open_asked(running: Container, me: Identity) -> None:
    """Open the question that a click on one of the controls leads to."""
    message_id = st.session_state.pop(_ASKED, None)
    if message_id is None:
        return
    st.session_state.pop(_DECIDED, None)
    going = running.db.deletion.turn_of(me.owner, message_id)
    if going:
        _delete_dialog(running, me, message_id, going)


def ask(message_id: str) -> None:
    """Ask whether a message shall be deleted."""
    st.session_state[_ASKED] = message_id


def _again() -> None:
    st.session_state[ASK_AGAIN] = True


def _delete_dialog(
    running: Container, me: Identity, message_id: str, going: Sequence[Message]
) -> None:
    learnt = running.memory_service.retraction.learnt_from(
        me.owner, [message.id for message in going]
    )

    @st.dialog(t("unsay.title"), icon=":material/delete:")
    def dialog() -> None:
        _closed()
        for message in _visible(going, message_id):
            who = me.user.name if message.role == "user" else me.persona_name
            st.caption(plain(who))
            st.text(shorten(message.text, 120))
        st.caption(t("unsay.for_good"))
        _learnt(learnt.only, len(learnt.also))
        keep = t("unsay.keep") if learnt.only else None
        yes = t("unsay.forget") if learnt.only else t("app.delete")
        _choices(lambda forget: _delete(running, me, message_id, forget=forget), keep, yes)

    dialog()


def _visible(going: Sequence[Message], message_id: str) -> list[Message]:
    """What goes as it can be seen: the message itself, and the answer that stands."""
    asked = next(message for message in going if message.id == message_id)
    if asked.role != "user":
        return [asked]
    answers = [m for m in going if m.id != message_id and m.state != "replaced" and m.text]
    return [asked, *answers]


def _learnt(only: Sequence[Memory], also: int) -> None:
    if only:
        st.markdown(t("unsay.learnt", count=len(only)))
        for memory in only[:_SHOWN]:
            st.markdown(f"- {plain(shorten(memory.text, 80))}")
        if len(only) > _SHOWN:
            st.caption(t("memories.and_more", count=len(only) - _SHOWN))
    if also:
        st.caption(t("unsay.also", count=also))


def _choices(act: Callable[[bool], None], keep: str | None, yes: str) -> None:
    """Cancel, do it and keep the memories (if there are any), do it and forget them too."""
    with st.container(horizontal=True, horizontal_alignment="right", key="unsay_choices"):
        st.button(t("app.cancel"), key="unsay_no", on_click=_decided)
        if keep is not None:
            st.button(keep, key="unsay_keep", on_click=_decided, args=(act, False))
        st.button(yes, key="unsay_yes", type="primary", on_click=_decided, args=(act, True))


def _decided(act: Callable[[bool], None] | None = None, forget: bool = False) -> None:
    st.session_state[_DECIDED] = True
    if act is not None:
        act(forget)


def _closed() -> None:
    """Close the question once it was answered."""
    if st.session_state.pop(_DECIDED, False):
        st.rerun()


def _delete(running: Container, me: Identity, message_id: str, *, forget: bool) -> None:
    try:
        done = running.memory_service.retraction.delete_message(me.owner, message_id, forget=forget)
    except NiannianError as error:
        memory_changes.note(error_text(error), me.owner, place=PLACE, failed=True)
        return
    said = t("unsay.done_forgotten", count=done.forgotten) if done.forgotten else t("unsay.done")
    group = done.group_id if done.forgotten else None
    memory_changes.note(said, me.owner, group, place=PLACE)
