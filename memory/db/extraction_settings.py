"""Extraction settings: one row for everybody, one for each user who has some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from memory.db.repository import Repository
from memory.db.tables import extraction_settings, users
from memory.errors import NotFound
from memory.types import NO_SETTINGS, CustomCategory, ExtractionSettings

_EVERYBODY = ""


class StoredExtractionSettings(Repository):
    """Extraction settings, for everybody and by user."""

    def of(self, user_id: str | None = None) -> ExtractionSettings:
        """What was set for a user alone, or (``None``) for everybody."""
        with self._read() as connection:
            return _read(connection, user_id or _EVERYBODY)

    def for_user(self, user_id: str | None) -> ExtractionSettings:
        """What holds for a user: their own wishes, and those for everybody where they have none."""
        with self._read() as connection:
            general = _read(connection, _EVERYBODY)
            return _read(connection, user_id).over(general) if user_id else general

    def set(self, settings: ExtractionSettings, user_id: str | None = None) -> None:
        """Replace what was set for a user, or (``None``) for everybody.

        Raises:
            NotFound: ``user_not_found``.
        """
        key = user_id or _EVERYBODY
        with self._write() as connection:
            if (
                user_id
                and not connection.execute(select(users.c.id).where(users.c.id == user_id)).first()
            ):
                raise NotFound(code="user_not_found")
            connection.execute(
                delete(extraction_settings).where(extraction_settings.c.user_id == key)
            )
            if settings != NO_SETTINGS:
                connection.execute(
                    insert(extraction_settings).values(
                        user_id=key, body=asdict(settings), updated_at=self._engine.clock()
                    )
                )


def settings_from(body: Mapping[str, Any]) -> ExtractionSettings:
    """Settings from their JSON form; the inverse of ``dataclasses.asdict``."""
    categories = tuple(CustomCategory(**each) for each in body.get("categories", ()))
    return ExtractionSettings(**{**body, "categories": categories})


def _read(connection: Connection, key: str) -> ExtractionSettings:
    chosen = select(extraction_settings.c.body).where(extraction_settings.c.user_id == key)
    body = connection.scalar(chosen)
    return NO_SETTINGS if body is None else settings_from(body)
