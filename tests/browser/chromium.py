"""Debian's Chromium, for the tests and for whatever else opens the app in a browser."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
"""Arguments with which there is a camera: it sees a clock on green."""


def require() -> None:
    """End the program with a sentence if there is no Chromium."""
    if CHROMIUM is None:
        sys.exit("chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")


def microphone(wav: str) -> tuple[str, ...]:
    """Arguments with which the microphone hears a WAV file, again and again."""
    return (*CAMERA, f"--use-file-for-fake-audio-capture={wav}")


@contextmanager
def another(browser: Browser, *more: str) -> Iterator[Browser]:
    """One beside a browser that runs, with arguments of its own."""
    one = browser.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, *more])
    yield one
    one.close()


@contextmanager
def launched(*more: str) -> Iterator[Browser]:
    """A browser without a window that asks nobody for anything by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *more])
        yield browser
        browser.close()
