"""Records of whoever runs the service for others: alarm counts, complaints, ages, contacts."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import insert, select, update

from memory.db.repository import Repository
from memory.db.tables import care_counts, complaints, messages, sessions, users
from memory.errors import BadInput, NotFound
from memory.types import AgeSource, AlarmCount, Complaint
from memory.types.conversation import CONTACT_LENGTH

COMPLAINT_LENGTH = 4000
_NOWHERE = ""


class Operators(Repository):
    """Records that an operator has to keep; the companion reads only the age."""

    # --- alarms ---------------------------------------------------------------

    def count_alarm(self, day: date, kind: str, region: str | None) -> None:
        """Count one alarm. Holds no text and no id, so it outlives whoever it was about.

        Args:
            day: In UTC.
            kind: What was noticed.
            region: Whose help lines were shown; None: the international directory.
        """
        key = {"day": day.isoformat(), "kind": kind, "region": region or _NOWHERE}
        one_more = (
            update(care_counts)
            .where(*(care_counts.c[name] == value for name, value in key.items()))
            .values(number=care_counts.c.number + 1)
        )
        # Alone: two processes that both find no row would both make one.
        with self._engine.alone("care_counts"), self._write() as connection:
            if not connection.execute(one_more).rowcount:
                connection.execute(insert(care_counts).values(**key, number=1))

    def alarm_counts(self, since: date | None = None) -> list[AlarmCount]:
        """Alarms by day, kind and region, oldest day first."""
        chosen = select(care_counts).order_by(
            care_counts.c.day, care_counts.c.kind, care_counts.c.region
        )
        if since is not None:
            chosen = chosen.where(care_counts.c.day >= since.isoformat())
        with self._read() as connection:
            return [
                AlarmCount(
                    day=date.fromisoformat(row["day"]),
                    kind=row["kind"],
                    region=row["region"] or None,
                    number=row["number"],
                )
                for row in connection.execute(chosen).mappings()
            ]

    # --- complaints -----------------------------------------------------------

    def add_complaint(self, user_id: str, text: str) -> Complaint:
        """Store what somebody complains about.

        Raises:
            BadInput: ``complaint_empty`` or ``complaint_long``.
        """
        text = text.replace("\x00", "").strip()
        if not text:
            raise BadInput(code="complaint_empty")
        if len(text) > COMPLAINT_LENGTH:
            raise BadInput(code="complaint_long", limit=COMPLAINT_LENGTH)
        made = Complaint(
            id=str(uuid.uuid4()), user_id=user_id, text=text, created_at=self._engine.clock()
        )
        with self._write() as connection:
            connection.execute(
                insert(complaints).values(
                    id=made.id, user_id=user_id, text=text, created_at=made.created_at
                )
            )
        return made

    def complaints(self, user_id: str | None = None) -> list[Complaint]:
        """All complaints, or one user's; the newest first."""
        chosen = select(complaints).order_by(complaints.c.created_at.desc(), complaints.c.id)
        if user_id is not None:
            chosen = chosen.where(complaints.c.user_id == user_id)
        with self._read() as connection:
            return [Complaint(**row) for row in connection.execute(chosen).mappings()]

    def complaint(self, id: str) -> Complaint:
        """One complaint.

        Raises:
            NotFound: ``complaint_not_found``.
        """
        with self._read() as connection:
            found = connection.execute(select(complaints).where(complaints.c.id == id))
            row = found.mappings().first()
        if row is None:
            raise NotFound(code="complaint_not_found")
        return Complaint(**row)

    def answer_complaint(self, id: str, answer: str) -> None:
        """Write down what was answered to, or done about, a complaint.

        Raises:
            BadInput: ``complaint_empty`` or ``complaint_long``.
            NotFound: ``complaint_not_found``.
        """
        answer = answer.replace("\x00", "").strip()
        if not answer:
            raise BadInput(code="complaint_empty")
        if len(answer) > COMPLAINT_LENGTH:
            raise BadInput(code="complaint_long", limit=COMPLAINT_LENGTH)
        with self._write() as connection:
            done = connection.execute(
                update(complaints)
                .where(complaints.c.id == id)
                .values(answer=answer, answered_at=self._engine.clock())
            )
        if not done.rowcount:
            raise NotFound(code="complaint_not_found")

    # --- age and contact ------------------------------------------------------

    def set_age(self, user_id: str, *, minor: bool, source: AgeSource) -> None:
        """Keep whether a user is under 18, since when that is known and from whom.

        What a designer put right stays until a designer changes it.
        """
        values = {"minor": minor, "age_source": source, "age_at": self._engine.clock()}
        chosen = update(users).where(users.c.id == user_id)
        if source != "designer":
            chosen = chosen.where(users.c.age_source.is_distinct_from("designer"))
        with self._write() as connection:
            connection.execute(chosen.values(**values))

    def set_emergency_contact(self, user_id: str, contact: str) -> None:
        """Keep whom a person wants to have at hand in an emergency; ``""`` removes it.

        Raises:
            BadInput: ``contact_long``.
        """
        contact = " ".join(contact.replace("\x00", "").split())
        if len(contact) > CONTACT_LENGTH:
            raise BadInput(code="contact_long", limit=CONTACT_LENGTH)
        with self._write() as connection:
            connection.execute(
                update(users).where(users.c.id == user_id).values(emergency_contact=contact or None)
            )

    # --- for notices ----------------------------------------------------------

    def said_times(self, user_id: str, *, since: datetime, until: datetime) -> list[datetime]:
        """When a user said something, to any persona, oldest first; both ends included."""
        chosen = (
            select(messages.c.created_at)
            .where(
                messages.c.user_id == user_id,
                messages.c.role == "user",
                messages.c.created_at.between(since, until),
                # By the index on sessions: messages have none of their own by user.
                messages.c.session_id.in_(
                    select(sessions.c.id).where(
                        sessions.c.user_id == user_id, sessions.c.updated_at >= since
                    )
                ),
            )
            .order_by(messages.c.created_at)
        )
        with self._read() as connection:
            return list(connection.execute(chosen).scalars())
