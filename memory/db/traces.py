"""Traces: what shaped a reply."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select

from memory.db.repository import CHUNK, Repository
from memory.db.sessions import bound_to_owner, owned, owner_values
from memory.db.tables import messages, trace_memories, traces
from memory.errors import NotFound
from memory.types import Kind, Owner, Reason, Subject, Trace, TraceItem, Use

_NUMBERS = (
    "context_tokens",
    "prompt_tokens",
    "reply_tokens",
    "document_tokens",
    "picture_tokens",
    "audio_seconds",
    "context_ms",
    "first_token_ms",
    "total_ms",
)


# Each reply runs these: composed once, not each time.
_REPLY = select(messages.c.id).where(messages.c.id == bindparam("of"), bound_to_owner(messages.c))
_DELETE = delete(traces).where(traces.c.message_id == bindparam("of"))
_INSERT = insert(traces)


class Traces(Repository):
    """Traces, one for each reply."""

    def save(self, owner: Owner, trace: Trace) -> None:
        """Keep the trace of a reply; a second one takes the place of the first.

        Raises:
            NotFound: no such message of this owner.
        """
        with self._write() as connection:
            mine = {"of": trace.message_id, **owner_values(owner)}
            if connection.execute(_REPLY, mine).first() is None:
                raise NotFound(code="message_not_found")
            connection.execute(_DELETE, {"of": trace.message_id})
            connection.execute(_INSERT, trace_row(owner, trace))
            if used := used_rows(trace):
                connection.execute(insert(trace_memories), used)

    def get(self, owner: Owner, message_id: str) -> Trace | None:
        """The trace of a reply, or ``None`` if it has none (or isn't this owner's)."""
        return self.of(owner, [message_id]).get(message_id)

    def of(self, owner: Owner, message_ids: Collection[str]) -> dict[str, Trace]:
        """The traces of an owner's replies, by message id; those without one are left out."""
        wanted = list(message_ids)
        found: dict[str, Trace] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), CHUNK):
                chosen = select(traces).where(
                    traces.c.message_id.in_(wanted[start : start + CHUNK]), owned(traces.c, owner)
                )
                for row in connection.execute(chosen).mappings():
                    found[row["message_id"]] = read_trace(row)
        return found

    def using(self, owner: Owner, memory_id: str, limit: int | None = None) -> list[str]:
        """Ids of the replies whose context held this memory, the latest first."""
        chosen = (
            select(traces.c.message_id)
            .join(trace_memories, trace_memories.c.message_id == traces.c.message_id)
            .where(trace_memories.c.memory_id == memory_id, owned(traces.c, owner))
            .order_by(traces.c.created_at.desc(), traces.c.message_id)
        )
        with self._read() as connection:
            return list(connection.execute(chosen.limit(limit)).scalars())

    def uses(self, owner: Owner, ids: Sequence[str] | None = None) -> dict[str, Use]:
        """How often and when last each memory was in the context of a reply.

        Args:
            owner: Whose.
            ids: Only these; all if not given. Memories that never were are left out.
        """
        counted = select(
            trace_memories.c.memory_id,
            func.count().label("times"),
            func.max(trace_memories.c.used_at).label("last"),
        ).group_by(trace_memories.c.memory_id)
        if ids is None:
            chosen = counted.join(traces).where(owned(traces.c, owner))
        else:
            # Hundreds of replies may have held a memory: whose they are is asked of the last.
            used = counted.where(trace_memories.c.memory_id.in_(ids)).subquery()
            mine = (
                select(traces.c.message_id)
                .join(trace_memories)
                .where(
                    trace_memories.c.memory_id == used.c.memory_id,
                    trace_memories.c.used_at == used.c.last,
                    owned(traces.c, owner),
                )
            )
            chosen = select(used).where(mine.exists())
        with self._read() as connection:
            return {
                row.memory_id: Use(count=row.times, last=row.last)
                for row in connection.execute(chosen)
            }


def _item_to_dict(item: TraceItem) -> dict[str, Any]:
    return {
        "memory_id": item.memory_id,
        "text": item.text,
        "subject": item.subject.value,
        "kind": item.kind.value,
        "category": item.category,
        "event_date": item.event_date,
        "reason": item.reason.value,
        "score": item.score,
    }


def _item(value: dict[str, Any]) -> TraceItem:
    return TraceItem(
        memory_id=value["memory_id"],
        text=value["text"],
        subject=Subject(value["subject"]),
        kind=Kind(value["kind"]),
        category=value["category"],
        event_date=value["event_date"],
        reason=Reason(value["reason"]),
        score=value["score"],
    )


def used_rows(trace: Trace) -> list[dict[str, Any]]:
    """A row for each memory that a trace holds."""
    return [
        {"message_id": trace.message_id, "memory_id": id, "used_at": trace.created_at}
        for id in dict.fromkeys(item.memory_id for item in trace.items)
    ]


def trace_row(owner: Owner, trace: Trace) -> dict[str, Any]:
    """The row of a trace."""
    body: dict[str, Any] = {name: getattr(trace, name) for name in _NUMBERS}
    body["model"] = trace.model
    if trace.summary:
        body["summary"] = trace.summary
    body["items"] = [_item_to_dict(item) for item in trace.items]
    return {
        "message_id": trace.message_id,
        "user_id": owner.user_id,
        "persona_id": owner.persona_id,
        "created_at": trace.created_at,
        "body": body,
    }


def read_trace(row: RowMapping) -> Trace:
    """A trace from its row."""
    body: dict[str, Any] = row["body"]
    return Trace(
        message_id=row["message_id"],
        items=tuple(_item(item) for item in body["items"]),
        model=body["model"],
        summary=body.get("summary", ""),
        created_at=row["created_at"],
        # Older ones don't have all of them.
        **{name: body.get(name, 0) for name in _NUMBERS},
    )
