"""The inbox in a real browser: two that say the same become one, and two again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.browser import actions, house
from tests.browser.app_process import AppProcess

SHORT, FULL = "用户对花生过敏", "用户对花生和腰果过敏"
HOMES = ("用户住在北京", "用户搬到上海了")


def remember(folder: Path) -> Owner:
    """Somebody with four memories, two pairs of which are to be looked at."""
    folder.mkdir(parents=True)
    with house.opened(folder) as opened:
        user = opened.db.users.create("小雨", language="zh", timezone="Asia/Shanghai")
        owner = Owner(user.id, "niannian")
        for text in (SHORT, FULL, *HOMES):
            opened.memory_service().add(owner, MemoryDraft(text, Subject.USER, Kind.CONSTANT))
    return owner


def texts(app: AppProcess) -> set[str]:
    with house.opened(app.data_dir) as opened:
        return {memory.text for memory in opened.memories() if memory.status == "active"}


def test_merge_and_its_undo(unstarted: AppProcess, page: Page) -> None:
    remember(unstarted.data_dir)
    unstarted.start()
    try:
        _merge_and_undo(unstarted, page)
    finally:
        unstarted.stop()
    assert texts(unstarted) == {SHORT, FULL, HOMES[1]}


def _merge_and_undo(app: AppProcess, page: Page) -> None:
    page.goto(app.url)
    actions.settled(page)
    actions.open_page(page, "memories")
    line = actions.part(page, "health")
    expect(line).to_contain_text("健康：4 条记忆", timeout=actions.SETTLED)
    line.get_by_role("link", name="疑似重复 1").click()

    cards = page.locator("[class*='st-key-finding_duplicate']")
    expect(cards).to_have_count(1, timeout=actions.SETTLED)
    expect(page.locator("[class*='st-key-finding_']")).to_have_count(1)
    expect(cards.locator("mark")).to_have_text("和腰果")
    cards.get_by_role("button", name="合并").click()
    notice = actions.part(page, "inbox_notice_bar")
    expect(notice).to_contain_text("已整理", timeout=actions.SETTLED)
    expect(cards).to_have_count(0)
    actions.open_page(page, "memories")
    assert set(actions.table(page, count=3)) == {FULL, *HOMES}

    actions.open_page(page, "inbox")
    actions.part(page, "inbox_notice_bar").get_by_role("button", name="撤销").click()
    expect(cards).to_have_count(1, timeout=actions.SETTLED)
    expect(cards).to_contain_text(FULL)

    homes = page.locator("[class*='st-key-finding_contradiction']")
    homes.get_by_role("button", name="较晚的对").click()
    expect(homes).to_have_count(0, timeout=actions.SETTLED)
    actions.settled(page)
