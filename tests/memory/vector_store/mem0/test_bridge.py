"""Stock mem0 on our data, and ours on what stock mem0 wrote."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from memory.errors import StoreError
from memory.types import Kind, Memory, Owner, Subject
from memory.vector_store.store import MemoryStore
from tests.memory.vector_store.conftest import ME, bytes_hold, open_store

TODAY = date(2024, 6, 1)
Make = Callable[..., Memory]


def test_a_stock_client_reads_our_memories(store: MemoryStore, make: Make) -> None:
    memory = make("用户对花生过敏", category="health", importance=5)
    ai = make("念念喜欢滑雪", subject=Subject.AI)
    store.writes.put([memory, ai])
    edited = replace(memory, text="用户对花生和虾过敏", updated_at=memory.updated_at + timedelta(1))
    store.writes.put([edited])
    stock = store.stock_memory()
    found = {r["id"]: r for r in stock.get_all(filters={"user_id": "mei"})["results"]}
    assert found[memory.id]["memory"] == edited.text
    assert found[memory.id]["agent_id"] == "niannian"
    assert found[memory.id]["metadata"]["category"] == "health"
    assert found[ai.id]["role"] == "assistant"
    hits = stock.search("花生过敏", filters={"user_id": "mei"})["results"]
    assert hits[0]["id"] == memory.id
    lines = [(h["event"], h["old_memory"], h["new_memory"]) for h in stock.history(memory.id)]
    assert lines == [
        ("ADD", None, "用户对花生过敏"),
        ("UPDATE", "用户对花生过敏", "用户对花生和虾过敏"),
    ]
    assert stock.get(memory.id)["memory"] == edited.text


def test_what_a_stock_client_does_appears_in_ours(store: MemoryStore, make: Make) -> None:
    memory = make("用户住在北京")
    store.writes.put([memory])
    stock = store.stock_memory()
    added = stock.add(
        "The user plays the violin",
        user_id="mei",
        agent_id="niannian",
        metadata={"mood": "calm"},
        infer=False,
    )["results"][0]["id"]
    other = stock.add("我喜欢摄影", user_id="ming", infer=False)["results"][0]["id"]
    stock.update(memory.id, data="用户住在上海")
    assert len(store.adopt()) == 3
    assert store.adopt() == []
    ours = store.reads.get(ME, added)
    assert (ours.text, ours.kind, ours.language) == (
        "The user plays the violin",
        Kind.CONSTANT,
        "en",
    )
    assert store.reads.get(Owner("ming", "niannian"), other).text == "我喜欢摄影"
    assert store.reads.get(ME, memory.id).text == "用户住在上海"
    assert [h.memory.id for h in store.reads.search(ME, "violin", today=TODAY)] == [added]
    assert [h.memory.id for h in store.reads.search(ME, "上海", today=TODAY)] == [memory.id]
    # What the stock client put beside stays there, through our own edits too.
    store.writes.put([replace(ours, pinned=True)])
    assert stock.get(added)["metadata"]["mood"] == "calm"
    stock.delete(added)
    assert store.reads.get_many(ME, [added]) == []
    stock.delete_all(user_id="ming")
    assert store.reads.owners() == [ME]


def test_whatever_needs_a_language_model_says_so(store: MemoryStore) -> None:
    with pytest.raises(StoreError) as caught:
        store.stock_memory().llm.generate_response(messages=[])
    assert caught.value.code == "store_no_llm"


def test_mem0s_entities_work_and_are_erased_too(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stock = store.stock_memory()
    vector = stock.embedding_model.embed("白色风筝", "add")
    stock.entity_store.insert([vector], [{"data": "白色风筝", "user_id": "mei"}], [str(uuid4())])
    assert len(stock.entity_store.list(filters={"user_id": "mei"})[0]) == 1
    store.writes.erase("mei")
    assert stock.entity_store.list(filters={"user_id": "mei"})[0] == []
    assert bytes_hold(tmp_path, "白色风筝") == []
    store.close()


def test_history_lines_are_replayed_once(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path)
    memory = make("用户每天跑步")
    for _ in range(2):  # the second time as after a crash
        store.writes.put([memory])
        store.writes.put([replace(memory, text="用户每天游泳")])
        store.writes.put([replace(memory, text="用户每天游泳")])
    lines = [line["new_memory"] for line in store.history.of(memory.id)]
    assert lines == ["用户每天跑步", "用户每天游泳", "用户每天跑步", "用户每天游泳"]
    store.close()
    with sqlite3.connect(tmp_path / "mem0" / "history.db") as db:
        owners = db.execute("SELECT user_id, agent_id FROM niannian_owner").fetchall()
    assert owners == [("mei", "niannian")]


def test_mem0_stays_in_the_data_folder_and_off_the_network(tmp_path: Path) -> None:
    """In a process of its own, with every connection counted and a home folder to spy on."""
    code = f"""
        import socket, sys
        from pathlib import Path
        tried = []
        real = socket.socket.connect
        socket.socket.connect = lambda self, address: tried.append(address)
        socket.getaddrinfo = lambda *a, **k: tried.append(a) or []
        from tests.memory.vector_store.conftest import open_store
        store = open_store(Path({str(tmp_path / "data")!r}))
        stock = store.stock_memory()
        for n in range(6):
            stock.add(f"note {{n}} about tomorrow", user_id="mei", infer=False)
        stock.search("what happened last week", filters={{"user_id": "mei"}}, top_k=60)
        stock.get_all(filters={{"user_id": "mei"}}, top_k=60)
        stock.delete_all(user_id="mei")
        store.close()
        print(tried)
    """
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=100,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path.cwd())},
    )
    assert done.stdout.strip() == "[]", done.stderr
    assert list(home.iterdir()) == []
