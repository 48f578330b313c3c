"""Data folders as a clean end and as a kill leave them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.memory.memories.integrity.damage import copy

TEXTS = frozenset(f"用户在第{n}家店喝过咖啡，座位号是 B{n}" for n in range(40))


@dataclass(frozen=True)
class Folders:
    """``closed`` was closed, ``killed`` is the same folder in the middle of its work."""

    closed: Path
    killed: Path


def fill(running: Container) -> Owner:
    """A user with memories, one of them edited, one deleted; and a message."""
    owner = Owner(running.db.users.create("阿岚").id, "niannian")
    drafts = [MemoryDraft(text, Subject.USER, Kind.CONSTANT) for text in sorted(TEXTS)]
    running.memory_service.add_many(owner, drafts)
    extra = running.memory_service.add(
        owner, MemoryDraft("用户讨厌咖啡", Subject.USER, Kind.CONSTANT)
    )
    running.memory_service.delete(owner, [extra.id])
    session = running.db.sessions.create(owner)
    running.db.messages.add(owner, session.id, "user", "今天也喝了咖啡", remember=False)
    return owner


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    root = tmp_path_factory.mktemp("folders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANNIAN_DATA_DIR", str(root / "closed"))
        patch.setenv("NIANNIAN_TIMEZONE", "Asia/Shanghai")
        running = build(load_settings())
        fill(running)
        copy(root / "closed", root / "killed")
        running.close()
    return Folders(root / "closed", root / "killed")
