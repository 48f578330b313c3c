"""Data export: everything about the user, as files to download."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.download import download
from components.identity import Identity
from components.text import t
from memory import transfer
from memory.container import Container
from memory.transfer import collect
from memory.transfer.export import Export, diary_words, to_csv, to_json, to_markdown_diary
from memory.types import EVERYTHING, Memory, MemoryFilter, Owner

SCOPES = ("all", "persona")


def downloads(running: Container, me: Identity) -> None:
    """Three files; each is made when its button is clicked, not before."""
    scope = st.segmented_control(
        t("settings.export_scope"),
        SCOPES,
        default=SCOPES[0],
        required=True,
        format_func=lambda value: t(f"settings.export_{value}", persona=me.persona_name),
        label_visibility="collapsed",
        key="export_scope",
    )
    who = [me.owner] if scope == "persona" else None
    day = running.clock().date().isoformat()
    makers: dict[str, tuple[str, Callable[[], str]]] = {
        "json": ("application/json", lambda: to_json(everything(running, me, who))),
        "csv": ("text/csv", lambda: to_csv(_memories(running, me, who))),
        "md": ("text/markdown", _diary(running, me, who)),
    }
    with st.container(horizontal=True):
        for ending, (mime, make) in makers.items():
            download(
                t(f"settings.export_{ending}"),
                make,
                f"niannian-{day}.{ending}",
                mime,
                key=f"export_{ending}",
                help=t(f"settings.export_{ending}_help"),
            )


def everything(running: Container, me: Identity, who: Sequence[Owner] | None = None) -> Export:
    """All that is kept about a user, with every persona or with those in ``who``."""
    return transfer.everything(
        *(running.db, running.store, me.user, who or owners(running, me), running.clock()),
        running.attachment_files,
    )


def owners(running: Container, me: Identity) -> list[Owner]:
    """The user with each persona, those included whose file is gone but not their memories."""
    return transfer.owners_of(running.store, me.user.id, running.personas)


def _memories(
    running: Container,
    me: Identity,
    who: Sequence[Owner] | None,
    which: MemoryFilter = EVERYTHING,
) -> list[Memory]:
    return collect.memories(running.store, who or owners(running, me), which)


def _diary(running: Container, me: Identity, who: Sequence[Owner] | None) -> Callable[[], str]:
    # The words are looked up now: the file is made on a thread that knows no language.
    words = diary_words(me.language, me.user, running.personas)
    return lambda: to_markdown_diary(
        _memories(running, me, who, MemoryFilter()), words, me.language
    )
