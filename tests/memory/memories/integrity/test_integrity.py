"""What the check at the start and on demand finds, and what it makes of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from memory.api.app import create_app
from memory.config import Settings, load_settings
from memory.container import Container, build
from memory.db.tables import journal
from memory.errors import FolderDamaged, FolderUnusable, ModelUnreachable
from memory.i18n import error_text
from memory.memories.history_first import HistoryFirst
from memory.memories.integrity import integrity as module
from memory.memories.integrity import sentences
from memory.types import (
    ChangeAction,
    Kind,
    Memory,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Status,
    Subject,
)
from memory.vector_store.edge import folder as edge_folder
from memory.vector_store.edge.shard import Shard
from tests.memory.memories.integrity.damage import copy

EVERY = MemoryFilter(statuses=frozenset())


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    return load_settings()


@pytest.fixture
def start(settings: Settings) -> Callable[..., Container]:
    running: list[Container] = []

    def started(**changes: object) -> Container:
        for one in running:
            one.close()
        running[:] = [build(settings.model_copy(update=changes))]
        return running[0]

    yield started
    for one in running:
        one.close()


def told(running: Container, *texts: str) -> tuple[Owner, list[Memory]]:
    owner = Owner(running.db.users.create("小满").id, "niannian")
    drafts = [MemoryDraft(text, Subject.USER, Kind.CONSTANT) for text in texts]
    return owner, running.memory_service.add_many(owner, drafts)


def lose(running: Container, ids: list[str]) -> None:
    """As damage does: neither history hears of it."""
    running.store.client.delete(running.store.collection, points_selector=ids)


def texts(running: Container, owner: Owner) -> set[str]:
    return {memory.text for memory in running.store.reads.matching(owner, EVERY)}


class Parts:
    """Parts that are there already."""

    def __init__(self, running: Container) -> None:
        self._running = running

    def __call__(self) -> Container:
        return self._running

    def ready(self) -> Container | None:
        return self._running


def health_of(running: Container) -> dict[str, str]:
    answer: dict[str, str] = TestClient(create_app(Parts(running))).get("/health").json()
    return answer


def codes(running: Container) -> list[str]:
    return [notice.code for notice in running.integrity.notices]


def test_nothing_is_read_where_nothing_has_changed(
    start: Callable[..., Container], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(start(), "用户会弹月琴")

    def never(*args: object) -> None:
        raise AssertionError("everything was read")

    monkeypatch.setattr(module, "compare", never)
    monkeypatch.setattr("memory.vector_store.edge.shard.probe", never)
    assert codes(start()) == []


def test_what_differs_is_rebuilt_and_what_is_gone_stays_gone(
    start: Callable[..., Container], caplog: pytest.LogCaptureFixture
) -> None:
    running = start()
    owner, (lute, tea, cat) = told(running, "用户会弹月琴", "用户爱喝白茶", "用户养猫")
    other, (_secret,) = told(running, "别人的秘密")
    running.memory_service.delete(owner, [tea.id])
    running.erase_owner(other)
    # Behind the back of the history: one lost, one changed, one back, one of a stranger.
    lose(running, [lute.id])
    running.store.writes.put([replace(cat, text="用户养狗"), tea])
    found = running.integrity.check()
    assert (found.missing, found.changed, found.surplus) == ((lute.id,), (cat.id,), (tea.id,))
    assert found.store[owner].digest != found.history[owner].digest
    with caplog.at_level(logging.WARNING):
        repaired = running.integrity.repair()
    assert repaired.differing == 3
    assert texts(running, owner) == {"用户会弹月琴", "用户养猫"}
    after = running.integrity.check()
    assert not after
    assert after.store == after.history
    assert running.store.reads.owners() == [owner], "who was erased isn't back"


def test_counts_that_differ_are_noticed_at_the_start(start: Callable[..., Container]) -> None:
    running = start()
    owner, (lute, _) = told(running, "用户会弹月琴", "用户爱喝白茶")
    lose(running, [lute.id])
    running = start()
    assert texts(running, owner) == {"用户会弹月琴", "用户爱喝白茶"}
    assert codes(running) == ["rebuilt"]
    for language in ("zh", "en"):
        [sentence] = sentences(running.integrity, language)
        assert "{" not in sentence
    health = health_of(running)
    assert health["status"] == "healthy"
    assert "history" in health["message"] or "变更记录" in health["message"]
    running.integrity.dismiss()
    assert codes(running) == []


def test_what_another_client_deleted_is_noted_and_not_brought_back(
    start: Callable[..., Container],
) -> None:
    running = start()
    owner, (lute, _) = told(running, "用户会弹月琴", "用户爱喝白茶")
    running.store.stock_memory().delete(lute.id)
    running = start()
    assert texts(running, owner) == {"用户爱喝白茶"}
    newest = running.memory_service.history(owner, lute.id)[0]
    assert (newest.action, newest.applied) == (ChangeAction.DELETE, True)
    assert not running.integrity.check()
    assert running.memory_service.restore(owner, lute.id).text == "用户会弹月琴"


def test_what_another_client_changed_is_in_the_history(start: Callable[..., Container]) -> None:
    running = start()
    owner, (lute,) = told(running, "用户会弹月琴")
    running.store.stock_memory().update(lute.id, data="用户会弹柳琴")
    running = start()
    newest = running.memory_service.history(owner, lute.id)[0]
    assert newest.before is not None
    assert newest.after is not None
    assert (newest.before.text, newest.after.text) == ("用户会弹月琴", "用户会弹柳琴")
    assert not running.integrity.check()


def test_memories_that_the_history_never_heard_of_are_taken_in(
    start: Callable[..., Container],
) -> None:
    running = start()
    owner, (lute,) = told(running, "用户会弹月琴")
    stray = replace(lute, id="6a0f9d3c-5d0e-4c39-9a57-0b5f6dd64a11", text="用户怕高")
    running.store.writes.put([stray])
    running = start()
    assert texts(running, owner) == {"用户会弹月琴", "用户怕高"}
    assert running.memory_service.history(owner, stray.id)[0].after == stray


def test_a_large_rebuild_goes_on_in_the_background(
    start: Callable[..., Container], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start()
    every = [f"用户的第{n}张车票" for n in range(30)]
    owner, memories = told(running, *every)
    lose(running, [memory.id for memory in memories])
    monkeypatch.setattr(module, "WAITED_FOR", 10)
    monkeypatch.setattr(module, "AT_ONCE", 7)
    seen: list[tuple[int, str]] = []
    settle = HistoryFirst.settle

    def slow(history_first: HistoryFirst) -> int:
        progress = running_now[0].integrity.progress if running_now else None
        if progress is not None:
            health = health_of(running_now[0])
            seen.append((progress.done, health["status"]))
        return settle(history_first)

    running_now: list[Container] = []
    build_thread = module.threading.Thread.start
    # The thread begins when the parts are there to be asked.
    held: list[module.threading.Thread] = []
    monkeypatch.setattr(
        module.threading.Thread,
        "start",
        lambda self: held.append(self) if self.name == "niannian-rebuild" else build_thread(self),
    )
    monkeypatch.setattr(HistoryFirst, "settle", slow)
    running = start()
    running_now.append(running)
    assert running.integrity.progress is not None
    assert "30" in sentences(running.integrity, "en")[0]
    build_thread(held[0])
    running.integrity.wait()
    assert texts(running, owner) == set(every)
    assert codes(running) == ["rebuilt"]
    # The worker settles what is owed as well, so some are seen twice.
    assert sorted({done for done, _ in seen}) == [0, 7, 14, 21, 28]
    assert {status for _, status in seen} == {"degraded"}


def test_a_rebuild_that_cannot_embed_waits_and_is_made_up_for(
    start: Callable[..., Container], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start()
    owner, (lute,) = told(running, "用户会弹月琴")
    lose(running, [lute.id])

    def fail(*args: object) -> None:
        raise ModelUnreachable()

    with monkeypatch.context() as patch:
        patch.setattr("memory.llm.hashing_embedder.HashingEmbedder.embed", fail)
        running = start()
        assert codes(running) == ["waiting"]
        assert not running.integrity.is_sound
        assert "reached" in sentences(running.integrity, "en")[0]
    running.memory_service.history_first.settle()
    assert texts(running, owner) == {"用户会弹月琴"}


@pytest.mark.parametrize(
    "after",
    [
        {"status": "dormant"},
        {"kind": "seasonal"},
        {"subject": "pet"},
        {"event_date": "2024-13-77"},
        {"importance": "very"},
    ],
    ids=lambda after: next(iter(after)),
)
def test_an_unknown_value_in_a_line_that_is_owed_is_no_reason_not_to_start(
    start: Callable[..., Container], after: dict[str, str]
) -> None:
    running = start()
    owner, (lute, tea) = told(running, "用户会弹月琴", "用户爱喝白茶")
    with running.db.engine.write() as connection:
        row = (
            connection.execute(journal.select().where(journal.c.memory_id == lute.id))
            .mappings()
            .one()
        )
        connection.execute(
            update(journal)
            .where(journal.c.memory_id == lute.id)
            .values(after={**row["after"], **after}, applied=False, action="dream", actor="owl")
        )
    running = start()
    assert texts(running, owner) == {"用户会弹月琴", "用户爱喝白茶"}
    assert running.db.history.owed() == []
    assert running.memory_service.history(owner, lute.id)[0].after is not None
    running.memory_service.pin(owner, lute.id)
    assert running.memory_service.edit(owner, tea.id, text="用户爱喝红茶").text == "用户爱喝红茶"


def test_a_line_that_says_nothing_keeps_its_memory(start: Callable[..., Container]) -> None:
    running = start()
    owner, (lute, _) = told(running, "用户会弹月琴", "用户爱喝白茶")
    with running.db.engine.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE journal SET after = '{{\"text\": ' WHERE memory_id = '{lute.id}'"
        )
    found = running.integrity.repair()
    assert found.unreadable == (lute.id,)
    assert texts(running, owner) == {"用户会弹月琴", "用户爱喝白茶"}
    assert codes(running) == ["unreadable"]


def test_with_little_room_the_app_starts_and_reads(
    start: Callable[..., Container], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start()
    owner, _ = told(running, "用户会弹月琴")
    with monkeypatch.context() as patch:
        patch.setattr(edge_folder, "SPARE_BYTES", 2**62)
        running = start()
        assert texts(running, owner) == {"用户会弹月琴"}
        assert codes(running) == ["disk_full"]
        session = running.db.sessions.create(owner)
        assert running.db.messages.add(owner, session.id, "user", "还在吗").text == "还在吗"
        with pytest.raises(FolderUnusable) as caught:
            running.memory_service.add(owner, MemoryDraft("用户怕高", Subject.USER, Kind.CONSTANT))
        assert "full" in error_text("en", caught.value)
        running = start()
        assert texts(running, owner) == {"用户会弹月琴"}, "owed, and the start doesn't mind"
    running.memory_service.history_first.settle()
    assert texts(running, owner) == {"用户会弹月琴", "用户怕高"}
    assert codes(running) == []


def test_damage_met_while_reading_is_our_sentence_and_is_rebuilt_at_the_next_start(
    start: Callable[..., Container], settings: Settings
) -> None:
    running = start()
    owner, (lute,) = told(running, "用户会弹月琴")
    running = start()
    shard: Shard = running.store.client.collections.shard("niannian")  # type: ignore[attr-defined]

    def raw(_: object) -> None:
        raise Exception(
            "Service runtime error: Failed to decode value: Failed to deserialize payload"
        )

    with pytest.raises(FolderDamaged) as caught:
        shard.read(raw)
    assert "repair" in error_text("en", caught.value)
    running = start()
    assert codes(running) == ["rebuilt"]
    assert texts(running, owner) == {"用户会弹月琴"}
    assert running.store.reads.get(owner, lute.id).status is Status.ACTIVE


def test_a_database_that_knows_nobody_beside_memories_is_refused(
    start: Callable[..., Container], settings: Settings
) -> None:
    running = start()
    told(running, "用户会弹月琴")
    running.close()
    for path in (settings.data_dir).glob("ledger.*"):
        path.unlink()  # the mark as well: an older version left none
    for _ in range(2):
        with pytest.raises(FolderUnusable) as caught:
            build(settings)
        assert caught.value.code == "ledger_missing"


def test_a_killed_process_leaves_nothing_that_differs(
    start: Callable[..., Container], settings: Settings, tmp_path: Path
) -> None:
    running = start()
    owner, _ = told(running, "用户会弹月琴", "用户爱喝白茶")
    killed = copy(settings.data_dir, tmp_path / "killed")
    again = build(settings.model_copy(update={"data_dir": killed}))
    assert texts(again, owner) == {"用户会弹月琴", "用户爱喝白茶"}
    assert codes(again) == []
    again.close()
    assert (killed / "memories" / "niannian" / "closed.json").exists()
