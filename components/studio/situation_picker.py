"""Situation picker: shipped ones, written ones, and messages of real sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.studio import notice
from components.studio.playground import pick_session
from components.text import error_text, t, word
from memory.container import Container
from memory.errors import NiannianError
from memory.nlp.language import detect
from memory.studio.dialogue import MOST_CHARACTERS, pasted_messages
from memory.studio.reply_bench import MOST_SITUATIONS
from memory.studio.situations import shipped, written
from memory.types import Language, Message, Situation

_CHOSEN = "studio_situations"
_WRITTEN = "studio_situations_written"
_AT_FIRST = 3
_SESSION_MESSAGES = 200
_LABEL = 48


def pick(running: Container, me: Identity, language: Language) -> list[Situation]:
    """The situations that are to be tried."""
    own = running.db.reply_trials.situations(me.owner, language)
    known = {one.id: one for one in (*own, *shipped(language))}
    key = f"{_CHOSEN}_{language}"
    usual = [one.id for one in shipped(language)[:_AT_FIRST]]
    # A situation may have gone since: with its message, or by another's hand.
    st.session_state[key] = [one for one in st.session_state.get(key, usual) if one in known]
    chosen = st.multiselect(
        t("studio.situations"),
        list(known),
        format_func=lambda value: label(known[value]),
        max_selections=MOST_SITUATIONS,
        placeholder=t("studio.situations_choose"),
        key=key,
        persist_state="session",
    )
    with st.expander(t("studio.situation_add"), icon=":material/add:", key="studio_situation_add"):
        _add(running, me, language)
    if own:
        with st.expander(t("studio.situations_own", count=len(own)), icon=":material/bookmark:"):
            _own(running, me, own)
    return [known[id] for id in chosen]


def label(situation: Situation) -> str:
    """How a situation is called, and where it comes from."""
    name = shorten(situation.name, _LABEL)
    return t("studio.situation_real", name=name) if situation.owner else name


def _add(running: Container, me: Identity, language: Language) -> None:
    sources = ("session", "pasted")
    source = st.segmented_control(
        t("studio.source"),
        sources,
        default="session",
        required=True,
        format_func=lambda value: t(f"studio.source_{value}"),
        label_visibility="collapsed",
        key="studio_situation_source",
        persist_state="session",
    )
    if source == "session":
        _from_session(running, me)
    else:
        _from_paste(running, me, language)


def _from_session(running: Container, me: Identity) -> None:
    session_id = pick_session(running, me, "studio_situation_session")
    if session_id is None:
        return
    found = running.db.messages.of(me.owner, session_id, limit=_SESSION_MESSAGES)
    said = {one.id: one for one in found if one.role == "user" and one.text}
    key = f"studio_situation_messages_{session_id}"
    with st.form("studio_situation_real", border=False, clear_on_submit=True):
        st.multiselect(
            t("studio.situation_messages"),
            list(said),
            format_func=lambda value: shorten(said[value].text, 80),
            placeholder=t("studio.situation_messages_choose"),
            key=key,
        )
        st.caption(t("studio.situation_real_about"))
        st.form_submit_button(
            t("studio.situation_save"),
            icon=":material/bookmark_add:",
            on_click=_save_real,
            args=(running, me, said, key),
        )


def _save_real(running: Container, me: Identity, said: Mapping[str, Message], key: str) -> None:
    for id in st.session_state.get(key, ()):
        message = said[id]
        _save(
            running,
            Situation(
                id="",
                name=shorten(message.typed or message.text, _LABEL),
                language=detect(message.typed or message.text, default=me.language),
                owner=me.owner,
                message_id=message.id,
            ),
        )


def _from_paste(running: Container, me: Identity, language: Language) -> None:
    # Fields of other keys once something was saved: a text that is refused stays to be mended.
    times = st.session_state.get(_WRITTEN, 0)
    with st.form(f"studio_situation_written_{times}", border=False):
        st.text_input(t("studio.situation_name"), max_chars=80, key=_field("name", times))
        st.text_area(
            t("studio.paste"),
            placeholder=t("studio.paste_hint", persona=me.persona_name),
            height=140,
            max_chars=MOST_CHARACTERS,
            key=_field("text", times),
        )
        st.text_area(
            t("studio.situation_memories"),
            placeholder=t("studio.situation_memories_hint"),
            height=90,
            key=_field("memories", times),
        )
        st.form_submit_button(
            t("studio.situation_save"),
            icon=":material/bookmark_add:",
            on_click=_save_written,
            args=(running, me, language, times),
        )


def _field(name: str, times: int) -> str:
    return f"studio_situation_{name}_{times}"


def _save_written(running: Container, me: Identity, language: Language, times: int) -> None:
    name, text, memories = (
        st.session_state.get(_field(field, times)) or "" for field in ("name", "text", "memories")
    )
    zone = running.settings.zone_for(me.user)
    try:
        messages = pasted_messages(text, me.owner, me.persona, zone, running.clock())
        said = "\n".join(one.text for one in messages if one.role == "user")
        spoken = detect(said, default=language)
        _save(running, written(name, spoken, messages, memories.splitlines(), me.user.name))
    except NiannianError as error:
        st.toast(error_text(error), icon=":material/error:")
        return
    st.session_state[_WRITTEN] = times + 1


def _save(running: Container, situation: Situation) -> None:
    """Keep it, and put it among what is chosen."""
    kept = running.db.reply_trials.add_situation(situation)
    chosen = f"{_CHOSEN}_{kept.language}"
    st.session_state[chosen] = [*st.session_state.get(chosen, ()), kept.id]
    notice.toast("studio.situation_saved", spoken=word("language", kept.language))


def _own(running: Container, me: Identity, own: Sequence[Situation]) -> None:
    for one in own:
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"studio_situation_{one.id}"
        ):
            st.markdown(plain(label(one)))
            st.button(
                t("studio.situation_forget"),
                key=f"studio_situation_forget_{one.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=running.db.reply_trials.delete_situation,
                args=(me.owner, one.id),
            )
