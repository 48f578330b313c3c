"""Next turn: what a run of the page begins, and what it hides because of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import streamlit as st

from components import page_script
from components.chat import attachments as chat_attachments
from components.chat import composer as chat_composer
from components.chat import message_deletion as chat_unsaying
from components.chat import messages as chat_messages
from components.chat import versions as chat_versions
from components.chat.composer import Outgoing
from components.identity import Identity
from components.memories import changes as memory_changes
from components.text import error_text
from memory.chat.reply_runs import ReplyRun
from memory.chat.turn import Turn
from memory.container import Container
from memory.errors import NiannianError
from memory.types import Message, Session

Wish: TypeAlias = Literal["say", "say_again", "answer_again", "go_on"]


def wished(sent: bool) -> Wish | None:
    """What this run of the page begins, if anything; ``sent``: something was, from the input."""
    if sent:
        return "say"
    if chat_versions.resent() is not None:
        return "say_again"
    if chat_messages.asked_again():
        return "answer_again"
    return "go_on" if chat_messages.resumed() else None


def standing(messages: Sequence[Message], wish: Wish | None, run: ReplyRun | None) -> list[Message]:
    """The messages without what the coming reply takes the place of."""
    found = list(messages)
    resent = chat_versions.resent()
    if wish == "say_again" and resent is not None:
        ids = [message.id for message in found]
        return found[: ids.index(resent.id)] if resent.id in ids else found
    if run is not None or wish in ("answer_again", "go_on"):
        while found and found[-1].role == "assistant":
            found.pop()
    return found


def begin(
    running: Container, me: Identity, session: Session, wish: Wish, said: Outgoing
) -> ReplyRun:
    """Begin the reply; what was said stands above it at once."""
    companion = running.companion
    if wish == "say":
        bubble = chat_messages.user_bubble(said.text)
        remember = chat_composer.may_be_remembered()
        with chat_composer.not_lost(said.text):
            attachments = chat_attachments.take(running, me, said.files, bubble)
            turn = companion.reply(
                *(me.owner, session.id, said.text),
                remember=remember,
                language=me.language,
                attachments=[*said.recordings, *attachments],
            )
    elif wish == "say_again":
        turn = _say_again(running, me, session)
    elif wish == "answer_again":
        turn = companion.regenerate(me.owner, session.id, me.language)
        versions = running.db.deletion.turn_of(me.owner, turn.user_message.id)
        latest = max(versions, key=lambda one: (one.aside is not None, one.number))
        chat_versions.followed(running, me, latest.aside)
    else:
        turn = companion.resume(me.owner, session.id, me.language)
    run = chat_messages.begin(running, turn)
    if wish == "answer_again":
        # The button that was pressed goes with the answer before.
        page_script.focus(chat_unsaying.again_key(run.id))
    return run


def _say_again(running: Container, me: Identity, session: Session) -> Turn:
    resent = chat_versions.resent()
    assert resent is not None  # it is what was wished for
    chat_messages.user_bubble(resent.text)
    chat_composer.no_news(running)
    try:
        turn = running.companion.reply(
            me.owner,
            session.id,
            resent.text,
            remember=chat_composer.may_be_remembered(),
            language=me.language,
            instead_of=resent.id,
        )
    except NiannianError as error:
        memory_changes.note(error_text(error), me.owner, place=chat_unsaying.PLACE, failed=True)
        resent.text = ""
        st.rerun()
    # Not through the session's state, as in :func:`components.chat.composer.not_lost`.
    resent.text = ""
    chat_versions.followed(running, me, running.db.branches.gone_with(me.owner, resent.id).aside)
    return turn
