"""Cursor pagination: no memory is repeated or skipped while others come and go.

A cursor holds the time and id of the last memory given and how many of the same
time came before it: memories imported together share one time, so the time alone
would not tell where to go on. It is opaque, not secret, and names nobody.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import datetime

from memory.container import Container
from memory.errors import BadInput
from memory.types import Memory, MemoryFilter, Owner

NEWEST_FIRST = "-created_at"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended."""

    at: datetime
    id: str
    ties: int

    def text(self) -> str:
        """The form that travels."""
        raw = json.dumps([self.at.isoformat(), self.id, self.ties])
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """What :meth:`text` made.

        Raises:
            BadInput: ``cursor``.
        """
        try:
            raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            at, id, ties = json.loads(raw)
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is None or not isinstance(id, str):
                raise ValueError
            if not isinstance(ties, int) or not 1 <= ties <= 1_000_000:
                raise ValueError
            # A time that no zone can hold would only fail later.
            if not 1900 <= moment.year <= 2200:
                raise ValueError
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise BadInput(code="cursor") from None
        return cls(moment, id, ties)


def page(
    running: Container, owner: Owner, which: MemoryFilter, limit: int, cursor: str | None
) -> tuple[list[Memory], str | None]:
    """The next memories, newest first, and the cursor for those after them.

    Raises:
        BadInput: ``cursor``: it isn't one of ours.
    """
    after = Cursor.read(cursor) if cursor else None
    wanted, room = which, limit + 1
    if after is not None:
        until = min(after.at, which.created_to) if which.created_to else after.at
        # Those of the same moment are read again and left out by their ids.
        wanted, room = replace(which, created_to=until), limit + 1 + after.ties
    found = running.store.reads.matching(owner, wanted, sort=NEWEST_FIRST, limit=room)
    if after is not None:
        found = [m for m in found if (m.created_at, m.id) != (after.at, after.id)]
        found = [m for m in found if m.created_at < after.at or m.id > after.id]
    shown = found[:limit]
    if len(found) <= limit:
        return shown, None
    last = shown[-1]
    ties = sum(memory.created_at == last.created_at for memory in shown)
    if after is not None and after.at == last.created_at:
        ties += after.ties
    return shown, Cursor(last.created_at, last.id, ties).text()
