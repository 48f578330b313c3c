"""Every page, narrow and wide, light and dark, in both languages: nothing sticks out or breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from memory.config import load_settings
from memory.container import build
from memory.demo import load_demo
from tests.browser import actions
from tests.browser.app_process import AppProcess

STORIES = {"zh": ("zh-CN", "林小满"), "en": ("en-GB", "Maya Chen")}
NAMES = {"zh": "聊天", "en": "Chat"}
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
CONTENT = {
    "chat": "[data-testid='stChatMessage']",
    "memories": "[data-testid='stDataFrame'] [role='gridcell']",
    "insights": ".js-plotly-plot",
    "studio": ".st-key-studio_save_extract input",
    "settings": "[data-testid='stForm'] input",
}
BACKGROUND = {"light": "rgb(251, 247, 242)", "dark": "rgb(28, 26, 25)"}
# How far anything reaches beyond the right edge, in pixels.
OVERHANG = """() => {
    const areas = [document.scrollingElement, ...document.querySelectorAll(
        "[data-testid='stMain'], [data-testid='stAppViewContainer'], section.stMain")];
    return Math.max(...areas.map(area => area.scrollWidth - area.clientWidth));
}"""


def test_every_page_fits_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(data))
    running = build(load_settings())
    users = {user.name: user.id for user in load_demo(running)}
    running.close()
    app = AppProcess(data)
    app.start()
    wrong: list[str] = []
    try:
        for language, (locale, name) in STORIES.items():
            for width in WIDTHS:
                context = browser.new_context(
                    locale=locale,
                    timezone_id="Asia/Shanghai",
                    viewport={"width": width, "height": 900},
                )
                page = context.new_page()
                for number, place in enumerate(actions.PAGES):
                    path = "" if place == "chat" else place
                    page.goto(f"{app.url}/{path}?user={users[name]}")
                    expect(page.locator(CONTENT[place]).first).to_be_attached(timeout=60_000)
                    expect(page.get_by_test_id("stSidebarNavLink").first).to_have_text(
                        re.compile(NAMES[language])
                    )
                    # Each theme is the first one on half of the pages.
                    for scheme in SCHEMES[:: 1 if number % 2 else -1]:
                        wrong += [
                            f"{place} {language} {width} {scheme}: {what}"
                            for what in faults(page, scheme)
                        ]
                context.close()
    finally:
        app.stop()
    assert wrong == []
    assert "Traceback" not in app.log.read_text()


def faults(page: Page, scheme: str) -> list[str]:
    """What is wrong with the page in the light or the dark theme."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[scheme])
    actions.settled(page)
    found = []
    overhang = page.evaluate(OVERHANG)
    if overhang > 0:
        found.append(f"{overhang} px beyond the edge")
    written = page.locator("body").inner_text()
    found += [f"says {word!r}" for word in ("Traceback", "Error:", "Exception") if word in written]
    for name in ("stException", "stAlertContentError"):
        if page.get_by_test_id(name).count():
            found.append(f"shows {name}")
    return found
