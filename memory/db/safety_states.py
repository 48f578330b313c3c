"""States of care: who is in danger, one row a pair of user and persona."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, insert, select, update

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import care_states, messages
from memory.types import CareState, Owner

# On every reply's path, so made once.
_LATEST = (
    select(care_states)
    .where(care_states.c.user_id == bindparam("user"))
    .order_by(care_states.c.sign_at.desc())
    .limit(1)
)


class SafetyStates(Repository):
    """The latest danger noticed of each owner. No text of anybody is kept here."""

    def state(self, user_id: str) -> CareState | None:
        """The latest state of a user with any persona, in force or not."""
        with self._read() as connection:
            row = connection.execute(_LATEST, {"user": user_id}).mappings().first()
        return _state(row) if row is not None else None

    def keep_state(self, state: CareState) -> None:
        """Store ``state`` in place of the one that its owner had.

        An end counts with every persona: the danger was the person's.
        """
        row = {
            "user_id": state.owner.user_id,
            "persona_id": state.owner.persona_id,
            "session_id": state.session_id,
            "kind": state.kind,
            "since": state.since,
            "sign_at": state.sign_at,
            "urgent_at": state.urgent_at,
            "young": state.young,
            "doubts": state.doubts,
            "over_at": state.over_at,
        }
        with self._write() as connection:
            connection.execute(delete(care_states).where(owned(care_states.c, state.owner)))
            connection.execute(insert(care_states).values(**row))
            if state.over_at is not None:
                connection.execute(
                    update(care_states)
                    .where(
                        care_states.c.user_id == state.owner.user_id,
                        care_states.c.over_at.is_(None),
                    )
                    .values(over_at=state.over_at)
                )

    def signs(self, owner: Owner, since: datetime, until: datetime) -> list[tuple[datetime, str]]:
        """When an owner's messages spoke of danger between two times, and of which kind."""
        chosen = (
            select(messages.c.created_at, messages.c.care)
            .where(
                owned(messages.c, owner),
                messages.c.care.is_not(None),
                messages.c.created_at.between(since, until),
            )
            .order_by(messages.c.created_at)
        )
        with self._read() as connection:
            return [(at, kind) for at, kind in connection.execute(chosen)]


def _state(row: RowMapping) -> CareState:
    return CareState(
        owner=Owner(row["user_id"], row["persona_id"]),
        session_id=row["session_id"],
        kind=row["kind"],
        since=row["since"],
        sign_at=row["sign_at"],
        urgent_at=row["urgent_at"],
        young=row["young"],
        doubts=row["doubts"],
        over_at=row["over_at"],
    )
