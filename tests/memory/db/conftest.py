"""A fresh ledger on a file and on a PostgreSQL server, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.types import Kind, Memory, MessageState, Owner, Source, Subject
from tests.memory.db_fakes import StandingClock
from tests.postgres import fresh_schema


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of a database runs on both, unless it is ``sqlite_only``."""
    if "db" in metafunc.fixturenames:
        about_the_file = metafunc.definition.get_closest_marker("sqlite_only")
        places = ["sqlite"] if about_the_file else ["sqlite", "postgresql"]
        metafunc.parametrize("db", places, indirect=True)


@pytest.fixture
def db(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock) -> Iterator[Database]:
    """A database in each place where it may live."""
    with ExitStack() as open_until_here:
        if request.param == "postgresql":
            url = open_until_here.enter_context(fresh_schema())
        else:
            url = resolve_database_url(tmp_path)
        opened = Database(url, clock)
        yield opened
        opened.close()


@pytest.fixture
def owner() -> Owner:
    return Owner("lin", "niannian")


@pytest.fixture
def other() -> Owner:
    return Owner("mei", "niannian")


@pytest.fixture
def say(db: Database, owner: Owner) -> Callable[..., tuple[str, str]]:
    """Play one turn and return the ids of its two messages."""

    def turn(
        session_id: str,
        text: str = "我对花生过敏",
        *,
        reply: str = "记住了",
        state: MessageState = MessageState.DONE,
        remember: bool = True,
        whose: Owner = owner,
    ) -> tuple[str, str]:
        asked = db.messages.add(whose, session_id, "user", text, remember=remember)
        answer = db.messages.add(
            whose,
            session_id,
            "assistant",
            reply,
            state=state,
            remember=remember,
            reply_to=asked.id,
        )
        return asked.id, answer.id

    return turn


@pytest.fixture
def memory(owner: Owner, clock: StandingClock) -> Memory:
    return Memory(
        id="0b2f6f0e-6a9f-4c8e-9d43-000000000001",
        owner=owner,
        text="用户对花生过敏",
        subject=Subject.USER,
        kind=Kind.CONSTANT,
        category="health",
        created_at=clock.now,
        updated_at=clock.now,
        importance=5,
        source=Source("s1", ("m1", "m2"), "b1"),
    )


@pytest.fixture
def renamed(memory: Memory) -> Memory:
    return replace(memory, text="用户对花生和腰果过敏")
