"""Every place, narrow and wide, light and dark, in both languages: nothing sticks out or breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from memory.config import load_settings
from memory.container import build
from tests.browser import actions, tour
from tests.browser.app_process import WITHOUT_ENCODER, AppProcess
from tests.browser.reading import faint

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
NAMES = {"zh": "聊天", "en": "Chat"}
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
BACKGROUND = {"light": "rgb(251, 247, 242)", "dark": "rgb(28, 26, 25)"}
# How far anything reaches beyond the right edge, in pixels.
OVERHANG = """() => {
    const areas = [document.scrollingElement, ...document.querySelectorAll(
        "[data-testid='stMain'], [data-testid='stAppViewContainer'], .stMain")];
    return Math.max(...areas.map(area => area.scrollWidth - area.clientWidth));
}"""


def test_every_place_fits_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser, exhaustive: bool
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(data))
    running = build(load_settings())
    guides = tour.guides(running)
    running.close()
    app = AppProcess(data, **WITHOUT_ENCODER)
    app.start()
    wrong: list[str] = []
    try:
        for guide in guides.values():
            # Where there is room, one language shows what the other would.
            widths = WIDTHS if exhaustive else WIDTHS[1:]
            for width in widths if guide.language == "zh" else WIDTHS[:1]:
                context = browser.new_context(
                    locale=LOCALES[guide.language],
                    timezone_id="Asia/Shanghai",
                    viewport={"width": width, "height": 900},
                )
                page = context.new_page()
                # Every view and tab where it is tightest: long words on a phone.
                inner = width == 390 and guide.language == "en"
                for number, place in enumerate(tour.places(inner=inner)):
                    # Light in one language is dark in the other. Before the visit: a dialog
                    # keeps the colours of the run that opened it.
                    scheme = SCHEMES[(number + (guide.language == "en")) % 2]
                    _wear(page, scheme)
                    tour.visit(page, app.url, place, guide)
                    expect(page.get_by_test_id("stSidebarNavLink").first).to_have_text(
                        re.compile(NAMES[guide.language])
                    )
                    wrong += [
                        f"{place.name} {guide.language} {width} {scheme}: {what}"
                        for what in faults(page, scheme)
                    ]
                context.close()
    finally:
        app.stop()
    assert not wrong, "\n".join(wrong)
    assert "Traceback" not in app.log.read_text()


def _wear(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")


def faults(page: Page, scheme: str) -> list[str]:
    """What is wrong with the place in the light or the dark theme."""
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[scheme])
    actions.settled(page)
    found = []
    overhang = page.evaluate(OVERHANG)
    if overhang > 0:
        found.append(f"{overhang} px beyond the edge")
    pale = faint(page)
    if pale:
        # Colours fade over when the theme changes.
        page.wait_for_timeout(600)
        pale = faint(page)
    found += [f"hard to read: {text}" for text in pale]
    written = page.locator("body").inner_text()
    found += [f"says {word!r}" for word in ("Traceback", "Error:", "Exception") if word in written]
    for name in ("stException", "stAlertContentError"):
        if page.get_by_test_id(name).count():
            found.append(f"shows {name}")
    return found
