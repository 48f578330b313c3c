"""What the tests of the stats share."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from memory.types import Kind, Memory, Owner, Subject

_ids = count()


def make(**fields: Any) -> Memory:
    """A memory of which any field can be given."""
    now = datetime(2026, 3, 4, 4, tzinfo=UTC)
    values: dict[str, Any] = {
        "id": f"m{next(_ids)}",
        "owner": Owner("u", "niannian"),
        "text": "用户去滑雪",
        "subject": Subject.USER,
        "kind": Kind.TEMPORAL,
        "category": "event",
        "created_at": now,
        "updated_at": now,
    }
    return Memory(**(values | fields))
