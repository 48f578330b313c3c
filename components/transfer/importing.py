"""Import dialog: choose, preview, confirm, undo."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.markdown_escape import plain
from components.text import error_text, t
from components.transfer import opened as transfer_opened
from components.transfer import options as transfer_options
from components.transfer import preview as transfer_preview
from components.transfer.opened import Opened
from memory.container import Container
from memory.errors import NiannianError
from memory.transfer import Applied, Options, Preview
from memory.types import Owner

_NOTICE = "import_notice"
_PREVIEW = "import_preview"


@dataclass(frozen=True, slots=True)
class _Notice:
    """What the bar says; ``group_id`` is what its button takes back."""

    text: str
    user_id: str
    group_id: str | None = None
    failed: bool = False


def importing(running: Container, me: Identity) -> None:
    """The whole of it, from an empty field to the bar with undo."""
    st.markdown(t("transfer.text", name=plain(me.user.name)))
    _notice_bar(running, me)
    opened = transfer_opened.choose(running, me.user, key="import", paste=True)
    if opened is None:
        return
    with sentences(), st.container(border=True, key="import_preview"):
        owner, options = transfer_options.choose(running, me, opened)
        preview = _preview(running, owner, options, opened)
        transfer_preview.summary(preview)
        transfer_preview.table(running, me, preview, f"import_{opened.id}")
        _confirm(running, owner, preview)


def _preview(running: Container, owner: Owner, options: Options, opened: Opened) -> Preview:
    asked = (opened.id, owner, options)
    known = st.session_state.get(_PREVIEW)
    if known is None or known[0] != asked:
        with st.spinner(t("transfer.comparing")):
            known = (asked, running.importer.preview(owner, opened.parsed, options))
        st.session_state[_PREVIEW] = known
    preview: Preview = known[1]
    return preview


def _confirm(running: Container, owner: Owner, preview: Preview) -> None:
    bar = st.container()
    with st.container(horizontal=True, vertical_alignment="center", key="import_confirm"):
        go = st.button(
            t("transfer.go"),
            type="primary",
            icon=":material/download_done:",
            disabled=preview.is_empty,
            key="import_go",
        )
        st.button(t("app.cancel"), type="tertiary", key="import_cancel", on_click=_put_away)
        if preview.is_empty:
            st.caption(t("transfer.nothing_new"))
        elif not go:
            st.caption(t("transfer.nothing_yet"))
    if not go:
        return
    shown = bar.progress(0.0, text=t("transfer.importing", percent=0))

    def report(share: float) -> None:
        shown.progress(share, text=t("transfer.importing", percent=round(100 * share)))

    try:
        applied = running.importer.apply(owner, preview, report)
    except NiannianError as error:
        shown.empty()
        st.error(f"{error_text(error)} {t('transfer.failed')}", icon=":material/error:")
        return
    running.extraction_worker.wake()
    st.session_state[_NOTICE] = _Notice(_said(applied), owner.user_id, applied.group_id)
    _put_away()
    st.rerun()


def _said(applied: Applied) -> str:
    memories = applied.counts.get("memory_added", 0)
    sessions = applied.counts.get("session_added", 0)
    parts = [t("transfer.did_memories", count=memories)] if memories else []
    parts += [t("transfer.did_sessions", count=sessions)] if sessions else []
    return " ".join(parts)


def _put_away() -> None:
    transfer_opened.put_away()
    st.session_state.pop(_PREVIEW, None)


def _notice_bar(running: Container, me: Identity) -> None:
    notice: _Notice | None = st.session_state.get(_NOTICE)
    if notice is None or notice.user_id != me.user.id:
        return
    icon = "error" if notice.failed else "check"
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="import_notice_bar"
    ):
        st.markdown(f":material/{icon}: {notice.text}", width="stretch")
        if notice.group_id:
            st.button(
                t("app.undo"),
                key="import_undo",
                icon=":material/undo:",
                on_click=_take_back,
                args=(running, me.user.id, notice.group_id),
            )
        st.button(
            t("app.close"),
            key="import_close",
            type="tertiary",
            icon=":material/close:",
            on_click=_forget_notice,
        )


def _take_back(running: Container, user_id: str, group_id: str) -> None:
    """Undo the import (a callback)."""
    try:
        count = running.importer.take_back(user_id, group_id)
    except NiannianError as error:
        st.session_state[_NOTICE] = _Notice(error_text(error), user_id, failed=True)
        return
    st.session_state[_NOTICE] = _Notice(t("transfer.taken_back", count=count), user_id)


def _forget_notice() -> None:
    st.session_state.pop(_NOTICE, None)
