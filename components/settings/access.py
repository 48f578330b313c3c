"""API token settings: the user's own tokens, shown once, and revoked."""

from __future__ import annotations

import streamlit as st

from components.access_log import looks
from components.error_boundary import sentences
from components.identity import Identity
from components.markdown_escape import plain
from components.text import t
from memory.auth import SCOPES, Token
from memory.auth.accounts import NAME_LENGTH
from memory.container import Container

_SECRET = "access_secret"


def access(running: Container, me: Identity) -> None:
    """The tokens that programs use in this person's name."""
    st.header(t("accounts.tokens"), anchor=False)
    st.markdown(t("accounts.tokens_text", name=plain(me.user.name)))
    if not running.accounts.required:
        st.caption(t("accounts.tokens_local"))
    if me.looking_at_another:
        # A designer sees which programs there are, and is none of them.
        _tokens(running, me)
        return
    _new_secret(me)
    _tokens(running, me)
    _create(running, me)
    looks(running, me)


def _new_secret(me: Identity) -> None:
    shown = st.session_state.get(_SECRET)
    if shown is None or shown[0] != me.user.id:
        return
    with st.container(border=True, key="token_shown"):
        st.markdown(t("accounts.created"))
        st.code(shown[1], language=None, wrap_lines=True)
        if st.button(t("accounts.created_done"), key="token_copied", icon=":material/check:"):
            del st.session_state[_SECRET]
            st.rerun()


def _tokens(running: Container, me: Identity) -> None:
    tokens = running.accounts.list(me.user.id)
    if not tokens:
        st.caption(t("accounts.tokens_none"))
    for token in tokens:
        with (
            st.container(border=True, key=f"token_{token.id}"),
            st.container(
                horizontal=True,
                vertical_alignment="center",
                horizontal_alignment="distribute",
            ),
        ):
            st.markdown(f"**{plain(token.name)}**  \n{_said(running, me, token)}")
            if token.revoked_at is None and st.button(
                t("accounts.revoke"), key=f"revoke_{token.id}", icon=":material/key_off:"
            ):
                with sentences():
                    running.accounts.revoke(me.user.id, token.id)
                    st.rerun()


def _said(running: Container, me: Identity, token: Token) -> str:
    zone = running.settings.zone_for(me.user)
    parts = [t(f"accounts.scope_{scope}") for scope in SCOPES if scope in token.scopes]
    parts.append(t("accounts.made", day=f"{token.created_at.astimezone(zone):%Y-%m-%d}"))
    if token.revoked_at is not None:
        parts.append(t("accounts.revoked", day=f"{token.revoked_at.astimezone(zone):%Y-%m-%d}"))
    elif token.last_used_at is None:
        parts.append(t("accounts.never_used"))
    else:
        parts.append(
            t("accounts.used", day=f"{token.last_used_at.astimezone(zone):%Y-%m-%d %H:%M}")
        )
    return f":gray[{' · '.join(parts)}]"


def _create(running: Container, me: Identity) -> None:
    scopes = [scope for scope in SCOPES if scope != "designer" or me.designer]
    with st.form("token_form", border=False, clear_on_submit=True):
        name = st.text_input(
            t("accounts.token_name"),
            max_chars=NAME_LENGTH,
            placeholder=t("accounts.token_name_hint"),
            autocomplete="off",
            key="token_name",
        )
        chosen = st.pills(
            t("accounts.token_scopes"),
            scopes,
            default=["chat", "memory"],
            selection_mode="multi",
            format_func=lambda scope: t(f"accounts.scope_{scope}"),
            key="token_scopes",
        )
        made = st.form_submit_button(t("accounts.create"), icon=":material/key:")
    if made:
        with sentences():
            _, secret = running.accounts.create_token(me.user.id, name, chosen)
            st.session_state[_SECRET] = (me.user.id, secret)
            st.rerun()
