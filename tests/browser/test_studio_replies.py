"""Replies compared in a browser: a message of a session, two prompts, a rating that stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import actions
from tests.browser.app_process import AppProcess
from tests.browser.endpoint import Script, environment, serve

ORDER = "每句都像猫一样说。"


class CatScript(Script):
    """Answers as the prompt of the request wants it."""

    def answer(self, body: Mapping[str, Any]) -> str:
        return "喵，恭喜。" if ORDER in json.dumps(body, ensure_ascii=False) else "恭喜。"


def test_a_designer_compares_two_prompts_on_a_real_message(tmp_path: Path, page: Page) -> None:
    with serve(CatScript()) as server:
        app = AppProcess(tmp_path / "data", **environment(server))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            actions.say(page, "我今天搬进新家了")
            actions.open_page(page, "studio")
            page.get_by_role("tab", name="回复对比").click()
            a_message_becomes_a_situation(page)
            the_other_side_gets_a_prompt_of_its_own(page)
            actions.part(page, "studio_replies_try").locator("button").click()
            last = page.locator("[class*='st-key-studio_answer_']").last
            expect(last).to_contain_text("我今天搬进新家了", timeout=actions.SETTLED)
            expect(last.get_by_text("喵，恭喜。")).to_have_count(1)
            last.get_by_text("B 更好").click()
            tally = actions.part(page, "studio_trial_tally")
            expect(tally).to_contain_text("B 更好 1", timeout=actions.SETTLED)
            page.reload()
            expect(tally).to_contain_text("B 更好 1", timeout=60_000)
            actions.part(page, "studio_blind").locator("label").click()
            expect(page.get_by_text("回复 1 更好").first).to_be_visible(timeout=actions.SETTLED)
            assert page.get_by_test_id("stException").count() == 0
        finally:
            app.stop()


def a_message_becomes_a_situation(page: Page) -> None:
    page.get_by_text("添加情境").click()
    actions.settled(page)
    field = page.locator("[class*='st-key-studio_situation_messages_'] input")
    option = page.locator("[role='option']").filter(has_text="我今天搬进新家了")
    for _ in range(5):
        # A run that ends meanwhile closes the list again.
        field.click()
        page.wait_for_timeout(1000)
        if option.count():
            break
    option.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="存为情境").click()
    chosen = actions.part(page, "studio_situations_zh")
    expect(chosen).to_contain_text("我今天搬进新家了", timeout=actions.SETTLED)
    actions.settled(page)


def the_other_side_gets_a_prompt_of_its_own(page: Page) -> None:
    own = actions.part(page, "studio_reply_b_own_zh").locator("textarea")
    own.fill(own.input_value().replace("## system", f"## system\n{ORDER}"))
    own.press("Control+Enter")
    expect(actions.part(page, "studio_replies_try").locator("button")).to_be_enabled(
        timeout=actions.SETTLED
    )
    actions.settled(page)
