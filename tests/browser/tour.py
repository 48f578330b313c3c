"""Every place of the app, and how a person gets there: the screenshots and the looks test go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from memory.container import Container
from memory.transfer.demo import load_demo
from memory.types import Kind, MemoryDraft, MemoryFilter, Owner, Status, Subject
from tests.browser import actions

CHART = ".js-plotly-plot .main-svg"
MESSAGES = {"zh": "周末去哪里玩比较好？", "en": "Where could we go at the weekend?"}
AGAIN = {"zh": "用户对花生过敏", "en": "The user has an allergy to shellfish"}
INSIGHTS = {
    "overview": CHART,
    "time": CHART,
    "use": CHART,
    "compare": CHART,
    "portrait": ".st-key-portrait_parts",
    "people": ".st-key-chart_people, [data-testid='stAlert']",
}
STUDIO = {
    "prompts": ".st-key-studio_placeholders",
    "personas": ".st-key-studio_preview",
    "playground": ".st-key-studio_example button",
    "replies": ".st-key-studio_replies_try button",
    "examples": ".st-key-studio_example_try input",
    "reextract": "[data-testid='stTabPanel'] [data-testid='stSelectbox']",
    "recall": ".st-key-recall_message input",
}
SETTINGS = ("connection", "remembering", "profile", "access", "safety", "data")


@dataclass(frozen=True)
class Guide:
    """Whose data is looked at, and the ids in it that lead somewhere."""

    language: str
    user: str
    session: str
    memory: str


@dataclass(frozen=True)
class Place:
    """One place.

    Attributes:
        name: As in file names.
        path: What is opened; ``None`` goes on from the place before.
        go: What is done there then.
        there: What is seen once one is there.
    """

    name: str
    path: str | None
    go: Callable[[Page, Guide], None] | None
    there: str


def guides(running: Container) -> dict[str, Guide]:
    """Load the demo story; its users by the language they speak."""
    found = {}
    for user in load_demo(running):
        owner = Owner(user.id, "niannian")
        past = running.store.reads.matching(
            owner, MemoryFilter(statuses=frozenset({Status.SUPERSEDED}))
        )
        now = next(
            filter(
                None,
                (running.memory_service.supersession.in_place_of(owner, memory) for memory in past),
            )
        )
        session = running.db.sessions.of(owner)[0]
        # Something to put in order: nearly the same said once more.
        running.memory_service.add(
            owner, MemoryDraft(AGAIN[user.language], Subject.USER, Kind.CONSTANT, "health")
        )
        found[user.language] = Guide(user.language, user.id, session.id, now.id)
    return found


def places(*, inner: bool = True) -> Iterator[Place]:
    """All places, those of one page behind each other; ``inner``: not only the pages."""
    yield Place("chat", "?session={session}&", None, "[data-testid='stChatMessage']")
    if inner:
        yield Place("chat-trace", None, lambda page, _: why(page), "[role='dialog'] .st-key-trace")
    # A table, or cards where it is narrow.
    rows = "[data-testid='stDataFrame'] [role='gridcell'], .st-key-memory_cards button"
    yield Place("memories", "memories?", None, rows)
    if inner:
        yield Place("memories-profile", None, _choose("memories_view", 1), ".st-key-profile button")
        yield Place("memories-diary", None, _choose("memories_view", 2), ".st-key-diary button")
        yield Place("memories-one", "memories?memory={memory}&", None, ".st-key-memory_drawer")
    yield Place("inbox", "inbox?", None, ".st-key-inbox_cards, .st-key-inbox_nothing")
    yield Place("changes", "changes?", None, ".st-key-changes_journal")
    for number, (name, there) in enumerate(INSIGHTS.items() if inner else [("", CHART)]):
        path, go = (None, _choose("insights_view", number)) if number else ("insights?", None)
        yield Place("-".join(filter(None, ("insights", name))), path, go, there)
    for number, (name, there) in enumerate(STUDIO.items() if inner else [("", STUDIO["prompts"])]):
        path, go = (None, _tab(number)) if number else ("studio?", None)
        yield Place("-".join(filter(None, ("studio", name))), path, go, there)
        if name == "playground":
            yield Place("studio-playground-tried", None, _try_out, ".nn-pairs")
        if name == "replies":
            rated = ".st-key-studio_answer_0 [data-testid='stButtonGroup']"
            yield Place("studio-replies-tried", None, _try_replies, rated)
    if inner:
        yield Place("studio-recall-asked", None, _ask, ".st-key-recall_numbers")
    for number, name in enumerate(SETTINGS if inner else [""]):
        path, go = (None, _tab(number)) if number else ("settings?", None)
        there = "[role='tabpanel']:not([data-st-inactive])"
        yield Place("-".join(filter(None, ("settings", name))), path, go, there)
    if inner:
        yield Place("settings-import", None, _import, ".st-key-import_preview")


def visit(page: Page, url: str, place: Place, guide: Guide) -> None:
    """Go there and wait until all of it is drawn."""
    if place.path is not None:
        path = place.path.format(session=guide.session, memory=guide.memory)
        page.goto(f"{url}/{path}user={guide.user}")
    if place.go is not None:
        place.go(page, guide)
    expect(page.locator(place.there).first).to_be_attached(timeout=60_000)
    actions.settled(page)


def welcome(page: Page, url: str) -> None:
    """The page before anybody is known."""
    page.goto(url)
    page.locator(".st-key-welcome input").first.wait_for(timeout=60_000)
    actions.settled(page)


def why(page: Page) -> None:
    """Open the trace of the last reply."""
    page.locator("[class*='st-key-why_'] button:visible").last.click()
    page.locator("[role='dialog'] .st-key-trace").wait_for(timeout=actions.SETTLED)


def _choose(key: str, number: int) -> Callable[[Page, Guide], None]:
    """Press one of several buttons that stand together."""

    def go(page: Page, guide: Guide) -> None:
        page.locator(f".st-key-{key} button").nth(number).click()
        page.wait_for_timeout(300)
        actions.settled(page)

    return go


def _tab(number: int) -> Callable[[Page, Guide], None]:
    def go(page: Page, guide: Guide) -> None:
        page.get_by_test_id("stTab").nth(number).click()
        page.wait_for_timeout(300)
        actions.settled(page)

    return go


def _try_out(page: Page, guide: Guide) -> None:
    page.locator(".st-key-studio_example button").click()
    expect(page.locator(".st-key-studio_example")).to_have_count(0, timeout=actions.SETTLED)
    actions.settled(page)
    button = page.locator(".st-key-studio_try button")
    expect(button).to_be_enabled(timeout=actions.SETTLED)
    button.click()


def _try_replies(page: Page, guide: Guide) -> None:
    page.locator(".st-key-studio_replies_try button").click()


def _ask(page: Page, guide: Guide) -> None:
    field = page.locator(".st-key-recall_message input")
    field.fill(MESSAGES[guide.language])
    field.press("Enter")


def _import(page: Page, guide: Guide) -> None:
    page.locator("[class*='st-key-import_source'] button").last.click()
    form = page.get_by_test_id("stForm").filter(has=page.locator("[class*='st-key-import_text']"))
    rows = [{"memory": MESSAGES[guide.language]}, {"memory": ""}]
    form.locator("textarea").fill(json.dumps(rows, ensure_ascii=False))
    form.get_by_test_id("stFormSubmitButton").locator("button").click()
