"""Default categories: what every installation files memories under; users may add their own."""

from __future__ import annotations

DEFAULT_CATEGORIES: tuple[str, ...] = (
    "identity",
    "preference",
    "relationship",
    "health",
    "work_study",
    "habit",
    "emotion",
    "event",
    "plan",
    "belief",
    "other",
)
