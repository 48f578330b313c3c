"""The conversation: earlier messages, and the reply that is on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import streamlit as st

from components import page_script
from components.chat import attachments as chat_attachments
from components.chat import deep_link as chat_arrival
from components.chat import message_deletion as chat_unsaying
from components.chat import read_aloud as chat_reading
from components.chat import safety_help as chat_care
from components.chat import trace as chat_trace
from components.chat import versions as chat_versions
from components.chat.memory_chips import Chip, chips
from components.identity import Identity
from components.markdown_escape import plain
from components.memories.moments import day_name
from components.reply_text import reply_markdown
from components.safety import notices as safety_notices
from components.text import error_text, provider_words, t
from memory.chat.personas import USER_AVATAR, avatar_path
from memory.chat.reply_runs import ReplyRun
from memory.chat.turn import Turn
from memory.container import Container
from memory.errors import NiannianError
from memory.nlp.quotes import split_quote
from memory.types import Message, MessageState, Session

FIRST_SHOWN = 40
MORE = 40
# Beyond so many later messages only the surroundings of one from long ago are shown.
MOST_AFTER = 200
AROUND = 20
GO_ON = "chat_go_on"
# After so long a silence the time is said again.
SILENCE = timedelta(minutes=15)
# Rules answer within milliseconds; spoken at once, a reply reads like a form letter.
BUILTIN_PACE = 0.03
UNFINISHED = frozenset(
    {MessageState.STOPPED, MessageState.INTERRUPTED, MessageState.FAILED, MessageState.STREAMING}
)


def asked_again() -> bool:
    """Whether the last reply is to be given again in this run."""
    return bool(st.session_state.pop(chat_unsaying.ASK_AGAIN, False))


def resumed() -> bool:
    """Whether the last reply is to go on in this run."""
    return bool(st.session_state.pop(GO_ON, False))


def load(
    running: Container,
    me: Identity,
    session: Session,
    found_message: Message | None = None,
) -> list[Message]:
    """The messages to show, oldest first: the last ones, more after each click.

    With ``found_message`` so many that it is among them; of a very long session only
    its surroundings.
    """
    shown = st.session_state.setdefault("chat_shown", FIRST_SHOWN)
    end = None
    if found_message is not None:
        after = running.db.positions.count_after(me.owner, session.id, found_message.number)
        if after > MOST_AFTER:
            end = found_message.number + AROUND + 1
        else:
            shown = max(shown, after + 1 + AROUND)
    found = running.db.messages.of(me.owner, session.id, limit=shown + 1, before_number=end)
    if len(found) > shown:
        found = found[1:]
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button(
                t("chat.earlier"), key="earlier", type="tertiary", icon=":material/expand_less:"
            ):
                st.session_state["chat_shown"] = shown + MORE
                st.rerun()
    return found


def history(
    running: Container,
    me: Identity,
    messages: Sequence[Message],
    remembered: Mapping[str, Sequence[Chip]],
    found_message: Message | None = None,
    *,
    going_on: bool = False,
) -> None:
    """Show messages that are already there, with what was remembered from each.

    ``found_message`` is marked; if later ones aren't shown, a button leads to them.
    ``going_on``: another turn is about to follow.
    """
    last = running.db.positions.last_number(me.owner, messages[-1].session_id) if messages else 0
    due = safety_notices.by_message(running, me, messages)
    said = any(message.role == "user" for message in messages)
    if not said:
        safety_notices.show(due.get(safety_notices.NOW, ()), safety_notices.NOW)
    newest = next((m.id for m in reversed(messages) if m.role == "user"), None)
    versions = chat_versions.of(running, me, messages)
    zone = running.settings.zone_for(me.user)
    before: datetime | None = None
    for message in messages:
        at = message.created_at.astimezone(zone)
        _time_line(running, at, before)
        before = at
        safety_notices.show(due.get(message.id, ()), message.id)
        marked = found_message is not None and message.id == found_message.id
        with st.container(key="found_message" if marked else f"message_{message.id}"):
            _message(
                running,
                me,
                message,
                versions=versions.get(message.id, ()),
                is_last=message.number == last,
                newest=message.id == newest and not going_on,
            )
        chips(me, message, remembered.get(message.id, ()))
    if said:
        safety_notices.show(due.get(safety_notices.NOW, ()), safety_notices.NOW)
    if found_message is not None:
        chat_arrival.scroll()
        if messages and messages[-1].number < last:
            with st.container(horizontal=True, horizontal_alignment="center"):
                st.button(
                    t("arrival.to_the_end"),
                    key="to_the_end",
                    type="tertiary",
                    icon=":material/expand_more:",
                    on_click=chat_arrival.leave,
                )


def _message(
    running: Container,
    me: Identity,
    message: Message,
    *,
    versions: Sequence[str],
    is_last: bool,
    newest: bool,
) -> None:
    if message.role == "user":
        if chat_versions.edited(message):
            with st.chat_message("user", avatar=avatar_path(USER_AVATAR)):
                chat_versions.editor(running, me, message)
            return
        with user_bubble(message.typed):
            chat_attachments.show(running, me, message)
            if not me.looking_at_another:
                with st.container(key=f"corner_{message.id}"):
                    chat_versions.menu(running, me, message)
                _below(running, me, message, versions, unanswered=is_last)
        chat_care.card(running, me, message, newest=newest)
        return
    with _persona_bubble(me):
        if chat_versions.edited(message):
            chat_versions.editor(running, me, message)
            return
        if message.text:
            st.markdown(reply_markdown(message.text))
        _state_line(running, message)
        _controls(running, me, message, versions, is_last=is_last)
        chat_reading.player(running, me, message)


def _below(
    running: Container, me: Identity, message: Message, versions: Sequence[str], *, unanswered: bool
) -> None:
    """Under what somebody said: its versions, and the way to an answer that isn't there."""
    if not versions and not unanswered:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"said_{message.id}"
    ):
        if versions:
            chat_versions.arrows(running, me, message, versions)
        if unanswered:
            chat_unsaying.again_button(message, failed=True)


