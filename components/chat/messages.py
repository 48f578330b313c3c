"""The conversation: earlier messages, and the reply that is on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.chat import care as chat_care
from components.chat import trace as chat_trace
from components.chat.chips import chips
from components.chat.stream import ReplyReader
from components.identity import Identity
from components.reply_text import reply_markdown
from components.text import error_text, t
from memory.companion import Turn
from memory.container import Container
from memory.errors import NiannianError
from memory.personas import USER_AVATAR, avatar_path
from memory.types import Memory, Message, MessageState, Session

FIRST_SHOWN = 40
MORE = 40
NEEDS_REDRAW = "chat_needs_redraw"
ASK_AGAIN = "chat_ask_again"
# Rules answer within milliseconds; spoken at once, a reply reads like a form letter.
BUILTIN_PACE = 0.03
UNFINISHED = frozenset(
    {MessageState.STOPPED, MessageState.INTERRUPTED, MessageState.FAILED, MessageState.STREAMING}
)


def asked_again() -> bool:
    """Whether the last reply is to be given again in this run."""
    return bool(st.session_state.pop(ASK_AGAIN, False))


def load(
    running: Container, me: Identity, session: Session, *, without_last_reply: bool
) -> list[Message]:
    """The messages to show, oldest first: the last ones, more after each click."""
    shown = st.session_state.setdefault("chat_shown", FIRST_SHOWN)
    found = running.ledger.messages(me.owner, session.id, limit=shown + 1)
    if len(found) > shown:
        found = found[1:]
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button(
                t("chat.earlier"), key="earlier", type="tertiary", icon=":material/expand_less:"
            ):
                st.session_state["chat_shown"] = shown + MORE
                st.rerun()
    while without_last_reply and found and found[-1].role == "assistant":
        found.pop()
    return found


def history(
    running: Container,
    me: Identity,
    messages: Sequence[Message],
    remembered: Mapping[str, Sequence[Memory]],
) -> None:
    """Show messages that are already there, with what was remembered from each."""
    for message in messages:
        if message.role == "user":
            user_bubble(message.text)
            if message.care:
                chat_care.card(running, me, message.care, message.id)
        else:
            with _persona_bubble(me):
                if message.text:
                    st.markdown(reply_markdown(message.text))
                _state_line(message)
                _controls(running, me, message, is_last=message is messages[-1])
        chips(message, remembered.get(message.id, ()))


def user_bubble(text: str) -> None:
    """What the user said, exactly as typed: no markdown, no HTML."""
    with st.chat_message("user", avatar=avatar_path(USER_AVATAR)):
        st.text(text)


def stream(running: Container, me: Identity, turn: Turn) -> None:
    """Show a reply while it comes; whatever ends it, what was said is kept."""
    if turn.care:
        chat_care.card(running, me, turn.care, turn.user_message.id)
    # Set until the end is reached: a stopped script can't draw what belongs below.
    st.session_state[NEEDS_REDRAW] = True
    reader = ReplyReader(turn, BUILTIN_PACE if running.chat_model.is_builtin else 0.0)
    with _persona_bubble(me):
        slot = st.empty()
        try:
            for text in reader:
                slot.markdown(reply_markdown(text) or f":shimmer[{t('chat.thinking')}]")
        except NiannianError as error:
            st.session_state[_error_key(turn.reply_message)] = error_text(error)
        finally:
            reader.close()
    st.rerun()


def _persona_bubble(me: Identity) -> st.delta_generator.DeltaGenerator:
    return st.chat_message(me.persona_name, avatar=avatar_path(me.persona.avatar))


def _error_key(message: Message) -> str:
    return f"error_of_{message.id}"


def _state_line(message: Message) -> None:
    if message.state not in UNFINISHED:
        return
    said = st.session_state.get(_error_key(message))
    st.caption(f":material/info: {said or t(f'chat.{message.state}')}")


def _controls(running: Container, me: Identity, message: Message, *, is_last: bool) -> None:
    """The quiet row under a reply."""
    with st.container(horizontal=True, gap="xsmall", key=f"controls_{message.id}"):
        # An opening line has a trace only when something remembered is in it.
        opening = message.opening and not running.ledger.get_trace(me.owner, message.id)
        if message.text and not opening:
            chat_trace.button(running, me, message)
        if is_last and not message.opening:
            failed = message.state in UNFINISHED
            st.button(
                t("chat.retry") if failed else t("chat.again"),
                key=f"again_{message.id}",
                type="secondary" if failed else "tertiary",
                icon=":material/refresh:",
                on_click=_ask_again,
            )


def _ask_again() -> None:
    st.session_state[ASK_AGAIN] = True
