"""The mirror of the graph: what is sent to a server, and over the driver's own wire."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.errors import SettingsError
from memory.memories.graph import mirror as mirror_module
from memory.memories.graph.mirror import GraphMirror, Statement
from memory.memories.graph.neo4j_server import Neo4jServer
from memory.system.worker_process import InProcess
from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.fakes.bolt_server import BoltServer

OWNER = Owner("mira", "niannian")


class Recorder:
    """A server that only remembers."""

    def __init__(self) -> None:
        self.transactions: list[Sequence[Statement]] = []
        self.there: set[str] = set()
        self.fails = False

    def write(self, statements: Sequence[Statement]) -> None:
        if self.fails:
            raise OSError("down")
        self.transactions.append(statements)
        self.there.add(statements[0][1]["user_id"])

    def users(self) -> set[str]:
        return set(self.there)

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    running = build(load_settings(), worker=InProcess())
    running.db.users.create("Mira", id="mira")
    yield running
    running.close()


def remember(parts: Container, text: str) -> str:
    draft = MemoryDraft(text=text, subject=Subject.USER, kind=Kind.CONSTANT)
    return parts.memory_service.add(OWNER, draft).id


def rows(statements: Sequence[Statement], word: str) -> list[dict[str, Any]]:
    return [row for query, given in statements if word in query for row in given["rows"]]


def test_whoever_changed_is_sent_whole(parts: Container) -> None:
    server = Recorder()
    mirror = GraphMirror(parts.db, parts.relations, server)
    id = remember(parts, "用户的姐姐小葵住在青岛")
    assert mirror.run_once() == 1
    (sent,) = server.transactions
    names = {row["name"] for row in rows(sent, "SET n:")}
    assert names == {"Mira", "小葵", "青岛"}
    assert {row["memories"][0] for row in rows(sent, "MERGE (a)")} == {id}
    assert any("`姐姐`" in query for query, _ in sent)
    assert len({given["mark"] for _, given in sent}) == 1
    assert all(given["user_id"] == "mira" for _, given in sent)
    assert [query.split()[-1] for query, _ in sent[-2:]] == ["r", "n"]
    assert mirror.run_once() == 0
    parts.memory_service.delete(OWNER, [id])
    assert mirror.run_once() == 1
    assert rows(server.transactions[-1][:-2], "") == []


def test_who_was_erased_is_taken_out(parts: Container) -> None:
    server = Recorder()
    server.there = {"stranger"}
    mirror = GraphMirror(parts.db, parts.relations, server)
    remember(parts, "用户的弟弟小舟住在武汉")
    mirror.run_once()
    assert ("DETACH DELETE" in server.transactions[0][0][0]) is True
    assert server.transactions[0][0][1] == {"user_id": "stranger"}
    parts.erase_user("mira")
    assert mirror.run_once() == 1
    assert server.transactions[-1][0][1] == {"user_id": "mira"}


def test_a_server_that_is_down_gets_it_later(parts: Container) -> None:
    server = Recorder()
    mirror = GraphMirror(parts.db, parts.relations, server)
    remember(parts, "用户的姐姐小葵住在青岛")
    server.fails = True
    with pytest.raises(OSError, match="down"):
        mirror.run_once()
    server.fails = False
    # Another process goes on where this one was left.
    assert GraphMirror(parts.db, parts.relations, server).run_once() == 1


def test_what_is_no_address() -> None:
    with pytest.raises(SettingsError, match="NEO4J_URI"):
        load_settings(neo4j_uri="http://localhost:7474")


class TestTheDriver:
    """The official driver against the wire of a server."""

    def test_a_mirrored_graph(self, parts: Container) -> None:
        with BoltServer() as fake:
            server = Neo4jServer(fake.uri, "neo4j", "secret")
            mirror = GraphMirror(parts.db, parts.relations, server)
            remember(parts, "用户的姐姐小葵住在青岛")
            fake.rows = [{"user_id": "stranger"}]
            assert mirror.run_once() == 2
            server.close()
        assert fake.statements[0].startswith("MATCH")
        (index,) = [query for query in fake.statements if query.startswith("CREATE INDEX")]
        assert "IF NOT EXISTS" in index
        graph = fake.committed[-1]
        assert {row["name"] for row in rows(graph, "SET n:")} == {"Mira", "小葵", "青岛"}
        assert {"user_id": "stranger"} in [given for one in fake.committed for _, given in one]

    def test_settings_are_enough(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mirror_module, "LOOK_EVERY_SECONDS", 0.05)
        monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
        with BoltServer() as fake:
            monkeypatch.setenv("NEO4J_URI", fake.uri)
            monkeypatch.setenv("NEO4J_PASSWORD", "secret")
            running = build(load_settings(), worker=InProcess())
            running.db.users.create("Mira", id="mira")
            remember(running, "用户的姐姐小葵住在青岛")
            until = time.monotonic() + 20
            while "小葵" not in str(fake.committed) and time.monotonic() < until:
                time.sleep(0.05)
            running.close()
        assert "小葵" in str(fake.committed)
        assert "secret" in running.settings.secrets

    @pytest.mark.parametrize("wrong", ["password", "statement", "address"])
    def test_what_goes_wrong_is_an_os_error(self, wrong: str) -> None:
        with BoltServer() as fake:
            fake.refuses = wrong == "statement"
            uri = "bolt://127.0.0.1:9" if wrong == "address" else fake.uri
            server = Neo4jServer(uri, "neo4j", "nope" if wrong == "password" else "secret")
            with pytest.raises(OSError, match=r"^\w+$"):
                server.write([("RETURN 1", {})])
            server.close()
