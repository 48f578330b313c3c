"""Changes of memories, and batches: the turns that one extraction is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from memory.types.memories import Memory, Owner


class ChangeAction(StrEnum):
    """What happened to a memory."""

    ADD = "add"
    EDIT = "edit"
    MERGE = "merge"
    SUPERSEDE = "supersede"
    CLOSE = "close"
    ARCHIVE = "archive"
    RESTORE = "restore"
    PIN = "pin"
    DELETE = "delete"


class Actor(StrEnum):
    """Who changed a memory."""

    EXTRACTION = "extraction"
    HAND = "hand"
    API = "api"
    IMPORT = "import"
    UNDO = "undo"
    DEMO = "demo"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the journal: enough to redo and to undo.

    ``before``/``after`` are whole memories (``None``: did not exist / no longer
    exists). ``group_id`` ties the changes of one batch or one bulk action.
    ``applied`` is false between writing the journal and writing the store;
    start-up applies what is still owed. ``undone_by`` is the change that undid it.
    """

    id: str
    owner: Owner
    memory_id: str
    action: ChangeAction
    actor: Actor
    at: datetime
    before: Memory | None
    after: Memory | None
    group_id: str | None = None
    applied: bool = False
    undone_by: str | None = None


class BatchState(StrEnum):
    """Where a batch stands."""

    PENDING = "pending"
    WORKING = "working"
    RETRY = "retry"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Batch:
    """The turns handed to one extraction.

    ``next_at`` is the earliest next try; ``error`` is a code of
    :mod:`memory.errors` plus detail, never message text.
    """

    id: str
    owner: Owner
    session_id: str
    state: BatchState
    created_at: datetime
    message_ids: tuple[str, ...] = ()
    attempts: int = 0
    next_at: datetime | None = None
    error: str | None = None
    finished_at: datetime | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettledFinding:
    """Something in the inbox that is right as it is; ``finding`` is its key there."""

    owner: Owner
    finding: str
    at: datetime
