"""Erase everything about me: typed confirmation, then what is gone."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import identity
from components.error_boundary import sentences
from components.identity import Identity
from components.markdown_escape import plain
from components.page_script import NARROW
from components.settings import export as settings_export
from components.text import STATE_KEY, t
from memory.container import Container
from memory.types import EVERYTHING, Owner

SCOPES = ("everything", "persona")
# What a browser session needs to go on: nothing of it is about what was said. Measured again,
# the width would cost a run, and the run the report.
_KEEP = frozenset({STATE_KEY, "frame_open", "frame_identity", NARROW})


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was, counted before it was erased."""

    memories: int
    sessions: int
    messages: int


def erase(running: Container, me: Identity) -> None:
    """The form; what was erased takes its place afterwards."""
    st.markdown(t("settings.erase_text"))
    with st.form("erase_form", border=False):
        scope = st.radio(
            t("settings.erase_scope"),
            SCOPES,
            format_func=lambda value: t(
                f"settings.erase_{value}", persona=plain(me.persona_name), name=plain(me.user.name)
            ),
            key="erase_scope",
        )
        typed = st.text_input(
            t("settings.erase_confirm", name=plain(me.user.name)),
            autocomplete="off",
            key="erase_name",
        )
        sure = st.form_submit_button(t("settings.erase"), icon=":material/delete_forever:")
    if not sure:
        return
    if " ".join(typed.split()) != " ".join(me.user.name.split()):
        st.error(t("settings.erase_mismatch"), icon=":material/info:")
        return
    with sentences(), st.spinner(t("settings.erasing")):
        everything = scope == "everything"
        who = settings_export.owners(running, me) if everything else [me.owner]
        gone = _count(running, who)
        whose = me.user.id if everything else me.owner
        running.accounts.look(me.viewer, whose, "settings", "erase")
        if everything:
            running.erase_user(me.user.id)
        else:
            running.erase_owner(me.owner)
        _forget_session()
        _report(gone, left_user=everything)


def _count(running: Container, who: list[Owner]) -> Erased:
    return Erased(
        memories=sum(running.store.reads.count(owner, EVERYTHING) for owner in who),
        sessions=sum(len(running.db.sessions.of(owner, limit=None)) for owner in who),
        messages=sum(running.db.messages.count(owner) for owner in who),
    )


def _forget_session() -> None:
    """Nothing of it stays in this browser session either: charts, drafts, open chats."""
    for key in [str(key) for key in st.session_state]:
        if key not in _KEEP and not key.startswith("erase_"):
            del st.session_state[key]


def _report(gone: Erased, *, left_user: bool) -> None:
    """Say what is gone, in front of everything else: nothing behind it is true any more."""

    @st.dialog(t("settings.erased_title"), icon=":material/done_all:", dismissible=False)
    def dialog() -> None:
        st.markdown(
            t(
                "settings.erased",
                memories=gone.memories,
                sessions=gone.sessions,
                messages=gone.messages,
            )
        )
        label = t("settings.start_over") if left_user else t("app.close")
        if st.button(label, key="start_over", type="primary", icon=":material/arrow_forward:"):
            if left_user:
                identity.leave()
            st.rerun()

    dialog()
