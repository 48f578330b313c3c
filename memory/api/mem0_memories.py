"""mem0's operations over the memory service: searching, listing, changing, deleting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from memory.api.dependencies import RequestScope
from memory.api.mem0_answers import chosen, hit_out, is_nobody, line_out, memory_out
from memory.api.mem0_filters import condition_of, named_user
from memory.api.mem0_pages import MOST_PAGE
from memory.api.mem0_relations import relations_of
from memory.api.mem0_requests import (
    Mem0BatchItem,
    Mem0ListRequest,
    Mem0SearchRequest,
    Mem0UpdateRequest,
)
from memory.api.mem0_scope import (
    asked_for,
    note_seen,
    reach_in_db,
    reach_of,
    today_of,
    within_tenant,
)
from memory.errors import BadInput, NotFound
from memory.memories.edits import checked
from memory.memories.history_first import new_id
from memory.types import (
    EVERYTHING,
    OPINIONS,
    Actor,
    AllOf,
    Change,
    Hit,
    Memory,
    MemoryFilter,
    Owner,
)

TYPES = {"user": "user_id", "agent": "agent_id", "app": "app_id", "run": "run_id"}
"""Kinds of entities, each with the field that names one."""

DEFAULT_THRESHOLD = 0.1
"""What a search leaves out if it doesn't say, as mem0's do."""

_FEEDBACK = tuple(one.upper() for one in OPINIONS)


# --- reading -------------------------------------------------------------------------


def search(ask: RequestScope, request: Mem0SearchRequest) -> dict[str, Any]:
    """What is remembered for a query, best first, and what that connects, as mem0 says it.

    Errors as of :func:`hits`.
    """
    best = hits(ask, request)
    found = [chosen(hit_out(hit), request.fields) for hit in best]
    return {"results": found, "relations": relations_of(hit.memory for hit in best)}


def hits(ask: RequestScope, request: Mem0SearchRequest) -> list[Hit]:
    """What is remembered for a query, best first: whatever scores at least the threshold.

    Raises:
        BadInput: a filter that can't be used (see :func:`memory.api.mem0_filters.condition_of`).
    """
    filters = _with_metadata(request.filters, request.metadata)
    which, user_id = asked_for(ask, request, filters, request.categories, expired=True)
    now = ask.running.clock()
    today = _day(request.reference_date) or today_of(ask)
    found = ask.running.store.reads.search(
        reach_of(ask, user_id),
        request.query.replace("\x00", ""),
        filter=which,
        limit=request.top_k or request.limit or 10,
        today=today,
        now=now,
        expired=request.show_expired,
        gated=False,
    )
    note_seen(ask, (hit.memory for hit in found))
    threshold = DEFAULT_THRESHOLD if request.threshold is None else request.threshold
    return [hit for hit in found if hit.score >= threshold]


def listed(
    ask: RequestScope, request: Mem0ListRequest, page: int | None, page_size: int | None
) -> tuple[list[dict[str, Any]], int]:
    """As :func:`matching`, as mem0 says it."""
    memories, count = matching(ask, request, page, page_size)
    return [chosen(memory_out(memory), request.fields) for memory in memories], count


def matching(
    ask: RequestScope, request: Mem0ListRequest, page: int | None, page_size: int | None
) -> tuple[list[Memory], int]:
    """A page of memories (all of them without a size), newest first, and how many there are.

    Raises:
        BadInput: as :func:`hits`, or ``page_number``.
    """
    number, size = 1 if page is None else page, page_size
    if not 1 <= number <= 1_000_000 or (size is not None and not 1 <= size <= MOST_PAGE):
        raise BadInput(code="page_number", limit=MOST_PAGE)
    filters = _with_metadata(request.filters, request.metadata)
    limits: dict[str, Any] = {
        operator: day
        for operator, day in (("gte", request.start_date), ("lte", request.end_date))
        if day is not None
    }
    more: list[Any] = [{"created_at": limits}] if limits else []
    more += [{"keywords": request.keywords}] if request.keywords else []
    if more:
        filters = {"AND": [*([filters] if filters else []), *more]}
    which, user_id = asked_for(
        ask, request, filters, request.categories, expired=request.show_expired
    )
    seen = reach_of(ask, user_id)
    offset = (number - 1) * (size or 0)
    memories = ask.running.store.reads.matching(seen, which, limit=size, offset=offset)
    note_seen(ask, memories)
    return memories, ask.running.store.reads.count(seen, which)


def _with_metadata(
    filters: Mapping[str, Any], metadata: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """Filters, and the metadata that older clients give beside them."""
    if not metadata:
        return filters
    beside = {"metadata": metadata}
    return {"AND": [filters, beside]} if filters else beside


def _day(given: str | float | None) -> date | None:
    if given is None:
        return None
    try:
        if isinstance(given, int | float):
            return datetime.fromtimestamp(given, UTC).date()
        return date.fromisoformat(given[:10])
    except (ValueError, OverflowError, OSError):
        raise BadInput(code="memory_expiration", allowed="YYYY-MM-DD") from None


def one(ask: RequestScope, memory_id: str, owner: Owner | None = None) -> Memory:
    """A memory that the caller may see, whatever its status.

    Raises:
        NotFound: ``memory_not_found``.
    """
    found = ask.running.store.reads.get_many(owner or ask.owner_of_memory(memory_id), [memory_id])
    if not found:
        raise NotFound(code="memory_not_found")
    return found[0]


# --- changing ------------------------------------------------------------------------


def update(ask: RequestScope, memory_id: str, request: Mem0UpdateRequest) -> dict[str, Any]:
    """Change a memory's words, metadata or last day."""
    owner = ask.owner_of_memory(memory_id)
    fields = _changes(request)
    return memory_out(ask.running.memory_service.edit(owner, memory_id, actor=Actor.API, **fields))


