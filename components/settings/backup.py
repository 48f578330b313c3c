"""Backups: when the last one was made, a new one, and a check of the memory store."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import streamlit as st

from components.download import download
from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError
from memory.transfer import backup as backups
from memory.transfer.data_folder import LastBackup, back_up, last_backup, note_backup

KEEP = 5
"""Backups made on the page that stay beside each other."""

REMIND_AFTER = timedelta(days=14)
_SAID = "backup_said"


def backup(running: Container) -> None:
    """What there is, and the buttons."""
    st.header(t("backup.title"), anchor=False)
    st.markdown(t("backup.text"))
    _last(running)
    with st.container(horizontal=True):
        if st.button(t("backup.make"), icon=":material/archive:", key="backup_make"):
            _make(running)
        download(
            t("backup.download"),
            _archive(running),
            f"niannian-{running.clock():%Y%m%d}.tar.gz",
            "application/gzip",
            key="backup_download",
        )
        if st.button(
            t("backup.check"),
            icon=":material/fact_check:",
            key="backup_check",
            help=t("backup.check_text"),
        ):
            _check(running)
    if said := st.session_state.pop(_SAID, None):
        st.success(said, icon=":material/check:")


def _last(running: Container) -> None:
    last = last_backup(running.settings.data_dir)
    if last is None:
        # Somebody who has just begun has nothing to lose yet.
        text = "backup.never" if running.db.holdings.is_empty() else "backup.remind_never"
        (st.caption if running.db.holdings.is_empty() else st.warning)(t(text))
        return
    age = running.clock() - last.at
    if age > REMIND_AFTER:
        st.warning(t("backup.remind", count=age.days))
        return
    when = last.at.astimezone(running.settings.zone).strftime("%Y-%m-%d %H:%M")
    kept = f" {t('backup.kept', place=f'`{last.place}`')}" if last.place else ""
    st.caption(t("backup.last", when=when) + kept)


def _make(running: Container) -> None:
    try:
        made = back_up(running.settings, keep=KEEP)
    except NiannianError as error:
        st.error(error_text(error), icon=":material/error:")
        return
    st.session_state[_SAID] = t("backup.done", users=made.users, memories=made.memories)
    st.rerun()


def _archive(running: Container) -> Callable[[], bytes]:
    """Made when the button is clicked, on a thread without a page."""
    settings, clock = running.settings, running.clock
    data_dir = settings.data_dir

    def make() -> bytes:
        with tempfile.TemporaryDirectory(dir=data_dir, prefix=backups.DOWNLOAD_DRAFT) as draft:
            made = back_up(settings, Path(draft) / "niannian.tar.gz")
            content = made.path.read_bytes()
        note_backup(data_dir, LastBackup(clock(), ""))
        return content

    return make


def _check(running: Container) -> None:
    try:
        with st.spinner(t("backup.check")):
            found = running.integrity.repair()
    except NiannianError as error:
        st.error(error_text(error), icon=":material/error:")
        return
    if found:
        st.session_state[_SAID] = t("backup.check_mended", count=found.differing)
    else:
        total = sum(totals.count for totals in found.store.values())
        st.session_state[_SAID] = t("backup.check_fine", count=total)
    st.rerun()
