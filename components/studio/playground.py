"""Playground tab: one conversation, two prompts; nothing is stored unasked."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.identity import Identity
from components.studio import care_set, notice, results, sides
from components.studio.sides import Choice
from components.text import error_text, t
from memory.container import Container
from memory.errors import BadInput
from memory.nlp.language import detect
from memory.studio.dialogue import MOST_CHARACTERS, pasted_messages
from memory.studio.dry_run import DryRun, DryRunResult
from memory.types import Language, Message, Owner

SOURCES = ("pasted", "session", "care_set")
SESSIONS = 200
MOST_TURNS = 40
DEFAULT_TURNS = 10
_TRIED = "studio_tried"


@dataclass(frozen=True)
class Trial:
    """What was tried last, by whom and on what."""

    owner: Owner
    messages: tuple[Message, ...]
    tried: tuple[DryRunResult, ...]
    labels: tuple[str, ...]
    blank: bool


def bench(running: Container) -> DryRun:
    """Where prompts are tried."""
    return DryRun(
        running.extractor, running.db, running.store, running.memory_service, running.clock
    )


def playground_tab(running: Container, me: Identity) -> None:
    """A conversation, A and B, and what comes of them; or a care set."""
    source = _source()
    if source == "care_set":
        care_set.show(running, me)
        return
    st.caption(t("studio.playground_about"))
    messages = _stored(running, me) if source == "session" else _pasted(running, me)
    language = detect("\n".join(m.text for m in messages if m.role == "user"), default=me.language)
    chosen = _sides(running, me, language)
    usable = bool(messages) and all(choice.side is not None for choice in chosen)
    if st.button(
        t("studio.try_out"),
        key="studio_try",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not usable,
    ):
        _try(running, me, messages, chosen)
    trial: Trial | None = st.session_state.get(_TRIED)
    if trial is not None and trial.owner == me.owner:
        results.show(trial.tried, trial.labels)
        _keep(running, me, trial)


def _source() -> str:
    chosen: str = st.segmented_control(
        t("studio.source"),
        SOURCES,
        default="pasted",
        required=True,
        format_func=lambda value: t(f"studio.source_{value}"),
        label_visibility="collapsed",
        key="studio_source",
        persist_state="session",
    )
    return chosen


def _pasted(running: Container, me: Identity) -> tuple[Message, ...]:
    text = st.text_area(
        t("studio.paste"),
        placeholder=t("studio.paste_hint", persona=me.persona_name),
        height=200,
        max_chars=MOST_CHARACTERS,
        key="studio_pasted",
        persist_state="session",
    )
    if not (text or "").strip():
        st.button(
            t("studio.example"),
            key="studio_example",
            icon=":material/lightbulb:",
            type="tertiary",
            on_click=_fill_in,
            args=(t("studio.example_text", persona=me.persona_name),),
        )
        return ()
    try:
        messages = pasted_messages(
            text or "", me.owner, me.persona, running.settings.zone_for(me.user), running.clock()
        )
    except BadInput as error:
        st.error(error_text(error), icon=":material/error:")
        return ()
    _count(messages)
    return messages


def _fill_in(text: str) -> None:
    st.session_state["studio_pasted"] = text


def _count(messages: tuple[Message, ...]) -> None:
    said = sum(message.role == "user" for message in messages)
    st.caption(t("studio.read_as", user=said, ai=len(messages) - said))


def _stored(running: Container, me: Identity) -> tuple[Message, ...]:
    session_id = pick_session(running, me, "studio_session")
    if session_id is None:
        return ()
    turns = st.slider(
        t("studio.last_turns"),
        1,
        MOST_TURNS,
        DEFAULT_TURNS,
        key="studio_turns",
        persist_state="session",
    )
    found = running.db.messages.of(me.owner, session_id, limit=4 * turns)
    asked = [place for place, message in enumerate(found) if message.role == "user"]
    messages = tuple(found[asked[-turns] if len(asked) >= turns else 0 :])
    _count(messages)
    return messages


def pick_session(running: Container, me: Identity, key: str) -> str | None:
    """One of the owner's sessions, by its title; None if there is none."""
    known = {s.id: s for s in running.db.sessions.of(me.owner, limit=SESSIONS)}
    if not known:
        st.info(t("studio.no_sessions"), icon=":material/chat_bubble:")
        return None
    zone = running.settings.zone_for(me.user)
    return st.selectbox(
        t("studio.session"),
        list(known),
        format_func=lambda value: (
            f"{known[value].title or t('studio.untitled')} · "
            f"{known[value].updated_at.astimezone(zone):%Y-%m-%d %H:%M}"
        ),
        key=f"{key}_{me.owner.persona_id}",
        persist_state="session",
    )


def _sides(running: Container, me: Identity, language: Language) -> list[Choice]:
    left, right = st.columns(2, gap="medium")
    with left:
        chosen = [sides.pick("studio_a", running, me, language, "A", sides.IN_USE)]
    with right:
        if running.extraction_model.is_builtin:
            st.selectbox("B", [t("studio.needs_endpoint")], disabled=True, key="studio_b_none")
        else:
            other = sides.other(running, language)
            chosen.append(sides.pick("studio_b", running, me, language, "B", other))
    if running.extraction_model.is_builtin:
        st.info(t("studio.only_rules"), icon=":material/info:")
    st.toggle(
        t("studio.held_against"),
        value=True,
        help=t("studio.held_against_help"),
        key="studio_held",
        persist_state="session",
    )
    return chosen


def _try(
    running: Container, me: Identity, messages: tuple[Message, ...], chosen: list[Choice]
) -> None:
    blank = not st.session_state.get("studio_held", True)
    with st.spinner(t("studio.trying")):
        used = [choice.side for choice in chosen if choice.side is not None]
        tried = bench(running).try_out(me.owner, messages, used, blank=blank)
    labels = tuple(choice.label for choice in chosen)
    st.session_state[_TRIED] = Trial(me.owner, messages, tuple(tried), labels, blank)


def _keep(running: Container, me: Identity, trial: Trial) -> None:
    """Store one side's result, if asked to."""
    if trial.blank:
        st.caption(t("studio.keep_needs_known"))
        return
    with st.container(horizontal=True, key="studio_keep"):
        for place, tried in enumerate(trial.tried):
            changes = 0 if tried.extracted is None else len(tried.extracted.decision.changes)
            st.button(
                t("studio.keep", side="AB"[place]),
                key=f"studio_keep_{place}",
                icon=":material/bookmark_add:",
                disabled=changes == 0,
                on_click=_stored_now,
                args=(running, me, tried),
            )


def _stored_now(running: Container, me: Identity, tried: DryRunResult) -> None:
    if tried.extracted is not None:
        group, count = bench(running).keep(me.owner, tried.extracted)
        notice.stored(me, group, count)
        st.session_state.pop(_TRIED, None)
