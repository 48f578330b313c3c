"""From a reply to what shaped it, to where that came from, and back; and what changed, undone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import actions
from tests.browser.app_process import AppProcess

ALLERGY = "用户对花生过敏"
SAID = "我对花生过敏。"


@pytest.mark.exhaustive
def test_from_a_trace_to_the_source_and_back(app: AppProcess, page: Page) -> None:
    actions.create_profile(page, app.url, "小雨")
    actions.say(page, SAID)
    for text in ("今天天气不错。", "我们随便聊聊。", "你喜欢喝茶吗？"):
        actions.say(page, text)
    actions.remember_now(page)
    assert "你对花生过敏" in actions.just_remembered(page)
    page.locator(".st-key-new_session button:visible").click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(1, timeout=actions.SETTLED)
    answer = actions.say(page, "我对什么过敏？")
    assert "花生" in answer

    # The trace of the reply leads to the memory,
    trace = actions.why(page)
    used = trace.locator("[class*='st-key-trace_']").filter(has_text=ALLERGY).first
    used.get_by_role("link", name="打开").click()
    drawer = memory_drawer(page)
    expect(drawer.locator("textarea").first).to_have_value(ALLERGY, timeout=actions.SETTLED)

    # the memory to the message it came from, marked in its session,
    source = drawer.locator("[class*='st-key-source_']")
    expect(drawer).to_contain_text(SAID)
    source.get_by_role("link", name="到这条消息").first.click()
    expect_found(page, SAID)

    # and from there back: to the memory by its chip, and to the reply it shaped.
    page.locator("[class*='st-key-chip_'] button:visible").filter(has_text="花生").first.click()
    page.get_by_role("dialog").get_by_role("link", name="打开").click()
    drawer = memory_drawer(page)
    reply = drawer.locator("[class*='st-key-used_']").filter(has_text=answer.split("，")[0]).first
    reply.get_by_role("link", name="看这个回答").click()
    expect_found(page, answer.split("，")[0])

    # Whoever goes on talking is at the end of the conversation again.
    actions.say(page, "谢谢你记得。")
    expect(page.locator(".st-key-found_message")).to_have_count(0)


def test_edit_supersede_and_undo_of_a_batch(app: AppProcess, page: Page) -> None:
    actions.create_profile(page, app.url, "小雨")
    actions.say(page, "我住在北京。")
    actions.remember_now(page)
    actions.just_remembered(page)
    actions.say(page, "我搬家了，现在住在上海。")
    actions.remember_now(page)
    chip = page.locator(".st-key-chips_news button:visible").filter(has_text="住在上海")
    expect(chip).to_contain_text("住在北京", timeout=actions.SETTLED)

    actions.open_page(page, "memories")
    actions.view(page, "画像")
    profile = actions.part(page, "profile")
    expect(profile).to_contain_text("曾经：你住在北京")
    page.locator("[class*='st-key-line_'] button:visible").filter(has_text="住在上海").click()
    drawer = memory_drawer(page)
    expect(drawer.locator("textarea").first).to_have_value(
        re.compile("住在上海"), timeout=actions.SETTLED
    )
    actions.rewrite(page, drawer, "用户住在上海浦东")
    expect(actions.notice(page)).to_contain_text("已修改 1 条")

    actions.open_page(page, "changes")
    edited, batch = blocks(page).nth(0), blocks(page).nth(1)
    expect(edited).to_contain_text("住在上海浦东")
    expect(edited).to_contain_text("手动")
    expect(batch).to_contain_text("自动提取")
    expect(batch).to_contain_text("曾经 住在北京")

    # The edit alone, then the batch that had replaced Beijing: one click each.
    edited.locator("[class*='st-key-undo_'] button:visible").click()
    expect(actions.part(page, "changes_notice_bar")).to_contain_text("已撤销")
    actions.settled(page)
    # While the page runs, parts of the one before still stand among the new ones.
    batch = blocks(page).filter(has_text="自动提取 · 2 处改动").filter(has_text="曾经").first
    batch.locator("[class*='st-key-undo_group_'] button:visible").click()
    expect(batch).to_contain_text("已全部撤销", timeout=actions.SETTLED)

    actions.open_page(page, "memories")
    actions.view(page, "画像")
    expect(profile).to_contain_text("你住在北京", timeout=actions.SETTLED)
    expect(profile).not_to_contain_text("上海")


def memory_drawer(page: Page) -> Locator:
    drawer = actions.part(page, "memory_drawer")
    expect(drawer).to_be_visible(timeout=60_000)
    actions.settled(page)
    return drawer


def blocks(page: Page) -> Locator:
    """The blocks of the page of changes, the newest first."""
    journal = actions.part(page, "changes_journal")
    found = journal.locator("[data-testid='stVerticalBlock'][class*='st-key-block_']")
    expect(found.first).to_be_visible(timeout=actions.SETTLED)
    return found


def expect_found(page: Page, text: str) -> None:
    """The message is marked and in sight, and stays where it is."""
    found = actions.part(page, "found_message")
    expect(found).to_contain_text(text, timeout=actions.SETTLED)
    actions.settled(page)
    expect(found).to_be_in_viewport(timeout=actions.SETTLED)
    page.wait_for_function(
        """() => {
          const found = document.querySelector('.st-key-found_message');
          const top = Math.round(found.getBoundingClientRect().top);
          const seen = window.niannianSeen ?? { top: null, times: 0 };
          window.niannianSeen = { top, times: seen.top === top ? seen.times + 1 : 0 };
          return window.niannianSeen.times > 10;
        }""",
        polling=100,
        timeout=actions.SETTLED,
    )
    expect(found).to_be_in_viewport()
