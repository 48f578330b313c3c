"""Data tab: export, import, where the data is, erasing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from components import demo_story
from components.identity import Identity
from components.markdown_escape import plain
from components.settings import backup as settings_backup
from components.settings import erase as settings_erase
from components.settings import export as settings_export
from components.text import t
from components.transfer import importing as transfer
from memory.config import Settings
from memory.container import Container


def data(running: Container, me: Identity) -> None:
    """What can be taken out, brought in, moved or erased."""
    st.header(t("settings.export"), anchor=False)
    st.markdown(t("settings.export_text", name=plain(me.user.name)))
    settings_export.downloads(running, me)
    if not me.looking_at_another:
        st.header(t("transfer.title"), anchor=False)
        transfer.importing(running, me)
    if me.designer:
        _server(running)
    if me.looking_at_another:
        return
    st.header(t("settings.erase"), anchor=False)
    with st.container(border=True, key="erase_box"):
        settings_erase.erase(running, me)


def _server(running: Container) -> None:
    st.header(t("settings.where"), anchor=False)
    st.markdown(_where(running.settings))
    settings_backup.backup(running)
    if running.accounts.required:
        return
    st.header(t("settings.demo"), anchor=False)
    if demo_story.is_loaded(running):
        st.markdown(t("settings.demo_loaded"))
        demo_story.remove_button(running)
    else:
        st.markdown(t("settings.demo_text"))
        demo_story.load_button(running, key="demo_load")


def _where(settings: Settings) -> str:
    lines = [t("settings.where_folder", folder=f"`{_short(settings.data_dir)}`")]
    if settings.qdrant_url:
        lines.append(t("settings.where_qdrant", host=urlsplit(settings.qdrant_url).netloc))
    if settings.database_url:
        # Host only: the address of a database may hold a password.
        host = urlsplit(settings.database_url).hostname or "…"
        lines.append(t("settings.where_database", host=host))
    return "  \n".join(lines)


def _short(folder: Path) -> str:
    """Relative to where the app was started if it lies below, else its last two parts."""
    full = folder.resolve()
    if full.is_relative_to(Path.cwd()):
        return full.relative_to(Path.cwd()).as_posix()
    return full.as_posix() if len(full.parts) <= 3 else f"…/{'/'.join(full.parts[-2:])}"
