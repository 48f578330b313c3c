"""mem0's ``add``: learning from messages or keeping them, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from memory.api.change_responses import given_along
from memory.api.dependencies import RequestScope
from memory.api.ingest import learn
from memory.api.mem0_answers import added, nobody, result_out, user_out
from memory.api.mem0_parts import has_words, said_in
from memory.api.mem0_procedure import procedure_draft, steps_of
from memory.api.mem0_requests import Mem0AddRequest
from memory.api.mem0_scope import entities_in, reach_in_db
from memory.api.named_sessions import named_session
from memory.api.spoken_lines import LINES, PASSED_OVER, SpokenLine, in_a_list
from memory.chat.companion import MAX_MESSAGE
from memory.errors import BadInput, NotFound
from memory.memories.edits import checked
from memory.memories.history_first import new_id
from memory.types import (
    NO_SETTINGS,
    Actor,
    Batch,
    BatchState,
    Kind,
    MemoryDraft,
    Owner,
    Subject,
)
from memory.types.conversation import NAME_LENGTH

_ROLES = {"user": Subject.USER, "assistant": Subject.AI, "ai": Subject.AI}
_EVENT_STATES = {
    BatchState.PENDING: "PENDING",
    BatchState.WORKING: "RUNNING",
    BatchState.RETRY: "PENDING",
    BatchState.DONE: "SUCCEEDED",
    BatchState.FAILED: "FAILED",
}


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
        entities.get("user_id") or token_user or nobody(ask.tenant),
        ask.agent(entities.get("agent_id")),
    )
    if steps:
        drafts = [procedure_draft(ask, request, steps, fields)]
    ask.settle_in(owner)
    if drafts:
        group = new_id()
        kept, _ = ask.running.memory_service.add_new(owner, drafts, actor=Actor.API, group_id=group)
        answer = added(ask.running.db.history.of(owner, group_id=group, limit=None), group)
        new = {result["id"] for result in answer["results"]}
        answer["results"] += [
            result_out(memory, "NONE")
            for memory in {memory.id: memory for memory in kept}.values()
            if memory.id not in new
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
    return added(made, (data.batch_ids or [str(data.session_id)])[0], pending=data.pending)


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
    return _event(ask, owner, event_id, batch)


def events(ask: RequestScope, page: int, page_size: int) -> tuple[list[dict[str, Any]], int]:
    """A page of what was learnt of conversations, the newest first, and how many there are."""
    overviews = ask.running.db.overviews
    found, count = overviews.batches(reach_in_db(ask), page_size, (page - 1) * page_size)
    for owner in dict.fromkeys(batch.owner for batch in found):
        ask.noting(owner)
    made = [_event(ask, batch.owner, batch.id, batch) for batch in found]
    return made, count


def _event(ask: RequestScope, owner: Owner, event_id: str, batch: Batch | None) -> dict[str, Any]:
    which = {"batch_id": event_id} if batch else {"group_id": event_id}
    made = ask.running.db.history.of(owner, limit=None, **which)
    begun = batch.created_at if batch else made[-1].at if made else None
    ended = batch.finished_at if batch else made[0].at if made else None
    last = ended or begun
    return {
        **added(made, event_id),
        "id": event_id,
        "event_type": "ADD",
        "status": _EVENT_STATES[batch.state] if batch else "SUCCEEDED",
        "payload": {"user_id": user_out(owner), "agent_id": owner.persona_id},
        "metadata": None,
        "created_at": begun and begun.isoformat(),
        "updated_at": last and last.isoformat(),
        "started_at": begun and begun.isoformat(),
        "completed_at": ended and ended.isoformat(),
        "latency": (ended - begun).total_seconds() * 1000 if ended and begun else None,
        "error": batch.error if batch else None,
    }


def _lines(ask: RequestScope, messages: Any, at: datetime | None) -> list[SpokenLine]:
    """Each message that somebody said; documents in them page by page."""
    lines: list[SpokenLine] = []
    given = in_a_list(messages)
    worded = any(has_words(one.get("content")) for one in given if isinstance(one, dict))
    for message in given:
        if not isinstance(message, dict):
            raise BadInput(code="messages_unusable")
        role, name = message.get("role", "user"), message.get("name")
        if role in PASSED_OVER:
            continue
        if role not in _ROLES:
            raise BadInput(code="messages_unusable")
        who = name[:NAME_LENGTH] if isinstance(name, str) else None
        for said in said_in(ask, message.get("content"), alone=not worded):
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
