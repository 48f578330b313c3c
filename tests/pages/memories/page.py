"""What is read and pressed on the memories page."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from components.text import catalogue

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]
PAGE = "pages/memories.py"


def texts(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["text"])


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.text, app.header)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def select(app: AppTest, rows: list[int]) -> AppTest:
    """Tick rows of the table as the browser would report it."""
    key = app.session_state["memories_table_key"]
    app.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()
