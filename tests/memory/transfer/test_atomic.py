"""All or nothing: when the store fails in the middle, and when the process dies."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.errors import ModelTimeout, StoreError
from memory.memories import bulk_import
from memory.transfer import everything, owners_of
from memory.transfer.export import to_json
from memory.types import Memory, MemoryFilter, Owner, Status

REPOSITORY = Path(__file__).parents[3]
ANY = MemoryFilter(statuses=frozenset(Status))
COUNT = 30


def data() -> bytes:
    return json.dumps([{"memory": f"用户有{n}只猫"} for n in range(COUNT)]).encode()


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_import, "AT_ONCE", 10)


class Failing:
    """Puts some memories, then fails as an endpoint or a disk does."""

    def __init__(self, put: Callable[[Sequence[Memory]], None], error: Exception) -> None:
        self.put, self.error, self.calls = put, error, 0

    def __call__(self, memories: Sequence[Memory]) -> None:
        self.calls += 1
        if self.calls == 2:
            self.put(memories[:3])
            raise self.error
        self.put(memories)


@pytest.mark.parametrize("error", [ModelTimeout(), StoreError(), RuntimeError("odd")])
def test_a_failed_import_leaves_nothing(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    preview = container.importer.preview(owner, container.importer.read(data()))
    with monkeypatch.context() as patched:
        patched.setattr(container.store.writes, "put", Failing(container.store.writes.put, error))
        with pytest.raises(type(error)):
            container.importer.apply(owner, preview)
    assert container.store.reads.count(owner, ANY) == 0
    assert container.db.history.of(owner) == []
    assert not container.db.history.is_owing()
    container.importer.apply(owner, preview)
    assert container.store.reads.count(owner, ANY) == COUNT


def test_a_restore_that_fails_leaves_no_user_and_no_session(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    container.importer.apply(
        owner, container.importer.preview(owner, container.importer.read(data()))
    )
    session = container.db.sessions.create(owner, "早")
    container.db.messages.add(owner, session.id, "user", "早", remember=False)
    user = container.db.users.get(owner.user_id)
    whole = everything(
        container.db, container.store, user,
        owners_of(container.store, user.id, container.personas), container.clock(),
    )  # fmt: skip
    parsed = container.importer.read(to_json(whole).encode())
    container.erase_user(user.id)
    with monkeypatch.context() as patched:
        patched.setattr(
            container.store.writes, "put", Failing(container.store.writes.put, StoreError())
        )
        with pytest.raises(StoreError):
            container.importer.restore(parsed)
    assert container.db.users.all() == []
    assert container.db.sessions.of(owner) == []
    assert container.store.reads.owners() == []
    assert container.importer.restore(parsed) == user
    assert container.store.reads.count(owner, ANY) == COUNT


def test_when_it_cannot_even_be_taken_back_it_is_completed_later(
    container: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError

    preview = container.importer.preview(owner, container.importer.read(data()))
    with monkeypatch.context() as patched:
        patched.setattr(
            container.store.writes, "put", Failing(container.store.writes.put, StoreError())
        )
        patched.setattr(container.store.writes, "delete", broken)
        with pytest.raises(StoreError):
            container.importer.apply(owner, preview)
    assert container.memory_service.history_first.settle() == COUNT
    assert container.store.reads.count(owner, ANY) == COUNT


def test_a_page_that_is_left_does_not_stop_the_import(container: Container, owner: Owner) -> None:
    class Left(BaseException):
        pass

    def leave(share: float) -> None:
        raise Left

    preview = container.importer.preview(owner, container.importer.read(data()))
    with pytest.raises(Left):
        container.importer.apply(owner, preview, leave)
    assert container.store.reads.count(owner, ANY) == COUNT
    assert not container.db.history.is_owing()


KILLED = """
import os, signal, sys
from pathlib import Path
from memory.config import load_settings
from memory.container import build
from memory.memories import bulk_import as intake
from memory.types import Owner
from tests.memory.transfer.test_atomic import data

intake.AT_ONCE = 10
moment = sys.argv[1]
container = build(load_settings())
owner = Owner(container.db.users.create("小雨", id="xiaoyu").id, "niannian")
name, target, calls = {
    "db": ("bring_in", container.db.imports, 0),
    "store": ("put", container.store.writes, 2),
    "end": ("mark_applied", container.db.history, 0),
}[moment]
real = getattr(target, name)

def dying(*args, **more):
    global calls
    if moment != "db":
        real(*args, **more)
    if calls == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    calls -= 1

setattr(target, name, dying)
container.importer.apply(owner, container.importer.preview(owner, container.importer.read(data())))
"""


@pytest.mark.parametrize(("moment", "left"), [("db", 0), ("store", COUNT), ("end", COUNT)])
def test_kill_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, left: int
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    died = subprocess.run(
        [sys.executable, "-c", KILLED, moment],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -9, died.stderr
    container = build(load_settings())
    try:
        owner = Owner("xiaoyu", "niannian")
        assert container.store.reads.count(owner, ANY) == left
        assert len(container.db.history.of(owner, limit=None)) == left
        assert not container.db.history.is_owing()
        if left:
            container.store.reads.get_many(owner, [])
            (group,) = {c.group_id for c in container.db.history.of(owner, limit=None)}
            assert container.importer.take_back(owner.user_id, group or "") == left
    finally:
        container.close()
