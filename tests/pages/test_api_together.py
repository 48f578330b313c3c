"""The page and the API over the same parts: each sees at once what the other did."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from components import runtime
from memory.api.service import Service
from memory.config import load_settings, save_settings
from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject, User


class PageParts:
    """As in ``server.py``."""

    def __call__(self) -> Container:
        return runtime.container()

    def ready(self) -> Container | None:
        return runtime.ready()


@pytest.fixture
def api(running: Container) -> Iterator[TestClient]:
    service = Service(PageParts(), load_settings())
    whole = Starlette(
        routes=service.routes, middleware=service.middleware, lifespan=service.lifespan
    )
    with TestClient(whole, base_url="http://localhost", client=("127.0.0.1", 1)) as client:
        yield client


def test_what_one_remembers_the_other_sees_at_once(
    api: TestClient,
    running: Container,
    user: User,
    owner: Owner,
    open_page_named: Callable[[str], AppTest],
) -> None:
    assert runtime.ready() is running
    added = api.post("/api/memory/add", json={"user_id": user.id, "text": "用户对花生过敏"}).json()
    page = open_page_named("memories")
    assert not page.exception
    assert "用户对花生过敏" in page.dataframe[0].value.to_string()
    # Forgotten on the page, gone over the API; and the other way round.
    running.memory_service.delete(owner, [added["data"]["memories"][0]["id"]])
    assert api.get(f"/api/memory/user/{user.id}").json()["data"]["total"] == 0
    draft = MemoryDraft(text="用户怕高", subject=Subject.USER, kind=Kind.CONSTANT)
    running.memory_service.add(owner, draft)
    found = api.post("/api/memory/search", json={"user_id": user.id, "query": "怕高"}).json()
    assert found["data"]["total"] == 1


def test_saved_settings_reach_both(api: TestClient, running: Container, user: User) -> None:
    save_settings(running.settings.data_dir, {"context_tokens": 777})
    runtime.reload()
    assert runtime.ready() is None
    data = api.get(f"/api/memory/context/{user.id}").json()["data"]
    assert data["budget"] == 777
    assert runtime.ready() is not running
    assert runtime.container().settings.context_tokens == 777
