"""Session names: the session ids that callers choose, each owner's apart."""

from __future__ import annotations

import json
import uuid

from memory.api.dependencies import RequestScope
from memory.db import Database
from memory.errors import NotFound
from memory.types import Owner

_NAMESPACE = uuid.UUID("5a0d5a52-6b1c-4d4b-9f0f-0b6f6c1b7a4e")


def named_session(db: Database, owner: Owner, name: str, title: str = "") -> str:
    """The id of the session that ``owner`` calls ``name``; made when it is first named.

    ``name`` is the id of one of the owner's sessions, or what a program calls its
    conversations, such as ``"session_001"``. Two people may choose the same name.

    Args:
        db: The database.
        owner: Whose session it is.
        name: At most 256 characters.
        title: Of a new session; by default it gets one from its first message.
    """
    found = known_session(db, owner, name)
    return found or db.sessions.create(owner, title, id=_own_id(owner, name)).id


def known_session(db: Database, owner: Owner, name: str) -> str | None:
    """As above; ``None`` if it was never named."""
    ids = (name, _own_id(owner, name))
    return next((id for id in ids if db.owners.of_session(id) == owner), None)


def _own_id(owner: Owner, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, json.dumps([owner.user_id, owner.persona_id, name])))


def check_session_name(db: Database, owner: Owner, name: str | None) -> None:
    """Refuse the id of somebody else's session as a name.

    Raises:
        NotFound: ``session_not_found``.
    """
    if name is not None and db.owners.of_session(name) not in (None, owner):
        raise NotFound(code="session_not_found")


def session_of(
    ask: RequestScope, session_id: str, user_id: str | None, persona_id: str | None
) -> tuple[Owner, str]:
    """Whose session a request means, and its real id.

    Args:
        ask: The request.
        session_id: A real id, or a name together with its user.
        user_id: Whose; the token's own if not given.
        persona_id: With which persona; only a name needs it.

    Raises:
        NotFound: ``session_not_found``, or as :meth:`RequestScope.owner`.
    """
    owner = ask.owner_of_session(session_id, user_id)
    if owner is not None:
        return owner, session_id
    if user_id is None and ask.token is None:
        # Only together with its user a name says which session is meant.
        raise NotFound(code="session_not_found")
    owner = ask.owner(user_id, persona_id)
    id = known_session(ask.running.db, owner, session_id)
    if id is None:
        raise NotFound(code="session_not_found")
    return owner, id
