"""A session whose turns and memories are laid down by hand, and the pages that show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from memory.container import Container
from memory.types import Actor, Kind, Memory, Message, Owner, Session, Source
from tests import verbs
from tests.pages.provenance.presses import OpenApp, Turn


@pytest.fixture
def session(running: Container, owner: Owner) -> Session:
    return running.db.sessions.create(owner, "闲聊")


@pytest.fixture
def turn(running: Container, owner: Owner, session: Session) -> Callable[..., Turn]:
    """A turn that was extracted already, so that nothing new comes of it."""

    def play(text: str, answer: str = "嗯", **more: Any) -> Turn:
        asked = running.db.messages.add(owner, session.id, "user", text, remember=False)
        said = running.db.messages.add(
            owner, session.id, "assistant", answer, remember=False, reply_to=asked.id, **more
        )
        return asked, said

    return play


@pytest.fixture
def remember(running: Container, owner: Owner) -> Callable[..., Memory]:
    def add(text: str, *sources: Message, **fields: Any) -> Memory:
        if sources:
            ids = tuple(message.id for message in sources)
            fields["source"] = Source(sources[0].session_id, ids, None)
        return verbs.remember(running, owner, text, actor=Actor.EXTRACTION, **fields)

    return add


@pytest.fixture
def open_chat(open_app: OpenApp, owner: Owner, session: Session) -> Callable[..., AppTest]:
    def open_it(**query: str) -> AppTest:
        return open_app(user=owner.user_id, session=session.id, **query)

    return open_it


@pytest.fixture
def open_memories(open_app: OpenApp, owner: Owner) -> Callable[..., AppTest]:
    def open_it(**query: str) -> AppTest:
        app = open_app(user=owner.user_id)
        app.switch_page("pages/memories.py")
        for name, value in {"user": owner.user_id, **query}.items():
            app.query_params[name] = value
        return app.run()

    return open_it


@pytest.fixture
def plan(running: Container, remember: Callable[..., Memory]) -> Memory:
    day = (running.clock() - timedelta(days=3)).date()
    return remember(
        f"用户计划{day.month}月{day.day}日去滑雪",
        kind=Kind.TEMPORAL,
        category="plan",
        event_date=day.isoformat(),
    )
