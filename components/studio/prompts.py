"""Prompts tab: what models read when they speak and when they remember."""

from __future__ import annotations

import re

import streamlit as st

from components.identity import Identity
from components.studio import drafts, editor
from components.text import t, word
from memory.container import Container
from memory.i18n import languages
from memory.llm.prompts import PLACEHOLDERS, REQUIRED, check_prompt, fields_not_asked_for
from memory.studio import PROMPT_KINDS
from memory.types import TextKind


def prompts_tab(running: Container, me: Identity) -> None:
    """Choose a prompt, edit it, save it as a version."""
    with st.container(horizontal=True, vertical_alignment="center", key="studio_choose"):
        kind: TextKind = st.segmented_control(
            t("studio.prompt"),
            PROMPT_KINDS,
            default="extract",
            required=True,
            format_func=lambda value: t(f"studio.kind_{value}"),
            label_visibility="collapsed",
            key="studio_kind",
            persist_state="session",
        )
        name = st.segmented_control(
            t("app.language"),
            languages(),
            default=me.language,
            required=True,
            format_func=lambda value: word("language", value),
            label_visibility="collapsed",
            key="studio_language",
            persist_state="session",
        )
    model = running.extraction_model if kind == "extract" else running.chat_model
    if model.is_builtin:
        st.info(t("studio.builtin_reads_none"), icon=":material/info:")
    left, right = st.columns([5, 3], gap="medium")
    with left:
        body = editor.field(running, kind, name)
        usable = editor.verdict(running, kind, name, body)
        _advice(kind, body, usable or not drafts.is_edited(kind, name))
        editor.save_row(running, kind, name, usable)
    with right:
        _placeholders(kind, body)
        st.header(t("studio.versions"), anchor=False)
        editor.versions(running, me, kind, name)
    editor.differences(running, me, kind, name, body)


def _advice(kind: TextKind, body: str, readable: bool) -> None:
    """Fields of the contract that the prompt doesn't ask for: allowed, but worth knowing."""
    if kind != "extract" or not readable:
        return
    lacking = fields_not_asked_for(check_prompt(kind, body))
    if lacking:
        names = ", ".join(f"`{name}`" for name in lacking)
        st.warning(t("studio.not_asked_for", names=names), icon=":material/lightbulb:")


def _placeholders(kind: TextKind, body: str) -> None:
    """Every word in braces that the program fills in, and whether the text has it."""
    st.header(t("studio.placeholders"), anchor=False)
    used = set(re.findall(r"\{([a-z_]+)\}", body))
    lines = []
    for name in sorted(PLACEHOLDERS[kind], key=lambda n: (n not in REQUIRED[kind], n)):
        meaning = t(f"studio.placeholder_{kind}_{name}")
        must = f" **{t('studio.required')}**" if name in REQUIRED[kind] else ""
        icon = "check" if name in used else ("error" if must else "remove")
        lines.append(f":material/{icon}: `{{{name}}}` {meaning}{must}")
    with st.container(key="studio_placeholders"):
        st.markdown("  \n".join(lines))
        if kind == "extract":
            st.caption(t("studio.contract"))
