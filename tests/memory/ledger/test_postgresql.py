"""What only a server can go wrong with; needs ``TEST_DATABASE_URL`` and psycopg.

``TEST_DATABASE_URL=postgresql://postgres@127.0.0.1/postgres pytest tests/memory/ledger``
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url

from memory.keeper import Keeper
from memory.ledger import Ledger
from memory.types import BatchState, Kind, MemoryDraft, Owner, Subject
from tests.memory.ledger_fakes import FakeStore

SERVER = os.environ.get("TEST_DATABASE_URL")
pytestmark = pytest.mark.skipif(not SERVER, reason="TEST_DATABASE_URL isn't set")


@pytest.fixture
def ledgers() -> Iterator[tuple[Ledger, Ledger]]:
    """Two ledgers on one fresh schema, opened at the same time, like two processes."""
    server = make_url(str(SERVER)).set(drivername="postgresql+psycopg")
    schema = f"test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    place = server.update_query_dict({"options": f"-csearch_path={schema}"})
    url = place.render_as_string(hide_password=False)
    made: list[Ledger] = []
    _together(2, lambda: made.append(Ledger(url)))
    yield made[0], made[1]
    for ledger in made:
        ledger.close()
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    admin.dispose()


def _together(times: int, work) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_batch_is_claimed_by_one_process_only(ledgers) -> None:
    for n in range(20):
        whose = Owner(f"user{n}", "niannian")
        session = ledgers[0].create_session(whose)
        asked = ledgers[0].add_message(whose, session.id, "user", "hello")
        ledgers[0].add_message(whose, session.id, "assistant", "hi", reply_to=asked.id)
        ledgers[1].make_batch(whose, session.id)
    waiting, claimed = list(ledgers) * 2, []

    def work() -> None:
        ledger = waiting.pop()
        while batch := ledger.claim_batch("w", ledger.clock()):
            claimed.append(batch.id)

    _together(4, work)
    assert len(claimed) == len(set(claimed)) == 20
    assert ledgers[0].queue_state()[BatchState.WORKING] == 20


def test_edits_in_two_processes_are_all_kept(ledgers) -> None:
    store, owner = FakeStore(), Owner("lin", "niannian")
    keepers = [Keeper(store, ledger) for ledger in ledgers]
    memory = keepers[0].add(owner, MemoryDraft("用户养猫", Subject.USER, Kind.CONSTANT))
    todo = [
        (keepers[0], {"text": "用户养狗"}),
        (keepers[1], {"importance": 5}),
        (keepers[0], {"pinned": True}),
        (keepers[1], {"event_date": "2024"}),
    ]

    def work() -> None:
        keeper, values = todo.pop()
        keeper.edit(owner, memory.id, **values)

    _together(4, work)
    after = store.memories[memory.id]
    assert (after.text, after.importance, after.pinned, after.event_date) == (
        "用户养狗",
        5,
        True,
        "2024",
    )
    assert ledgers[0].owed() == []


def test_numbers_of_messages_are_given_once(ledgers) -> None:
    owner = Owner("lin", "niannian")
    session = ledgers[0].create_session(owner)
    waiting = list(ledgers) * 2

    def work() -> None:
        ledger = waiting.pop()
        for _ in range(10):
            ledger.add_message(owner, session.id, "user", "hello")

    _together(4, work)
    numbers = [m.number for m in ledgers[0].messages(owner, session.id, limit=None)]
    assert numbers == list(range(1, 41))
