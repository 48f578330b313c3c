"""Response models of extractions."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from memory.types import Kind, Subject


class OperationOut(BaseModel):
    """One item in the form of the extraction contract (docs/extraction.md).

    ``id`` numbers a memory in ``known``; ``source`` counts the messages from 1.
    """

    action: Literal["ADD", "UPDATE", "DELETE"]
    id: int | None = None
    text: str | None = None
    subject: Subject | None = None
    kind: Kind | None = None
    category: str | None = None
    event_date: str | None = None
    importance: int | None = None
    source: list[int] = []


class KnownOut(BaseModel):
    """An existing memory under the number by which operations name it."""

    id: int
    memory_id: str
    text: str


class RefusedOut(BaseModel):
    """A proposal that would not be remembered, and why."""

    operation: OperationOut
    reason: str


class ExtractData(BaseModel):
    """What an extraction of these messages would do. Nothing was stored."""

    operations: list[OperationOut] = Field(description="As they would be applied")
    known: list[KnownOut]
    proposed: list[OperationOut] = Field(description="As the model said them")
    refused: list[RefusedOut]
    skipped: int = Field(description="Proposals that were known already")
    raw: str = Field(description="The model's reply, word for word; empty for the rules")
    repairs: list[str] = Field(description="What had to be done to read it")
    corrected: dict[str, int]
    model: str
    builtin: bool
    milliseconds: float


class ProcessData(BaseModel):
    """What was owed and what came of it."""

    done: bool = Field(description="false: it takes longer and goes on in the background")
    unfinished: int = Field(
        description="Messages that are still to be learnt from because their reply hasn't ended"
    )
    set_aside: int = Field(
        description="Batches that couldn't be worked through three times; only `retry` takes "
        "them up again"
    )
    batches: int
    added: int
    updated: int
    superseded: int
    closed: int
    archived: int
    queued: int
    phase: str
    error: str | None
