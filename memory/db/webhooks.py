"""Webhooks: addresses that are told of changes, and how far each of them was told."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update

from memory.db.history import is_readable, read_change
from memory.db.repository import Repository
from memory.db.tables import journal, webhooks
from memory.errors import NotFound
from memory.types import Change, Webhook


class Webhooks(Repository):
    """What is still to be told to a webhook is the history after its position."""

    def add(self, name: str, url: str, event_types: Sequence[str]) -> Webhook:
        """A new webhook, told of what changes from now on. Its secret signs what it is sent."""
        now = self._engine.clock()
        with self._write() as connection:
            position = connection.scalar(select(func.max(journal.c.seq))) or 0
            row = {
                "name": name,
                "url": url,
                "event_types": list(event_types),
                "secret": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
                "created_at": now,
                "updated_at": now,
                "position": position,
                "failures": 0,
            }
            id = connection.scalar(insert(webhooks).values(row).returning(webhooks.c.id))
        assert id is not None
        return self.get(id)

    def get(self, id: int) -> Webhook:
        """One of them.

        Raises:
            NotFound: ``webhook_not_found``.
        """
        with self._read() as connection:
            chosen = select(webhooks).where(webhooks.c.id == id)
            row = connection.execute(chosen).mappings().first()
        if row is None:
            raise NotFound(code="webhook_not_found")
        return _webhook(row)

    def all(self) -> list[Webhook]:
        """All of them, oldest first."""
        with self._read() as connection:
            rows = connection.execute(select(webhooks).order_by(webhooks.c.id)).mappings()
            return [_webhook(row) for row in rows]

    def update(self, id: int, **values: Any) -> Webhook:
        """Change its name, url or event types, and tell it at once what is owed to it.

        Raises:
            NotFound: ``webhook_not_found``.
        """
        again = {"failures": 0, "next_at": None, "last_error": None}
        with self._write() as connection:
            connection.execute(
                update(webhooks)
                .where(webhooks.c.id == id)
                .values({**values, **again, "updated_at": self._engine.clock()})
            )
        return self.get(id)

    def delete(self, id: int) -> None:
        """Tell it nothing more.

        Raises:
            NotFound: ``webhook_not_found``.
        """
        with self._write() as connection:
            gone = connection.execute(delete(webhooks).where(webhooks.c.id == id)).rowcount
        if not gone:
            raise NotFound(code="webhook_not_found")

    def due(self, now: datetime) -> list[Webhook]:
        """Those that have something to be told and needn't wait after a failure."""
        behind = select(func.max(journal.c.seq)).scalar_subquery() > webhooks.c.position
        waited = or_(webhooks.c.next_at.is_(None), webhooks.c.next_at <= now)
        with self._read() as connection:
            rows = connection.execute(select(webhooks).where(behind, waited)).mappings()
            return [_webhook(row) for row in rows]

    def untold(self, webhook: Webhook, limit: int) -> list[tuple[int, Change | None]]:
        """The next changes after its position that the store has, each with its own position.

        ``None`` stands for a line that can't be read.
        """
        chosen = (
            select(journal).where(journal.c.seq > webhook.position).order_by(journal.c.seq)
        ).limit(limit)
        told: list[tuple[int, Change | None]] = []
        with self._read() as connection:
            for row in connection.execute(chosen).mappings():
                if not row["applied"]:
                    break  # it is told once it can be read, too
                told.append((row["seq"], read_change(row) if is_readable(row) else None))
        return told

    def told(self, id: int, position: int) -> None:
        """It knows everything up to a position."""
        self._set(id, position=position, failures=0, next_at=None, last_error=None)

    def failed(self, id: int, error: str, next_at: datetime) -> None:
        """It couldn't be told; not before ``next_at`` again."""
        self._set(id, failures=webhooks.c.failures + 1, next_at=next_at, last_error=error[:200])

    def _set(self, id: int, **values: Any) -> None:
        with self._write() as connection:
            connection.execute(update(webhooks).where(webhooks.c.id == id).values(values))


def _webhook(row: RowMapping) -> Webhook:
    return Webhook(**{**row, "event_types": tuple(row["event_types"])})
