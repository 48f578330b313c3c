"""Operator types: counted alarms, and complaints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AlarmCount:
    """How many alarms of a kind there were on a day (UTC) in a region (ISO 3166 or None)."""

    day: date
    kind: str
    region: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody complained about, and what was answered; erased with the user."""

    id: str
    user_id: str
    text: str
    created_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
