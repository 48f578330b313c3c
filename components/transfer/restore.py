"""Restore before sign-up: a profile comes back whole from its export."""

from __future__ import annotations

import streamlit as st

from components import identity
from components.error_boundary import sentences
from components.markdown_escape import plain
from components.text import t
from components.transfer import opened as transfer_opened
from memory.container import Container
from memory.transfer import ParsedFile


def from_file(running: Container) -> None:
    """A quiet fold: choose our export, see whose it is, bring it back."""
    with st.expander(t("transfer.restore"), icon=":material/settings_backup_restore:"):
        st.markdown(t("transfer.restore_text"))
        opened = transfer_opened.choose(running, None, key="restore", paste=False)
        if opened is not None:
            _restore(running, opened.parsed)


def _restore(running: Container, parsed: ParsedFile) -> None:
    backup = parsed.backup
    if backup is None or backup.user is None:
        st.error(t("error.import_no_user"), icon=":material/error:")
        return
    st.markdown(
        t(
            "transfer.restore_found",
            name=plain(backup.user.name),
            memories=len(parsed.memories),
            sessions=len(backup.sessions),
        )
    )
    if parsed.wrong:
        st.caption(t("transfer.restore_wrong", count=len(parsed.wrong)))
    bar = st.container()
    if not st.button(
        t("transfer.restore_go"), type="primary", key="restore_go", icon=":material/done_all:"
    ):
        return
    with sentences():
        shown = bar.progress(0.0, text=t("transfer.importing", percent=0))

        def report(share: float) -> None:
            shown.progress(share, text=t("transfer.importing", percent=round(100 * share)))

        user = running.importer.restore(parsed, report)
        transfer_opened.put_away()
        identity.switch(user_id=user.id)
        st.rerun()
