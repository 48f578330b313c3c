"""Extraction result, for the database, the screen and the logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from memory.extraction.reconcile import Decision
from memory.extraction.validation import Guarded
from memory.types import (
    Change,
    ChangeAction,
    ExtractionReply,
    ExtractionRequest,
    Mood,
    Operation,
    Usage,
)

_NAMES = {
    ChangeAction.MERGE: "updated",
    ChangeAction.EDIT: "updated",
    ChangeAction.SUPERSEDE: "superseded",
    ChangeAction.CLOSE: "closed",
    ChangeAction.ARCHIVE: "archived",
}


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """What one extraction did. ``changes`` are as they were made.

    ``added`` counts new memories, also those that replaced another (then
    ``superseded`` counts the other one). ``refused`` are reasons with their
    counts; no message or memory text goes into the database with it.
    """

    changes: tuple[Change, ...] = ()
    proposed: int = 0
    skipped: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    corrected: Mapping[str, int] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    milliseconds: float = 0.0
    model: str = ""
    mood: Mood | None = None

    def counts(self) -> dict[str, int]:
        """Changes by what they did to memories."""
        found = {"added": 0, "updated": 0, "superseded": 0, "closed": 0, "archived": 0}
        for change in self.changes:
            found[_NAMES.get(change.action, "added")] += 1
        return found

    def as_mapping(self) -> dict[str, Any]:
        """The form that is kept with the batch: counts, figures and the mood."""
        return {
            **self.counts(),
            "proposed": self.proposed,
            "skipped": self.skipped,
            "refused": sum(self.refused.values()),
            "refused_reasons": dict(self.refused),
            "corrected": dict(self.corrected),
            "repairs": list(self.repairs),
            "prompt_tokens": self.usage.prompt_tokens,
            "reply_tokens": self.usage.reply_tokens,
            "tokens_estimated": self.usage.estimated,
            "calls": self.calls,
            "milliseconds": round(self.milliseconds, 1),
            "model": self.model,
            **({"mood": asdict(self.mood)} if self.mood else {}),
        }


@dataclass(frozen=True, slots=True)
class Extracted:
    """An extraction looked at from the inside; nothing of it is stored yet.

    ``request`` is what was asked; none where there was nothing to ask.
    """

    reply: ExtractionReply
    guarded: Guarded
    decision: Decision
    milliseconds: float = 0.0
    request: ExtractionRequest | None = None

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What the model proposed, as read."""
        return self.reply.operations

    def outcome(self, changes: tuple[Change, ...] | None = None) -> ExtractionResult:
        """The summary, with the changes as the memory service made them."""
        return ExtractionResult(
            changes=self.decision.changes if changes is None else changes,
            proposed=len(self.reply.operations),
            skipped=len(self.decision.skipped),
            refused=Counter(refused.reason for refused in self.guarded.refused),
            corrected=self.guarded.corrected,
            repairs=self.reply.repairs,
            usage=self.reply.usage,
            calls=self.reply.calls,
            milliseconds=self.milliseconds,
            model=self.reply.model,
            mood=self.reply.mood,
        )
