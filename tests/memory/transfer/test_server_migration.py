"""Everything moves to servers and back, and is the same afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from qdrant_client import QdrantClient, models

from memory.config import Settings, load_settings
from memory.container import Container, build
from memory.db import Database, resolve_database_url
from memory.errors import BadInput, FolderBusy, StoreError
from memory.transfer.server_migration import HISTORY, move
from memory.types import Kind, MemoryDraft, Owner, Subject
from memory.vector_store.client import open_client
from memory.vector_store.copying import copy_points, digest_of, holds_nothing
from tests.fakes.qdrant_server import QdrantServer, qdrant_server
from tests.programs import run_script

ME = Owner("lin", "niannian")
TODAY = date(2025, 10, 18)


@pytest.fixture
def server() -> Iterator[QdrantServer]:
    with qdrant_server() as running:
        yield running


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder in which somebody has lived; made once, it takes seconds."""
    with pytest.MonkeyPatch.context() as outside:
        outside.delenv("NIANNIAN_DATA_DIR", raising=False)
        outside.setenv("NIANNIAN_KEYRING", "off")
        outside.setenv("NIANNIAN_SENTENCE_ENCODER", "false")
        yield _lived_in(tmp_path_factory.mktemp("lived") / "data")


@pytest.fixture
def folder(tmp_path: Path, lived_in: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(lived_in, tmp_path / "data"))


def _lived_in(folder: Path) -> Path:
    running = build(load_settings(data_dir=folder))
    running.db.users.create("小林", id="lin", timezone="Asia/Shanghai")
    running.accounts.create_token("lin", "phone", ["chat"])
    for persona in ("niannian", "qing"):
        owner = Owner("lin", persona)
        session = running.db.sessions.create(owner, "花生")
        asked = running.db.messages.add(owner, session.id, "user", "我对花生过敏 🥜\n\t'\"")
        running.db.messages.add(owner, session.id, "assistant", "好", reply_to=asked.id)
        running.db.batches.make(owner, session.id)
        kept = [
            running.memory_service.add(
                owner,
                MemoryDraft(f"用户的第{n}个愿望是学会第{n}种语言", Subject.USER, Kind.CONSTANT),
            )
            for n in range(20)
        ]
        running.memory_service.edit(
            owner, kept[0].id, text="用户对花生过敏", importance=5, pinned=True
        )
        running.memory_service.delete(owner, [kept[1].id])
    assert running.extraction_worker.wait_idle(30)
    running.close()
    return folder


@pytest.fixture
def stored(folder: Path) -> int:
    """How many memories there are."""
    with closing(open_client(load_settings(data_dir=folder))) as client:
        return digest_of(client).count


