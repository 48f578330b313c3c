"""The app on a phone: what is opened covers what it was opened from, and goes away again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.browser import actions, house
from tests.browser.app_process import AppProcess

MANY = 40


def fill(folder: Path) -> None:
    """Somebody with two sessions and more memories than a phone shows at once."""
    folder.mkdir(parents=True)
    with house.opened(folder) as opened:
        user = opened.db.users.create("小雨", language="zh", timezone="Asia/Shanghai")
        owner = Owner(user.id, "niannian")
        for number in range(MANY):
            text = f"用户去过第{number}个城市"
            opened.memory_service().add(owner, MemoryDraft(text, Subject.USER, Kind.CONSTANT))
        for title in ("旅行", "工作"):
            session = opened.db.sessions.create(owner)
            opened.db.sessions.rename(owner, session.id, title)


def test_on_a_phone(unstarted: AppProcess, browser: Browser) -> None:
    fill(unstarted.data_dir)
    unstarted.start()
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844}
    )
    try:
        page = context.new_page()
        page.goto(unstarted.url)
        actions.settled(page)
        _sessions(page)
        _memories(page, unstarted.url)
    finally:
        context.close()
        unstarted.stop()


def _sessions(page: Page) -> None:
    """Whoever chooses a session sees it, not the list it was chosen from."""
    page.get_by_test_id("stExpandSidebarButton").click()
    chosen = page.locator("[class*='st-key-session_other_']").get_by_role(
        "button", name="旅行", exact=True
    )
    chosen.click()
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
    expect(page.get_by_test_id("stChatInput")).to_be_in_viewport()


def _memories(page: Page, url: str) -> None:
    """A memory far down the list opens over it, and what became of a step is seen."""
    page.goto(f"{url}/memories")
    actions.settled(page)
    actions.view(page, "画像")
    drawer = actions.open_memory(page, f"用户去过第{MANY // 2}个城市")
    expect(drawer.locator("textarea").first).to_be_in_viewport()
    actions.rewrite(page, drawer, "用户去过杭州")
    expect(actions.notice(page).get_by_role("button", name="撤销")).to_be_in_viewport()
    drawer.get_by_role("button", name="关闭").click()
    expect(drawer).to_have_count(0, timeout=actions.SETTLED)
    expect(page.get_by_text("你去过杭州").first).to_be_attached()
