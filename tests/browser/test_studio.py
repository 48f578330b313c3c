"""The studio in a browser: a prompt edited, refused, saved; tried against the shipped one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import actions, house
from tests.browser.app_process import AppProcess
from tests.browser.endpoint import Script, environment, is_extraction, number_of, serve

ORDER = "凡是吃的，importance 一律写 5。"
TALK = "2024-10-18\n我：我喜欢吃火锅，昨天去了西湖。\n念念：真好。\n我：我的密码是 hunter2!"


def extraction(body: Mapping[str, Any]) -> str:
    """One memory is as ever, one depends on the prompt, one must never be kept."""
    edited = ORDER in json.dumps(body, ensure_ascii=False)
    hotpot = number_of(body, "火锅")
    memories = [
        {
            "action": "ADD",
            "text": "用户喜欢吃火锅",
            "subject": "user",
            "kind": "constant",
            "category": "preference",
            "importance": 5 if edited else 2,
            "source": [hotpot],
        },
    ]
    if "密码" in json.dumps(body["messages"][-1], ensure_ascii=False):
        memories.append({"action": "ADD", "text": "用户的密码是 hunter2!", "source": [3]})
    reply = json.dumps({"memories": memories}, ensure_ascii=False)
    return f"好的：\n```json\n{reply}\n```"


def test_prompts_are_edited_and_compared(tmp_path: Path, page: Page) -> None:
    script = Script(replies=["真好。"] * 5, extraction=extraction)
    script.may_extract.set()
    with serve(script) as server:
        app = AppProcess(tmp_path / "data", **environment(server))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            actions.open_page(page, "studio")
            a_broken_prompt_is_refused(page)
            an_edited_prompt_is_saved(page)
            both_prompts_are_tried(page)
            one_result_is_stored_and_taken_back(page)
            actions.open_page(page, "chat")
            actions.say(page, "我喜欢吃火锅。")
            actions.remember_now(page)
            assert ORDER in [r for r in server.chats() if is_extraction(r.body)][-1].prompt
            assert page.get_by_test_id("stException").count() == 0
        finally:
            app.stop()
    with house.opened(tmp_path / "data") as found:
        (memory,) = found.memories()
    assert (memory.text, memory.importance) == ("用户喜欢吃火锅", 5)


def editor(page: Page) -> Locator:
    return page.locator("textarea").first


def rewrite(page: Page, old: str, new: str) -> None:
    """Replace a part of the prompt and leave the field."""
    text = editor(page).input_value()
    assert old in text
    editor(page).fill(text.replace(old, new))
    editor(page).press("Control+Enter")


def a_broken_prompt_is_refused(page: Page) -> None:
    editor(page).wait_for()
    rewrite(page, "{known}", "{knwon}")
    expect(page.get_by_test_id("stAlert").last).to_contain_text("没有这个占位符：knwon")
    save = actions.part(page, "studio_save_button_extract").locator("button")
    expect(save).to_be_disabled()
    actions.part(page, "studio_discard_extract").locator("button").click()
    expect(page.get_by_text("没有这个占位符")).to_have_count(0)
    actions.settled(page)


def an_edited_prompt_is_saved(page: Page) -> None:
    rewrite(page, "不要记：", f"{ORDER}\n不要记：")
    expect(page.locator(".nn-diff ins").first).to_contain_text(ORDER, timeout=actions.SETTLED)
    actions.part(page, "studio_save_extract").locator("input").fill("吃的都要紧")
    actions.part(page, "studio_save_button_extract").locator("button").click()
    versions = actions.part(page, "studio_versions_extract")
    expect(versions).to_contain_text("吃的都要紧", timeout=actions.SETTLED)
    actions.settled(page)


def both_prompts_are_tried(page: Page) -> None:
    page.get_by_role("tab", name="试验场").click()
    dialogue = actions.part(page, "studio_pasted").locator("textarea")
    dialogue.fill(TALK)
    dialogue.press("Control+Enter")
    expect(page.get_by_text("读出用户 2 条、角色 1 条。")).to_be_visible(timeout=actions.SETTLED)
    actions.part(page, "studio_try").locator("button").click()
    results = actions.part(page, "studio_results")
    row = results.locator(".nn-pairs tr.changed")
    expect(row).to_have_count(1, timeout=actions.SETTLED)
    expect(row.locator("mark")).to_have_text(["重要 5", "重要 2"])
    expect(results).to_contain_text("卡号、证件号、密码或密钥")
    expect(results).to_contain_text("使用中的提示词")
    expect(results).to_contain_text("出厂的提示词")
    results.get_by_text("A · 原始回答").click()
    expect(results.get_by_test_id("stCode").first).to_contain_text("好的：")


def one_result_is_stored_and_taken_back(page: Page) -> None:
    actions.part(page, "studio_keep_1").locator("button").click()
    bar = actions.part(page, "studio_notice_bar")
    expect(bar).to_contain_text("改动了 1 条记忆。", timeout=actions.SETTLED)
    bar.get_by_role("button", name="撤销").click()
    expect(bar).to_contain_text("撤销", timeout=actions.SETTLED)
    actions.settled(page)
