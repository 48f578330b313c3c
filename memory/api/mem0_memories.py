"""mem0's operations over the memory service: scopes, adding, searching, listing, deleting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from memory.api.change_responses import given_along
from memory.api.dependencies import RequestScope
from memory.api.ingest import learn
from memory.api.mem0_filters import condition_of, named_user
from memory.api.mem0_parts import said_in
from memory.api.mem0_procedure import procedure_draft, steps_of
from memory.api.mem0_relations import changed_relations, relations_of
from memory.api.mem0_requests import (
    Mem0AddRequest,
    Mem0BatchItem,
    Mem0ListRequest,
    Mem0SearchRequest,
    Mem0UpdateRequest,
)
from memory.api.mem0_scope import asked_for, entities_in, note_seen, reach_of, today_of
from memory.api.named_sessions import named_session
from memory.api.spoken_lines import LINES, PASSED_OVER, SpokenLine, in_a_list
from memory.chat.companion import MAX_MESSAGE
from memory.errors import BadInput, NotFound
from memory.memories.edits import checked
from memory.memories.history_first import new_id
from memory.types import (
    EVERYTHING,
    NO_SETTINGS,
    OPINIONS,
    Actor,
    AllOf,
    BatchState,
    Change,
    Condition,
    FieldComparison,
    Hit,
    Kind,
    Memory,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Status,
    Subject,
)
from memory.types.conversation import NAME_LENGTH
from memory.vector_store.payload import text_hash

NO_USER = "mem0"
"""Whose memories are that a program adds for an agent, app or run without any user."""

MOST_PAGE = 1000
_ROLES = {"user": Subject.USER, "assistant": Subject.AI, "ai": Subject.AI}
_TYPES = {"user": "user_id", "agent": "agent_id", "app": "app_id", "run": "run_id"}
_EVENT_STATES = {
    BatchState.PENDING: "PENDING",
    BatchState.WORKING: "RUNNING",
    BatchState.RETRY: "PENDING",
    BatchState.DONE: "SUCCEEDED",
    BatchState.FAILED: "FAILED",
}
_FEEDBACK = tuple(one.upper() for one in OPINIONS)


def memory_out(memory: Memory) -> dict[str, Any]:
    """A memory as mem0's platform says it; fields of ours stand beside its own."""
    return {
        "id": memory.id,
        "memory": memory.text,
        "user_id": _user_out(memory.owner),
        "agent_id": memory.owner.persona_id,
        "app_id": memory.app_id,
        "run_id": memory.scope_run,
        "hash": text_hash(memory.text),
        "metadata": dict(memory.metadata),
        "categories": [memory.category],
        "created_at": memory.created_at.isoformat(),
        "updated_at": memory.updated_at.isoformat(),
        "expiration_date": memory.expiration_date,
        "immutable": memory.immutable,
        "subject": memory.subject.value,
        "kind": memory.kind.value,
        "event_date": memory.event_date,
        "importance": memory.importance,
        "pinned": memory.pinned,
        "status": memory.status.value,
    }


def _user_out(owner: Owner) -> str | None:
    return None if owner.user_id == NO_USER else owner.user_id


# --- adding --------------------------------------------------------------------------


