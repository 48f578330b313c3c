"""Attachments of messages: what rows say of them, and which files they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import select, update

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import messages
from memory.errors import NotFound
from memory.types import Attachment, AttachmentKind, Owner

_FIELDS = frozenset(field.name for field in fields(Attachment))


class MessageAttachments(Repository):
    """What was given with messages."""

    def named(self, user_id: str | None = None) -> dict[str, set[str]]:
        """The SHA-256 of each file that messages name, by user; of one user, or of all."""
        chosen = select(messages.c.user_id, messages.c.attachments).where(
            messages.c.attachments.is_not(None)
        )
        if user_id is not None:
            chosen = chosen.where(messages.c.user_id == user_id)
        found: dict[str, set[str]] = defaultdict(set)
        with self._read() as connection:
            for user, rows in connection.execute(chosen):
                found[user] |= {a.sha256 for a in attachments_of(rows) if a.sha256}
        return dict(found)

    def replace(
        self, owner: Owner, message_id: str, attachments: Sequence[Attachment], text: str
    ) -> None:
        """Say something else of a message's attachments; ``text`` holds their marks.

        Raises:
            NotFound: no such message of this owner.
        """
        mine = (messages.c.id == message_id) & owned(messages.c, owner)
        values = {"attachments": attachment_rows(attachments), "text": text}
        with self._write() as connection:
            done = connection.execute(update(messages).where(mine).values(**values))
            if not done.rowcount:
                raise NotFound(code="message_not_found")


def attachment_rows(attachments: Iterable[Attachment]) -> list[dict[str, Any]] | None:
    """Attachments as a row keeps them; nothing for none."""
    return [asdict(attachment) for attachment in attachments] or None


def attachments_of(value: Any) -> tuple[Attachment, ...]:
    """Attachments from what a row keeps; fields of later versions are passed over."""
    rows = value if isinstance(value, list) else []
    return tuple(_attachment(row) for row in rows if isinstance(row, Mapping))


def _attachment(row: Mapping[str, Any]) -> Attachment:
    known = {name: value for name, value in row.items() if name in _FIELDS}
    return Attachment(**{**known, "kind": AttachmentKind(known["kind"])})
