"""Memories laid down by hand, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from memory.container import Container
from memory.types import Actor, Memory, Owner, User
from tests import verbs
from tests.pages.memories.page import PAGE, OpenApp


@pytest.fixture
def remember(running: Container, owner: Owner) -> Callable[..., Memory]:
    def add(text: str, owner: Owner = owner, **fields: Any) -> Memory:
        return verbs.remember(running, owner, text, actor=Actor.EXTRACTION, **fields)

    return add


@pytest.fixture
def open_page(open_app: OpenApp, user: User) -> Callable[..., AppTest]:
    def open_it(**query: str | list[str]) -> AppTest:
        app = open_app(user=user.id)
        app.switch_page(PAGE)
        for name, value in {"user": user.id, "persona": "niannian", **query}.items():
            app.query_params[name] = value
        return app.run()

    return open_it
