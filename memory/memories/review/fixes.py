"""Review fixes: one click as changes of memories (pure).

Duplicates become one memory: the one remembered first stays, with its id and
its origin date, and takes the fuller wording, the more exact event date, the
higher importance, the pin and the messages of both. The other one is deleted
rather than superseded: it isn't something that used to be true. The journal
keeps it, and undo brings it back.

Of two that contradict each other the one that is right supersedes the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from memory.memories.edits import joined
from memory.memories.relations.relations import Relation
from memory.nlp.similarity import content
from memory.types import Kind, Memory, Status

Step = tuple[Memory | None, Memory | None]
"""A memory before and after."""


def merged_fields(old: Memory, new: Memory, relation: Relation) -> dict[str, Any]:
    """What the memory that stays is given of both.

    Args:
        old: The one remembered earlier, which stays.
        new: The later one.
        relation: What ``new`` is to ``old``.
    """
    if relation is Relation.SAME:
        fuller = new if len(content(new.text)) > len(content(old.text)) else old
    else:
        fuller = old if relation is Relation.WEAKER else new
    other = new if fuller is old else old
    event_date = max(fuller.event_date or "", other.event_date or "", key=len) or None
    dated = event_date is not None and Kind.TEMPORAL in (old.kind, new.kind)
    return {
        "text": fuller.text,
        "language": fuller.language,
        "kind": Kind.TEMPORAL if dated else fuller.kind,
        "category": fuller.category if fuller.category != "other" else other.category,
        "event_date": event_date,
        "importance": max(old.importance, new.importance),
        "pinned": old.pinned or new.pinned,
        "safety": old.safety or new.safety,
    }


def merge(old: Memory, new: Memory, fields: Mapping[str, Any], now: datetime) -> list[Step]:
    """``new`` goes into ``old``."""
    kept = replace(
        old,
        **fields,
        source=joined(old.source, new.source),
        supersedes=old.supersedes or (new.supersedes if new.supersedes != old.id else None),
        updated_at=now,
    )
    return [(old, kept), (new, None)]


def supersede(right: Memory, wrong: Memory, now: datetime) -> list[Step]:
    """``right`` takes the place of ``wrong``, which stays as what used to be."""
    after = replace(
        right,
        supersedes=right.supersedes or wrong.id,
        pinned=right.pinned or wrong.pinned,
        safety=right.safety or wrong.safety,
        updated_at=now,
    )
    past = replace(wrong, status=Status.SUPERSEDED, superseded_by=right.id, updated_at=now)
    return [(right, after), (wrong, past)]
