"""Data collection for exports: everything about a user, out of database and store."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from memory.attachments.files import AttachmentFiles
from memory.db import Database
from memory.errors import NotFound
from memory.transfer.export import Export, SessionExport
from memory.types import EVERYTHING, Memory, MemoryFilter, Owner, User
from memory.vector_store.store import MemoryStore


def everything(
    db: Database,
    store: MemoryStore,
    user: User,
    owners: Iterable[Owner],
    now: datetime,
    files: AttachmentFiles | None = None,
) -> Export:
    """All that is kept about a user with these personas.

    Args:
        db: Where sessions and history are.
        store: Where memories are.
        user: Whose profile.
        owners: The user with each persona (see :func:`owners_of`).
        now: Noted as the time of the export.
        files: Where the files are that messages name.
    """
    who = sorted(owners)
    sessions = tuple(kept for owner in who for kept in _sessions(db, owner))
    return Export(
        user=user,
        exported_at=now,
        memories=tuple(memories(store, who)),
        sessions=sessions,
        changes=tuple(
            change for owner in who for change in reversed(db.history.of(owner, limit=None))
        ),
        batches=tuple(
            batch for owner in who for batch in reversed(db.batches.of(owner, limit=None))
        ),
        traces=tuple(trace for owner in who for trace in db.imports.all_traces(owner)),
        settled=tuple(one for owner in who for one in db.findings.all_settled(owner)),
        files=files_of(files, user.id, sessions) if files is not None else {},
    )


def files_of(
    files: AttachmentFiles, user_id: str, sessions: Iterable[SessionExport]
) -> dict[str, str]:
    """The files that messages name, in base64; one that is gone is left out."""
    found: dict[str, str] = {}
    for session in sessions:
        for message in session.messages:
            for attachment in message.attachments:
                with suppress(NotFound):
                    if attachment.sha256:
                        data = files.get(user_id, attachment.sha256)
                        found[attachment.sha256] = base64.b64encode(data).decode("ascii")
    return found


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
