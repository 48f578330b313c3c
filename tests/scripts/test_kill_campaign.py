"""What a kill campaign notices; and a few kills, where somebody asks for them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.config import load_settings
from memory.container import Container, build
from memory.db.migrations import SCHEMA_VERSION
from memory.types import Memory, Owner
from scripts.fresh_server import free_port
from scripts.kill_campaign.api import Api, Gone, Report
from scripts.kill_campaign.campaign import Campaign
from scripts.kill_campaign.editor import Editor
from scripts.kill_campaign.old_folder import make_old, version_of
from scripts.kill_campaign.others import Bystander, Chatter, Erased
from tests.memory.api.conftest import client_of

KILLS = int(os.environ.get("KILLS", "0"))
NIANNIAN = "niannian"


@dataclass(frozen=True, slots=True)
class Through(Api):
    """The API of parts in this process; ``cut`` paths are answered and never arrive."""

    client: TestClient
    cut: frozenset[str] = frozenset()

    def call(
        self, method: str, path: str, body: Any = None, timeout: float = 120.0
    ) -> tuple[int, Any]:
        answer = self.client.request(method, path, json=body)
        if path in self.cut:
            raise Gone(path)
        if answer.headers["content-type"].startswith("application/json"):
            return answer.status_code, answer.json()
        return answer.status_code, answer.text


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    parts = build(load_settings())
    yield parts
    parts.close()


@pytest.fixture
def client(running: Container) -> Iterator[TestClient]:
    with client_of(running) as found:
        yield found


@pytest.fixture
def editor(client: TestClient) -> Editor:
    """One with a hundred changes behind them, all acknowledged."""
    person = Editor("editor", Through(0, client), Report(), random.Random(4))
    for _ in range(40):
        person.step()
    person.verify()
    assert person.report.faults == []
    assert sum(person.report.acknowledged.values()) >= 35
    return person


def stored(running: Container, user_id: str = "editor") -> list[Memory]:
    return list(running.store.reads.matching(Owner(user_id, NIANNIAN)))


def kinds(report: Report) -> set[str]:
    return {fault["kind"] for fault in report.faults}


def test_a_memory_that_is_no_longer_there_is_lost(running: Container, editor: Editor) -> None:
    running.store.writes.delete(Owner("editor", NIANNIAN), [stored(running)[0].id])
    editor.verify()
    assert kinds(editor.report) == {"memory_lost", "history_and_store_differ"}


def test_one_that_was_deleted_is_back(running: Container, editor: Editor) -> None:
    memory = stored(running)[0]
    answer = editor.api.call("DELETE", f"/api/memory/memory/{memory.id}")
    assert answer[0] == 200
    # As if the campaign had deleted it itself.
    editor.gone[memory.id] = editor.known.pop(memory.id)
    editor.verify()
    assert editor.report.faults == []
    running.store.writes.put([memory])
    editor.verify()
    assert kinds(editor.report) == {"back_from_the_dead", "history_and_store_differ"}


def test_the_same_text_twice_is_doubled(running: Container, editor: Editor) -> None:
    memory = stored(running)[0]
    twin = f"{memory.id[:-1]}{'0' if memory.id[-1] != '0' else '1'}"
    running.store.writes.put([replace(memory, id=twin)])
    editor.verify()
    assert "memory_doubled" in kinds(editor.report)


@pytest.mark.parametrize("arrived", ["whole", "half"])
def test_what_a_kill_cut_off_is_there_whole_or_not_at_all(
    running: Container, client: TestClient, arrived: str
) -> None:
    api = Through(0, client, frozenset({"/api/memory/batch-add"}))
    person = Editor("editor", api, Report(), random.Random(1))
    person.exists = True
    with pytest.raises(Gone):
        person.add_many()
    if arrived == "half":
        gone = stored(running)[0]
        client.delete(f"/api/memory/memory/{gone.id}")
    person.verify()
    assert kinds(person.report) == (set() if arrived == "whole" else {"half_done"})
    assert person.report.under_way["add many"] == 1
    assert person.report.landed["add many"] == (arrived == "whole")


def test_messages_once_and_whole_and_facts_remembered(
    running: Container, client: TestClient
) -> None:
    person = Chatter("chatter", Through(0, client), Report(), random.Random(2))
    for _ in range(12):
        person.step()
    person.settle()
    person.verify()
    assert person.report.faults == []
    text = next(iter(person.said))
    person.said[f"{text}？"] = None
    person.said[text] = "what was never answered"
    person.verify()
    assert kinds(person.report) == {"message_lost", "reply_differs"}


def test_whoever_was_erased_and_left_something(
    running: Container, client: TestClient, tmp_path: Path
) -> None:
    person = Erased("erased", Through(0, client), Report(), random.Random(3), tmp_path)
    person.step()
    person.verify()
    assert person.report.faults == []
    ((user_id, secret),) = person.gone
    (tmp_path / "left.db").write_text(f"…{secret}…")
    body = {"user_id": user_id, "text": "用户喜欢桂花茶"}
    client.post("/api/memory/add", json=body)
    person.verify()
    assert kinds(person.report) == {"erased_text_left", "back_from_the_dead"}


def test_nobody_touches_the_bystander(running: Container, client: TestClient) -> None:
    person = Bystander("bystander", Through(0, client), Report(), random.Random(5))
    person.settle_in()
    person.verify()
    assert person.report.faults == []
    running.memory_service.edit(
        Owner("bystander", NIANNIAN), stored(running, "bystander")[0].id, importance=5
    )
    person.verify()
    assert kinds(person.report) == {"bystander_changed"}


def test_an_old_folder_is_brought_up_with_everything_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    first = build(load_settings())
    with client_of(first) as client:
        person = Bystander("bystander", Through(0, client), Report(), random.Random(6))
        person.settle_in()
    first.close()
    make_old(tmp_path)
    assert version_of(tmp_path) == "1"
    second = build(load_settings())
    assert version_of(tmp_path) == str(SCHEMA_VERSION)
    with client_of(second) as client:
        person.api = Through(0, client)
        person.verify()
    second.close()
    assert person.report.faults == []


@pytest.mark.skipif(not KILLS, reason="takes half a minute a kill; KILLS=3 runs three")
@pytest.mark.timeout(3600)
def test_a_few_kills(tmp_path: Path) -> None:
    report = Campaign(tmp_path, free_port(), kills=KILLS, seed=KILLS).run()
    assert report.faults == []
    assert sum(report.kills.values()) >= KILLS
