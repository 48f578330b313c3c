"""What a person does on the pages, by what they see: names, labels, places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

SETTLED = 30_000
PAGES = ("chat", "memories", "inbox", "changes", "insights", "studio", "settings")
# What is there once a page is there, with memories or without.
LANDMARKS = {
    "chat": ".st-key-chat_head",
    "memories": ".st-key-memories_head",
    "inbox": ".st-key-inbox_head",
    "changes": ".st-key-changes_head",
    "insights": ".st-key-insights_head",
    "studio": ".st-key-studio_head",
    "settings": "[data-testid='stTabs']",
}


def settled(page: Page) -> None:
    """Wait until Streamlit has finished the run that is under way."""
    page.wait_for_selector("[data-testid='stApp']", timeout=60_000)
    expect(page.locator("[data-testid='stApp'][data-test-script-state='running']")).to_have_count(
        0, timeout=60_000
    )


def part(page: Page, key: str) -> Locator:
    """A keyed part of the page.

    While the page runs, the one of the run before can stand beside it for a moment;
    what is expected of it is expected again until only the new one is left.
    """
    return page.locator(f".st-key-{key}").first


def main(page: Page) -> Locator:
    """The page beside the sidebar."""
    return page.get_by_test_id("stMainBlockContainer")


# --- chat ---------------------------------------------------------------------


def create_profile(page: Page, url: str, name: str) -> None:
    """Open the app for the first time and say who one is."""
    page.goto(url)
    field = page.locator(".st-key-welcome input").first
    field.wait_for(timeout=60_000)
    field.fill(name)
    page.locator(".st-key-welcome [data-testid='stFormSubmitButton'] button").click()
    box(page).wait_for(timeout=60_000)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(1, timeout=SETTLED)
    settled(page)


def box(page: Page) -> Locator:
    """Where one types."""
    return page.locator("[data-testid='stChatInput'] textarea")


def replies(page: Page) -> Locator:
    """Everything the persona said, in order, the opening line included."""
    return page.locator("[data-testid='stChatMessage']:has([class*='st-key-controls_'])")


def expect_said(page: Page, texts: Sequence[str]) -> None:
    """The page shows exactly this as said by the user, in this order."""
    bubbles = page.locator(
        "[data-testid='stChatMessage']:not(:has([class*='st-key-controls_'])) "
        "[data-testid='stText']"
    )
    expect(bubbles).to_have_text(list(texts), timeout=SETTLED)


def send(page: Page, text: str) -> None:
    """Type a message and press Enter, without waiting for the reply.

    Streamlit takes no Enter for a moment after a reply has ended; what was typed
    stays in the box then, and one presses again.
    """
    box(page).fill(text)
    for _ in range(10):
        box(page).press("Enter")
        try:
            expect(box(page)).to_have_value("", timeout=1_000)
        except AssertionError:
            continue
        return
    raise AssertionError("the box doesn't let go of the message")


def say(page: Page, text: str) -> str:
    """Send a message and wait for the whole reply; returns its words."""
    before = page.get_by_test_id("stChatMessage").count()
    send(page, text)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(before + 2, timeout=SETTLED)
    # The row of controls is drawn by the run that follows the finished reply.
    expect(replies(page).last.locator("[class*='st-key-again_'] button:visible")).to_be_visible(
        timeout=SETTLED
    )
    settled(page)
    return words(page.get_by_test_id("stChatMessage").last)


def stop_reply(page: Page) -> None:
    """Press the button that is there while a reply comes."""
    page.locator(".st-key-stop_reply button").click()


def words(bubble: Locator) -> str:
    """The words in a bubble, without its controls."""
    return "\n".join(bubble.get_by_test_id("stMarkdown").all_inner_texts()).strip()


def why(page: Page) -> Locator:
    """Open the trace of the last reply; returns the drawer."""
    replies(page).last.locator("[class*='st-key-why_'] button:visible").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".st-key-trace")).to_be_visible(timeout=SETTLED)
    return drawer


def remember_now(page: Page) -> None:
    """Press the button and wait until everything said is remembered."""
    page.locator(".st-key-remember_now button").first.click()
    expect(page.locator(".st-key-remember_now button")).to_have_count(0, timeout=SETTLED)
    done = re.compile("^(都?记好了|All remembered|Done remembering)$")
    expect(page.get_by_text(done).first).to_be_visible(timeout=SETTLED)


def just_remembered(page: Page) -> list[str]:
    """The texts of the chips under "just remembered", once they are there."""
    chips = page.locator(".st-key-chips_news button:visible")
    expect(chips.first).to_be_visible(timeout=SETTLED)
    # They come one by one; the line above them says how many there will be.
    said = re.search(r"\d+", part(page, "news").inner_text())
    assert said is not None
    expect(chips).to_have_count(int(said[0]), timeout=SETTLED)
    # The first line is the icon's name.
    return [text.splitlines()[-1] for text in chips.all_inner_texts()]


# --- other pages --------------------------------------------------------------


def open_page(page: Page, name: str) -> None:
    """Go to a page by the navigation, as a person would."""
    link = page.get_by_test_id("stSidebarNavLink").nth(PAGES.index(name))
    if not link.is_visible():
        page.get_by_test_id("stExpandSidebarButton").click()
    link.click()
    page.locator(LANDMARKS[name]).wait_for(timeout=60_000)
    settled(page)


@dataclass(frozen=True)
class Row:
    """One row of the memories table, as shown."""

    text: str
    subject: str
    kind: str
    category: str
    event_date: str


def table(page: Page, *, count: int) -> dict[str, Row]:
    """The rows by their text, once the table has ``count`` of them.

    The grid is painted on a canvas; for readers of the screen it holds a real table.
    """
    rows = page.locator("[data-testid='stDataFrame'] [role='grid'] tbody tr")
    expect(rows).to_have_count(count, timeout=SETTLED)
    found = (row.locator("[role='gridcell']").all_text_contents() for row in rows.all())
    # The first cell is the box for selecting.
    shown = [Row(*cells[-8:][:5]) for cells in found]
    return {row.text: row for row in shown}


def view(page: Page, label: str) -> None:
    """Switch the memories page to the table, the profile or the diary."""
    page.get_by_test_id("stButtonGroup").get_by_text(label, exact=True).click()
    settled(page)


def sides(page: Page, name: str) -> tuple[Locator, Locator]:
    """The two columns of the profile or the diary: about the user, about the persona."""
    columns = page.locator(f".st-key-{name} [data-testid='stColumn']")
    expect(columns).to_have_count(2, timeout=SETTLED)
    return columns.nth(0), columns.nth(1)


def open_memory(page: Page, text: str) -> Locator:
    """Open a memory from the profile or the diary; returns its drawer."""
    # What is about the user is said to them there.
    said = text.replace("用户", "你")
    page.locator("[class*='st-key-line_'] button:visible").filter(has_text=said).click()
    drawer = page.locator(".st-key-memory_drawer")
    # While the page runs, the drawer of the memory before is still there beside the new one.
    expect(drawer.locator("textarea").first).to_have_value(text, timeout=SETTLED)
    settled(page)
    expect(drawer.locator("textarea")).to_have_count(2, timeout=SETTLED)
    settled(page)
    return drawer


def rewrite(page: Page, drawer: Locator, text: str) -> None:
    """Change the text of the opened memory and press save, without waiting."""
    drawer.locator("textarea").first.fill(text)
    drawer.get_by_test_id("stFormSubmitButton").first.locator("button:visible").click()


def notice(page: Page) -> Locator:
    """The bar that says what was just done."""
    return part(page, "memories_notice_bar")
