"""Data collection for exports: everything about a user, out of database and store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from memory.db import Database
from memory.errors import NotFound
from memory.transfer.export import Export, SessionExport
from memory.types import EVERYTHING, Memory, MemoryFilter, Owner, User
from memory.vector_store.store import MemoryStore


def everything(
    db: Database, store: MemoryStore, user: User, owners: Iterable[Owner], now: datetime
) -> Export:
    """All that is kept about a user with these personas.

    Args:
        db: Where sessions and history are.
        store: Where memories are.
        user: Whose profile.
        owners: The user with each persona (see :func:`owners_of`).
        now: Noted as the time of the export.
    """
    who = sorted(owners)
    return Export(
        user=user,
        exported_at=now,
        memories=tuple(memories(store, who)),
        sessions=tuple(kept for owner in who for kept in _sessions(db, owner)),
        changes=tuple(
            change for owner in who for change in reversed(db.history.of(owner, limit=None))
        ),
        batches=tuple(
            batch for owner in who for batch in reversed(db.batches.of(owner, limit=None))
        ),
        traces=tuple(trace for owner in who for trace in db.imports.all_traces(owner)),
        settled=tuple(one for owner in who for one in db.findings.all_settled(owner)),
    )


def owners_of(store: MemoryStore, user_id: str, personas: Iterable[str]) -> list[Owner]:
    """The user with each persona, those included whose file is gone but not their memories."""
    known = {owner for owner in store.reads.owners() if owner.user_id == user_id}
    return sorted(known | {Owner(user_id, persona_id) for persona_id in personas})


def memories(
    store: MemoryStore, owners: Iterable[Owner], which: MemoryFilter = EVERYTHING
) -> list[Memory]:
    """Their memories, oldest first per persona."""
    return [
        memory
        for owner in owners
        for memory in store.reads.matching(owner, which, sort="created_at")
    ]


def _sessions(db: Database, owner: Owner) -> Iterable[SessionExport]:
    for session in reversed(db.sessions.of(owner, limit=None)):
        try:
            said = db.messages.of(owner, session.id, limit=None, include_replaced=True)
        except NotFound:
            continue  # deleted since the list was made
        yield SessionExport(session, tuple(said))
