"""mem0's procedural memories: an agent's steps as one memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from memory.api.dependencies import RequestScope
from memory.api.mem0_parts import said_in
from memory.api.mem0_requests import Mem0AddRequest
from memory.api.spoken_lines import LINES, in_a_list
from memory.errors import BadInput
from memory.extraction.procedure import MEMORY_TYPE, AgentStep, fitting, numbered
from memory.memories.edits import checked
from memory.types import Kind, MemoryDraft, Subject

ROLE_LENGTH = 20


def steps_of(ask: RequestScope, request: Mem0AddRequest) -> list[AgentStep]:
    """Every message with words in it, tools' and instructions' included.

    Raises:
        BadInput: ``memory_type``, ``messages_unusable``.
    """
    if request.memory_type != MEMORY_TYPE:
        raise BadInput(code="memory_type", allowed=MEMORY_TYPE)
    steps = []
    for message in in_a_list(request.messages):
        if not isinstance(message, dict) or not isinstance(message.get("role", "user"), str):
            raise BadInput(code="messages_unusable")
        role = message.get("name") or message.get("role", "user")
        text = "\n".join(said_in(ask, message.get("content"))).replace("\x00", "").strip()
        if text:
            steps.append(AgentStep(str(role)[:ROLE_LENGTH], text))
    if not 0 < len(steps) <= LINES:
        raise BadInput(code="messages_unusable")
    return steps


def procedure_draft(
    ask: RequestScope,
    request: Mem0AddRequest,
    steps: Sequence[AgentStep],
    fields: Mapping[str, Any],
) -> MemoryDraft:
    """The one memory of a run: summed up by a model where there is one (and ``infer``).

    Raises:
        BadInput: ``memory_metadata_long``.
        ModelError: the endpoint failed.
    """
    writer = ask.running.procedures if request.infer else None
    if writer is None:
        record = numbered(steps)
    else:
        record = writer.record(steps, request.custom_instructions or "")
    text, whole = fitting(record)
    metadata = {**(request.metadata or {}), "memory_type": MEMORY_TYPE}
    if whole is not None:
        metadata["steps"] = whole
    return MemoryDraft(
        text=text,
        subject=Subject.AI,
        kind=Kind.CONSTANT,
        category="work_study",
        **{**fields, **checked({"metadata": metadata}, ())},
    )
