"""Points in time on the screen."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A point in time, in the user's zone, to the minute."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
