"""Extraction settings form: instructions, what to leave out, custom categories."""

from __future__ import annotations

import zlib
from typing import Any

import pandas as pd
import streamlit as st

from components.error_boundary import sentences
from components.markdown_escape import plain
from components.page_script import narrow
from components.settings.form import note_saved
from components.text import t
from memory.container import Container
from memory.memories.extraction_settings import (
    DESCRIPTION,
    INSTRUCTIONS,
    MOST_CATEGORIES,
    NAME,
    TOPIC,
    checked_settings,
)
from memory.types import CustomCategory, ExtractionSettings

_COLUMNS = ("name", "description", "colour")


def extraction_settings(running: Container, user_id: str | None) -> None:
    """What is wanted of the making of memories, for everybody or for one user.

    Args:
        running: The running parts.
        user_id: Whose wishes; ``None``: what holds for everybody without any of their own.
    """
    key = "own_wishes" if user_id else "wishes"
    settings = running.db.extraction_settings.of(user_id)
    with (
        st.expander(t(f"settings.{key}"), icon=":material/category:", key=key),
        st.form(f"{key}_form", border=False),
    ):
        st.caption(t("settings.wishes_note"))
        instructions = st.text_area(
            t("settings.custom_instructions"),
            settings.custom_instructions,
            max_chars=INSTRUCTIONS,
            placeholder=t("settings.custom_instructions_hint"),
            key=f"{key}_instructions",
        )
        left, right = st.columns(2)
        includes = left.text_input(
            t("settings.includes"), settings.includes, max_chars=TOPIC, key=f"{key}_includes"
        )
        excludes = right.text_input(
            t("settings.excludes"), settings.excludes, max_chars=TOPIC, key=f"{key}_excludes"
        )
        st.markdown(t("settings.categories"))
        categories = _as_cards(settings, key) if narrow() else _read(_categories(settings, key))
        saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
    if not saved:
        return
    with sentences():
        wanted = ExtractionSettings(
            custom_instructions=instructions,
            agent_custom_instructions=settings.agent_custom_instructions,
            includes=includes,
            excludes=excludes,
            categories=categories,
        )
        running.db.extraction_settings.set(checked_settings(wanted), user_id)
        note_saved()
        st.rerun()


def _as_cards(settings: ExtractionSettings, key: str) -> tuple[CustomCategory, ...]:
    """The same where a table has no room: a card for each, and an empty one to add another."""
    found = []
    # Other categories, other fields: what was taken out mustn't stay in the place of the next.
    version = zlib.crc32(repr(settings.categories).encode())
    with st.container(key=f"row_cards_{key}", gap="xsmall"):
        for place, one in enumerate((*settings.categories, CustomCategory(""))[:MOST_CATEGORIES]):
            label = plain(one.name) or t("settings.category_new")
            with st.container(border=True, gap="xsmall", key=f"{key}_category_{place}_{version}"):
                st.caption(label)
                given = [
                    st.text_input(
                        t(f"settings.category_{name}"),
                        value,
                        max_chars=length,
                        key=f"{key}_category_{place}_{name}_{version}",
                    )
                    for name, value, length in (
                        ("name", one.name, NAME),
                        ("description", one.description, DESCRIPTION),
                        ("colour", one.colour, len("#RRGGBB")),
                    )
                ]
            if given[0].strip():
                found.append(CustomCategory(*given))
    return tuple(found)


def _categories(settings: ExtractionSettings, key: str) -> pd.DataFrame:
    rows = [(c.name, c.description, c.colour) for c in settings.categories]
    column = st.column_config.TextColumn
    edited: pd.DataFrame = st.data_editor(
        pd.DataFrame(rows, columns=_COLUMNS, dtype="string"),
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        placeholder="",
        column_config={
            "name": column(t("settings.category_name"), max_chars=NAME, required=True),
            "description": column(t("settings.category_description"), max_chars=DESCRIPTION),
            "colour": column(
                t("settings.category_colour"), max_chars=7, validate="^#[0-9A-Fa-f]{6}$"
            ),
        },
        key=f"{key}_categories",
    )
    return edited.head(MOST_CATEGORIES)


def _read(table: pd.DataFrame) -> tuple[CustomCategory, ...]:
    rows: list[dict[str, Any]] = table.fillna("").to_dict("records")  # type: ignore[assignment]
    return tuple(CustomCategory(**row) for row in rows if str(row["name"]).strip())
