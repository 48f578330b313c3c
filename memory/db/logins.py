"""Profiles of people who sign in through a login provider."""

from __future__ import annotations

import uuid
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from memory.db.engine import Engine
from memory.db.repository import Repository
from memory.db.tables import users
from memory.db.users import Users, to_user
from memory.errors import NotFound
from memory.types import User
from memory.types.conversation import NAME_LENGTH


class Logins(Repository):
    """From an identity of the provider to a profile."""

    def __init__(self, engine: Engine, users: Users) -> None:
        super().__init__(engine)
        self._users = users

    def user(self, login: str) -> User | None:
        """The profile of this identity; none before the first sign-in."""
        with self._read() as connection:
            row = connection.execute(select(users).where(users.c.login == login)).mappings().first()
        return None if row is None else to_user(row)

    def create(
        self,
        login: str,
        name: str,
        *,
        role: Literal["person", "designer"] = "person",
        timezone: str | None = None,
    ) -> User:
        """The profile of this identity, made if there is none: two tabs may sign in at once.

        Args:
            login: Issuer and subject, see :class:`memory.auth.logins.LoginClaims`.
            name: What to call them; cut where it is too long.
            role: ``person`` or ``designer``.
            timezone: A valid name, or ``None``.
        """
        called = " ".join(name.replace("\x00", "").split())[:NAME_LENGTH].strip() or "?"
        values = {
            "id": str(uuid.uuid4()),
            "name": called,
            "created_at": self._engine.clock(),
            "language": "auto",
            "timezone": timezone,
            "demo": False,
            "role": role,
            "login": login,
        }
        try:
            with self._write() as connection:
                connection.execute(insert(users).values(**values))
        except IntegrityError:
            made = self.user(login)
            if made is None:
                raise
            return made
        return self._users.get(str(values["id"]))

    def set_role(self, user_id: str, role: Literal["person", "designer"]) -> User:
        """Make somebody a designer, or a person again.

        Raises:
            NotFound: there is no such user.
        """
        with self._write() as connection:
            done = connection.execute(update(users).where(users.c.id == user_id).values(role=role))
            if done.rowcount != 1:
                raise NotFound(code="user_not_found")
        return self._users.get(user_id)