def add(ask: RequestScope, request: Mem0AddRequest) -> dict[str, Any]:
    """Learn from messages, or keep them word for word.

    Raises:
        BadInput: ``entity_missing``, ``messages_unusable``, ``message_too_long``, or a field
            that a memory can't have; a file among them that can't be had or read.
        NotFound: a user or persona that isn't the caller's business.
    """
    entities = {**entities_in(request.filters), **request.named()}
    if not entities:
        raise BadInput(code="entity_missing")
    steps = None if request.memory_type is None else steps_of(ask, request)
    lines = [] if steps else _lines(ask, request.messages, _time(request.timestamp))
    fields = given_along(
        {
            "metadata": request.metadata,
            "app_id": entities.get("app_id"),
            "run_id": entities.get("run_id"),
            "expiration_date": request.expiration_date,
            "immutable": request.immutable,
        }
    )
    token_user = ask.token.user_id if ask.token else None
    # All of it is checked before a persona or a profile is made for it.
    drafts = [] if steps or request.infer else _drafts(lines, fields)
    owner = ask.owner_or_new(
        entities.get("user_id") or token_user or NO_USER, ask.agent(entities.get("agent_id"))
    )
    if steps:
        drafts = [procedure_draft(ask, request, steps, fields)]
    ask.settle_in(owner)
    if drafts:
        group = new_id()
        kept, _ = ask.running.memory_service.add_new(owner, drafts, actor=Actor.API, group_id=group)
        answer = _added(ask.running.db.history.of(owner, group_id=group, limit=None), group)
        new = {result["id"] for result in answer["results"]}
        answer["results"] += [
            {"id": m.id, "memory": m.text, "event": "NONE", "metadata": dict(m.metadata)}
            for m in {m.id: m for m in kept}.values()
            if m.id not in new
        ]
        return answer
    run = entities.get("run_id")
    data = learn(
        ask.running,
        owner,
        lines,
        run and named_session(ask.running.db, owner, run, title=run),
        ask.zone(owner.user_id),
        memory_fields=fields,
        wishes=request.over(NO_SETTINGS),
    )
    made = [
        change
        for batch_id in data.batch_ids
        for change in ask.running.db.history.of(owner, batch_id=batch_id, limit=None)
    ]
    return _added(made, (data.batch_ids or [str(data.session_id)])[0], pending=data.pending)


def _added(made: Sequence[Change], event_id: str, *, pending: bool = False) -> dict[str, Any]:
    results = [
        {
            "id": change.memory_id,
            "memory": memory.text,
            "event": _event(change),
            "metadata": dict(memory.metadata),
        }
        for change in reversed(made)
        if (memory := change.after or change.before) is not None
    ]
    return {
        "results": results,
        "relations": changed_relations(made[::-1]),
        "status": "PENDING" if pending else "SUCCEEDED",
        "event_id": event_id,
        "message": "ok",
    }


def event(ask: RequestScope, event_id: str) -> dict[str, Any]:
    """What became of an ``add``: of its batch, or of the group that was kept word for word.

    Raises:
        NotFound: ``event_not_found``.
    """
    db = ask.running.db
    batch = db.batches.get(event_id)
    # A conversation in which there was nothing to learn is called by its session.
    owner = (
        batch.owner if batch else db.owners.of_change(event_id) or db.owners.of_session(event_id)
    )
    if owner is None or not ask.may_see(owner.user_id):
        raise NotFound(code="event_not_found")
    ask.noting(owner)
    which = {"batch_id": event_id} if batch else {"group_id": event_id}
    answer = _added(db.history.of(owner, limit=None, **which), event_id)
    state = _EVENT_STATES[batch.state] if batch else "SUCCEEDED"
    return {**answer, "id": event_id, "event_type": "ADD", "status": state}


def _event(change: Change) -> str:
    if change.after is None or change.after.status is not Status.ACTIVE:
        return "DELETE"
    return "ADD" if change.before is None else "UPDATE"


def _lines(ask: RequestScope, messages: Any, at: datetime | None) -> list[SpokenLine]:
    """Each message that somebody said; documents in them page by page."""
    lines: list[SpokenLine] = []
    for message in in_a_list(messages):
        if not isinstance(message, dict):
            raise BadInput(code="messages_unusable")
        role, name = message.get("role", "user"), message.get("name")
        if role in PASSED_OVER:
            continue
        if role not in _ROLES:
            raise BadInput(code="messages_unusable")
        who = name[:NAME_LENGTH] if isinstance(name, str) else None
        for said in said_in(ask, message.get("content")):
            text = said.replace("\x00", "").strip()
            if len(text) > MAX_MESSAGE:
                raise BadInput(code="conversation_line_long", limit=MAX_MESSAGE)
            if text:
                lines.append(SpokenLine(role=role, content=text, name=who, timestamp=at))
    if not lines or len(lines) > LINES:
        raise BadInput(code="messages_unusable")
    return lines


def _drafts(lines: Sequence[SpokenLine], fields: Mapping[str, Any]) -> list[MemoryDraft]:
    return [
        MemoryDraft(
            text=checked({"text": line.content}, ())["text"],
            subject=_ROLES[line.role],
            kind=Kind.CONSTANT,
            created_at=line.timestamp,
            **fields,
        )
        for line in lines
    ]


