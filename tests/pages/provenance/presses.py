"""What is pressed on these pages, and what they say."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from components.text import catalogue
from memory.types import Message

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]
Turn = tuple[Message, Message]
"""A message of the user and the reply to it."""


def words(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.text, app.header)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def choose(app: AppTest, message: Message, what: str) -> AppTest:
    """Take something from a message's menu."""
    return app.menu_button(key=f"more_{message.id}").click(what).run()


def has(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)