@pytest.fixture(autouse=True)
def _folder_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins over what a test hands in."""
    monkeypatch.delenv("NIANNIAN_DATA_DIR")


def settings(folder: Path, server: QdrantServer, url: str | None) -> Settings:
    return load_settings(data_dir=folder, qdrant_url=server.url, database_url=url)


def told(running: Container) -> dict[str, object]:
    """What somebody would notice if it were another."""
    return {
        "memories": sorted(running.store.reads.matching(ME), key=lambda m: m.id),
        "found": [hit.memory.id for hit in running.store.reads.search(ME, "花生过敏", today=TODAY)][
            :3
        ],
        "journal": running.db.history.of(ME),
        "user": running.db.users.get("lin"),
        "tokens": running.accounts.list("lin"),
        "sessions": running.db.sessions.of(ME),
    }


def test_to_servers_and_back_everything_is_the_same(
    folder: Path, stored: int, server: QdrantServer, postgres_url: str, tmp_path: Path
) -> None:
    before = Database(resolve_database_url(folder))
    contents = before.copying.contents()
    before.close()
    there = move(settings(folder, server, postgres_url), "to-servers")
    assert there.counts["niannian"] == stored >= 38
    assert there.counts["users"] == 1
    back = move(settings(folder, server, postgres_url), "to-folder", tmp_path / "back")
    assert back.counts["mem0 history"] > stored
    assert {k: v for k, v in back.counts.items() if k != "mem0 history"} == there.counts
    assert back.digests == there.digests
    after = Database(resolve_database_url(tmp_path / "back"))
    assert after.copying.contents() == contents
    after.close()
    first = build(load_settings(data_dir=folder))
    lived = told(first)
    first.close()
    again = build(load_settings(data_dir=tmp_path / "back"))
    assert told(again) == lived
    assert again.store.health()["embedder_changed"] is False
    again.close()


def test_on_the_servers_life_goes_on(folder: Path, server: QdrantServer, postgres_url: str) -> None:
    places = settings(folder, server, postgres_url)
    move(places, "to-servers")
    running = build(places)
    added = running.memory_service.add(ME, MemoryDraft("用户养猫", Subject.USER, Kind.CONSTANT))
    assert running.store.reads.search(ME, "猫", today=TODAY)[0].memory.id == added.id
    session = running.db.sessions.create(ME)
    asked = running.db.messages.add(ME, session.id, "user", "hello")
    running.db.messages.add(ME, session.id, "assistant", "hi", reply_to=asked.id)
    assert running.db.batches.make(ME, session.id) is not None
    running.close()
    indexes = {body["field_name"] for body in server.sent("PUT", "/index")}
    assert "user_id" in indexes


def test_only_what_has_a_server_moves(folder: Path, server: QdrantServer) -> None:
    moved = move(settings(folder, server, None), "to-servers")
    assert set(moved.counts) == {"niannian"}
    with pytest.raises(BadInput) as caught:
        move(load_settings(data_dir=folder), "to-servers")
    assert caught.value.code == "move_no_servers"


def test_a_target_that_isnt_empty_is_left_alone(
    folder: Path, stored: int, server: QdrantServer, postgres_url: str
) -> None:
    places = settings(folder, server, postgres_url)
    move(places, "to-servers")
    for way in ("to-servers", "to-folder"):
        with pytest.raises(BadInput) as caught:
            move(places, way)
        assert caught.value.code == "move_not_empty"
    assert digest_of(server.engine).count == stored


def test_while_the_app_runs_nothing_moves(
    folder: Path, server: QdrantServer, postgres_url: str
) -> None:
    running = build(load_settings(data_dir=folder))
    with pytest.raises(FolderBusy):
        move(settings(folder, server, postgres_url), "to-servers")
    running.close()
    assert Database(postgres_url).copying.holds_nothing()


def test_what_breaks_off_can_be_begun_again(
    folder: Path, server: QdrantServer, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = settings(folder, server, postgres_url)

    def dies(what: str, count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(places, "to-servers", told=dies)
    assert digest_of(server.engine).count > 0, "memories were on their way"

    def dies_later(what: str, count: int) -> None:
        if what == "messages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(places, "to-servers", told=dies_later)
    db = Database(postgres_url)
    assert db.copying.holds_nothing()
    db.close()
    assert move(places, "to-servers").counts["messages"] == 4


def test_a_copy_that_differs_is_noticed(folder: Path) -> None:
    source = open_client(load_settings(data_dir=folder))
    target = QdrantClient(":memory:")
    really = target.upsert

    def changed(name: str, points: list[models.PointStruct], **more: object) -> object:
        points[0].vector[""][3] += 0.5
        return really(name, points, **more)

    target.upsert = changed  # type: ignore[method-assign]
    with pytest.raises(StoreError) as caught:
        copy_points(source, target, lambda _name, _count: None)
    assert caught.value.code == "move_differs"
    target.upsert = really  # type: ignore[method-assign]
    assert holds_nothing(target), "half a copy is thrown away"
    source.close()


def test_the_command_says_what_arrived(
    folder: Path,
    stored: int,
    server: QdrantServer,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(folder))
    monkeypatch.setenv("QDRANT_URL", server.url)
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    code, said, errors = run_script("move", "to-servers")
    assert code == 0, errors
    assert "niannian" in said
    assert f" {stored} " in said
    code, _, errors = run_script("move", "to-servers")
    assert code != 0
    assert "empty" in errors
    assert (folder / HISTORY).exists()
