"""Aggregates for the insights: counted by the database, never by reading every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, extract, false, func, or_, select

from memory.db.repository import CHUNK, Repository
from memory.db.sessions import owned
from memory.db.tables import batches, messages, sessions, trace_memories, traces
from memory.types import MessageState, Mood, Owner

SLOT_SECONDS = 900
"""Counts are by quarters of an hour: every time zone's hours begin with one."""

_SPOKEN = tuple(
    state.value for state in (MessageState.DONE, MessageState.STOPPED, MessageState.INTERRUPTED)
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour (its aware beginning) and how much there was in it.

    ``used`` is how many of the replies had a memory in their context.
    """

    start: datetime
    count: int
    used: int = 0


@dataclass(frozen=True, slots=True)
class MoodPoint:
    """The user's mood in one batch; ``at`` is when its last message was said."""

    at: datetime
    mood: Mood
    session_id: str


@dataclass(frozen=True, slots=True)
class Costs:
    """What models were asked for: tokens, and seconds of audio.

    ``document_tokens`` and ``picture_tokens`` are part of the prompts', and estimated.
    ``extraction_tokens`` are those of prompts and answers together.
    """

    replies: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    document_tokens: int = 0
    picture_tokens: int = 0
    audio_seconds: float = 0.0
    extraction_tokens: int = 0


class Aggregates(Repository):
    """What was said when, how it felt, and how many replies used memory."""

    def messages_by_slot(
        self, owners: Sequence[Owner], *, since: datetime | None = None
    ) -> list[Slot]:
        """How many messages the users wrote in each quarter of an hour that has any."""
        slot = _slot(messages.c.created_at)
        chosen = (
            select(slot.label("slot"), func.count().label("count"))
            .where(_of(owners), messages.c.role == "user")
            .group_by(slot)
            .order_by(slot)
        )
        return self._slots(_since(chosen, since))

    def replies_by_slot(
        self, owners: Sequence[Owner], *, since: datetime | None = None
    ) -> list[Slot]:
        """How many replies there were in each slot, and how many of them used memory.

        Opening lines answer nobody, failed and replaced replies nobody reads: they
        don't count.
        """
        slot = _slot(messages.c.created_at)
        used = (
            select(trace_memories.c.message_id)
            .where(trace_memories.c.message_id == messages.c.id)
            .exists()
        )
        chosen = (
            select(
                slot.label("slot"),
                func.count().label("count"),
                func.count().filter(used).label("used"),
            )
            .where(
                _of(owners),
                messages.c.role == "assistant",
                messages.c.opening.is_(False),
                messages.c.state.in_(_SPOKEN),
            )
            .group_by(slot)
            .order_by(slot)
        )
        return self._slots(_since(chosen, since))

    def moods(self, owners: Sequence[Owner], *, since: datetime | None = None) -> list[MoodPoint]:
        """The moods of the owners' batches, oldest first; batches without one are left out."""
        said = (
            select(messages.c.batch_id, func.max(messages.c.created_at).label("at"))
            .where(_of(owners), messages.c.batch_id.is_not(None))
            .group_by(messages.c.batch_id)
            .subquery()
        )
        mood = batches.c.outcome["mood"]
        score = mood["score"].as_integer()
        at = func.coalesce(said.c.at, batches.c.created_at, type_=batches.c.created_at.type)
        chosen = (
            select(
                at.label("at"),
                score.label("score"),
                mood["word"].as_string().label("word"),
                batches.c.session_id,
            )
            .join_from(batches, said, said.c.batch_id == batches.c.id, isouter=True)
            .where(or_(false(), *(owned(batches.c, owner) for owner in owners)), score.is_not(None))
            .order_by(at, batches.c.seq)
        )
        if since is not None:
            chosen = chosen.where(at >= since)
        with self._read() as connection:
            return [
                MoodPoint(row.at, Mood(row.score, row.word or ""), row.session_id)
                for row in connection.execute(chosen)
            ]

    def newest_message(
        self, owners: Sequence[Owner], start: datetime, end: datetime
    ) -> tuple[Owner, str, str] | None:
        """The last thing said from ``start`` until before ``end``: whose, session, message."""
        chosen = (
            select(messages)
            .where(_of(owners), messages.c.created_at >= start, messages.c.created_at < end)
            .where(messages.c.state.in_(_SPOKEN))
            .order_by(messages.c.created_at.desc(), messages.c.number.desc())
            .limit(1)
        )
        with self._read() as connection:
            row = connection.execute(chosen).mappings().first()
        if row is None:
            return None
        return Owner(row["user_id"], row["persona_id"]), row["session_id"], row["id"]

    def costs(self, since: datetime) -> Costs:
        """What everybody's replies and extractions took since a time."""
        took = {
            name: func.sum(traces.c.body[name].as_float())
            for name in (f.name for f in fields(Costs))
            if name not in ("replies", "extraction_tokens")
        }
        replies = select(func.count().label("replies"), *(s.label(n) for n, s in took.items()))
        tokens = [
            batches.c.outcome[name].as_integer() for name in ("prompt_tokens", "reply_tokens")
        ]
        extractions = select(func.sum(tokens[0] + tokens[1])).where(batches.c.created_at >= since)
        with self._read() as connection:
            row = connection.execute(replies.where(traces.c.created_at >= since)).one()
            extraction = connection.execute(extractions).scalar_one()
        spent = {name: round(getattr(row, name) or 0) for name in took}
        return Costs(replies=row.replies, extraction_tokens=extraction or 0, **spent)

    def last_seen(self) -> dict[str, datetime]:
        """When a session of each user last moved, by user id."""
        chosen = select(sessions.c.user_id, func.max(sessions.c.updated_at)).group_by(
            sessions.c.user_id
        )
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute(chosen)}

    def mean_moods(self, since: datetime) -> dict[str, float]:
        """The mean mood score of each user's batches since a time; without any left out."""
        score = batches.c.outcome["mood"]["score"].as_integer()
        chosen = (
            select(batches.c.user_id, func.avg(score))
            .where(batches.c.created_at >= since, score.is_not(None))
            .group_by(batches.c.user_id)
        )
        with self._read() as connection:
            return {user_id: round(float(mean), 2) for user_id, mean in connection.execute(chosen)}

    def roles_of(self, owners: Sequence[Owner], message_ids: Sequence[str]) -> dict[str, str]:
        """Who said each of these messages: ``user`` or ``assistant``, by message id."""
        found: dict[str, str] = {}
        wanted = list(dict.fromkeys(message_ids))
        with self._read() as connection:
            for start in range(0, len(wanted), CHUNK):
                chosen = select(messages.c.id, messages.c.role).where(
                    _of(owners), messages.c.id.in_(wanted[start : start + CHUNK])
                )
                found.update({row.id: row.role for row in connection.execute(chosen)})
        return found

    def _slots(self, chosen: Any) -> list[Slot]:
        with self._read() as connection:
            return [
                Slot(
                    datetime.fromtimestamp(row["slot"] * SLOT_SECONDS, UTC),
                    row["count"],
                    row.get("used", 0),
                )
                for row in connection.execute(chosen).mappings()
            ]


def _of(owners: Sequence[Owner]) -> ColumnElement[bool]:
    return or_(false(), *(owned(messages.c, owner) for owner in owners))


def _slot(column: ColumnElement[datetime]) -> ColumnElement[int]:
    return cast(extract("epoch", column), BigInteger) // SLOT_SECONDS


def _since(chosen: Any, since: datetime | None) -> Any:
    return chosen if since is None else chosen.where(messages.c.created_at >= since)
