"""Routes that change memories. Everything here is in the journal and can be undone."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fastapi import APIRouter

from memory.api.change_responses import change_out, changed, draft_of, fields_of, given_along
from memory.api.dependencies import ForMemory, RequestScope
from memory.api.fields import MemoryPath, OwnerQuery, PersonaQuery, UserPath
from memory.api.ingest import WAIT_SECONDS, learn
from memory.api.json_route import JsonRoute, quick, quick_unless
from memory.api.named_sessions import check_session_name, named_session
from memory.api.requests import (
    AddRequest,
    BatchAddRequest,
    BatchDeleteRequest,
    BatchUpdateRequest,
    FeedbackRequest,
    UpdateRequest,
)
from memory.api.responses.envelope import Answer
from memory.api.responses.memories import (
    AddedData,
    ChangedData,
    FeedbackData,
    MemoryOut,
    UndoneData,
)
from memory.errors import BadInput, NotFound
from memory.memories.history_first import new_id
from memory.types import Actor, MemoryDraft, MemoryFilter, Owner

router = APIRouter(prefix="/api/memory", tags=["memory"], route_class=JsonRoute)
EVERYTHING = MemoryFilter(statuses=frozenset())


@router.post("/add", summary="Add a memory, or learn from a conversation")
@quick_unless(lambda given: given["request"].messages is not None)
def add(ask: ForMemory, request: AddRequest) -> Answer[AddedData]:
    """Give `text` to add a memory word for word (the same sentence is not added twice),
    or `messages` to let an extraction learn from a conversation."""
    owner = ask.owner_or_new(request.user_id, request.persona_id)
    if request.messages is not None:
        fields = given_along(request.model_dump())
        db, name = ask.running.db, request.session_id
        check_session_name(db, owner, name)
        ask.settle_in(owner)
        data = learn(
            ask.running,
            owner,
            request.messages,
            name and named_session(db, owner, name),
            ask.zone(owner.user_id),
            timeout=WAIT_SECONDS if request.wait else 0.0,
            memory_fields=fields,
        )
        data.metadata = request.metadata
        data.session_id = name or data.session_id
        data.user_id = owner.user_id
        return ask.answer("learned", data, count=data.added)
    categories = ask.running.memory_service.categories(owner.user_id)
    draft = draft_of(request.text or "", request.model_dump(), categories)
    answer = _add(ask, owner, [draft], request.metadata)
    (memory,) = answer.data.memories
    answer.data.memory_id, answer.data.content = memory.id, memory.text
    return answer


@router.post("/batch-add", summary="Add several memories, all or none")
def batch_add(ask: ForMemory, request: BatchAddRequest) -> Answer[AddedData]:
    """Of one user, or of several: each memory may name its own. What is added for one user with
    one persona is one group in the journal and can be undone together."""
    mine: dict[Owner, list[MemoryDraft]] = defaultdict(list)
    for memory in request.memories:
        whose = memory.user_id or request.user_id
        if whose is None:
            raise BadInput(code="user_id_missing")
        owner = ask.owner_or_new(whose, memory.persona_id or request.persona_id)
        categories = ask.running.memory_service.categories(owner.user_id)
        mine[owner].append(draft_of(memory.text, memory.model_dump(), categories))
    parts = {owner: _add(ask, owner, drafts, None).data for owner, drafts in mine.items()}
    groups = {part.group_id: owner for owner, part in parts.items() if part.group_id}
    data = AddedData(
        user_id=next(iter(parts)).user_id if len(parts) == 1 else "",
        memories=[memory for part in parts.values() for memory in part.memories],
        added=sum(part.added for part in parts.values()),
        group_id=next(iter(groups)) if len(groups) == 1 else None,
        group_ids=list(groups),
    )
    return ask.answer("added", data, count=data.added)


@router.put("/update", summary="Change a memory")
@quick
def update(ask: ForMemory, request: UpdateRequest) -> Answer[MemoryOut]:
    """Fields that are left out stay as they are; `event_date: null` clears the date."""
    owner = ask.owner_of_memory(request.memory_id, request.user_id)
    fields = fields_of(request)
    if not fields:
        raise BadInput(code="nothing_to_change")
    after = ask.running.memory_service.edit(owner, request.memory_id, actor=Actor.API, **fields)
    return ask.answer("updated", MemoryOut.of(after))


@router.post("/batch-update", summary="Change the same fields of several memories")
def batch_update(ask: ForMemory, request: BatchUpdateRequest) -> Answer[ChangedData]:
    """Ids that aren't found are left out, unless none is found."""
    owner = ask.owner(request.user_id, request.persona_id)
    fields = fields_of(request)
    if not fields:
        raise BadInput(code="nothing_to_change")
    group = ask.running.memory_service.edit_many(
        owner, request.memory_ids, actor=Actor.API, **fields
    )
    data = changed(ask.running, owner, group)
    if not data.changed:
        return ask.answer("nothing_changed", data)
    return ask.answer("changed", data, count=data.changed)


