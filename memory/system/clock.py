"""Clock: the time in UTC, and the time zone in which somebody's days begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Gives aware UTC times; tests pass their own."""


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def zone_of(timezone: str | None, default: str) -> ZoneInfo:
    """A user's time zone, else the installation's.

    Example: ``zone_of(user.timezone, settings.timezone)``.

    Args:
        timezone: A valid IANA name, or None where the user named none.
        default: A valid IANA name.
    """
    return ZoneInfo(timezone or default)
