"""What is said and read on the chat page."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from components.text import catalogue
from memory.container import Container
from memory.types import Message, Owner

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]


def say(app: AppTest, text: str) -> AppTest:
    return app.chat_input[0].set_value(text).run()


def session_id(app: AppTest) -> str:
    return str(app.query_params["session"])


def stored(running: Container, owner: Owner, app: AppTest, limit: int = 50) -> list[Message]:
    return running.db.messages.of(owner, session_id(app), limit=limit)


def said(app: AppTest) -> list[str]:
    """Every piece of text in the main column, in order."""
    return [str(element.value) for element in [*app.text, *app.markdown, *app.caption]]


def button(app: AppTest, key: str) -> object:
    return next(b for b in app.button if (b.key or "").startswith(key))
