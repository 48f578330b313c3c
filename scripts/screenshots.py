"""Screenshots of every place from the running app: ``make screenshots``.

Starts the app on a folder of its own with the demo story, goes to every page, view and
tab in both languages, at desktop and phone width, and writes one PNG for each theme to
``screenshots/``, as high as the page is. Those that the README shows are taken once
more, as high as a screen, for ``docs/images/``.
``ARGS="studio settings"`` takes only the places whose names begin so.
Needs Chromium (Debian: ``apt-get install chromium fonts-noto-cjk``).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect

from memory.config import load_settings
from memory.container import build
from tests.browser import actions, chromium, tour
from tests.browser.app_process import AppProcess
from tests.browser.tour import Guide

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "screenshots"
IMAGES = ROOT / "docs" / "images"
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
WIDTHS = {"desktop": (1280, 860), "phone": (390, 844)}
# Pixels. What is longer than this says nothing new.
HIGHEST = 2600
HEIGHT = "() => document.querySelector(\"[data-testid='stMain']\")?.scrollHeight ?? 0"
README = {
    "chat-zh-light-desktop": "chat-zh-light",
    "memories-zh-light-desktop": "memories-zh-light",
    "insights-overview-en-dark-desktop": "insights-en-dark",
    "chat-en-dark-phone": "chat-en-dark-phone",
}


def main(wanted: Sequence[str]) -> None:
    """Take them all, or those whose names begin with one of ``wanted``."""
    chromium.require()
    TARGET.mkdir(exist_ok=True)
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        os.environ["NIANNIAN_DATA_DIR"] = str(data)
        running = build(load_settings())
        guides = tour.guides(running)
        running.close()
        app = AppProcess(data)
        app.start()
        try:
            with chromium.launched() as browser:
                for guide in guides.values():
                    for width in WIDTHS:
                        failed += _walk(browser, app.url, guide, width, wanted)
        finally:
            app.stop()
    if failed:
        sys.exit("\n".join(failed))


def _walk(browser: Browser, url: str, guide: Guide, width: str, wanted: Sequence[str]) -> list[str]:
    """Every place in one language and width; returns those that weren't reached."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        locale=LOCALES[guide.language],
        timezone_id="Asia/Shanghai",
        viewport={"width": wide, "height": high},
        device_scale_factor=1.5,
    )
    page = context.new_page()
    failed = []
    if _is_wanted("welcome", wanted):
        tour.welcome(page, url)
        _shoot(page, f"welcome-{guide.language}", width)
    pending: list[tour.Place] = []
    for place in tour.places():
        # A place inside a page needs the way there, wanted or not.
        pending = [place] if place.path is not None else [*pending, place]
        if not _is_wanted(place.name, wanted):
            continue
        try:
            for step in pending:
                tour.visit(page, url, step, guide)
        except (Error, AssertionError) as error:
            failed.append(f"{place.name} {guide.language} {width}: {str(error)[:300]}")
            pending.remove(place)
            continue
        pending = []
        _shoot(page, f"{place.name}-{guide.language}", width)
    context.close()
    return failed


def _is_wanted(name: str, wanted: Sequence[str]) -> bool:
    return not wanted or name.startswith(tuple(wanted))


def _shoot(page: Page, name: str, width: str) -> None:
    """The place as it is, light and dark."""
    wide, high = WIDTHS[width]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        # Charts and dialogs take their colours from the run that drew them.
        if name.startswith("insights"):
            page.wait_for_timeout(500)
            page.keyboard.press("r")
            page.wait_for_timeout(1500)
        elif name.startswith("chat-trace"):
            page.keyboard.press("Escape")
            tour.why(page)
        _drawn(page)
        full = f"{name}-{theme}-{width}"
        if full in README:
            page.screenshot(path=IMAGES / f"{README[full]}.png", animations="disabled")
        tall = page.evaluate(HEIGHT)
        if tall > high:
            page.set_viewport_size({"width": wide, "height": min(tall, HIGHEST)})
            page.wait_for_timeout(250)
        page.screenshot(path=TARGET / f"{full}.png", animations="disabled")
        page.set_viewport_size({"width": wide, "height": high})
        print(full, flush=True)


def _drawn(page: Page) -> None:
    """Charts and tables are drawn a moment after the run has ended."""
    page.wait_for_timeout(250)
    actions.settled(page)
    # Fields are loaded when the first of their kind is drawn.
    expect(page.get_by_test_id("stSkeleton").locator("visible=true")).to_have_count(
        0, timeout=30_000
    )
    page.wait_for_timeout(250)


if __name__ == "__main__":
    main(sys.argv[1:])
