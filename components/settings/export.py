"""Everything about me, as files to take along."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.identity import Identity
from components.text import t, word
from memory.container import Container
from memory.export import (
    DiaryWords,
    Export,
    SessionExport,
    to_csv,
    to_json,
    to_markdown_diary,
)
from memory.types import DEFAULT_CATEGORIES, Memory, MemoryFilter, Owner, Status

_EVERYTHING = MemoryFilter(statuses=frozenset(Status))


def downloads(running: Container, me: Identity) -> None:
    """Three files; each is made when its button is clicked, not before."""
    day = running.clock().date().isoformat()
    makers: dict[str, tuple[str, Callable[[], str]]] = {
        "json": ("application/json", lambda: to_json(everything(running, me))),
        "csv": ("text/csv", lambda: to_csv(_memories(running, me, _EVERYTHING))),
        "md": ("text/markdown", _diary(running, me)),
    }
    with st.container(horizontal=True):
        for ending, (mime, make) in makers.items():
            st.download_button(
                t(f"settings.export_{ending}"),
                make,
                file_name=f"niannian-{day}.{ending}",
                mime=mime,
                key=f"export_{ending}",
                icon=":material/download:",
                on_click="ignore",
                help=t(f"settings.export_{ending}_help"),
            )


def everything(running: Container, me: Identity) -> Export:
    """All that is kept about a user, with every persona."""
    ledger = running.ledger
    return Export(
        user=me.user,
        exported_at=running.clock(),
        memories=tuple(_memories(running, me, _EVERYTHING)),
        sessions=tuple(
            SessionExport(
                session,
                tuple(ledger.messages(owner, session.id, limit=None, include_replaced=True)),
            )
            for owner in owners(running, me)
            for session in reversed(ledger.list_sessions(owner, limit=None))
        ),
        changes=tuple(
            change
            for owner in owners(running, me)
            for change in reversed(ledger.changes(owner, limit=None))
        ),
    )


def owners(running: Container, me: Identity) -> list[Owner]:
    """The user with each persona, those included whose file is gone but not their memories."""
    known = {owner for owner in running.store.owners() if owner.user_id == me.user.id}
    known |= {Owner(me.user.id, persona_id) for persona_id in running.personas}
    return sorted(known)


def _memories(running: Container, me: Identity, which: MemoryFilter) -> list[Memory]:
    return [
        memory
        for owner in owners(running, me)
        for memory in running.store.list(owner, which, sort="created_at")
    ]


def _diary(running: Container, me: Identity) -> Callable[[], str]:
    # The words are looked up now: the file is made on a thread that knows no language.
    words = DiaryWords(
        title=t("settings.diary_title", name=me.user.name),
        about_user=t("settings.diary_about", name=me.user.name),
        about_ai=t("settings.diary_about", name="{name}"),
        profile=t("memories.view_profile"),
        diary=t("memories.view_diary"),
        undated=t("memories.no_date"),
        categories={value: word("category", value) for value in DEFAULT_CATEGORIES},
        personas={
            persona_id: persona.text(me.language).name
            for persona_id, persona in running.personas.items()
        },
    )
    return lambda: to_markdown_diary(_memories(running, me, MemoryFilter()), words, me.language)
