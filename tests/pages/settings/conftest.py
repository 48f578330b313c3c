"""The settings page, and a user with something to lose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject


@pytest.fixture
def open_page(open_page_named: Callable[[str], AppTest]) -> Callable[[], AppTest]:
    return lambda: open_page_named("settings")


@pytest.fixture
def memory_id(running: Container, owner: Owner) -> str:
    session = running.db.sessions.create(owner, "零食")
    running.db.messages.add(owner, session.id, "user", "我对花生过敏")
    return running.memory_service.add(
        owner, MemoryDraft("用户对花生过敏", Subject.USER, Kind.CONSTANT, "health")
    ).id
