"""Qdrant filters: what a list, count, facet or search is limited to.

Every filter names the user; without an owner only exports of everything read.
"""

from __future__ import annotations

from collections.abc import Collection

from qdrant_client import models

from memory.types import SAFETY_KINDS, MemoryFilter, Owner
from memory.vector_store.points import point_id


def owner_filter(owner: Owner | str | None) -> models.Filter:
    """All memories of an owner, of a user with any persona (``str``), or of everybody."""
    must: list[models.Condition] = []
    if isinstance(owner, Owner):
        must = [_is("user_id", owner.user_id), _is("agent_id", owner.persona_id)]
    elif owner is not None:
        must = [_is("user_id", owner)]
    return models.Filter(must=must)


def memory_filter(owner: Owner | str | None, wanted: MemoryFilter) -> models.Filter:
    """The owner's memories that ``wanted`` describes."""
    found = owner_filter(owner).must
    must: list[models.Condition] = list(found) if isinstance(found, list) else []
    for key, values in (
        ("subject", wanted.subjects),
        ("kind", wanted.kinds),
        ("category", wanted.categories),
        ("status", wanted.statuses),
        ("agent_id", wanted.personas),
    ):
        if values:
            must.append(_any(key, sorted(str(value) for value in values)))
    # An event that lasts (a month, a year) matches if any of its days do.
    if wanted.event_from is not None:
        must.append(_range("event_to", gte=wanted.event_from.toordinal()))
    if wanted.event_to is not None:
        must.append(_range("event_from", lte=wanted.event_to.toordinal()))
    if wanted.created_from is not None or wanted.created_to is not None:
        created = models.DatetimeRange(gte=wanted.created_from, lte=wanted.created_to)
        must.append(models.FieldCondition(key="created_at", range=created))
    if wanted.importance_min is not None:
        must.append(_range("importance", gte=wanted.importance_min))
    if wanted.pinned is not None:
        must.append(_is("pinned", wanted.pinned))
    if wanted.safety is not None:
        marked = _any("safety", list(SAFETY_KINDS))
        must.append(marked if wanted.safety else models.Filter(must_not=[marked]))
    if wanted.session_id is not None:
        # Where a program chose the run, the session stands in the source only.
        either = [_is("run_id", wanted.session_id), _is("source.session_id", wanted.session_id)]
        must.append(models.Filter(should=list(either)))
    if wanted.batch_id is not None:
        must.append(_is("source.batch_id", wanted.batch_id))
    if wanted.ids is not None:
        must.append(models.HasIdCondition(has_id=sorted(wanted.ids)))
    return models.Filter(must=must)


def text_filter(owner: Owner, hashes: Collection[str]) -> models.Filter:
    """The owner's memories whose texts have these hashes (mem0's key ``hash``)."""
    mine = owner_filter(owner)
    mine.must = [_any("hash", sorted(hashes)), *(mine.must if isinstance(mine.must, list) else [])]
    return mine


def without(chosen: models.Filter, ids: Collection[str]) -> models.Filter:
    """The same but for these memories; what can't be an id is left out."""
    points = sorted(key for key in map(point_id, ids) if key is not None)
    if not points:
        return chosen
    return chosen.model_copy(update={"must_not": [models.HasIdCondition(has_id=points)]})


def _is(key: str, value: str | bool) -> models.FieldCondition:
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def _any(key: str, values: list[str]) -> models.FieldCondition:
    return models.FieldCondition(key=key, match=models.MatchAny(any=values))


def _range(key: str, *, gte: int | None = None, lte: int | None = None) -> models.FieldCondition:
    return models.FieldCondition(key=key, range=models.Range(gte=gte, lte=lte))
