"""Review scope: whose memories are checked."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from memory.memories.subject import Names


@dataclass(frozen=True, slots=True)
class CheckedOwner:
    """What checks know of an owner.

    Attributes:
        names: How the two are called in memories.
        user_name: The name of the user's profile.
        zone: Where the user's days begin.
    """

    names: Names
    user_name: str
    zone: ZoneInfo