def update_many(ask: RequestScope, items: Sequence[Mem0BatchItem]) -> int:
    """Change several memories as one group; none, if one can't be changed."""
    owners = [ask.owner_of_memory(item.memory_id) for item in items]
    every = [checked(_changes(item), ()) for item in items]
    service, group = ask.running.memory_service, new_id()
    for owner, item in zip(owners, items, strict=True):
        if one(ask, item.memory_id, owner).immutable and item.text:
            raise BadInput(code="memory_immutable")
    for owner, item, fields in zip(owners, items, every, strict=True):
        service.edit(owner, item.memory_id, actor=Actor.API, group_id=group, **fields)
    return len(items)


def _changes(request: Mem0UpdateRequest) -> dict[str, Any]:
    if request.timestamp is not None:
        raise BadInput(code="memory_timestamp")
    given = request.model_dump(exclude_unset=True, include={"text", "metadata", "expiration_date"})
    fields = {
        name: value
        for name, value in given.items()
        if value is not None or name == "expiration_date"
    }
    if not fields:
        raise BadInput(code="nothing_to_change")
    return fields


def delete(ask: RequestScope, ids: Sequence[str]) -> int:
    """Delete memories by id, those of an owner as one group."""
    mine: dict[Owner, list[str]] = defaultdict(list)
    for id in dict.fromkeys(ids):
        mine[ask.owner_of_memory(id)].append(id)
    group = new_id()
    for owner, some in mine.items():
        ask.running.memory_service.delete(owner, some, actor=Actor.API, group_id=group)
    return len(ids)


def delete_linked(ask: RequestScope, memory_id: str) -> list[str]:
    """A memory and the older ones that it took the place of, one after another."""
    owner = ask.owner_of_memory(memory_id)
    chain: list[str] = []
    wanted: str | None = memory_id
    while wanted is not None and wanted not in chain:
        found = ask.running.store.reads.get_many(owner, [wanted])
        if not found:
            break
        chain.append(wanted)
        wanted = found[0].supersedes
    return chain or [memory_id]


