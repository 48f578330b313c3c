"""What the memory service's tests share: a memory and a clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory.types import Kind, Memory, Owner, Subject


@pytest.fixture
def memory() -> Memory:
    at = datetime(2024, 10, 18, tzinfo=UTC)
    return Memory(
        id="0b2f6f0e-6a9f-4c8e-9d43-000000000001",
        owner=Owner("lin", "niannian"),
        text="用户对花生过敏",
        subject=Subject.USER,
        kind=Kind.CONSTANT,
        category="health",
        created_at=at,
        updated_at=at,
    )
