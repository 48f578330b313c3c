"""What is read and submitted on the settings page."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from components.text import catalogue

ZH = catalogue("zh")
OpenApp = Callable[..., AppTest]


def said(app: AppTest) -> str:
    lists = (app.markdown, app.caption, app.info, app.error, app.success)
    return "\n".join(str(element.value) for elements in lists for element in elements)


def submit(app: AppTest, label: str, form: str) -> AppTest:
    inside = app.form(form)
    return next(b for b in inside.form_submit_button if b.label == label).click().run()
