"""Who may do what from another program: API tokens, and looks at others' data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Scope = Literal["chat", "memory", "designer"]
SCOPES: tuple[Scope, ...] = ("chat", "memory", "designer")


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of an API token; the secret itself is kept nowhere."""

    id: str
    user_id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A designer looked at somebody else's data. ``what`` names the page or route."""

    at: datetime
    by_user_id: str
    user_id: str
    persona_id: str | None
    what: str
