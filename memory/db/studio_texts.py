"""Versions of edited prompts and personas."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from memory.db.engine import put_meta
from memory.db.repository import Repository
from memory.db.tables import studio_texts
from memory.errors import NotFound
from memory.types import StudioText, TextKind

REVISION = "studio_revision"


class StudioTexts(Repository):
    """Saved versions. Nothing is ever deleted: each version can be brought back."""

    def revision(self) -> str | None:
        """Another value after every change of a text, whichever process made it; quick."""
        return self._engine.get_meta(REVISION)

    def add(self, kind: TextKind, name: str, body: str, note: str = "") -> StudioText:
        """Keep a new version and put it to use instead of the others."""
        saved = StudioText(
            id=str(uuid.uuid4()),
            kind=kind,
            name=name,
            body=body,
            note=note,
            created_at=self._engine.clock(),
            active=True,
        )
        with self._engine.alone("studio"), self._write() as connection:
            _none_active(connection, kind, name)
            connection.execute(
                insert(studio_texts).values(
                    id=saved.id,
                    kind=kind,
                    name=name,
                    body=body,
                    note=note,
                    created_at=saved.created_at,
                    active=True,
                )
            )
            _changed(connection)
        return saved

    def use(self, kind: TextKind, name: str, id: str | None) -> None:
        """Put a kept version to use again; ``None``: none of them, so the shipped one.

        Raises:
            NotFound: code ``studio_version``: this text has no such version.
        """
        with self._engine.alone("studio"), self._write() as connection:
            _none_active(connection, kind, name)
            if id is not None:
                found = connection.execute(
                    update(studio_texts)
                    .where(
                        studio_texts.c.id == id,
                        studio_texts.c.kind == kind,
                        studio_texts.c.name == name,
                    )
                    .values(active=True)
                )
                if found.rowcount != 1:
                    raise NotFound(code="studio_version")
            _changed(connection)

    def versions(self, kind: TextKind, name: str) -> list[StudioText]:
        """All versions of one text, the newest first."""
        return self._studio_texts(
            select(studio_texts).where(studio_texts.c.kind == kind, studio_texts.c.name == name)
        )

    def active(self) -> list[StudioText]:
        """Every version that is in use."""
        return self._studio_texts(select(studio_texts).where(studio_texts.c.active.is_(True)))

    def newest(self, kind: TextKind) -> list[StudioText]:
        """The newest version of each text of a kind, in use or not."""
        newest: dict[str, StudioText] = {}
        for text in self._studio_texts(select(studio_texts).where(studio_texts.c.kind == kind)):
            newest.setdefault(text.name, text)
        return list(newest.values())

    def _studio_texts(self, chosen: Select[tuple[object, ...]]) -> list[StudioText]:
        with self._read() as connection:
            rows = connection.execute(chosen.order_by(studio_texts.c.seq.desc())).mappings()
            return [_text(row) for row in rows]


def _none_active(connection: Connection, kind: TextKind, name: str) -> None:
    connection.execute(
        update(studio_texts)
        .where(
            studio_texts.c.kind == kind,
            studio_texts.c.name == name,
            studio_texts.c.active.is_(True),
        )
        .values(active=False)
    )


def _changed(connection: Connection) -> None:
    put_meta(connection, REVISION, str(uuid.uuid4()))


def _text(row: RowMapping) -> StudioText:
    return StudioText(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        body=row["body"],
        note=row["note"],
        created_at=row["created_at"],
        active=row["active"],
    )