@router.post("/batch-delete", summary="Delete several memories")
def batch_delete(ask: ForMemory, request: BatchDeleteRequest) -> Answer[ChangedData]:
    """One group; ids that aren't found are left out, unless none is found."""
    owner = ask.owner(request.user_id, request.persona_id)
    return delete(ask, owner, request.memory_ids)


@router.delete("/memory/{memory_id}", summary="Delete a memory")
@quick
def delete_one(
    ask: ForMemory, memory_id: MemoryPath, user_id: OwnerQuery = None
) -> Answer[ChangedData]:
    """Undo it with one of the ids in the answer."""
    return delete(ask, ask.owner_of_memory(memory_id, user_id), [memory_id])


@router.delete("/user/{user_id}", summary="Delete all memories of a user with a persona")
def delete_all(
    ask: ForMemory, user_id: UserPath, persona_id: PersonaQuery = None
) -> Answer[ChangedData]:
    """One group that can be undone. To erase for good: `DELETE /api/users/{user_id}`."""
    return delete_everything(ask, ask.owner(user_id, persona_id))


@router.post("/undo/{change_id}", summary="Undo a change, or a group of changes")
def undo(ask: ForMemory, change_id: MemoryPath, user_id: OwnerQuery = None) -> Answer[UndoneData]:
    """Undoing is a change like any other, so it can be undone too."""
    owner = ask.owner_of_change(change_id, user_id)
    try:
        made = [ask.running.memory_service.undoing.undo(owner, change_id)]
    except NotFound:
        made = ask.running.memory_service.undoing.undo_group(owner, change_id)
    data = UndoneData(changes=[change_out(change) for change in made])
    return ask.answer("undone", data, count=len(made))


def delete(ask: RequestScope, owner: Owner, ids: list[str]) -> Answer[ChangedData]:
    """Delete memories of an owner as one group."""
    group = ask.running.memory_service.delete(owner, ids, actor=Actor.API)
    data = changed(ask.running, owner, group)
    return ask.answer("deleted", data, count=data.changed)


@router.post("/feedback", summary="Say what a memory is worth")
@quick
def feedback(ask: ForMemory, request: FeedbackRequest) -> Answer[FeedbackData]:
    """It moves the memory gently up or down in searches; the latest word counts."""
    owner = ask.owner_of_memory(request.memory_id)
    why = request.reason.replace("\x00", "") if request.reason else None
    ask.running.db.feedback.set(owner, request.memory_id, request.feedback, why)
    data = FeedbackData(memory_id=request.memory_id, feedback=request.feedback, reason=why)
    return ask.answer("ok", data)


def delete_everything(ask: RequestScope, owner: Owner) -> Answer[ChangedData]:
    """Delete all memories of an owner as one group; none is no error."""
    ids = [memory.id for memory in ask.running.store.reads.matching(owner, EVERYTHING)]
    if not ids:
        return ask.answer("nothing_deleted", changed(ask.running, owner, None))
    return delete(ask, owner, ids)


def _add(
    ask: RequestScope, owner: Owner, drafts: list[Any], metadata: dict[str, Any] | None
) -> Answer[AddedData]:
    ask.settle_in(owner)
    group = new_id()
    kept, made = ask.running.memory_service.add_new(owner, drafts, actor=Actor.API, group_id=group)
    data = AddedData(
        user_id=owner.user_id,
        memories=[MemoryOut.of(memory) for memory in kept],
        added=made,
        group_id=group if made else None,
        metadata=metadata,
    )
    return ask.answer("added", data, count=data.added)
