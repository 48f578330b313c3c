"""Profile view: the user on one page, to read, print and download."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from components.download import download
from components.identity import Identity
from components.insights.data import IN_FORCE
from components.markdown_escape import plain
from components.text import t
from memory.container import Container
from memory.memories import profile_text
from memory.memories.profile import Profile, build_profile, rhythm_of
from memory.types import Owner

_KEPT = "insights_portrait"


def show(
    running: Container, me: Identity, who: Sequence[Owner], zone: ZoneInfo, today: date
) -> None:
    """The portrait as it was made, and a button to make it again."""
    made = _made(running, me, who, zone, today)
    with st.container(horizontal=True, vertical_alignment="center", key="portrait_tools"):
        st.button(
            t("insights.portrait_again"),
            icon=":material/refresh:",
            on_click=_forget,
            key="portrait_again",
        )
        for name, mime, icon, write in (
            ("html", "text/html", ":material/print:", profile_text.to_html),
            ("md", "text/markdown", ":material/download:", profile_text.to_markdown),
        ):
            download(
                t(f"insights.portrait_{name}"),
                write(made).encode(),
                f"niannian-portrait-{me.user.id}.{name}",
                mime,
                key=f"portrait_{name}",
                icon=icon,
                help=t(f"insights.portrait_{name}_help"),
            )
    _page(made)


def make(
    running: Container, me: Identity, who: Sequence[Owner], zone: ZoneInfo, today: date
) -> Profile:
    """The portrait from what is remembered and said now."""
    memories = [memory for owner in who for memory in running.store.reads.iterate(IN_FORCE, owner)]
    rhythm = rhythm_of(
        [(slot.start, slot.count) for slot in running.db.aggregates.messages_by_slot(who)],
        [(p.at, p.mood.score, p.mood.word) for p in running.db.aggregates.moods(who)],
        zone=zone,
        today=today,
    )
    return build_profile(me.user.name, memories, today=today, language=me.language, rhythm=rhythm)


def _made(
    running: Container, me: Identity, who: Sequence[Owner], zone: ZoneInfo, today: date
) -> Profile:
    wanted = (tuple(who), me.language, today)
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != wanted:
        kept = (wanted, make(running, me, who, zone, today))
        st.session_state[_KEPT] = kept
    found: Profile = kept[1]
    return found


def _forget() -> None:
    st.session_state.pop(_KEPT, None)


def _page(made: Profile) -> None:
    words = profile_text.words(made.language)
    with st.container(border=True, key="portrait"):
        st.header(plain(words["title"].format(name=made.name)), anchor=False)
        st.caption(profile_text.made_line(made))
        if text := profile_text.summary(made):
            st.markdown(plain(text))
        with st.container(key="portrait_parts"):
            for heading, groups in profile_text.parts(made):
                st.markdown(f"**{heading}**\n\n{_markdown(groups)}")


def _markdown(groups: Sequence[tuple[str, list[str]]]) -> str:
    parts = []
    for name, lines in groups:
        listed = "\n".join(f"- {plain(line)}" for line in lines)
        parts.append(f"{plain(name)}\n\n{listed}" if name else listed)
    return "\n\n".join(parts)
