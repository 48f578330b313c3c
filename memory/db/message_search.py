"""Full-text search over what was said, in any language.

Each word of the query is looked for as it stands, in all messages of one owner. That
needs no index of its own, which would have to forget as well what is erased: a hundred
thousand messages of one person take some tenths of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from memory.db.branch_rows import STANDING
from memory.db.messages import to_message
from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import messages, sessions
from memory.types import Message, Owner

SNIPPET = 48
"""Characters of a snippet, about a third of them before the hit."""


@dataclass(frozen=True, slots=True)
class MessageHit:
    """A message that was found, the title of its session, and the words around the hit."""

    message: Message
    title: str
    snippet: str


class MessageSearch(Repository):
    """Full-text search over messages."""

    def find(self, owner: Owner, query: str, limit: int = 30) -> list[MessageHit]:
        """Messages that hold every word of ``query``, the latest first.

        Versions that aren't in force are left out. Case counts for nothing, at least in
        ASCII. Empty for an empty query.
        """
        words = query.split()
        if not words:
            return []
        chosen = (
            select(messages, sessions.c.title)
            .join(sessions, sessions.c.id == messages.c.session_id)
            .where(
                owned(sessions.c, owner),
                STANDING,
                *(messages.c.text.icontains(word, autoescape=True) for word in words),
            )
            .order_by(messages.c.created_at.desc(), messages.c.number.desc())
            .limit(limit)
        )
        with self._read() as connection:
            return [
                MessageHit(to_message(row), row["title"], snippet(row["text"], words))
                for row in connection.execute(chosen).mappings()
            ]

    def latest(self, owner: Owner, session_ids: Sequence[str]) -> dict[str, str]:
        """What was said last in each of these sessions, cut to a snippet."""
        above = messages.alias()
        last = (
            select(above.c.number)
            .where(above.c.session_id == messages.c.session_id, above.c.state != "replaced")
            .order_by(above.c.number.desc())
            .limit(1)
            .scalar_subquery()
        )
        chosen = select(messages.c.session_id, messages.c.text).where(
            messages.c.session_id.in_(session_ids),
            owned(messages.c, owner),
            messages.c.number == last,
        )
        with self._read() as connection:
            return {id: snippet(text, ()) for id, text in connection.execute(chosen)}


def snippet(text: str, words: Sequence[str]) -> str:
    """The part of a text around the first of these words, in one line."""
    flat = " ".join(text.split())
    places = [at for word in words if (at := flat.lower().find(word.lower())) >= 0]
    start = max(0, min(places, default=0) - SNIPPET // 3)
    end = start + SNIPPET
    return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
