"""The memory service over the real embedded store: what matters across both."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.db import Database, resolve_database_url
from memory.errors import NotFound
from memory.llm.hashing_embedder import HashingEmbedder
from memory.memories import MemoryService
from memory.types import Kind, MemoryDraft, MemoryFilter, Owner, Status, Subject
from memory.vector_store.client import open_client
from memory.vector_store.store import MemoryStore

REPOSITORY = Path(__file__).parents[3]
OWNER = Owner("lin", "niannian")
OTHER = Owner("mei", "niannian")
SECRET = "只有我知道的秘密XYZZY"
EVERY_STATUS = MemoryFilter(statuses=frozenset(Status))


@contextmanager
def opened(folder: Path) -> Iterator[tuple[MemoryService, MemoryStore, Database]]:
    store = MemoryStore(open_client(load_settings(data_dir=folder)), HashingEmbedder(), folder)
    db = Database(resolve_database_url(folder))
    yield MemoryService(store, db), store, db
    store.close()
    db.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    return tmp_path


def draft(text: str, subject: Subject = Subject.USER) -> MemoryDraft:
    return MemoryDraft(text, subject, Kind.CONSTANT)


def test_add_edit_delete_undo_and_reopen(folder: Path) -> None:
    with opened(folder) as (memory_service, store, _):
        first = memory_service.add(OWNER, draft("用户对花生过敏"))
        assert store.reads.get(OWNER, first.id) == first
        assert memory_service.add(OWNER, draft("用户对花生过敏。")) == first
        assert memory_service.add(OWNER, draft("用户对花生过敏", Subject.AI)) != first
        after = memory_service.edit(
            OWNER, first.id, text="用户对腰果过敏", event_date="2024-05", pinned=True
        )
        edit = memory_service.history(OWNER, first.id)[0]
        many = memory_service.add_many(OWNER, [draft(f"用户有{n}只猫") for n in range(50)])
        group = memory_service.delete(OWNER, [m.id for m in many] + [first.id])
        assert store.reads.count(OWNER, EVERY_STATUS) == 1
        with pytest.raises(NotFound):
            memory_service.edit(OTHER, many[0].id, text="x")
    with opened(folder) as (memory_service, store, _):
        assert memory_service.history_first.recover() == 0
        assert len(memory_service.undoing.undo_group(OWNER, group)) == 51
        assert store.reads.get(OWNER, first.id) == after
        assert store.reads.get_many(OWNER, [m.id for m in many]) == many
        memory_service.undoing.undo(OWNER, edit.id)
        assert store.reads.get(OWNER, first.id) == first


def test_an_erased_user_leaves_no_byte_in_the_folder(folder: Path) -> None:
    with opened(folder) as (memory_service, store, db):
        db.users.create(SECRET, id=OWNER.user_id)
        memory = memory_service.add(OWNER, draft(SECRET))
        memory_service.edit(OWNER, memory.id, text=f"{SECRET}二")
        kept = memory_service.add(OTHER, draft("用户喜欢茶"))
        memory_service.history_first.erase_user(OWNER.user_id)
        assert store.reads.get_many(OTHER, [kept.id]) == [kept]
        assert store.reads.count(OWNER, EVERY_STATUS) == 0
    held = [p for p in folder.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]
    assert held == []


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.memory.memories.test_service_on_the_store import OWNER, draft, opened

folder, moment = Path(sys.argv[1]), sys.argv[2]
with opened(folder) as (memory_service, store, db):
    name, target = ("record", db.history) if moment == "record" else ("put", store.writes)
    real = getattr(target, name)

    def dying(*args, **more):
        real(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(target, name, dying)
    memory_service.add_many(OWNER, [draft(f"用户有{n}只猫") for n in range(20)])
"""


@pytest.mark.parametrize("moment", ["record", "put"])
def test_kill_between_journal_and_store(folder: Path, moment: str) -> None:
    with opened(folder):
        pass
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), moment],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -9, died.stderr
    with opened(folder) as (memory_service, store, db):
        assert memory_service.history_first.recover() == 20
        assert store.reads.count(OWNER, EVERY_STATUS) == 20
        assert len(db.history.of(OWNER)) == 20
        assert memory_service.history_first.recover() == 0
