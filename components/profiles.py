"""User profiles: the welcome page, the picker in the sidebar, a new profile."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import identity, signin
from components.identity import Identity
from components.markdown_escape import plain
from components.text import language, t, word
from components.transfer import restore
from memory.chat import safety
from memory.chat.personas import avatar_path
from memory.container import Container
from memory.i18n import languages
from memory.types import User

NAME_LENGTH = 40
_LOOKED = "looked_at"


def welcome(running: Container) -> None:
    """The page before anybody is known: sign in; or who is here, or a new profile."""
    if running.accounts.required:
        signin.page(running)
        return
    users = running.db.users.all()
    with st.container(key="welcome"):
        first = next(iter(running.personas.values()))
        st.image(avatar_path(first.avatar), width=72, alt="")
        st.title(t("app.welcome_title"), anchor=False)
        st.markdown(t("app.welcome_text"))
        if users:
            st.caption(t("app.who_is_here"))
            with st.container(horizontal=True):
                for user in users:
                    name = plain(user_label(user))
                    if st.button(name, key=f"be_{user.id}", icon=":material/person:"):
                        identity.switch(user_id=user.id)
                        st.rerun()
        _new_profile(running, key="welcome_form", title=t("app.new_user") if users else None)
        restore.from_file(running)


def picker(running: Container, me: Identity) -> None:
    """In the sidebar: persona and user, with a way to change either."""
    label = f"{plain(me.persona_name)} · {plain(me.user.name)}"
    with st.popover(label, icon=":material/diversity_1:", width="stretch", key="picker"):
        _pick_persona(running, me)
        if me.designer:
            _pick_user(running, me)
        if me.viewer is not None:
            signin.sign_out_button()
        elif st.button(t("app.new_user"), icon=":material/person_add:", width="stretch"):
            _profile_dialog(running)


def looking(running: Container, me: Identity, page: str) -> None:
    """Write down that a designer looks at another's page, and say so in the sidebar.

    Once for each page that is opened, not for each run of it.
    """
    if not me.looking_at_another or me.viewer is None:
        st.session_state.pop(_LOOKED, None)
        return
    now = (me.viewer.id, me.owner, page)
    if st.session_state.get(_LOOKED) != now:
        running.accounts.look(me.viewer, me.owner, page)
        st.session_state[_LOOKED] = now
    st.warning(t("accounts.looking", name=plain(me.user.name)), icon=":material/visibility:")
    mine = me.viewer.id
    st.button(
        t("accounts.looking_back"),
        key="looking_back",
        icon=":material/arrow_back:",
        on_click=lambda: identity.switch(user_id=mine),
    )


def user_label(user: User) -> str:
    """A user's name, marked when it belongs to the demo story."""
    return f"{user.name} ({t('app.demo_mark')})" if user.demo else user.name


def _pick_persona(running: Container, me: Identity) -> None:
    personas = list(running.personas.values())
    key = f"pick_persona_{me.persona.id}"
    st.radio(
        t("app.persona"),
        [persona.id for persona in personas],
        index=[persona.id for persona in personas].index(me.persona.id),
        format_func=lambda value: running.personas[value].text(me.language).name,
        captions=[persona.text(me.language).tagline for persona in personas],
        key=key,
        on_change=lambda: identity.switch(persona_id=st.session_state[key]),
    )


def _pick_user(running: Container, me: Identity) -> None:
    users = _with(me.user, running.db.users.all())
    names = {user.id: user_label(user) for user in users}
    key = f"pick_user_{me.user.id}"
    st.selectbox(
        t("app.user"),
        list(names),
        index=list(names).index(me.user.id),
        format_func=lambda value: names[value],
        key=key,
        on_change=lambda: identity.switch(user_id=st.session_state[key]),
    )


def _profile_dialog(running: Container) -> None:
    @st.dialog(t("app.new_user"), icon=":material/person_add:")
    def dialog() -> None:
        _new_profile(running, key="dialog_form", title=None)

    dialog()


def _new_profile(running: Container, *, key: str, title: str | None) -> None:
    with st.form(key, border=False):
        if title:
            st.header(title, anchor=False)
        name = st.text_input(
            t("app.your_name"), max_chars=NAME_LENGTH, placeholder=t("app.name_hint")
        )
        left, right = st.columns(2)
        spoken = left.selectbox(
            t("app.language"),
            ("auto", *languages()),
            format_func=lambda value: word("language", value),
        )
        regions = ("", *safety.regions())
        region = right.selectbox(
            t("app.region"),
            regions,
            index=_default_region(regions),
            format_func=lambda value: word("region", value) if value else t("app.region_unsaid"),
            help=t("app.region_help"),
        )
        submitted = st.form_submit_button(
            t("app.begin"), type="primary", icon=":material/arrow_forward:", width="stretch"
        )
    if submitted:
        if not name.strip():
            st.error(t("app.name_missing"), icon=":material/info:")
            return
        user = running.db.users.create(
            name.strip(),
            language=spoken,
            timezone=st.context.timezone,
            region=region or None,
        )
        identity.switch(user_id=user.id)
        st.rerun()


def _default_region(regions: Sequence[str]) -> int:
    zone = st.context.timezone
    guess = safety.region_of(zone, language()) if zone else ""
    return regions.index(guess) if guess in regions else 0


def _with(user: User, users: Sequence[User]) -> list[User]:
    return list(users) if any(u.id == user.id for u in users) else [user, *users]
