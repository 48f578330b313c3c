"""``POST /api/memory/extract``: an extraction step by step, storing nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter

from memory.api.dependencies import ForMemory, RequestScope
from memory.api.ingest import moment
from memory.api.json_route import JsonRoute
from memory.api.requests import ExtractRequest
from memory.api.responses.envelope import Answer
from memory.api.responses.extraction import ExtractData, KnownOut, OperationOut, RefusedOut
from memory.api.spoken_lines import SpokenLine
from memory.extraction.result import Extracted
from memory.types import Memory, Message, Operation, Owner, User

router = APIRouter(prefix="/api/memory", tags=["memory"], route_class=JsonRoute)


@router.post("/extract", summary="What would be remembered of a conversation (stores nothing)")
def extract(ask: ForMemory, request: ExtractRequest) -> Answer[ExtractData]:
    """The operations in the form of the extraction contract, as an extraction would apply
    them, with the model's raw reply and what had to be repaired in it. Works with the
    built-in rules too. With `user_id` the proposals are held against what is remembered."""
    owner, user = _who(ask, request)
    messages = _messages(ask, request.messages, owner, user)
    extracted = ask.running.extractor.dry_run(owner, messages, user=user)
    data = _data(ask, extracted, messages)
    return ask.answer("extracted", data, count=len(data.operations))


def _who(ask: RequestScope, request: ExtractRequest) -> tuple[Owner, User]:
    if request.user_id is not None:
        owner = ask.owner(request.user_id, request.persona_id)
        user = ask.running.db.users.get(owner.user_id)
    else:
        # An id that nobody has: there is nothing to hold proposals against.
        stranger = f"dry-run-{uuid.uuid4()}"
        owner = Owner(stranger, ask.persona(request.persona_id))
        user = User(id=stranger, name="", created_at=ask.running.clock())
    return owner, replace(user, language=request.language) if request.language else user


def _messages(
    ask: RequestScope, lines: Sequence[SpokenLine], owner: Owner, user: User
) -> list[Message]:
    now, zone = ask.running.clock(), ask.running.settings.zone_for(user)
    return [
        Message(
            id=str(number),
            session_id="dry-run",
            owner=owner,
            number=number,
            role="user" if line.role == "user" else "assistant",
            text=line.text_for(user),
            created_at=moment(line.timestamp, zone) or now,
        )
        for number, line in enumerate(lines, 1)
    ]


def _data(ask: RequestScope, extracted: Extracted, messages: Sequence[Message]) -> ExtractData:
    known = _Known(extracted.request.known if extracted.request else ())
    # Blank messages are left out of the batch; sources count what the caller sent.
    spoken = [m.number for m in (extracted.request.messages if extracted.request else messages)]
    operations = _applied(extracted, known)
    return ExtractData(
        operations=operations,
        known=known.out(),
        proposed=[_said(operation, spoken) for operation in extracted.operations],
        refused=[
            RefusedOut(operation=_said(refused.operation, spoken), reason=refused.reason)
            for refused in extracted.guarded.refused
        ],
        skipped=len(extracted.decision.skipped),
        raw=extracted.reply.raw,
        repairs=list(extracted.reply.repairs),
        corrected=dict(extracted.guarded.corrected),
        model=extracted.reply.model,
        builtin=ask.running.extraction_model.is_builtin,
        milliseconds=round(extracted.milliseconds, 1),
    )


class _Known:
    """Numbers for existing memories: as the model saw them, then any others touched."""

    def __init__(self, known: Sequence[Memory]) -> None:
        self._memories = {memory.id: memory for memory in known}

    def number(self, memory: Memory) -> int:
        self._memories.setdefault(memory.id, memory)
        return list(self._memories).index(memory.id) + 1

    def out(self) -> list[KnownOut]:
        return [
            KnownOut(id=number, memory_id=memory.id, text=memory.text)
            for number, memory in enumerate(self._memories.values(), 1)
        ]


def _applied(extracted: Extracted, known: _Known) -> list[OperationOut]:
    """The decided changes as operations: what took another's place updates it."""
    first: dict[str, Memory | None] = {}
    last: dict[str, Memory] = {}
    for change in extracted.decision.changes:
        first.setdefault(change.memory_id, change.before)
        if change.after is not None:
            last[change.memory_id] = change.after
    operations = []
    for id, after in last.items():
        before = first[id]
        if before is None:
            replaced = first.get(after.supersedes) if after.supersedes else None
            operations.append(_stating(after, None if replaced is None else known.number(replaced)))
        elif after.superseded_by in last:
            continue  # said already, by what takes its place
        elif after.status is before.status:
            operations.append(_stating(after, known.number(before)))
        else:
            operations.append(OperationOut(action="DELETE", id=known.number(before)))
    return operations


def _stating(memory: Memory, id: int | None) -> OperationOut:
    return OperationOut(
        action="ADD" if id is None else "UPDATE",
        id=id,
        text=memory.text,
        subject=memory.subject,
        kind=memory.kind,
        category=memory.category,
        event_date=memory.event_date,
        importance=memory.importance,
        source=[int(number) for number in memory.source.message_ids if number.isdigit()],
    )


def _said(operation: Operation, spoken: Sequence[int]) -> OperationOut:
    return OperationOut(
        action=operation.action.value,
        id=operation.id,
        text=operation.text or None,
        subject=operation.subject,
        kind=operation.kind,
        category=operation.category,
        event_date=operation.event_date,
        importance=operation.importance,
        source=[spoken[n - 1] for n in operation.source if 1 <= n <= len(spoken)],
    )
