"""The recall debugger: one message, what it recalls, and what other weights would."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.profiles import user_label
from components.recall import from_reply, results, weights
from components.recall.from_reply import ReplyState
from components.text import t
from memory.chat import explain
from memory.chat.explain import Findings, RecallQuery
from memory.container import Container
from memory.types import Message, Owner, User

LONGEST = 2000
HISTORY_MESSAGES = 40
_LOOKED = "recall_looked"
_SEEDED = "recall_seeded"


@st.fragment
def recall_tab(running: Container, me: Identity) -> None:
    """Ask, tune, look. Reruns by itself: moving a slider leaves the page alone."""
    with sentences(), st.container(key="recall"):
        st.caption(t("recall.about"))
        state = from_reply.asked_for(running, me)
        if state is not None:
            from_reply.say(running, me, state)
        asked = _question(running, me, state)
        tried = weights.sliders(running)
        if asked is None:
            st.info(t("recall.ask_first"), icon=":material/manage_search:")
            return
        findings = explain.look(
            running.store,
            asked,
            weights=tried.weights,
            budget=tried.budget,
            in_use=weights.in_use(running.settings),
            prompts=running.studio.loaded,
        )
        _figures(findings)
        results.show(running, asked, findings)


def _question(running: Container, me: Identity, state: ReplyState | None) -> RecallQuery | None:
    """The message and its circumstances; None while there is no message.

    ``state``: the reply whose message, day and conversation the fields begin with.
    """
    _seed(state)
    message = st.text_input(
        t("recall.message"),
        max_chars=LONGEST,
        placeholder=t("recall.message_hint"),
        key="recall_message",
    )
    users = _users(running, me)
    with st.container(horizontal=True, vertical_alignment="bottom", key="recall_who"):
        user_id = st.selectbox(
            t("app.user"),
            list(users),
            index=list(users).index(me.user.id),
            format_func=lambda value: user_label(users[value]),
            key="recall_user",
        )
        persona_id = st.selectbox(
            t("app.persona"),
            list(running.personas),
            index=list(running.personas).index(me.persona.id),
            format_func=lambda value: running.personas[value].text(me.language).name,
            key="recall_persona",
        )
        user = users[user_id]
        zone = running.settings.zone_for(user)
        at = state.asked.created_at if state is not None else running.clock()
        now = at.astimezone(zone)
        day = st.date_input(t("recall.day"), now.date(), format="YYYY-MM-DD", key="recall_day")
        along = st.toggle(t("recall.along"), help=t("recall.along_help"), key="recall_along")
    if not message.strip():
        return None
    owner = Owner(user.id, persona_id)
    if st.session_state.get(_LOOKED) != owner:
        running.accounts.look(me.viewer, owner, "recall")
        st.session_state[_LOOKED] = owner
    return RecallQuery(
        owner=owner,
        message=message.strip(),
        persona=running.personas[persona_id],
        user_name=user.name,
        timezone=str(zone),
        moment=datetime.combine(day or now.date(), now.timetz()),
        language=me.language,
        history=_before(running, owner, state) if along else (),
    )


def _seed(state: ReplyState | None) -> None:
    """Fill the fields from a reply, once an arrival; afterwards they are the reader's."""
    reply_id = state.reply.id if state is not None else None
    if st.session_state.get(_SEEDED) == reply_id:
        return
    st.session_state[_SEEDED] = reply_id
    if state is None:
        return
    for name in ("user", "persona", "day"):
        st.session_state.pop(f"recall_{name}", None)
    st.session_state["recall_message"] = state.asked.typed[:LONGEST]
    st.session_state["recall_along"] = True


def _users(running: Container, me: Identity) -> dict[str, User]:
    """Users that this person may look at, themselves first."""
    others = [
        user
        for user in running.db.users.all()
        if user.id != me.user.id and running.accounts.may_see(me.viewer, user.id)
    ]
    return {user.id: user for user in (me.user, *others)}


def _before(running: Container, owner: Owner, state: ReplyState | None) -> tuple[Message, ...]:
    """What was said before: in the reply's session, or the end of the latest one."""
    if state is not None and state.asked.owner == owner:
        session_id, number = state.asked.session_id, state.asked.number
    else:
        latest = running.db.sessions.of(owner, limit=1)
        if not latest:
            return ()
        session_id, number = latest[0].id, None
    said = running.db.messages.of(owner, session_id, limit=HISTORY_MESSAGES, before_number=number)
    return tuple(message for message in said if message.text)


def _figures(findings: Findings) -> None:
    context = findings.context
    recalled = sum(c.fate is not explain.Fate.BELOW_CUT for c in findings.candidates)
    with st.container(key="recall_numbers"):
        columns = st.columns(4)
        columns[0].metric(t("recall.found"), f"{recalled}", border=True)
        columns[1].metric(t("recall.packed"), f"{len(context.items)}", border=True)
        columns[2].metric(
            t("recall.context_tokens"), f"{context.tokens:,} / {context.budget:,}", border=True
        )
        columns[3].metric(t("recall.prompt_tokens"), f"{findings.prompt_tokens:,}", border=True)
    if context.complete:
        st.caption(f":material/check_circle: {t('recall.complete')}")
