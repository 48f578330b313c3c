"""Webhook: an address that is told when memories change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address, what it is told about, and how far it was told.

    ``position`` counts changes of the whole installation; ``failures`` those in a row.
    """

    id: int
    name: str
    url: str
    event_types: tuple[str, ...]
    secret: str
    created_at: datetime
    updated_at: datetime
    position: int = 0
    failures: int = 0
    next_at: datetime | None = None
    last_error: str | None = None
