"""A reply goes on while pages come and go; versions and edits of what was said."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from memory.types import MessageState
from tests.browser import actions, house
from tests.browser.app_process import AppProcess
from tests.browser.endpoint import Script, environment, serve

LONG = "西湖边的风很舒服，慢慢走一圈要两个多钟头，路上可以停下来喝一杯热茶再继续走。" * 4
OTHER = "龙井村的茶山更安静，清早去能听见鸟叫，雾散了再慢慢走下来，找一家小店吃碗面。" * 4


def test_a_reply_survives_a_reload_and_is_seen_and_stopped_everywhere(
    tmp_path: Path, context: BrowserContext
) -> None:
    page = context.new_page()
    with serve(Script(replies=[LONG, OTHER]), delay=0.12) as server:
        app = AppProcess(tmp_path / "data", **environment(server))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            other = context.new_page()
            other.goto(page.url)
            expect(other.get_by_test_id("stChatMessage")).to_have_count(1)
            actions.send(page, "讲讲西湖吧。")
            expect(last(page)).to_contain_text("西湖边的风")
            page.reload()
            expect(last(page)).to_contain_text("西湖边的风")
            expect(page.locator(".st-key-stop_reply button")).to_be_visible()
            # The other tab was there before and was told nothing.
            expect(last(other)).to_contain_text("西湖边的风")
            for tab in (page, other):
                expect(last(tab)).to_contain_text(LONG, timeout=actions.SETTLED)
                expect(last(tab).get_by_role("button", name="换个回答")).to_be_visible()
                expect(tab.get_by_test_id("stChatMessage")).to_have_count(3)
                expect(tab.locator(".st-key-stop_reply")).to_have_count(0)

            last(page).get_by_role("button", name="换个回答").click()
            expect(last(other)).to_contain_text("龙井村")
            # Typing goes on meanwhile.
            actions.box(page).fill("我在打字")
            actions.stop_reply(other)
            for tab in (page, other):
                expect(last(tab)).to_contain_text("你让我停在了这里。")
            assert actions.box(page).input_value() == "我在打字"
            assert server.aborted.wait(10)
        finally:
            app.stop()
    with house.opened(app.data_dir) as found:
        states = [m.state for m in found.messages() if m.reply_to]
        assert states == [MessageState.REPLACED, MessageState.STOPPED]


def last(page: Page) -> Locator:
    """The last bubble."""
    return page.get_by_test_id("stChatMessage").last


def test_versions_edits_and_a_search_that_jumps(app: AppProcess, page: Page) -> None:
    """Without a model: another answer, an edit with its memory, the way back, and a search.

    The edit is made by the keyboard alone.
    """
    # So low that the first visit doesn't fit: it is read from its greeting on.
    page.set_viewport_size({"width": 1280, "height": 480})
    actions.create_profile(page, app.url, "小雨")
    expect(last(page)).to_contain_text("第一次见面")
    expect(page.locator(".st-key-chat_head")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".st-key-opener_tired button").click()
    again = last(page).get_by_role("button", name="换个回答")
    expect(again).to_be_visible(timeout=actions.SETTLED)
    expect(page.locator(".st-key-first_visit")).to_have_count(0)
    first = actions.words(last(page))
    again.click()
    expect(last(page)).to_contain_text("2/2", timeout=actions.SETTLED)
    actions.settled(page)
    assert first not in actions.words(last(page))
    expect(page.get_by_test_id("stChatMessage")).to_have_count(3)
    last(page).get_by_role("button", name="上一个版本").click()
    expect(last(page)).to_contain_text("1/2", timeout=actions.SETTLED)
    expect(last(page)).to_contain_text(first)

    actions.say(page, "我养了一只猫，叫花花")
    actions.remember_now(page)
    assert any("猫" in chip for chip in actions.just_remembered(page))
    mine = page.get_by_test_id("stChatMessage").filter(has_text="我养了一只猫")
    mine.locator("[class*='st-key-more_'] button:visible").press("Enter")
    expect(page.get_by_role("menuitem", name="改一改再发")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[class*='st-key-edit_'] textarea")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("我养了一只狗，叫豆豆")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said = page.get_by_test_id("stChatMessage").filter(has_text="我养了一只狗")
    expect(said).to_contain_text("2/2", timeout=actions.SETTLED)
    expect(page.locator(".st-key-chat_notice_bar")).to_contain_text("已忘掉")
    said.get_by_role("button", name="上一个版本").press("Enter")
    expect(mine).to_contain_text("1/2", timeout=actions.SETTLED)
    expect(mine.get_by_role("button", name="下一个版本")).to_be_focused()
    chip = page.locator("[class*='st-key-chip_'] button:visible").filter(has_text="猫")
    expect(chip.first).to_be_visible(timeout=actions.SETTLED)

    page.locator(".st-key-new_session button:visible").click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(1, timeout=actions.SETTLED)
    expect(last(page)).not_to_contain_text("第一次见面")
    actions.settled(page)
    page.locator("body").press("/")
    expect(page.locator(".st-key-session_query input")).to_be_focused()
    page.keyboard.type("我养了一只猫")
    page.keyboard.press("Enter")
    page.locator("[class*='st-key-go_hit_'] button").first.click()
    expect(page.locator(".st-key-found_message")).to_contain_text("我养了一只猫")
    expect(page.locator(".st-key-found_message")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