def delete_entities(ask: RequestScope, entities: Mapping[str, str]) -> int:
    """Delete all memories of a user, agent, app and run; ``*`` stands for any.

    Raises:
        BadInput: ``entity_missing``.
    """
    if not entities:
        raise BadInput(code="entity_missing")
    where = condition_of(entities)
    user_id = named_user(where)
    where = within_tenant(ask, where)
    which = MemoryFilter(statuses=EVERYTHING.statuses, where=where)
    mine: dict[Owner, list[str]] = defaultdict(list)
    for memory in ask.running.store.reads.matching(reach_of(ask, user_id), which):
        mine[memory.owner].append(memory.id)
    group = new_id()
    for owner, ids in mine.items():
        ask.noting(owner)
        ask.running.memory_service.delete(owner, ids, actor=Actor.API, group_id=group)
    return sum(map(len, mine.values()))


def delete_entity(ask: RequestScope, type: str, name: str) -> None:
    """Delete all memories of one entity. A user's profile and a persona stay.

    Raises:
        BadInput: ``entity_type``.
        NotFound: ``entity_not_found``.
    """
    if type not in TYPES:
        raise BadInput(code="entity_type", allowed=", ".join(TYPES))
    if delete_entities(ask, {TYPES[type]: name}):
        return
    # Apps and runs are there as long as their memories are: nothing tells one that had some.
    if type == "user":
        ask.user(name)
    elif type == "agent" and name not in ask.running.personas:
        raise NotFound(code="entity_not_found")


def entities(ask: RequestScope) -> list[dict[str, Any]]:
    """Users, agents, apps and runs that have memories in force."""
    found = []
    store, seen = ask.running.store, reach_of(ask, None)
    which = MemoryFilter(where=None if ask.tenant is None else within_tenant(ask, AllOf(())))
    for type, field in TYPES.items():
        for name, count in store.reads.facets(seen, field, which).items():  # type: ignore[arg-type]
            if type == "user" and is_nobody(name):
                continue
            found.append({"type": type, "name": name, "id": name, "total_memories": count})
    return found


def history(ask: RequestScope, memory_id: str) -> list[dict[str, Any]]:
    """Every change of a memory, oldest first."""
    owner = ask.owner_of_memory(memory_id)
    return _lines(ask, ask.running.memory_service.history(owner, memory_id)[::-1])


def changes(ask: RequestScope, page: int, page_size: int) -> tuple[list[dict[str, Any]], int]:
    """A page of the changes of all memories, the newest first, and how many there are."""
    overviews = ask.running.db.overviews
    found, count = overviews.changes(reach_in_db(ask), page_size, (page - 1) * page_size)
    for owner in dict.fromkeys(change.owner for change in found):
        ask.noting(owner)
    return _lines(ask, found), count


def _lines(ask: RequestScope, changes: Sequence[Change]) -> list[dict[str, Any]]:
    wanted: dict[Owner, list[str]] = defaultdict(list)
    for change in changes:
        memory = change.after or change.before
        wanted[change.owner] += memory.source.message_ids if memory else ()
    messages = {
        message.id: message
        for owner, ids in wanted.items()
        for message in ask.running.db.messages.by_ids(owner, ids)
    }
    return [line for change in changes if (line := line_out(change, messages)) is not None]


def feedback(ask: RequestScope, memory_id: str, value: str | None, reason: str | None) -> None:
    """Keep what somebody thinks of a memory.

    Raises:
        BadInput: ``feedback_value``.
    """
    said = value.upper() if value else None
    if said is not None and said not in _FEEDBACK:
        raise BadInput(code="feedback_value", allowed=", ".join(_FEEDBACK))
    owner = ask.owner_of_memory(memory_id)
    why = reason.replace("\x00", "") if reason else None
    ask.running.db.feedback.set(owner, memory_id, said.lower() if said else None, why)
