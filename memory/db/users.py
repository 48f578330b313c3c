"""Users: local profiles."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from memory.config import known_zones
from memory.db.repository import Repository
from memory.db.tables import users
from memory.errors import BadInput, NotFound
from memory.i18n import languages
from memory.types import User
from memory.types.conversation import NAME_LENGTH

# Made once: hardly a request does without it.
_ONE = select(users).where(users.c.id == bindparam("user"))
_EDITABLE = ("name", "language", "timezone", "region")


class Users(Repository):
    """The people who chat."""

    def all(self) -> list[User]:
        """Every profile, oldest first."""
        with self._read() as connection:
            rows = connection.execute(select(users).order_by(users.c.created_at, users.c.id))
            return [to_user(row) for row in rows.mappings()]

    def ids(self) -> set[str]:
        """Everybody who has a profile."""
        with self._read() as connection:
            return set(connection.scalars(select(users.c.id)))

    def of_tenant(self, tenant_id: str) -> list[str]:
        """The ids of a tenant's users."""
        chosen = select(users.c.id).where(users.c.tenant_id == tenant_id).order_by(users.c.id)
        with self._read() as connection:
            return list(connection.scalars(chosen))

    def get(self, id: str) -> User:
        """One profile.

        Raises:
            NotFound: there is none with this id.
        """
        with self._read() as connection:
            row = connection.execute(_ONE, {"user": id}).mappings().first()
        if row is None:
            raise NotFound(code="user_not_found")
        return to_user(row)

    def create(
        self,
        name: str,
        *,
        id: str | None = None,
        language: str = "auto",
        timezone: str | None = None,
        region: str | None = None,
        demo: bool = False,
        tenant_id: str | None = None,
    ) -> User:
        """Make a profile.

        Raises:
            BadInput: ``user_name_empty``, ``user_name_long``, ``language``,
                ``timezone``, ``region`` or ``user_exists``.
        """
        values = _checked(
            {"name": name, "language": language, "timezone": timezone, "region": region}
        )
        values.update(
            id=id or str(uuid.uuid4()),
            created_at=self._engine.clock(),
            demo=demo,
            tenant_id=tenant_id,
        )
        try:
            with self._write() as connection:
                connection.execute(insert(users).values(**values))
        except IntegrityError as error:
            raise BadInput(code="user_exists") from error
        return self.get(values["id"])

    def update(self, id: str, /, **fields: Any) -> User:
        """Change ``name``, ``language``, ``timezone`` or ``region``.

        Raises:
            BadInput: as in :meth:`create`, or ``field_unknown``.
            NotFound: there is no such user.
        """
        for name in fields:
            if name not in _EDITABLE:
                raise BadInput(code="field_unknown", field=name)
        values = _checked(fields)
        if values:
            with self._write() as connection:
                connection.execute(update(users).where(users.c.id == id).values(**values))
        return self.get(id)


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    values = dict(fields)
    if "name" in values:
        values["name"] = " ".join(str(values["name"] or "").split())
        if not values["name"]:
            raise BadInput(code="user_name_empty")
        if len(values["name"]) > NAME_LENGTH:
            raise BadInput(code="user_name_long", limit=NAME_LENGTH)
    if values.get("language", "auto") not in ("auto", *languages()):
        raise BadInput(code="language")
    for name in ("timezone", "region"):
        if name in values:
            values[name] = values[name] or None
    if values.get("timezone") and values["timezone"] not in known_zones():
        raise BadInput(code="timezone")
    region = values.get("region")
    if region:
        if not (len(region) == 2 and region.isascii() and region.isalpha()):
            raise BadInput(code="region")
        values["region"] = region.upper()
    return values


def to_user(row: RowMapping) -> User:
    """A profile from its row."""
    return User(
        id=row["id"],
        name=row["name"],
        created_at=row["created_at"],
        language=row["language"],
        timezone=row["timezone"],
        region=row["region"],
        demo=row["demo"],
        role=row["role"],
        login=row["login"],
        minor=row["minor"],
        age_at=row["age_at"],
        age_source=row["age_source"],
        emergency_contact=row["emergency_contact"],
        tenant_id=row["tenant_id"],
    )
