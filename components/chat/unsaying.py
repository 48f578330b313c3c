"""Deleting a message, and answering again: what was learnt only from it can go as well."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.identity import Identity
from components.memories import changes as memory_changes
from components.plain import plain, shorten
from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError
from memory.types import Memory, Message

ASK_AGAIN = "chat_ask_again"
PLACE = "chat"
_ASKED = "chat_unsaying"
_SHOWN = 6


def delete_button(message: Message) -> None:
    """The quiet control that deletes a message; asks first."""
    st.button(
        t("unsay.delete"),
        key=f"unsay_{message.id}",
        type="tertiary",
        icon=":material/delete:",
        on_click=_ask,
        args=("delete", message.id),
    )


def again_button(running: Container, me: Identity, message: Message, *, failed: bool) -> None:
    """Answer again; asks first if something was learnt only from this answer."""
    st.button(
        t("chat.retry") if failed else t("chat.again"),
        key=f"again_{message.id}",
        type="secondary" if failed else "tertiary",
        icon=":material/refresh:",
        on_click=_again,
        args=(running, me, message),
    )


def open_asked(running: Container, me: Identity) -> None:
    """Open the question that a click on one of the controls leads to."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is None:
        return
    what, message_id = asked
    going = running.ledger.turn_of(me.owner, message_id)
    if going:
        (_delete_dialog if what == "delete" else _again_dialog)(running, me, message_id, going)


def _ask(what: str, message_id: str) -> None:
    st.session_state[_ASKED] = (what, message_id)


def _again(running: Container, me: Identity, message: Message) -> None:
    try:
        learnt = running.keeper.learnt_from(me.owner, _answers(running, me, message.id))
    except NiannianError:
        # The answer matters more than the question about it.
        learnt = None
    if learnt and learnt.only:
        _ask("again", message.id)
    else:
        st.session_state[ASK_AGAIN] = True


def _answers(running: Container, me: Identity, message_id: str) -> list[str]:
    return [m.id for m in running.ledger.turn_of(me.owner, message_id) if m.role != "user"]


def _delete_dialog(
    running: Container, me: Identity, message_id: str, going: Sequence[Message]
) -> None:
    learnt = running.keeper.learnt_from(me.owner, [message.id for message in going])

    @st.dialog(t("unsay.title"), icon=":material/delete:")
    def dialog() -> None:
        for message in _visible(going, message_id):
            who = me.user.name if message.role == "user" else me.persona_name
            st.caption(plain(who))
            st.text(shorten(message.text, 120))
        st.caption(t("unsay.for_good"))
        _learnt(learnt.only, len(learnt.also))
        with st.container(horizontal=True, horizontal_alignment="right", key="unsay_choices"):
            if st.button(t("app.cancel"), key="unsay_no"):
                st.rerun()
            if learnt.only and st.button(t("unsay.keep"), key="unsay_keep"):
                _delete(running, me, message_id, forget=False)
            said = t("unsay.forget" if learnt.only else "app.delete")
            if st.button(said, key="unsay_yes", type="primary"):
                _delete(running, me, message_id, forget=bool(learnt.only))

    dialog()


def _again_dialog(
    running: Container, me: Identity, message_id: str, going: Sequence[Message]
) -> None:
    answers = [message.id for message in going if message.role != "user"]
    learnt = running.keeper.learnt_from(me.owner, answers)

    @st.dialog(t("unsay.again_title"), icon=":material/refresh:")
    def dialog() -> None:
        _learnt(learnt.only, 0)
        with st.container(horizontal=True, horizontal_alignment="right", key="unsay_choices"):
            if st.button(t("app.cancel"), key="unsay_no"):
                st.rerun()
            if st.button(t("unsay.again_keep"), key="unsay_keep"):
                st.session_state[ASK_AGAIN] = True
                st.rerun()
            if st.button(t("unsay.again_forget"), key="unsay_yes", type="primary"):
                try:
                    group = running.keeper.forget_learnt(me.owner, answers)
                except NiannianError as error:
                    st.error(error_text(error), icon=":material/error:")
                    return
                _note(me, t("unsay.forgotten", count=len(learnt.only)), group)
                st.session_state[ASK_AGAIN] = True
                st.rerun()

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


def _delete(running: Container, me: Identity, message_id: str, *, forget: bool) -> None:
    """Do it and close the question."""
    try:
        done = running.keeper.delete_message(me.owner, message_id, forget=forget)
    except NiannianError as error:
        st.error(error_text(error), icon=":material/error:")
        return
    said = t("unsay.done_forgotten", count=done.forgotten) if done.forgotten else t("unsay.done")
    _note(me, said, done.group_id if done.forgotten else None)
    st.rerun()


def _note(me: Identity, text: str, group_id: str | None) -> None:
    memory_changes.note(text, me.owner, group_id, place=PLACE)
