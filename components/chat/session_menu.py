"""Session menu: pin, put into a folder, rename, export, delete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from components.download import download
from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.text import t
from memory.container import Container
from memory.db.sessions import FOLDER_LENGTH
from memory.transfer.session_export import session_json, session_markdown
from memory.types import Message, Session

TITLE_LENGTH = 60


def menu(running: Container, me: Identity, item: Session, gone: Callable[[], None]) -> None:
    """The button with three dots.

    Args:
        running: The running parts.
        me: Whose session.
        item: The session.
        gone: Called when it was deleted.
    """
    choice = st.menu_button(
        t("session.menu", title=plain(shorten(item.title or t("session.untitled"), 28))),
        ["unpin" if item.pinned else "pin", "folder", "rename", "export", "delete"],
        format_func=lambda value: t(f"session.{value}"),
        icon=":material/more_horiz:",
        type="tertiary",
        key=f"menu_{item.id}",
    )
    if choice in ("pin", "unpin"):
        running.db.sessions.pin(me.owner, item.id, pinned=choice == "pin")
        st.rerun()
    elif choice == "folder":
        _folder(running, me, item)
    elif choice == "rename":
        _rename(running, me, item)
    elif choice == "export":
        _export(running, me, item)
    elif choice == "delete":
        _delete(running, me, item, gone)


def _folder(running: Container, me: Identity, item: Session) -> None:
    @st.dialog(t("session.folder_name"), icon=":material/folder:")
    def dialog() -> None:
        names = ["", *running.db.sessions.folders(me.owner)]
        with st.form("folder_session", border=False):
            name = st.selectbox(
                t("session.folder_name"),
                names,
                index=names.index(item.folder) if item.folder in names else 0,
                format_func=lambda value: value or t("session.folder_none"),
                accept_new_options=True,
                help=t("session.folder_note"),
                key="new_folder",
            )
            if st.form_submit_button(t("app.save"), type="primary", key="folder_save"):
                running.db.sessions.file(me.owner, item.id, (name or "")[:FOLDER_LENGTH])
                st.rerun()

    dialog()


def _rename(running: Container, me: Identity, item: Session) -> None:
    @st.dialog(t("session.rename"), icon=":material/edit:")
    def dialog() -> None:
        with st.form("rename_session", border=False):
            title = st.text_input(
                t("session.title"), value=item.title, max_chars=TITLE_LENGTH, key="new_title"
            )
            if st.form_submit_button(t("app.save"), type="primary") and title.strip():
                running.db.sessions.rename(me.owner, item.id, title.strip())
                st.rerun()

    dialog()


def _export(running: Container, me: Identity, item: Session) -> None:
    title = item.title or t("session.untitled")
    zone = running.settings.zone_for(me.user)
    day = f"{item.updated_at.astimezone(zone):%Y-%m-%d}"

    def name_of(message: Message) -> str:
        return me.user.name if message.role == "user" else me.persona_name

    def markdown() -> str:
        said = running.db.messages.of(me.owner, item.id, limit=None)
        return session_markdown(said, title, name_of, zone)

    def everything() -> str:
        now: datetime = running.clock()
        return session_json(running.db, running.attachment_files, me.user, item, now)

    @st.dialog(t("session.export"), icon=":material/download:")
    def dialog() -> None:
        st.markdown(plain(title))
        with st.container(horizontal=True):
            for ending, mime, make in (
                ("md", "text/markdown", markdown),
                ("json", "application/json", everything),
            ):
                label = t(f"session.export_{ending}")
                name = f"niannian-{day}.{ending}"
                download(label, make, name, mime, key=f"session_export_{ending}")
        st.caption(t("session.export_note"))

    dialog()


def _delete(running: Container, me: Identity, item: Session, gone: Callable[[], None]) -> None:
    @st.dialog(t("session.delete"), icon=":material/delete:")
    def dialog() -> None:
        st.markdown(t("session.delete_question", title=plain(item.title)))
        st.caption(t("session.delete_note"))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(t("app.cancel")):
                st.rerun()
            if st.button(t("app.delete"), type="primary", key="really_delete"):
                running.db.sessions.delete(me.owner, item.id)
                gone()
                st.rerun()

    dialog()
