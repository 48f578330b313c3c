"""Voice settings: endpoint, models, a voice for each persona; a test."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.markdown_escape import plain
from components.settings.connection import key_field, keys_left_behind, left_behind
from components.settings.form import FORM, Fixed, as_saved, save_and_restart, typed
from components.text import code_text, language, t
from memory.config import Settings
from memory.container import Container
from memory.i18n import catalogue
from memory.llm.speech import check_speech

FIELDS = (
    *("speech_base_url", "speech_api_key", "transcription_model", "speech_model", "speech_voice"),
    *("always_read", "send_at_once"),
)
VOICE = f"{FORM}voice_of_"


def voice(running: Container, fixed: Fixed) -> None:
    """Who hears and who reads aloud; fields, save and test."""
    settings = running.settings
    st.header(t("settings.voice"), anchor=False)
    st.caption(t("settings.voice_help"))
    st.caption(_hearing(running))
    with st.form("voice_form", border=False):
        st.text_input(
            t("settings.speech_base_url"),
            placeholder=t("settings.same_endpoint"),
            **fixed.field("speech_base_url", settings.speech_base_url or ""),
        )
        key_field("speech_api_key", settings, fixed)
        left, right = st.columns(2)
        for place, name in ((left, "transcription_model"), (right, "speech_model")):
            place.text_input(
                t(f"settings.{name}"), **fixed.field(name, getattr(settings, name) or "")
            )
        _voices(running, fixed)
        st.multiselect(
            t("settings.always_read"),
            list(running.personas),
            format_func=lambda id: running.personas[id].text(language()).name,
            placeholder=t("settings.always_read_none"),
            **fixed.field(
                "always_read",
                [id for id in settings.always_read if id in running.personas],
                t("settings.always_read_help"),
            ),
        )
        st.checkbox(
            t("settings.send_at_once"),
            **fixed.field("send_at_once", settings.send_at_once, t("settings.send_at_once_help")),
        )
        fixed.say((*FIELDS, "voices"))
        with st.container(horizontal=True):
            save = st.form_submit_button(
                t("app.save"), type="primary", icon=":material/check:", key="voice_save"
            )
            test = st.form_submit_button(t("settings.test_voice"), icon=":material/hearing:")
    changes = _changes(running, fixed) if save or test else {}
    left_keys = keys_left_behind(settings, changes)
    if save:
        notices = [left_behind(key) for key in left_keys]
        save_and_restart(settings, changes, notices=notices)
    elif test:
        _test(settings, {**changes, **dict.fromkeys(left_keys)})


def _hearing(running: Container) -> str:
    if running.settings.transcription_model is not None:
        return t("settings.hears_endpoint", model=plain(running.settings.transcription_model))
    return t("settings.hears_nothing" if running.transcriber is None else "settings.hears_local")


def _voices(running: Container, fixed: Fixed) -> None:
    """The usual voice, and that of each persona."""
    settings = running.settings
    columns = st.columns(2)
    columns[0].text_input(
        t("settings.speech_voice"), **fixed.field("speech_voice", settings.speech_voice)
    )
    for number, (id, persona) in enumerate(running.personas.items(), 1):
        st.session_state.setdefault(f"{VOICE}{id}", settings.voices.get(id, ""))
        columns[number % 2].text_input(
            t("settings.voice_of", name=persona.text(language()).name),
            key=f"{VOICE}{id}",
            placeholder=settings.speech_voice,
            disabled="voices" in fixed,
        )


def _changes(running: Container, fixed: Fixed) -> dict[str, Any]:
    """What the form says, the voices of the personas as one setting."""
    changes = typed(FIELDS, ("speech_api_key",), fixed)
    if "voices" not in fixed:
        given = {id: st.session_state[f"{VOICE}{id}"].strip() for id in running.personas}
        changes["voices"] = {id: value for id, value in given.items() if value}
    return changes


def _test(settings: Settings, changes: dict[str, Any]) -> None:
    wanted = as_saved(settings, changes)
    if wanted is None:
        return
    with st.spinner(t("settings.testing")):
        verdicts = check_speech(wanted)
    if not verdicts:
        st.info(t("settings.test_voice_none"), icon=":material/info:")
    for verdict in verdicts:
        if verdict.code == "ok":
            said = {"model": verdict.model, "ms": round(verdict.latency_ms)}
            st.success(
                t(f"settings.test_{verdict.part}_ok", **said), icon=":material/check_circle:"
            )
            continue
        own = f"error.{verdict.code}_speech"
        sentence = t(own) if own in catalogue(language()) else code_text(verdict.code)
        st.error(
            sentence,
            title=t("settings.test_failed", model=verdict.model),
            icon=":material/error:",
        )
        if verdict.detail:
            st.caption(t("settings.test_detail", detail=plain(verdict.detail)))
