"""What only a server can go wrong with: several processes on one database."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from memory.db import Database
from memory.memories import MemoryService
from memory.types import BatchState, Kind, MemoryDraft, MessageState, Owner, Subject
from tests.memory.db_fakes import FakeStore

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def databases(postgres_url: str) -> Iterator[tuple[Database, Database]]:
    """Two databases on one fresh schema, opened at the same time, like two processes."""
    made: list[Database] = []
    _together(2, lambda: made.append(Database(postgres_url)))
    yield made[0], made[1]
    for db in made:
        db.close()


def _together(times: int, work) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _pending(db: Database, users: int) -> None:
    """A turn of each of so many users, waiting to be extracted."""
    for n in range(users):
        whose = Owner(f"user{n}", "niannian")
        session = db.sessions.create(whose)
        asked = db.messages.add(whose, session.id, "user", "hello")
        db.messages.add(whose, session.id, "assistant", "hi", reply_to=asked.id)
        db.batches.make(whose, session.id)


def test_a_batch_is_claimed_by_one_process_only(databases) -> None:
    _pending(databases[1], 20)
    waiting, claimed = list(databases) * 2, []

    def work() -> None:
        db = waiting.pop()
        while batch := db.leases.claim("w", db.engine.clock()):
            claimed.append(batch.id)

    _together(4, work)
    assert len(claimed) == len(set(claimed)) == 20
    assert databases[0].batches.queue_state()[BatchState.WORKING] == 20


def test_edits_in_two_processes_are_all_kept(databases) -> None:
    store, owner = FakeStore(), Owner("lin", "niannian")
    keepers = [MemoryService(store, db) for db in databases]
    memory = keepers[0].add(owner, MemoryDraft("用户养猫", Subject.USER, Kind.CONSTANT))
    todo = [
        (keepers[0], {"text": "用户养狗"}),
        (keepers[1], {"importance": 5}),
        (keepers[0], {"pinned": True}),
        (keepers[1], {"event_date": "2024"}),
    ]

    def work() -> None:
        memory_service, values = todo.pop()
        memory_service.edit(owner, memory.id, **values)

    _together(4, work)
    after = store.memories[memory.id]
    assert (after.text, after.importance, after.pinned, after.event_date) == (
        "用户养狗",
        5,
        True,
        "2024",
    )
    assert databases[0].history.owed() == []


def test_numbers_of_messages_are_given_once(databases) -> None:
    owner = Owner("lin", "niannian")
    session = databases[0].sessions.create(owner)
    waiting = list(databases) * 2

    def work() -> None:
        db = waiting.pop()
        for _ in range(10):
            db.messages.add(owner, session.id, "user", "hello")

    _together(4, work)
    numbers = [m.number for m in databases[0].messages.of(owner, session.id, limit=None)]
    assert numbers == list(range(1, 41))


# A process with a writer as the app has it, whose extraction only says what it does.
WORKING = """
import sys, time
from datetime import timedelta
from memory.db import Database
from memory.system.clock import utc_now
from memory.extraction.worker import ExtractionWorker
url, name, seconds, ahead = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
clock = lambda: utc_now() + timedelta(seconds=ahead)
db = Database(url, clock)
def extract(batch):
    print(name, "begins", batch.id, flush=True)
    time.sleep(seconds)
    db.history.record([], finish_batch=batch.id)
    print(name, "ends", batch.id, flush=True)
writer = ExtractionWorker(db, extract, clock=clock, exclusive=False)
writer.start()
print(name, "runs -", flush=True)
sys.stdin.read()
writer.stop()
"""


def _process(url: str, name: str, *, seconds: float, ahead: float = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKING, url, name, str(seconds), str(ahead)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _said(process: subprocess.Popen[str], times: int, word: str) -> list[str]:
    """The batches of the next lines with ``word``."""
    assert process.stdout is not None
    found: list[str] = []
    for line in process.stdout:
        if line.split()[1] == word:
            found.append(line.split()[2])
        if len(found) == times:
            return found
    return found


def test_two_processes_share_what_is_pending_and_do_nothing_twice(
    databases: tuple[Database, Database], postgres_url: str
) -> None:
    db = databases[0]
    workers = [_process(postgres_url, name, seconds=0.05) for name in ("a", "b")]
    try:
        for worker in workers:
            _said(worker, 1, "runs")
        _pending(db, 40)
        until = db.engine.clock() + timedelta(seconds=30)
        while db.batches.queue_state()[BatchState.DONE] < 40 and db.engine.clock() < until:
            threading.Event().wait(0.05)
        lines = [worker.communicate(input="", timeout=30)[0].splitlines() for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    ended = [line.split()[2] for said in lines for line in said if " ends " in line]
    assert len(ended) == len(set(ended)) == 40
    assert all(any(" ends " in line for line in said) for said in lines), "one did it all"


def test_what_a_killed_process_held_is_taken_over_after_its_lease(
    databases: tuple[Database, Database], postgres_url: str
) -> None:
    db = databases[0]
    _pending(db, 1)
    killed = _process(postgres_url, "killed", seconds=60)
    [batch] = _said(killed, 1, "begins")
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=30)
    now = db.engine.clock()
    assert db.leases.claim("early", now + timedelta(minutes=29)) is None
    heir = _process(postgres_url, "heir", seconds=0, ahead=31 * 60)
    try:
        assert _said(heir, 1, "ends") == [batch]
    finally:
        heir.kill()
        heir.wait(timeout=30)
    done = db.batches.get(batch)
    assert (done.state, done.attempts) == (BatchState.DONE, 2)


def test_a_starting_process_leaves_the_replies_of_others_alone(
    databases: tuple[Database, Database],
) -> None:
    speaking, starting = databases
    owner = Owner("lin", "niannian")
    session = speaking.sessions.create(owner)
    long_ago = speaking.engine.clock() - timedelta(hours=1)
    reply = speaking.messages.add(
        owner, session.id, "assistant", "I", state=MessageState.STREAMING, created_at=long_ago
    )
    # It began an hour ago and still grows: somebody is at it.
    speaking.messages.update(owner, reply.id, text="I am")
    assert (
        starting.messages.recover_streaming(before=starting.engine.clock() - timedelta(minutes=10))
        == 0
    )
    assert starting.messages.recover_streaming(before=starting.engine.clock()) == 1
