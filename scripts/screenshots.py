"""Screenshots of every page from the running app: ``make screenshots``.

Starts the app on a folder of its own with the demo story, visits every page in both
themes, both languages, at desktop and phone width, and writes PNG files to
``screenshots/``. Those that the README shows are copied to ``docs/images/``.
Needs Chromium (Debian: ``apt-get install chromium fonts-noto-cjk``).
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from memory.ledger import Ledger, ledger_url
from memory.personas import DEFAULT_PERSONA
from memory.types import Owner
from tests.browser.app_process import AppProcess

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "screenshots"
DEMO_USERS = {"zh": "demo-lin-xiaoman", "en": "demo-maya-chen"}
PAGES = ("chat", "memories", "insights", "settings")
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
WIDTHS = {"desktop": (1280, 860), "phone": (390, 844)}
README = {
    "chat-zh-light-desktop": "chat-zh-light",
    "memories-zh-light-desktop": "memories-zh-light",
    "insights-en-dark-desktop": "insights-en-dark",
    "chat-en-dark-phone": "chat-en-dark-phone",
}


def main() -> None:
    """Take them all."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        subprocess.run(
            [sys.executable, "-m", "scripts.demo", "load"],
            cwd=ROOT,
            env={**os.environ, "NIANNIAN_DATA_DIR": str(data)},
            check=True,
        )
        sessions = talks(data)
        app = AppProcess(data)
        app.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                for language, theme, width in itertools.product(
                    LANGUAGES, ("light", "dark"), WIDTHS
                ):
                    visit(browser, app.url, sessions[language], language, theme, width)
                browser.close()
        finally:
            app.stop()
    for source, target in README.items():
        shutil.copyfile(TARGET / f"{source}.png", ROOT / "docs" / "images" / f"{target}.png")


def talks(data: Path) -> dict[str, str]:
    """A session with a conversation in it, by language."""
    ledger = Ledger(ledger_url(data))
    try:
        return {
            language: ledger.list_sessions(Owner(user, DEFAULT_PERSONA))[0].id
            for language, user in DEMO_USERS.items()
        }
    finally:
        ledger.close()


def visit(browser: Browser, url: str, session: str, language: str, theme: str, width: str) -> None:
    """Every page once in one language, theme and width."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        locale=LANGUAGES[language],
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": wide, "height": high},
        device_scale_factor=1.5,
    )
    page = context.new_page()
    user = DEMO_USERS[language]
    for name in PAGES:
        path = f"?user={user}&session={session}" if name == "chat" else f"{name}?user={user}"
        page.goto(f"{url}/{path}")
        settled(page)
        target = TARGET / f"{name}-{language}-{theme}-{width}.png"
        page.screenshot(path=target)
        print(target.relative_to(ROOT))
    context.close()


def settled(page: Page) -> None:
    """Wait for the end of the run, and for charts and tables to be drawn."""
    page.wait_for_selector("[data-testid='stAppViewContainer']", timeout=60_000)
    page.wait_for_timeout(1500)
    expect(page.locator("[data-testid='stApp'][data-test-script-state='running']")).to_have_count(
        0, timeout=60_000
    )
    page.wait_for_timeout(1500)


if __name__ == "__main__":
    main()
