"""Who may open the data folder, and what happens when it isn't whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from qdrant_client import QdrantClient

from memory.config import load_settings
from memory.errors import FolderBusy, FolderDamaged, FolderUnusable, StoreError
from memory.system.checksums import checksum
from memory.types import Memory
from memory.vector_store.client import EdgeClient, open_client
from memory.vector_store.edge import folder as edge_folder
from tests.memory.vector_store.conftest import ME, open_store


def contents(folder: Path) -> dict[str, int]:
    """Checksums; a block of zeros that becomes a hole is the same."""
    return {str(f.relative_to(folder)): checksum(f) for f in folder.rglob("*") if f.is_file()}


def test_settings_choose_the_embedded_engine(tmp_path: Path) -> None:
    client = open_client(load_settings(data_dir=tmp_path))
    assert isinstance(client, EdgeClient)
    assert isinstance(client, QdrantClient)
    client.close()


def test_a_server_that_doesnt_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QDRANT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreError) as caught:
        open_client(load_settings())
    assert caught.value.code == "store_unreachable"
    assert "http://127.0.0.1:9" in str(caught.value)


def test_a_second_client_is_told_that_the_folder_is_open(tmp_path: Path) -> None:
    first = EdgeClient(tmp_path)
    with pytest.raises(FolderBusy) as caught:
        EdgeClient(tmp_path)
    assert caught.value.params == {"folder": str(tmp_path)}
    first.close()
    EdgeClient(tmp_path).close()


def test_another_process_is_told_that_the_folder_is_open(tmp_path: Path) -> None:
    first = EdgeClient(tmp_path)
    code = f"""
        from pathlib import Path
        from memory.errors import FolderBusy
        from memory.vector_store.client import EdgeClient
        try:
            EdgeClient(Path({str(tmp_path)!r}))
        except FolderBusy as error:
            print(error.params["folder"])
    """
    other = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60
    )
    assert other.stdout.strip() == str(tmp_path), other.stderr
    first.close()


def test_a_folder_that_cant_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderUnusable) as caught:
        EdgeClient(tmp_path / "file" / "memories")
    assert str(tmp_path / "file") in caught.value.params["folder"]


def _shard(folder: Path) -> Path:
    return folder / "memories" / "niannian" / "shard"


def _one(folder: Path, pattern: str) -> Path:
    return next(iter(sorted(_shard(folder).glob(pattern))))


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "no segments": lambda f: shutil.rmtree(_shard(f) / "segments"),
    "no log": lambda f: shutil.rmtree(_shard(f) / "wal"),
    "no version": lambda f: _one(f, "segments/*/version.info").unlink(),
    "no vectors": lambda f: shutil.rmtree(_one(f, "segments/*/vector_storage")),
    "no texts": lambda f: _one(f, "segments/*/payload_storage/page_0.dat").unlink(),
    "cut vectors": lambda f: _cut(_one(f, "segments/*/vector_storage/vectors/chunk_0.mmap")),
    "garbled segment": lambda f: _one(f, "segments/*/segment.json").write_text("{" * 400),
    "garbled log": lambda f: _one(f, "wal/open-1").write_bytes(b"x" * 1000),
    "garbled settings": lambda f: (_shard(f) / "edge_config.json").write_text("{"),
    "garbled record": lambda f: (_shard(f).parent / "collection.json").write_text("[]"),
    "no record": lambda f: (_shard(f).parent / "collection.json").unlink(),
}


def _cut(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(100)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_folder_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[..., Memory], damage: str
) -> None:
    store = open_store(tmp_path)
    store.writes.put([make("用户对花生过敏")])
    store.close()
    DAMAGE[damage](tmp_path)
    before = contents(tmp_path)
    with pytest.raises(FolderUnusable) as caught:
        EdgeClient(tmp_path / "memories")
    assert caught.value.params["why"]
    after = contents(tmp_path)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == set()


def test_a_garbled_history_is_noticed_at_the_start_and_can_start_over(
    tmp_path: Path, make: Callable[..., Memory]
) -> None:
    (tmp_path / "mem0").mkdir()
    (tmp_path / "mem0" / "history.db").write_text("not a database at all")
    store = open_store(tmp_path)
    assert store.history.damaged
    with pytest.raises(FolderDamaged) as caught:
        store.writes.put([make("用户养了一只龟")])
    assert caught.value.params["what"] == "history.db"
    store.history.start_over()
    memory = make("用户养了一只鹦鹉")
    store.writes.put([memory])
    assert [line["event"] for line in store.history.of(memory.id)] == ["ADD"]
    store.close()


def test_what_was_refused_can_be_opened_once_repaired(
    tmp_path: Path, make: Callable[..., Memory]
) -> None:
    store = open_store(tmp_path)
    memory = make("用户住在上海")
    store.writes.put([memory])
    store.close()
    segments = _shard(tmp_path) / "segments"
    segments.rename(tmp_path / "away")
    with pytest.raises(FolderUnusable):
        EdgeClient(tmp_path / "memories")
    (tmp_path / "away").rename(segments)
    again = open_store(tmp_path)
    assert again.reads.get(ME, memory.id) == memory
    again.close()


def test_a_full_disk_stops_writing_and_keeps_what_is_there(
    tmp_path: Path, make: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    kept, lost = make("用户养了一只猫"), make("用户养了一只狗")
    store.writes.put([kept])
    full = SimpleNamespace(total=10**12, used=10**12 - 10**6, free=10**6)
    with monkeypatch.context() as there:
        there.setattr(edge_folder.shutil, "disk_usage", lambda _: full)
        with pytest.raises(FolderUnusable) as caught:
            store.writes.put([lost])
        assert caught.value.params["why"] == "disk full"
        with pytest.raises(FolderUnusable):
            store.writes.delete(ME, [kept.id])
        assert store.reads.matching(ME) == [kept]
    assert store.history.of(lost.id) == []
    store.writes.put([lost])
    assert store.reads.count(ME) == 2
    store.close()


def test_a_forgotten_client_closes_but_not_while_the_interpreter_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = EdgeClient(tmp_path / "memories")
    with monkeypatch.context() as ending:
        ending.setattr(sys, "is_finalizing", lambda: True)
        client.__del__()
    with pytest.raises(FolderBusy):
        EdgeClient(tmp_path / "memories")
    client.__del__()
    EdgeClient(tmp_path / "memories").close()
