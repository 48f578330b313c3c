"""What survives: kill -9, a crash in the middle of a compaction, many threads."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from qdrant_client import models

from memory.errors import FolderUnusable
from memory.types import Memory
from memory.vector_store import idle_timer as pause
from memory.vector_store.client import EdgeClient
from memory.vector_store.edge import shard as edge_shard
from memory.vector_store.edge.collections import EdgeCollections
from memory.vector_store.edge.shard import Shard
from memory.vector_store.store import MemoryStore
from tests.memory.vector_store.conftest import ME, bytes_hold, open_store, written

SECRET = "紫色雨伞"

KILLED_AFTER = 0.02
"""Seconds into a merge of a tenth of a second."""


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    code = f"""
        import uuid
        from datetime import UTC, datetime
        from pathlib import Path
        from memory.types import Kind, Memory, Subject
        from tests.memory.vector_store.conftest import ME, open_store

        store = open_store(Path({str(tmp_path)!r}))
        now = datetime.now(UTC)
        for number in range(1, 1000):
            store.writes.put([
                Memory(str(uuid.UUID(int=number)), ME, f"记忆 {{number}}", Subject.USER,
                       Kind.CONSTANT, "other", now, now)
            ])
            if number % 3 == 0:
                store.writes.delete(ME, [str(uuid.UUID(int=number - 1))])
            print(number, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        last = 0
        for line in process.stdout:
            last = int(line)
            if last == 25:
                os.kill(process.pid, signal.SIGKILL)
    store = open_store(tmp_path)
    found = {memory.text for memory in store.reads.matching(ME)}
    acknowledged = {f"记忆 {n}" for n in range(1, last + 1) if not (n % 3 == 2 and n < last)}
    # The one after the last acknowledged line may or may not have arrived.
    assert last >= 25
    assert acknowledged - {f"记忆 {last}"} <= found
    assert len(found - acknowledged) <= 1
    store.close()


def test_compacting_keeps_what_is_left_and_drops_the_rest(
    tmp_path: Path, make: Callable[..., Memory]
) -> None:
    store = open_store(tmp_path)
    gone, kept = make(f"用户丢了{SECRET}"), make("用户喜欢爬山")
    store.writes.put([gone, kept])
    info = store.client.get_collection(store.collection)
    store.writes.delete(ME, [gone.id])
    assert bytes_hold(tmp_path / "memories", SECRET)
    _collections(store).compact(store.collection)
    assert bytes_hold(tmp_path / "memories", SECRET) == []
    assert store.reads.matching(ME) == [kept]
    assert [hit.memory for hit in store.reads.nearest(ME, "爬山")] == [kept]
    after = store.client.get_collection(store.collection)
    assert {k: v.data_type for k, v in after.payload_schema.items()} == {
        k: v.data_type for k, v in info.payload_schema.items()
    }
    assert after.config.metadata == info.config.metadata
    store.close()
    again = open_store(tmp_path)
    assert again.reads.matching(ME) == [kept]
    again.close()


def _collections(store: MemoryStore) -> EdgeCollections:
    assert isinstance(store.client, EdgeClient)
    return store.client.collections


STEPS = ["rename to old", "rename to new", "remove old"]


@pytest.mark.parametrize("step", range(3), ids=STEPS)
def test_a_crash_while_compacting_leaves_all_memories(
    tmp_path: Path,
    make: Callable[..., Memory],
    monkeypatch: pytest.MonkeyPatch,
    step: int,
) -> None:
    """The steps of the swap, cut off before each of them, as a crash would."""
    store = open_store(tmp_path)
    memories = [make(f"用户说了第{n}件事") for n in range(5)]
    store.writes.put(memories)
    folder = tmp_path / "memories" / store.collection
    taken = 0

    class Crash(BaseException):
        pass

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal taken
            if str(args[0]).startswith(str(folder / "shard")):
                if taken == step:
                    raise Crash
                taken += 1
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as there:
        there.setattr(Path, "rename", counting(Path.rename))
        real = shutil.rmtree
        there.setattr(
            "memory.vector_store.edge.shard.shutil.rmtree",
            lambda path, **kw: (counting(real) if taken == 2 else real)(path, **kw),
        )
        with pytest.raises(Crash):
            _collections(store).compact(store.collection)
    store.close()
    assert (
        sorted(p.name for p in folder.glob("shard*"))
        == {
            0: ["shard", "shard.new"],
            1: ["shard.new", "shard.old"],
            2: ["shard", "shard.old"],
        }[step]
    )
    again = open_store(tmp_path)
    assert sorted(m.id for m in again.reads.matching(ME)) == sorted(m.id for m in memories)
    assert [p.name for p in folder.glob("shard*")] == ["shard"]
    again.close()


@pytest.mark.edge_only
def test_a_compaction_that_fails_leaves_the_store_working(
    store: MemoryStore, make: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = make("用户会游泳")
    store.writes.put([memory])

    def refuse(path: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as there:
        there.setattr(Path, "rename", refuse)
        with pytest.raises(FolderUnusable) as caught:
            _collections(store).compact(store.collection)
    assert caught.value.params["why"] == "Permission denied"
    assert store.reads.matching(ME) == [memory]
    _collections(store).compact(store.collection)
    assert store.reads.matching(ME) == [memory]


def test_half_a_compaction_is_thrown_away(tmp_path: Path, make: Callable[..., Memory]) -> None:
    store = open_store(tmp_path)
    memory = make("用户会弹钢琴")
    store.writes.put([memory])
    store.close()
    half = tmp_path / "memories" / "niannian" / "shard.new"
    half.mkdir()
    (half / "edge_config.json").write_text("{")
    (tmp_path / "memories" / ".new-other").mkdir()
    again = open_store(tmp_path)
    assert again.reads.matching(ME) == [memory]
    assert not half.exists()
    assert not (tmp_path / "memories" / ".new-other").exists()
    again.close()


@pytest.mark.edge_only
def test_eight_threads_and_a_compaction_lose_nothing(
    store: MemoryStore, make: Callable[..., Memory]
) -> None:
    batches = [[make(f"第{t}路第{n}条") for n in range(12)] for t in range(6)]
    failures: list[Exception] = []

    def run(work: Callable[[], object]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001
                failures.append(error)

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def write(batch: list[Memory]) -> None:
        for memory in batch:
            store.writes.put([memory])

    def read() -> None:
        for _ in range(30):
            store.reads.matching(ME, limit=5)
            store.reads.count(ME)

    def compact() -> None:
        for _ in range(3):
            _collections(store).compact(store.collection)

    threads = [run(lambda b=b: write(b)) for b in batches]  # type: ignore[misc]
    threads += [run(read), run(compact)]
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert store.reads.count(ME) == 72


def test_many_writes_flush_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = EdgeClient(tmp_path)
    client.create_collection("c", vectors_config=models.VectorParams(size=2, distance="Dot"))
    shard: Shard = client.collections.shard("c")
    monkeypatch.setattr("memory.vector_store.edge.shard.FLUSH_POINTS", 3)
    for n in range(1, 3):
        client.upsert("c", points=[models.PointStruct(id=n, vector=[1.0, 2.0])])
        client.collections.sync("c")
        assert shard.unflushed == n
    client.upsert("c", points=[models.PointStruct(id=9, vector=[1.0, 2.0])])
    client.collections.sync("c")
    assert shard.unflushed == 0
    client.close()


def test_a_close_leaves_nothing_to_read_again_at_the_end_of_the_log(tmp_path: Path) -> None:
    client = EdgeClient(tmp_path)
    client.create_collection("c", vectors_config=models.VectorParams(size=2, distance="Dot"))
    points = [
        models.PointStruct(id=n, vector=[1.0, 2.0], payload={"text": "umbrella"}) for n in (1, 2)
    ]
    client.upsert("c", points=points)
    client.close()
    [log] = [written(file) for file in tmp_path.rglob("wal/open-1")]
    assert log.rindex(b"delete_points") > log.rindex(b"umbrella")
    again = EdgeClient(tmp_path)
    assert again.count("c").count == 2
    again.close()


def test_killed_while_merging_nothing_is_lost(tmp_path: Path) -> None:
    """Vectors so long that 700 of them are enough for the engine to merge."""
    code = f"""
        from pathlib import Path
        import numpy as np
        from qdrant_client import models
        from memory.vector_store.edge import shard as edge_shard
        from memory.vector_store.client import EdgeClient

        edge_shard.MERGE_AT_ONCE = 700
        client = EdgeClient(Path({str(tmp_path)!r}))
        client.create_collection(
            "c", vectors_config=models.VectorParams(size=4096, distance="Dot"))
        vector = np.ones(4096)
        for start in range(0, 7000, 700):
            client.upsert("c", points=[
                models.PointStruct.model_construct(id=n, vector=vector, payload={{"n": n}})
                for n in range(start, start + 700)])
            print(start + 700, flush=True)
            client.collections.sync("c")
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == 1400:
                time.sleep(KILLED_AFTER)
                process.kill()
    client = EdgeClient(tmp_path)
    found = {record.id for record in client.scroll("c", limit=10_000)[0]}
    assert set(range(1400)) <= found
    client.upsert("c", points=[models.PointStruct(id=9999, vector=[1.0] * 4096)])
    assert client.retrieve("c", ids=[9999])
    client.close()


def test_much_that_is_new_is_merged_once_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_shard, "MERGE_POINTS", 20)
    monkeypatch.setattr(edge_shard, "FLUSH_POINTS", 10)
    monkeypatch.setattr(pause, "PAUSE_SECONDS", 0.3)
    client = EdgeClient(tmp_path)
    client.create_collection("c", models.VectorParams(size=2, distance=models.Distance.DOT))
    shard = client.collections.shard("c")
    points = [models.PointStruct(id=n, vector=[1.0, 2.0]) for n in range(30)]
    client.upsert("c", points=points)
    client.collections.sync("c")
    assert shard.unmerged == 30, "nobody who writes waits for it"
    until = time.monotonic() + 10
    while shard.unmerged and time.monotonic() < until:
        time.sleep(0.05)
    assert shard.unmerged == 0
    assert client.count("c").count == 30
    client.close()
