"""What the answers about memories say: counts, categories, missing ids, nothing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.memories.stats.memory_frame import frame, totals
from memory.types import MemoryFilter, Owner
from tests.memory.api.conftest import add

PEANUTS = "用户对花生过敏"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_last_week_is_seven_days_of_the_user_s_zone_as_on_the_page(
    api: TestClient, running: Container, owner: Owner
) -> None:
    add(running, owner, PEANUTS)
    made = running.store.reads.matching(owner, MemoryFilter())[0].created_at.astimezone(SHANGHAI)
    midnight = made.replace(hour=0, minute=0, second=0, microsecond=0)
    for now, number in (
        (midnight + timedelta(days=6, hours=23, minutes=59), 1),
        (midnight + timedelta(days=7), 0),
    ):
        object.__setattr__(running, "clock", lambda now=now: now.astimezone(UTC))
        data = api.get("/api/memory/stats/xiaoyu").json()["data"]
        table = frame(running.store.reads.matching(owner, MemoryFilter()), SHANGHAI)
        assert data["last_week"] == totals(table, now.date()).last_week == number


def test_deleting_nothing_is_said_so(api: TestClient, running: Container, owner: Owner) -> None:
    for path in (
        "/api/memory/user/xiaoyu",
        "/api/chat/memories/xiaoyu",
        "/api/users/xiaoyu/memories/cleanup",
    ):
        said = api.delete(path).json()
        assert said["message"] == "There was nothing to delete."
        assert said["data"]["group_id"] is None
        assert "撤销" not in api.delete(path, headers={"accept-language": "zh"}).json()["message"]
    id = add(running, owner, PEANUTS)
    same = {"user_id": "xiaoyu", "memory_ids": [id], "category": "health"}
    assert "undone" not in api.post("/api/memory/batch-update", json=same).json()["message"]


def test_an_unknown_category_is_refused_with_the_list(
    api: TestClient, running: Container, owner: Owner
) -> None:
    search = {"user_id": "xiaoyu", "query": "花生", "filters": {"category": ["health", "bad"]}}
    for refused in (
        api.get("/api/memory/user/xiaoyu?category=health&category=bad"),
        api.post("/api/memory/search", json=search),
    ):
        assert (refused.status_code, refused.json()["error"]) == (400, "memory_category")
        assert "health" in refused.json()["message"]
    assert api.get("/api/memory/user/xiaoyu?category=health").json()["data"]["total"] == 0


def test_a_category_of_another_client_can_be_asked_for(
    api: TestClient, running: Container, owner: Owner
) -> None:
    add(running, owner, PEANUTS)
    memory = running.store.reads.matching(owner, MemoryFilter())[0]
    running.store.writes.put([replace(memory, category="travel")])
    assert api.get("/api/memory/user/xiaoyu?category=travel").json()["data"]["total"] == 1


@pytest.mark.parametrize("path", ["export/", "export/?format=csv", "user/", "export/%20"])
def test_a_path_without_an_id_says_that_it_is_missing(calm: TestClient, path: str) -> None:
    message = calm.get(f"/api/memory/{path}").json()["message"]
    assert "user_id" in message
    assert "missing" in message


def test_an_empty_id_and_a_wrong_format_get_sentences_that_fit(calm: TestClient) -> None:
    for body in ({"user_id": "", "text": "a"}, {"user_id": " ", "text": "a"}):
        answer = calm.post("/api/memory/add", json=body)
        assert answer.status_code == 422
        assert answer.json()["message"] == "The field user_id is empty: its value is missing."
    wrong = calm.get("/api/memory/export/xiaoyu?format=md")
    assert wrong.status_code == 422
    for format in ("json", "csv", "markdown"):
        assert format in wrong.json()["message"]
