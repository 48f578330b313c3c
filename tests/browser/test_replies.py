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
