"""Account types: API tokens, and entries of the access log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Scope = Literal["chat", "memory", "designer"]
AccessAction = Literal["view", "change", "chat", "erase"]
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
class AccessEntry:
    """An entry of the access log: ids only.

    Attributes:
        at: When it began.
        by_user_id: Who; ``""`` for a program or a person of this machine, where there
            are no accounts and nobody is known.
        user_id: Whose data.
        persona_id: With which persona; ``None`` for all.
        what: The page or route.
        action: What was done.
        token_id: Through which API token, if it was a program.
        seq: Its number; 0 before it is written.
    """

    at: datetime
    by_user_id: str
    user_id: str
    persona_id: str | None
    what: str
    action: AccessAction = "view"
    token_id: str | None = None
    seq: int = 0