def _time(timestamp: float | None) -> datetime | None:
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC)


# --- reading -------------------------------------------------------------------------


def search(ask: RequestScope, request: Mem0SearchRequest) -> dict[str, Any]:
    """What is remembered for a query, best first, and what that connects, as mem0 says it.

    Errors as of :func:`hits`.
    """
    best = hits(ask, request)
    found = [{**memory_out(hit.memory), "score": round(hit.score, 4)} for hit in best]
    if request.fields is not None:
        kept = {"id", "memory", "score", *request.fields}
        found = [{name: value for name, value in one.items() if name in kept} for one in found]
    return {"results": found, "relations": relations_of(hit.memory for hit in best)}


def hits(ask: RequestScope, request: Mem0SearchRequest) -> list[Hit]:
    """What is remembered for a query, best first.

    Raises:
        BadInput: a filter that can't be used (see :func:`memory.api.mem0_filters.condition_of`).
    """
    which, user_id = asked_for(ask, request, request.filters, request.categories, expired=True)
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
    )
    note_seen(ask, (hit.memory for hit in found))
    return [hit for hit in found if hit.score >= (request.threshold or 0.0)]


def listed(
    ask: RequestScope, request: Mem0ListRequest, page: int | None, page_size: int | None
) -> tuple[list[dict[str, Any]], int]:
    """As :func:`matching`, as mem0 says it."""
    memories, count = matching(ask, request, page, page_size)
    return [memory_out(memory) for memory in memories], count


def matching(
    ask: RequestScope, request: Mem0ListRequest, page: int | None, page_size: int | None
) -> tuple[list[Memory], int]:
    """A page of memories, newest first, and how many there are in all.

    Raises:
        BadInput: as :func:`hits`, or ``page_number``.
    """
    size = MOST_PAGE if page_size is None else page_size
    number = 1 if page is None else page
    if not 1 <= size <= MOST_PAGE or not 1 <= number <= 1_000_000:
        raise BadInput(code="page_number", limit=MOST_PAGE)
    which, user_id = asked_for(
        ask, request, request.filters, request.categories, expired=request.show_expired
    )
    limits: list[Condition] = []
    for operator, given in (("gte", request.start_date), ("lte", request.end_date)):
        if given is not None:
            limits.append(FieldComparison(("created_at",), operator, given))  # type: ignore[arg-type]
    if limits and which.where is not None:
        which = replace(which, where=AllOf((which.where, *limits)))
    seen = reach_of(ask, user_id)
    memories = ask.running.store.reads.matching(seen, which, limit=size, offset=(number - 1) * size)
    note_seen(ask, memories)
    return memories, ask.running.store.reads.count(seen, which)


def _day(given: str | int | None) -> date | None:
    if given is None:
        return None
    try:
        if isinstance(given, int):
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
    which = MemoryFilter(statuses=EVERYTHING.statuses, where=where)
    mine: dict[Owner, list[str]] = defaultdict(list)
    for memory in ask.running.store.reads.matching(reach_of(ask, named_user(where)), which):
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
    if type not in _TYPES:
        raise BadInput(code="entity_type", allowed=", ".join(_TYPES))
    if delete_entities(ask, {_TYPES[type]: name}):
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
    for type, field in _TYPES.items():
        for name, count in store.reads.facets(seen, field).items():  # type: ignore[arg-type]
            if type == "user" and name == NO_USER:
                continue
            found.append({"type": type, "name": name, "id": name, "total_memories": count})
    return found


def history(ask: RequestScope, memory_id: str) -> list[dict[str, Any]]:
    """Every change of a memory, oldest first."""
    owner = ask.owner_of_memory(memory_id)
    return [
        {
            "id": change.id,
            "memory_id": memory_id,
            "old_memory": None if change.before is None else change.before.text,
            "new_memory": None if change.after is None else change.after.text,
            "event": _event(change),
            "created_at": memory.created_at.isoformat(),
            "updated_at": change.at.isoformat(),
            "user_id": _user_out(owner),
            "metadata": dict(memory.metadata),
        }
        for change in reversed(ask.running.memory_service.history(owner, memory_id))
        if (memory := change.after or change.before) is not None
    ]


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
