"""Routes for operators who serve others: ages, emergency contacts, complaints, alarms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from memory.api.dependencies import ForChat, ForMemory, RequestScope
from memory.api.fields import ID, UserId, UserPath
from memory.api.json_route import JsonRoute, quick
from memory.api.responses.envelope import Answer
from memory.db.operators import COMPLAINT_LENGTH
from memory.errors import BadInput
from memory.types import AgeSource, Complaint, User
from memory.types.conversation import CONTACT_LENGTH

router = APIRouter(prefix="/api", tags=["care"], route_class=JsonRoute)
DAYS = 90


class PersonCareOut(BaseModel):
    """What is known of a person for their safety."""

    user_id: str
    minor: bool | None = Field(description="Under 18; null where nobody said")
    age_at: datetime | None = Field(description="Since when that is known")
    age_source: AgeSource | None = Field(
        description="said in a message, stated at the first visit, or put right by a designer"
    )
    emergency_contact: str | None

    @classmethod
    def of(cls, user: User) -> PersonCareOut:
        """Of a profile."""
        return cls(
            user_id=user.id,
            minor=user.minor,
            age_at=user.age_at,
            age_source=user.age_source,
            emergency_contact=user.emergency_contact,
        )


class CareRequest(BaseModel):
    """What changes; fields left out stay."""

    model_config = ConfigDict(extra="forbid")

    minor: bool | None = Field(None, description="true: under 18. Only a designer takes it back")
    emergency_contact: str | None = Field(
        None, max_length=CONTACT_LENGTH, description="Free text; empty removes it"
    )


class ComplaintRequest(BaseModel):
    """A complaint about the service."""

    model_config = ConfigDict(extra="forbid")

    user_id: UserId
    text: str = Field(min_length=1, max_length=COMPLAINT_LENGTH)


class AnswerRequest(BaseModel):
    """What was answered or done."""

    model_config = ConfigDict(extra="forbid")

    answer: str = Field(min_length=1, max_length=COMPLAINT_LENGTH)


class ComplaintOut(BaseModel):
    """A complaint and what was answered."""

    id: str
    user_id: str
    text: str
    created_at: datetime
    answer: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, complaint: Complaint) -> ComplaintOut:
        """As the API says it."""
        return cls(
            id=complaint.id,
            user_id=complaint.user_id,
            text=complaint.text,
            created_at=complaint.created_at,
            answer=complaint.answer,
            answered_at=complaint.answered_at,
        )


class ComplaintsData(BaseModel):
    """Complaints, the newest first."""

    complaints: list[ComplaintOut]


class AlarmOut(BaseModel):
    """Alarms of one kind on one day in one region."""

    day: date
    kind: str
    region: str | None
    number: int


class AlarmsData(BaseModel):
    """Counted alarms, without text and without ids."""

    alarms: list[AlarmOut]
    total: int


@router.get("/users/{user_id}/care", summary="Age, and whom to reach in an emergency")
@quick
def person(ask: ForMemory, user_id: UserPath) -> Answer[PersonCareOut]:
    """For the person and for designers."""
    return ask.answer("ok", PersonCareOut.of(ask.person(user_id)))


@router.put("/users/{user_id}/care", summary="State the age, leave an emergency contact")
@quick
def change_person(ask: ForMemory, user_id: UserPath, request: CareRequest) -> Answer[PersonCareOut]:
    """Under 18 means the minors' mode: no romance, sooner breaks, help lines for the young.
    Nothing is ever sent to an emergency contact by itself."""
    user, db = ask.person(user_id), ask.running.db
    if request.emergency_contact is not None:
        _served(ask)
    if request.minor is not None and request.minor != user.minor:
        db.operators.set_age(user.id, minor=request.minor, source=_source(ask, user, request.minor))
    if request.emergency_contact is not None:
        db.operators.set_emergency_contact(user.id, request.emergency_contact)
    return ask.answer("ok", PersonCareOut.of(db.users.get(user.id)))


@router.post("/complaints", summary="Complain about the service")
@quick
def complain(ask: ForChat, request: ComplaintRequest) -> Answer[ComplaintOut]:
    """Designers read it. It is erased with the user."""
    _served(ask)
    user = ask.person(request.user_id)
    made = ask.running.db.operators.add_complaint(user.id, request.text)
    return ask.answer("complained", ComplaintOut.of(made))


@router.get("/complaints", summary="Complaints, the newest first")
@quick
def complaints(
    ask: ForMemory,
    user_id: Annotated[str | None, Query(max_length=200)] = None,
) -> Answer[ComplaintsData]:
    """One user's, or for designers everybody's."""
    _served(ask)
    if user_id is None:
        ask.require_designer()
        found = ask.running.db.operators.complaints()
        for whose in sorted({one.user_id for one in found}):
            ask.noting(whose)
    else:
        found = ask.running.db.operators.complaints(ask.person(user_id).id)
    data = ComplaintsData(complaints=[ComplaintOut.of(one) for one in found])
    return ask.answer("listed", data, count=len(found))


@router.put("/complaints/{complaint_id}", summary="Answer a complaint")
@quick
def answer_complaint(
    ask: ForMemory,
    complaint_id: Annotated[str, Path(pattern=ID)],
    request: AnswerRequest,
) -> Answer[None]:
    """For designers; who complained sees the answer."""
    _served(ask)
    ask.require_designer()
    db = ask.running.db
    ask.noting(db.operators.complaint(complaint_id).user_id)
    db.operators.answer_complaint(complaint_id, request.answer)
    return ask.answer("ok", None)


@router.get("/care/alarms", summary="Alarms by day, kind and region")
@quick
def alarms(
    ask: ForMemory,
    days: Annotated[int, Query(ge=1, le=3650, description="Of so many days")] = DAYS,
) -> Answer[AlarmsData]:
    """For designers. Numbers only: they outlive users who were erased."""
    ask.require_designer()
    since = ask.running.clock().date() - timedelta(days=days - 1)
    found = ask.running.db.operators.alarm_counts(since)
    data = AlarmsData(
        alarms=[
            AlarmOut(day=one.day, kind=one.kind, region=one.region, number=one.number)
            for one in found
        ],
        total=sum(one.number for one in found),
    )
    return ask.answer("listed", data, count=data.total)


def _served(ask: RequestScope) -> None:
    if not ask.running.settings.served_to_others:
        raise BadInput(code="not_served")


def _source(ask: RequestScope, user: User, minor: bool) -> AgeSource:
    """Who says so.

    Raises:
        BadInput: ``age_fixed``: somebody who said they are under 18 can't unsay it alone.
    """
    if user.minor is None and user.age_source is None:
        return "stated"
    if ask.is_designer:
        return "designer"
    if user.minor and not minor:
        raise BadInput(code="age_fixed")
    return "stated"


__all__ = ["router"]
