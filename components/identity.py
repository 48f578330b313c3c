"""Identity: the user, the persona, and the language between them.

The choice lives in the address (``?user=…&persona=…``), so a reload, a bookmark or
a second tab keeps it, and in the browser session, because moving to another page
empties the address. With accounts the address can only name what whoever is
signed in may see; anything else in it is as good as nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import page_script, signin
from components.text import choose_language
from memory.chat.personas import DEFAULT_PERSONA
from memory.container import Container
from memory.errors import NotFound
from memory.types import Language, Owner, Persona, User

USER = "user"
PERSONA = "persona"


@dataclass(frozen=True)
class Identity:
    """A user, the persona they talk with, and the language of the screen.

    ``viewer`` is who is signed in: ``user``, or a designer who looks at ``user``'s
    data; ``None`` without accounts. ``designer``: whether everybody's data, the
    studio and the settings of the whole server are open.
    """

    user: User
    persona: Persona
    language: Language
    viewer: User | None = None
    designer: bool = True

    @property
    def owner(self) -> Owner:
        """The pair whose memories and sessions these are."""
        return Owner(self.user.id, self.persona.id)

    @property
    def looking_at_another(self) -> bool:
        """Whether a designer sees what belongs to somebody else."""
        return self.viewer is not None and self.viewer.id != self.user.id

    @property
    def persona_name(self) -> str:
        """The persona's name in the language of the screen."""
        return self.persona.text(self.language).name


def current(running: Container) -> Identity | None:
    """Who this browser session belongs to; None when somebody must sign in or be picked."""
    viewer = signin.user(running) if running.accounts.required else None
    user = _user(running, viewer)
    speaker = viewer or user
    language = choose_language(speaker.language if speaker else None, running.settings.language)
    if user is None:
        return None
    persona = _persona(running)
    _remember(user.id, persona.id)
    designer = viewer is None or running.accounts.is_designer(viewer)
    return Identity(user, persona, language, viewer, designer)


def switch(*, user_id: str | None = None, persona_id: str | None = None) -> None:
    """Go on as another user or with another persona, in a fresh place."""
    if user_id:
        st.session_state[f"chosen_{USER}"] = user_id
    if persona_id:
        st.session_state[f"chosen_{PERSONA}"] = persona_id
    page_script.put_sidebar_away()
    # What the address says wins on the next run, so it must not keep the old choice.
    st.query_params.clear()


def leave() -> None:
    """Forget who this browser session belongs to; the profile itself stays."""
    for name in (USER, PERSONA):
        st.session_state.pop(f"chosen_{name}", None)
    st.query_params.clear()


def address(me: Identity) -> dict[str, str]:
    """The part of an address that says who is here, for links to other pages."""
    return owner_address(me.owner)


def owner_address(owner: Owner) -> dict[str, str]:
    """The same for an owner, who needn't be the one who is here."""
    return {USER: owner.user_id, PERSONA: owner.persona_id}


def _user(running: Container, viewer: User | None) -> User | None:
    if running.accounts.required and viewer is None:
        return None
    for user_id in (st.query_params.get(USER), st.session_state.get(f"chosen_{USER}")):
        if user_id and running.accounts.may_see(viewer, user_id):
            try:
                return running.db.users.get(user_id)
            except NotFound:
                continue
    if viewer is not None:
        return viewer
    everybody = running.db.users.all()
    # With one profile there is nothing to ask; with several, nobody is shown another's.
    return everybody[0] if len(everybody) == 1 and not everybody[0].demo else None


def _persona(running: Container) -> Persona:
    for persona_id in (
        st.query_params.get(PERSONA),
        st.session_state.get(f"chosen_{PERSONA}"),
        DEFAULT_PERSONA,
    ):
        if persona_id and persona_id in running.personas:
            return running.personas[persona_id]
    return next(iter(running.personas.values()))


def _remember(user_id: str, persona_id: str) -> None:
    for name, value in ((USER, user_id), (PERSONA, persona_id)):
        st.session_state[f"chosen_{name}"] = value
        if st.query_params.get(name) != value:
            st.query_params[name] = value
