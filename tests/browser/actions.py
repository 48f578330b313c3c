"""What a person does on the pages, by what they see: names, labels, places."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

SETTLED = 20_000


def settled(page: Page) -> None:
    """Wait until Streamlit has finished the run that is under way."""
    page.wait_for_selector("[data-testid='stApp']", timeout=60_000)
    expect(page.locator("[data-testid='stApp'][data-test-script-state='running']")).to_have_count(
        0, timeout=60_000
    )


def create_profile(page: Page, url: str, name: str) -> None:
    """Open the app for the first time and say who one is."""
    page.goto(url)
    field = page.locator(".st-key-welcome input").first
    field.wait_for(timeout=60_000)
    field.fill(name)
    field.press("Enter")
    page.locator("[data-testid='stFormSubmitButton'] button, .st-key-welcome button").last.click()
    page.locator("[data-testid='stChatInput'] textarea").wait_for()
    settled(page)


def replies(page: Page) -> Locator:
    """Everything the persona said, in order."""
    return page.locator("[data-testid='stChatMessage']:has([class*='st-key-controls_'])")


def say(page: Page, text: str) -> str:
    """Send a message and wait for the whole reply; returns what is said in it."""
    before = page.get_by_test_id("stChatMessage").count()
    box = page.locator("[data-testid='stChatInput'] textarea")
    box.fill(text)
    box.press("Enter")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(before + 2, timeout=SETTLED)
    settled(page)
    last = page.get_by_test_id("stChatMessage").last
    expect(last.get_by_role("button", name=re.compile("依据|why", re.I))).to_be_visible()
    return last.inner_text()


def remember_now(page: Page) -> None:
    """Press the button and wait until everything said is remembered."""
    page.locator(".st-key-remember_now button").click()
    expect(page.locator(".st-key-remember_now button")).to_have_count(0, timeout=SETTLED)


def open_page(page: Page, name: str) -> None:
    """Go to a page by the navigation, as a person would."""
    link = page.locator(f"[data-testid='stSidebarNavLink'][href*='{name}']")
    if not link.is_visible():
        page.get_by_test_id("stExpandSidebarButton").click()
    link.click()
    settled(page)
