"""Help in reach for somebody in danger: open at first, then one line above the input."""

from __future__ import annotations

import re

import streamlit as st

from components import region as region_picker
from components.identity import Identity
from components.safety import contact
from components.text import t
from memory.chat import safety
from memory.chat.turn import Turn
from memory.container import Container
from memory.types import Message, Session

_OPEN = "care_open"
_OF_TURN = "care_of_turn"
_LANGUAGE = "care_language"
# What stands in for a number may be an address to write to.
_DIALLED = re.compile(r"[\d\s+()-]{3,}")
_TEXTED = re.compile(r"\btext\b|短信|简讯|\bsms\b", re.IGNORECASE)
_CALLED = re.compile(r"\bcall\b|电话|拨打", re.IGNORECASE)
_ON_THE_LINE = 2
_AT_ONCE = 4
"""Lines that are seen at once: of ten the first one, the most urgent, leaves a phone's screen."""


def noticed(turn: Turn) -> None:
    """Note what a turn brought; from then on it is shown at its place."""
    help = turn.help
    if help is not None:
        st.session_state[_LANGUAGE] = help.language
    st.session_state[_OF_TURN] = (turn.user_message.session_id, help)
    message = turn.user_message
    st.session_state[_OPEN] = (message.session_id, message.id) if turn.opens_help else None


def card(running: Container, me: Identity, message: Message, *, newest: bool) -> None:
    """What belongs under a message: the open help, or the gentle card; mostly nothing.

    Both stay for the one turn. Afterwards the line above the input has the numbers.
    """
    if not newest or not message.care:
        return
    if message.care == "distress":
        # "If you ever don't want to go on": said to somebody who has just said so, it is deaf.
        if running.safety_watch.in_danger(me.user.id) is None:
            _gentle(running, me, message)
    elif st.session_state.get(_OPEN) == (message.session_id, message.id):
        help = _current(running, me, message.session_id)
        if help is not None:
            _open_card(running, me, help, message.id)


def of_turn(running: Container, me: Identity, turn: Turn) -> None:
    """The same while the reply is on its way."""
    if turn.opens_help and turn.help is not None:
        _open_card(running, me, turn.help, turn.user_message.id)
    elif turn.gentle is not None:
        _gentle_card(running, me, turn.gentle, turn.user_message.id)


def in_reach(running: Container, me: Identity, session: Session) -> bool:
    """One quiet line above the input while somebody is in danger; it can be opened.

    Returns:
        Whether it is there.
    """
    if me.looking_at_another:
        return False
    help = _current(running, me, session.id)
    if help is None:
        return False
    opened = st.session_state.get(_OPEN)
    if opened is not None and opened[0] == session.id:
        # It stands open in the conversation, right under what was said.
        return True
    first = " · ".join(map(_short, _callable(help)[:_ON_THE_LINE]))
    with (
        st.container(key="help_line"),
        st.expander(
            t("care.in_reach", first=first), icon=":material/favorite:", key="help_line_open"
        ),
    ):
        st.markdown(help.opening)
        _lines(running, me, help, "line")
    return True


def _current(running: Container, me: Identity, session_id: str) -> safety.Help | None:
    """What counts now: the lasting danger, or what the last turn touched."""
    language = st.session_state.get(_LANGUAGE, me.language)
    lasting = running.safety_watch.help_in_reach(me.user, language)
    touched_in, touched = st.session_state.get(_OF_TURN, ("", None))
    if lasting is not None or touched_in != session_id:
        return lasting
    found: safety.Help | None = touched
    return found


def _open_card(running: Container, me: Identity, help: safety.Help, key: str) -> None:
    with (
        st.container(key=f"care_{key}"),
        st.expander(t("care.title"), expanded=True, icon=":material/favorite:"),
    ):
        st.markdown(help.opening)
        _lines(running, me, help, key)


def _gentle(running: Container, me: Identity, message: Message) -> None:
    language = st.session_state.get(_LANGUAGE, me.language)
    timezone = running.settings.timezone
    help = safety.help_for("distress", language, user=me.user, timezone=timezone)
    _gentle_card(running, me, help, message.id)


def _gentle_card(running: Container, me: Identity, help: safety.Help, key: str) -> None:
    with st.container(key=f"care_gentle_{key}", gap="xsmall"):
        st.markdown(help.opening)
        with st.expander(t("care.who_listens"), icon=":material/call:"):
            _lines(running, me, help, key)


def _lines(running: Container, me: Identity, help: safety.Help, place: str) -> None:
    with st.container(key=f"help_numbers_{place}", gap="xsmall"):
        for line in help.lines[:_AT_ONCE]:
            st.markdown(_line(line))
        if help.lines[_AT_ONCE:]:
            with st.expander(t("care.more_lines", count=len(help.lines[_AT_ONCE:]))):
                for line in help.lines[_AT_ONCE:]:
                    st.markdown(_line(line))
        mine = contact.reminder(me)
        if mine and running.settings.served_to_others:
            st.markdown(mine)
    st.caption(t("care.note"))
    if not me.looking_at_another:
        region_picker.choice(running, me, f"lines_region_{place}")


def _callable(help: safety.Help) -> list[safety.Helpline]:
    return [line for line in help.lines if _DIALLED.fullmatch(line.number) and not _texted(line)]


def _texted(line: safety.Helpline) -> bool:
    """Whether one writes to this number instead of calling it."""
    return bool(_TEXTED.search(line.name)) and not _CALLED.search(line.name)


def _short(line: safety.Helpline) -> str:
    """For one line on a phone: the number; what to say of an emergency number is its name."""
    name = re.split("[(（]", line.name)[0].rstrip()
    return f"{name} {line.number}" if line.kind == "emergency" else line.number


def _line(line: safety.Helpline) -> str:
    number = ""
    if line.number:
        dial = re.sub(r"[\s()-]", "", line.number)
        if _DIALLED.fullmatch(line.number):
            target = f"{'sms' if _texted(line) else 'tel'}:{dial}"
        else:
            # An address in place of a number, or a name in some app, which leads nowhere.
            target = line.url if line.url.endswith(line.number) else ""
        number = f" **[{line.number}]({target})**" if target else f" **{line.number}**"
    address = f" {line.url}" if line.url and not line.number else ""
    hours = f" · {line.hours}" if line.hours else ""
    note = f" · {line.note}" if line.note else ""
    return f"{line.name}{number}{address}{hours}{note}"
