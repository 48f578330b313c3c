"""Ingestion: learning from conversations that programs bring, and waiting for the worker."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from memory.api.responses.extraction import ProcessData
from memory.api.responses.memories import AddedData, MemoryOut
from memory.api.spoken_lines import SpokenLine
from memory.container import Container
from memory.db.messages import EXTRACTION_SETTINGS
from memory.errors import NotFound
from memory.types import NO_SETTINGS, Batch, BatchState, ExtractionSettings, Owner, Role, Status

WAIT_SECONDS = 30.0
_TICK = 0.02
_OPEN = (BatchState.PENDING, BatchState.WORKING)
_COUNTS = ("added", "updated", "superseded", "closed", "archived")


def learn(
    running: Container,
    owner: Owner,
    lines: Sequence[SpokenLine],
    session_id: str | None,
    zone: ZoneInfo,
    timeout: float = WAIT_SECONDS,
    memory_fields: Mapping[str, Any] | None = None,
    wishes: ExtractionSettings = NO_SETTINGS,
) -> AddedData:
    """Store a conversation as (part of) a session and let the extraction worker learn from it now.

    Args:
        running: The running parts.
        owner: Whose conversation it is.
        lines: In order.
        session_id: Append to this session of the owner's; a new one by default.
        zone: Where times without one are meant.
        timeout: Most seconds to wait; afterwards it goes on in the background.
        memory_fields: Checked fields that what is learnt gets, such as ``metadata``.
        wishes: What is asked of the extraction of this conversation.

    Raises:
        NotFound: no such session of this owner.
    """
    db = running.db
    session = db.sessions.get(owner, session_id) if session_id else db.sessions.create(owner)
    asked, user = None, db.users.get(owner.user_id)
    given = dict(memory_fields or {})
    if wishes != NO_SETTINGS:
        given[EXTRACTION_SETTINGS] = asdict(wishes)
    for line in lines:
        role: Role = "user" if line.role == "user" else "assistant"
        message = db.messages.add(
            owner,
            session.id,
            role,
            line.text_for(user),
            reply_to=None if role == "user" else asked,
            created_at=moment(line.timestamp, zone),
            memory_fields=given,
        )
        asked = message.id if role == "user" else asked
    batches = running.extraction_worker.run_now(owner, session.id, ended=True)
    done = wait_for(running, [batch.id for batch in batches], timeout)
    changes = [
        change
        for batch in batches
        for change in db.history.of(owner, batch_id=batch.id, limit=None)[::-1]
    ]
    learnt = {change.memory_id: change.after for change in changes}
    return AddedData(
        memories=[
            MemoryOut.of(memory)
            for memory in learnt.values()
            if memory is not None and memory.status is Status.ACTIVE
        ],
        added=sum(change.before is None for change in changes),
        session_id=session.id,
        batch_ids=[batch.id for batch in batches],
        pending=not done,
    )


def process(
    running: Container, owner: Owner, timeout: float, *, retry: bool = False
) -> ProcessData:
    """Hand over everything that an owner's sessions owe, and wait for it.

    Args:
        running: The running parts.
        owner: Whose sessions.
        timeout: Most seconds to wait.
        retry: Batches that failed or were set aside, too.
    """
    db = running.db
    if retry:
        for batch_id in running.extraction_worker.state(owner).failed:
            with suppress(NotFound):  # somebody else was quicker
                running.extraction_worker.rerun(owner, batch_id)
    for session in db.sessions.of(owner, limit=None):
        running.extraction_worker.run_now(owner, session.id)
    owed = [batch.id for batch in db.batches.of(owner, _OPEN, None)]
    done = wait_for(running, owed, timeout, of_user=owner.user_id)
    finished = [batch for id in owed if (batch := db.batches.get(id)) is not None]
    counts = {name: sum(_count(batch, name) for batch in finished) for name in _COUNTS}
    # Asked last: a reply that ends meanwhile must not hide what it makes whole.
    unfinished = db.batches.unfinished_turns(owner)
    state = running.extraction_worker.state(owner)
    return ProcessData(
        done=done and not unfinished and not state.queued and not state.failed,
        unfinished=unfinished,
        set_aside=len(state.set_aside),
        batches=len(owed),
        queued=state.queued,
        phase=state.phase.value,
        error=state.error,
        **counts,
    )


def wait_for(
    running: Container, ids: Sequence[str], timeout: float, *, of_user: str | None = None
) -> bool:
    """Wait until none of these batches is open any more; says whether that came.

    A batch whose endpoint failed is open no longer: it waits for its next try.

    Args:
        running: The running parts.
        ids: Of the batches.
        timeout: Most seconds to wait.
        of_user: Wait for every change of this user's memories to be in the store, too: that
            of a batch that was done before anybody asked may still be on its way there.
    """
    until = time.monotonic() + timeout
    left = list(ids)
    while (left := [id for id in left if _is_open(running, id)]) or (
        of_user is not None and running.db.history.is_owing([of_user])
    ):
        if time.monotonic() >= until:
            return False
        time.sleep(_TICK)
    return True


def moment(given: datetime | None, zone: ZoneInfo) -> datetime | None:
    """An aware time: without a zone it is the user's own."""
    if given is None or given.tzinfo is not None:
        return given
    return given.replace(tzinfo=zone)


def _is_open(running: Container, id: str) -> bool:
    batch = running.db.batches.get(id)
    if batch is None:
        return False
    # A batch is done with its journal; its memories can be read a moment later.
    return batch.state in _OPEN or any(
        not change.applied for change in running.db.history.of(batch.owner, batch_id=id, limit=None)
    )


def _count(batch: Batch, name: str) -> int:
    value = batch.outcome.get(name, 0)
    return value if isinstance(value, int) else 0
