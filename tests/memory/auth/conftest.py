"""A database whose clock moves only when told."""

from __future__ import annotations

from tests.memory.standing_db import clock, db

__all__ = ["clock", "db"]
