"""Sign-in: the only place that reads ``st.user``, and the page that asks for it.

With ``[auth]`` in the secrets Streamlit does the OpenID Connect exchange and keeps
the identity in a signed cookie of this site only; here it becomes a profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from components import runtime
from components.error_boundary import sentences
from components.text import t
from memory.auth import LoginClaims
from memory.chat.personas import avatar_path
from memory.container import Container
from memory.errors import BadInput
from memory.types import User

_NOT_PROVIDERS = frozenset({"redirect_uri", "cookie_secret", "expose_tokens"})


def user(running: Container) -> User | None:
    """The profile of whoever is signed in, made at the first sign-in; ``None``: nobody."""
    if not st.user.get("is_logged_in"):
        return None
    try:
        claims = LoginClaims.read(st.user.to_dict())
    except BadInput:
        return None
    zone = st.context.timezone
    return running.accounts.sign_in(claims, zone if zone in available_timezones() else None)


def page(running: Container) -> None:
    """The only page without a login: what this is, and a button for each provider."""
    with st.container(key="welcome"):
        first = next(iter(running.personas.values()))
        st.image(avatar_path(first.avatar), width=72, alt="")
        st.title(t("accounts.title"), anchor=False)
        st.markdown(t("accounts.text"))
        if st.user.get("is_logged_in"):
            with sentences():
                LoginClaims.read(st.user.to_dict())
            sign_out_button()
            return
        known = providers(runtime.secrets())
        if not known:
            st.error(t("accounts.no_provider"), icon=":material/no_accounts:")
        for name in known:
            label = t("accounts.sign_in_with", provider=name) if name else t("accounts.sign_in")
            st.button(
                label,
                key=f"sign_in_{name or 'default'}",
                type="primary",
                icon=":material/login:",
                width="stretch",
                on_click=st.login,
                args=(name,) if name else (),
            )


def sign_out_button() -> None:
    """Forget the identity in this browser."""
    st.button(
        t("accounts.sign_out"),
        key="sign_out",
        icon=":material/logout:",
        width="stretch",
        on_click=st.logout,
    )


def providers(secrets: Mapping[str, Any]) -> list[str]:
    """The names of the login providers in the secrets; ``""`` is the one without a name."""
    auth = secrets.get("auth")
    if not isinstance(auth, Mapping):
        return []
    named = [
        name
        for name, value in auth.items()
        if isinstance(value, Mapping) and "client_id" in value and name not in _NOT_PROVIDERS
    ]
    return ([""] if "client_id" in auth else []) + named
