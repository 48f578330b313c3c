"""SIGTERM and ``/health`` while something hangs, over the real processes."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from memory.db import Database, resolve_database_url
from memory.types import BatchState, MessageState, Owner
from tests.browser import house, stuck
from tests.browser.app_process import AppProcess
from tests.browser.endpoint import Script, environment, serve
from tests.browser.test_server import Server

# The process promises five; the rest is for a machine with other things to do.
SECONDS = 5.0 + 3.0
SAID = {"user_id": "xiaoyu", "message": f"我对花生过敏，{stuck.STUCK}"}


@contextmanager
def started(process: AppProcess) -> Iterator[AppProcess]:
    process.start()
    try:
        yield process
    finally:
        process.kill()


def seconds_to_end(process: AppProcess, number: int) -> float:
    assert process.process is not None
    begun = time.monotonic()
    process.process.send_signal(number)
    process.process.wait(30)
    process.process = None
    return time.monotonic() - begun


def stuck_child(process: AppProcess) -> int:
    """Wait until the worker process computes and computes."""
    assert process.process is not None
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for pid in stuck.children(process.process.pid):
            if stuck.processor_seconds(pid) > 1.5:
                return pid
        time.sleep(0.1)
    raise AssertionError("nothing got stuck")


@contextmanager
def open_page(port: int) -> Iterator[None]:
    """A page's WebSocket that stays open, as a browser's does, and reads everything."""
    opened, ended = threading.Event(), threading.Event()

    async def talk() -> None:
        with suppress(OSError, ConnectionClosed):
            async with connect(
                f"ws://localhost:{port}/_stcore/stream", origin=f"http://localhost:{port}"
            ) as socket:
                # Ask for a first run of the page, which starts the parts, as a browser does.
                message = BackMsg()
                message.rerun_script.query_string = ""
                await socket.send(message.SerializeToString())
                opened.set()
                async for _ in socket:
                    if ended.is_set():
                        return

    thread = threading.Thread(target=lambda: asyncio.run(talk()), daemon=True)
    thread.start()
    assert opened.wait(30)
    yield
    ended.set()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.exhaustive)]
)
def test_a_stuck_extraction_and_an_open_page_do_not_hold_up_the_end(
    tmp_path: Path, number: int
) -> None:
    server = Server(tmp_path / "data", **stuck.environment(tmp_path / "hook"))
    with started(server):
        server.ask("POST", "/api/chat/message", SAID)
        server.ask("POST", "/api/memory/process/xiaoyu?timeout=0")
        with open_page(server.port):
            child = stuck_child(server)
            assert seconds_to_end(server, number) < SECONDS
        assert not Path(f"/proc/{child}").exists()
    with house.opened(server.data_dir) as found:
        (batch,) = found.batches()
        assert batch.state is BatchState.WORKING, "it stays owed"
    # Without what made it hang, the next start does what is owed.
    again = Server(server.data_dir)
    with started(again):
        data = again.ask("POST", "/api/memory/process/xiaoyu")["data"]
        assert (data["done"], data["set_aside"]) == (True, 0)
    with house.opened(server.data_dir) as found:
        assert any("花生" in memory.text for memory in found.memories())


def test_a_reply_whose_model_is_silent_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with serve(Script(replies=["很长的故事。" * 40]), delay=30) as endpoint:
        server = Server(tmp_path / "data", **environment(endpoint))
        with started(server):
            line = http.client.HTTPConnection("localhost", server.port, timeout=60)
            body = {"user_id": "xiaoyu", "message": "给我讲个故事。", "stream": True}
            line.request(
                "POST",
                "/api/chat/message",
                json.dumps(body).encode(),
                {"Content-Type": "application/json"},
            )
            answer = line.getresponse()
            assert answer.readline().startswith(b"event: start")
            assert seconds_to_end(server, signal.SIGTERM) < SECONDS
            line.close()
        with house.opened(server.data_dir) as found:
            asked, reply = found.messages()[-2:]
            assert (asked.text, asked.state) == ("给我讲个故事。", MessageState.DONE)
            assert reply.state in (MessageState.STREAMING, MessageState.INTERRUPTED)


@pytest.mark.exhaustive
def test_the_page_alone_ends_as_quickly(tmp_path: Path) -> None:
    """``streamlit run app.py``: Streamlit has the signals there."""
    folder = tmp_path / "data"
    folder.mkdir()
    db = Database(resolve_database_url(folder))
    owner = Owner(db.users.create("小雨").id, "niannian")
    session = db.sessions.create(owner)
    asked = db.messages.add(owner, session.id, "user", SAID["message"])
    db.messages.add(owner, session.id, "assistant", "好", reply_to=asked.id)
    db.close()
    app = AppProcess(
        folder,
        NIANNIAN_IDLE_SECONDS="5",
        **stuck.environment(tmp_path / "hook"),
    )
    with started(app), open_page(app.port):
        child = stuck_child(app)
        assert seconds_to_end(app, signal.SIGTERM) < SECONDS
        assert not Path(f"/proc/{child}").exists()
    with house.opened(app.data_dir) as found:
        assert [batch.state for batch in found.batches()] == [BatchState.WORKING]


def test_health_answers_while_much_goes_on(tmp_path: Path) -> None:
    """A stuck extraction, an import of a large file, and more chats than there are threads."""
    server = Server(tmp_path / "data", **stuck.environment(tmp_path / "hook"))
    with started(server):
        server.ask("POST", "/api/chat/message", SAID)
        server.ask("POST", "/api/memory/process/xiaoyu?timeout=0")
        stuck_child(server)
        quiet = health_seconds(server, 20)
        # Each holds a thread of the pool until its time is up: there are forty.
        waiting = [
            threading.Thread(
                target=ask_quietly,
                args=(server, "/api/memory/process/xiaoyu?timeout=12", None),
                daemon=True,
            )
            for _ in range(50)
        ]
        file = "[" + ",".join(f'{{"memory":"用户记下的第{n}件事"}}' for n in range(60_000)) + "]"
        request = {"user_id": "mei", "content": file, "dry_run": True}
        waiting.append(
            threading.Thread(
                target=ask_quietly, args=(server, "/api/memory/import", request), daemon=True
            )
        )
        for thread in waiting:
            thread.start()
        time.sleep(1.0)
        busy = health_seconds(server, 40)
        assert any(thread.is_alive() for thread in waiting[:-1])
        assert seconds_to_end(server, signal.SIGTERM) < SECONDS
    # The figure itself is measured by hand; here a share of a busy machine's seconds.
    assert median(quiet) < 0.25, quiet
    assert median(busy) < 0.25, busy
    assert max(busy) < 5, busy


def ask_quietly(server: Server, path: str, body: Any) -> None:
    with suppress(OSError, http.client.HTTPException, ValueError):
        server.ask("POST", path, body)


def health_seconds(server: Server, times: int) -> list[float]:
    taken = []
    line = http.client.HTTPConnection("localhost", server.port, timeout=30)
    for _ in range(times):
        begun = time.perf_counter()
        line.request("GET", "/health")
        answer = line.getresponse()
        assert json.loads(answer.read())["status"] == "healthy"
        assert answer.status == 200
        taken.append(time.perf_counter() - begun)
        time.sleep(0.02)
    line.close()
    if os.environ.get("NIANNIAN_FIGURES"):
        print(f"health: median {median(taken) * 1e3:.1f} ms, most {max(taken) * 1e3:.1f} ms")  # noqa: T201
    return taken