def _time_line(running: Container, at: datetime, before: datetime | None) -> None:
    """The day where it changes, and the time after a silence, between the bubbles."""
    new_day = before is None or at.date() != before.date()
    if not new_day and before is not None and at - before < SILENCE:
        return
    today = running.clock().astimezone(at.tzinfo).date()
    said = f"{day_name(at.date(), today)} {at:%H:%M}" if new_day else f"{at:%H:%M}"
    st.caption(said, text_alignment="center")


def user_bubble(text: str) -> st.delta_generator.DeltaGenerator:
    """What the user said, exactly as typed: no markdown, no HTML. Returns the bubble.

    What it quotes stands above it, set apart.
    """
    bubble = st.chat_message("user", avatar=avatar_path(USER_AVATAR))
    quote, own = split_quote(text)
    if quote:
        bubble.caption(f"> {plain(quote)}")
    if own:
        bubble.text(own)
    return bubble


def begin(running: Container, turn: Turn) -> ReplyRun:
    """Let a reply be made; it goes on whatever becomes of this page."""
    return running.replies.start(turn, BUILTIN_PACE if running.chat_model.is_builtin else 0.0)


def stream(running: Container, me: Identity, run: ReplyRun) -> None:
    """Show a reply while it comes; ends this run."""
    chat_care.noticed(run.turn)
    chat_care.of_turn(running, me, run.turn)
    # Where the finished reply will stand, so that nothing moves when it is there.
    with st.container(key=f"message_{run.id}"), _persona_bubble(me):
        slot = st.empty()
        reader = chat_reading.Reader(running, me, run.id)
        # Why it failed is said under it, on every page.
        with suppress(NiannianError):
            for text in run.texts():
                slot.markdown(reply_markdown(text) or f":shimmer[{t('chat.thinking')}]")
                reader.hear(text)
        reader.end()
    page_script.speak(run.turn.text)
    st.rerun()


def _persona_bubble(me: Identity) -> st.delta_generator.DeltaGenerator:
    return st.chat_message(me.persona_name, avatar=avatar_path(me.persona.avatar))


def _sentences(error: NiannianError) -> str:
    """Ours, and beneath it what the provider said."""
    said = provider_words(error)
    return f"{error_text(error)}\n\n{plain(said)}" if said else error_text(error)


def _state_line(running: Container, message: Message) -> None:
    if message.state not in UNFINISHED:
        return
    error = running.replies.failure(message.id)
    st.caption(f":material/info: {_sentences(error) if error else t(f'chat.{message.state}')}")


def _controls(
    running: Container, me: Identity, message: Message, versions: Sequence[str], *, is_last: bool
) -> None:
    """The quiet row under a reply."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"controls_{message.id}"
    ):
        # An opening line has a trace only when something remembered is in it.
        opening = message.opening and not running.db.traces.get(me.owner, message.id)
        if message.text and not opening:
            chat_trace.button(running, me, message)
        if message.text and message.state is not MessageState.STREAMING:
            chat_reading.button(running, message)
        if me.looking_at_another:
            return
        if versions:
            chat_versions.arrows(running, me, message, versions)
        if is_last and message.state is MessageState.INTERRUPTED and message.text:
            _go_on_button(running, message)
        if is_last and not message.opening:
            failed = message.state in UNFINISHED
            chat_unsaying.again_button(message, failed=failed)
        if message.text or message.state is not MessageState.STREAMING:
            chat_versions.menu(running, me, message)


def _go_on_button(running: Container, message: Message) -> None:
    if running.chat_model.is_builtin:
        return
    label, key = t("chat.go_on"), f"go_on_{message.id}"
    if st.button(label, icon=":material/play_arrow:", type="tertiary", key=key):
        st.session_state[GO_ON] = True
        st.rerun()
