"""Import options: whose, who is who, when, which ones; what only the person can say."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from components import row_cards
from components.identity import Identity
from components.page_script import narrow
from components.row_cards import RowCard
from components.text import t
from components.transfer.opened import Opened
from memory.container import Container
from memory.transfer import Format, Options, ParsedFile
from memory.types import Owner

_TALKS_HEIGHT = 240


def choose(running: Container, me: Identity, opened: Opened) -> tuple[Owner, Options]:
    """Fields for what this file leaves open; nothing is shown that isn't a question."""
    parsed, key = opened.parsed, f"import_{opened.id}"
    owner = me.owner
    whose = speaker = day = talks = None
    extract = True
    with st.container(horizontal=True, vertical_alignment="bottom", key="import_options"):
        if parsed.format != Format.NIANNIAN:
            owner = Owner(me.user.id, _persona(running, me, f"{key}_persona"))
        if len(parsed.users) > 1:
            whose = st.selectbox(
                t("transfer.whose"),
                parsed.users,
                index=None,
                placeholder=t("transfer.everybody"),
                help=t("transfer.whose_help"),
                key=f"{key}_whose",
            )
        if _asks_who(parsed):
            speaker = _speaker(running, owner, parsed, f"{key}_speaker")
        if parsed.undated:
            day = _day(running, me, f"{key}_day")
    if parsed.talks:
        extract = st.toggle(
            t("transfer.extract"), value=True, help=t("transfer.extract_help"), key=f"{key}_extract"
        )
    if len(parsed.talks) > 1:
        talks = _talks(parsed, f"{key}_talks")
    return owner, Options(speaker, whose, day, extract, talks)


def _persona(running: Container, me: Identity, key: str) -> str:
    ids = list(running.personas)
    return st.selectbox(
        t("transfer.persona"),
        ids,
        index=ids.index(me.persona.id) if me.persona.id in ids else 0,
        format_func=lambda value: running.personas[value].text(me.language).name,
        help=t("transfer.persona_help"),
        key=key,
    )


def _asks_who(parsed: ParsedFile) -> bool:
    """Whether nothing but names says which side is the user's."""
    roles = {line.role for talk in parsed.talks for line in talk.lines}
    return None in roles and "user" not in roles


def _speaker(running: Container, owner: Owner, parsed: ParsedFile, key: str) -> str | None:
    names = parsed.speakers
    guess = running.importer.who_is_user(owner, parsed)
    return st.selectbox(
        t("transfer.speaker"),
        names,
        index=names.index(guess) if guess in names else 0,
        help=t("transfer.speaker_help"),
        key=key,
    )


def _day(running: Container, me: Identity, key: str) -> date | None:
    today = running.clock().astimezone(running.settings.zone_for(me.user))
    found = st.date_input(
        t("transfer.day"),
        value=today.date(),
        max_value=today.date(),
        help=t("transfer.day_help"),
        format="YYYY-MM-DD",
        key=key,
    )
    return found if isinstance(found, date) else None


def _talks(parsed: ParsedFile, key: str) -> frozenset[int] | None:
    """The conversations that are ticked; all if none is."""
    st.caption(t("transfer.talks", count=len(parsed.talks)))
    frame = pd.DataFrame(
        {
            "title": [talk.title or talk.lines[0].text[:60] for talk in parsed.talks],
            "day": [_talk_day(parsed, place) for place in range(len(parsed.talks))],
            "messages": [len(talk.lines) for talk in parsed.talks],
        }
    )
    if narrow():
        cards = [
            RowCard(str(title), (("", day), (t("transfer.messages"), count)))
            for title, day, count in frame.itertuples(index=False)
        ]
        ticked = row_cards.tick(cards, key)
        return frozenset(parsed.talks[place].row for place in ticked) if ticked else None
    state = st.dataframe(
        frame,
        hide_index=True,
        height=min(_TALKS_HEIGHT, 38 + 35 * len(frame)),
        column_config={
            "title": st.column_config.TextColumn(t("transfer.talk"), width="large"),
            "day": st.column_config.TextColumn(t("transfer.talk_day"), width="small"),
            "messages": st.column_config.NumberColumn(t("transfer.messages"), width="small"),
        },
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
    )
    rows = state["selection"]["rows"]
    return frozenset(parsed.talks[place].row for place in rows) if rows else None


def _talk_day(parsed: ParsedFile, place: int) -> str:
    talk = parsed.talks[place]
    at = talk.at or next((line.at for line in talk.lines if line.at), None)
    return at.date().isoformat() if at else ""
