"""In which time zone the days of a person begin and end."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from memory.config import Settings
from memory.types import User


def zone_of(user: User, settings: Settings) -> ZoneInfo:
    """The user's own zone, else the one of the settings."""
    return ZoneInfo(user.timezone) if user.timezone else settings.zone
