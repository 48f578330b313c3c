"""Session names: the session ids that callers choose, each owner's apart."""

from __future__ import annotations

import json
import uuid

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
    found = session_called(db, owner, name)
    return found or db.sessions.create(owner, title, id=_id_of(owner, name)).id


def session_called(db: Database, owner: Owner, name: str) -> str | None:
    """As :func:`named_session`, but ``None`` if there is no such session."""
    for id in (name, _id_of(owner, name)):
        if db.owners.of_session(id) == owner:
            return id
    return None


def _id_of(owner: Owner, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, json.dumps([owner.user_id, owner.persona_id, name])))


def check_session_name(db: Database, owner: Owner, name: str | None) -> None:
    """Refuse the id of somebody else's session as a name.

    Raises:
        NotFound: ``session_not_found``.
    """
    if name is not None and db.owners.of_session(name) not in (None, owner):
        raise NotFound(code="session_not_found")
