"""Extraction picker: the prompt in use, shipped, a version, edits, or rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from components.identity import Identity
from components.studio import drafts, editor
from components.text import t
from memory.container import Container
from memory.errors import BadInput
from memory.studio.dry_run import Side
from memory.types import Language

IN_USE, SHIPPED, DRAFT, OWN, RULES = "in_use", "shipped", "draft", "own", "rules"


@dataclass(frozen=True)
class Choice:
    """What was chosen for a side; no ``side`` while its own text can't be used."""

    label: str
    side: Side | None


def options(running: Container, me: Identity, language: Language) -> Mapping[str, str]:
    """What one can extract with, each with its label; only rules without an endpoint."""
    if running.extraction_model.is_builtin:
        return {RULES: t("studio.side_rules")}
    known = {IN_USE: t("studio.side_in_use"), SHIPPED: t("studio.side_shipped")}
    if drafts.is_edited("extract", language):
        known[DRAFT] = t("studio.side_draft")
    zone = running.settings.zone_for(me.user)
    for version in running.studio.versions("extract", language):
        known[version.id] = editor.label(version, zone)
    return {**known, OWN: t("studio.side_own"), RULES: t("studio.side_rules")}


def other(running: Container, language: Language) -> str:
    """What to compare with the prompt in use at first: what is being edited, or shipped."""
    if drafts.is_edited("extract", language):
        return DRAFT
    shipped = running.studio.shipped("extract", language)
    return OWN if running.studio.prompt("extract", language) == shipped else SHIPPED


def pick(
    key: str, running: Container, me: Identity, language: Language, label: str, default: str
) -> Choice:
    """The choice of one side."""
    known = options(running, me, language)
    chosen = st.selectbox(
        label,
        list(known),
        index=list(known).index(default) if default in known else 0,
        format_func=lambda value: known[value],
        disabled=len(known) == 1,
        key=f"{key}_{language}",
        persist_state="session",
    )
    return Choice(known[chosen], _side(key, running, language, chosen))


def _side(key: str, running: Container, language: Language, chosen: str) -> Side | None:
    if chosen == RULES:
        return Side(rules=True)
    if chosen == IN_USE:
        return Side()
    if chosen == SHIPPED:
        return Side(running.studio.shipped("extract", language))
    if chosen == OWN:
        body = st.text_area(
            t("studio.own_prompt"),
            height=320,
            label_visibility="collapsed",
            key=drafts.seed(f"{key}_text_{language}", running.studio.prompt("extract", language)),
            persist_state="session",
        )
        return _checked(running, language, body or "")
    if chosen == DRAFT:
        return _checked(running, language, drafts.current(running, "extract", language))
    body = next(v.body for v in running.studio.versions("extract", language) if v.id == chosen)
    return Side(body)


def _checked(running: Container, language: Language, body: str) -> Side | None:
    try:
        running.studio.check("extract", language, body)
    except BadInput as error:
        st.error(editor.problem(error), icon=":material/block:")
        return None
    return Side(body)
