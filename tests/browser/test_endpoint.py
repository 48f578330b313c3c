"""The same journey with a language model: a real endpoint over HTTP, well and ill."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser import actions, house
from tests.browser.app_process import AppProcess
from tests.browser.endpoint import KEY, Script, environment, is_extraction, number_of, serve
from tests.fakes.openai_server import FakeOpenAI

SHANGHAI = ZoneInfo("Asia/Shanghai")
WRONG_KEY = "sk-wrong-niannian-9876543210"
KNITTING = "今天下午我在窗边织了一条灰色的围巾，织到一半又拆了，从头来过，一点也不着急。"
# So long that somebody on a busy machine still stops it in the middle.
LONG = "西湖边的风很舒服，慢慢走一圈要两个多钟头，路上可以停下来喝一杯热茶再继续走。" * 9
AGAIN = "西湖这个季节真好看，你们走的是哪一边？"
WATCH = """() => {
    window.seen = [];
    new MutationObserver(() => {
        const bubbles = document.querySelectorAll("[data-testid='stChatMessage']");
        const text = bubbles[bubbles.length - 1]
            ?.querySelector("[data-testid='stMarkdown']")?.innerText.trim();
        if (text && text !== window.seen.at(-1)) window.seen.push(text);
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def messy(body: Mapping[str, Any]) -> str:
    """An extraction reply as models really write one: thoughts, prose, fence, loose JSON."""
    today = datetime.now(SHANGHAI).date()
    return f"""<think>
用户说了过敏和西湖，念念说了围巾。{{"memories": 先想想}}
</think>
好的，根据这段对话，我整理出以下记忆：

```json
{{
  "memories": [
    {{"action": "ADD", "text": "用户对花生过敏", "subject": "用户", "kind": "恒常",
      "category": "健康", "event_date": null, "importance": "5",
      "source": [{number_of(body, "花生")}]}},
    {{"action": "add", "text": "用户和小李去了西湖", "subject": "user", "kind": "时序",
      "category": "经历", "event_date": "{today - timedelta(days=1):%Y/%m/%d}",
      "source": [{number_of(body, "小李去了西湖")}]}},
    {{"action": "ADD", "text": "念念织了一条灰色的围巾", "subject": "ai", "kind": "temporal",
      "category": "event", "event_date": "{today}", "source": [{number_of(body, "织了一条")}],}},
  ],
}}
```
希望这些对你有帮助！"""


def test_the_journey_over_http(tmp_path: Path, page: Page) -> None:
    script = Script(replies=[KNITTING, LONG, AGAIN, "知道了，花生我替你记着。"], extraction=messy)
    with serve(script, delay=0.06) as server:
        app = AppProcess(tmp_path / "data", **environment(server, NIANNIAN_BATCH_TURNS="3"))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            expect(page.locator(".st-key-builtin_note")).to_have_count(0)
            streaming_is_visible(page)
            stopping_keeps_what_was_said(page, server)
            remembering_disturbs_nobody(page, script)
            memories_are_there(page)
            remembered_in_a_new_session(page, script, server)
            for name in (*actions.PAGES, "chat"):
                actions.open_page(page, name)
                assert KEY not in page.content()
        finally:
            app.stop()
        assert server.aborted.is_set(), "a stopped reply isn't paid for to its end"
    assert house.files_holding(tmp_path, KEY) == []


def streaming_is_visible(page: Page) -> None:
    """The reply grows on the screen while it comes."""
    page.evaluate(WATCH)
    assert actions.say(page, "你今天做了什么？") == KNITTING
    grown = [text for text in page.evaluate("window.seen") if KNITTING.startswith(text)]
    assert len(grown) > 4, grown
    assert [len(text) for text in grown] == sorted(len(text) for text in grown)


def stopping_keeps_what_was_said(page: Page, server: FakeOpenAI) -> None:
    """Stop in the middle, look, then ask for the answer again."""
    actions.send(page, "我对花生过敏，昨天和小李去了西湖。")
    last = page.get_by_test_id("stChatMessage").last
    expect(last).to_contain_text("西湖边的风很舒服", timeout=actions.SETTLED)
    actions.stop_reply(page)
    expect(last).to_contain_text("你让我停在了这里。", timeout=actions.SETTLED)
    kept = actions.words(last).split("\n")[0]
    assert LONG.startswith(kept)
    assert len(kept) < len(LONG)
    page.reload()
    last = page.get_by_test_id("stChatMessage").last
    expect(last).to_contain_text(kept, timeout=actions.SETTLED)
    assert server.aborted.wait(10)

    page.get_by_role("button", name="再试一次").click()
    expect(last).to_contain_text(AGAIN, timeout=actions.SETTLED)
    expect(last.get_by_role("button", name="换个回答")).to_be_visible(timeout=actions.SETTLED)
    actions.expect_said(page, ["你今天做了什么？", "我对花生过敏，昨天和小李去了西湖。"])
    expect(page.get_by_test_id("stChatMessage")).to_have_count(5)


def remembering_disturbs_nobody(page: Page, script: Script) -> None:
    """The third turn makes a batch; its memories turn up while something is being typed."""
    actions.say(page, "花生的事记得啊。")
    assert script.extracting.wait(30)
    draft = "我正在打的字"
    actions.box(page).fill(draft)
    script.may_extract.set()
    assert set(actions.just_remembered(page)) == {
        "你对花生过敏",
        "你和小李去了西湖",
        "念念织了一条灰色的围巾",
    }
    assert actions.box(page).input_value() == draft
    actions.box(page).fill("")


def memories_are_there(page: Page) -> None:
    """Read in spite of everything, under the right kind and date."""
    today = datetime.now(SHANGHAI).date()
    actions.open_page(page, "memories")
    rows = actions.table(page, count=3)
    peanut, lake, scarf = (
        next(row for text, row in rows.items() if word in text) for word in ("花生", "西湖", "围巾")
    )
    assert (peanut.subject, peanut.kind, peanut.category) == ("用户", "恒常", "健康")
    assert (lake.kind, lake.event_date) == ("时序", str(today - timedelta(days=1)))
    assert (scarf.subject, scarf.kind, scarf.event_date) == ("AI", "时序", str(today))


def remembered_in_a_new_session(page: Page, script: Script, server: FakeOpenAI) -> None:
    """What was remembered goes to the model, and the trace says so."""
    actions.open_page(page, "chat")
    page.locator(".st-key-new_session button:visible").click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(1, timeout=actions.SETTLED)
    script.replies = ["你对花生过敏，我记着呢。"]
    assert actions.say(page, "我对什么过敏？") == "你对花生过敏，我记着呢。"
    asked = next(r for r in reversed(server.chats()) if not is_extraction(r.body))
    assert "用户对花生过敏" in asked.prompt
    drawer = actions.why(page)
    expect(drawer).to_contain_text("用户对花生过敏")
    expect(drawer).to_contain_text("fake-chat")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_wrong_key_loses_nothing_and_is_put_right(tmp_path: Path, page: Page) -> None:
    data, message = tmp_path / "data", "我对花生过敏。"
    with serve(Script(replies=["记住了。"])) as server:
        data.mkdir()
        saved = {"openai_base_url": server.url, "openai_api_key": WRONG_KEY}
        (data / "settings.json").write_text(json.dumps(saved))
        app = AppProcess(data)
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            failed = fails_with(page, message, "语言模型的密钥没有被接受；请到设置页检查密钥。")
            assert WRONG_KEY not in page.content()

            actions.open_page(page, "settings")
            assert WRONG_KEY not in page.content()
            page.locator(".st-key-settings_openai_api_key input").fill(KEY)
            page.get_by_role("button", name="保存").first.click()
            expect(page.get_by_test_id("stToast")).to_be_visible(timeout=actions.SETTLED)
            actions.settled(page)  # what was typed stands in its field until the page ran again
            assert KEY not in page.content()

            actions.open_page(page, "chat")
            failed.get_by_role("button", name="再试一次").click()
            expect(failed).to_contain_text("记住了。", timeout=actions.SETTLED)
            actions.expect_said(page, [message])
        finally:
            app.stop()
    assert house.files_holding(tmp_path, KEY) == [data / "settings.json"]
    assert house.files_holding(tmp_path, WRONG_KEY) == []


def test_an_endpoint_that_hangs_or_breaks_off(tmp_path: Path, page: Page) -> None:
    with serve(Script(replies=["这回听清了。", "我在。"])) as server:
        app = AppProcess(tmp_path / "data", **environment(server, NIANNIAN_REQUEST_TIMEOUT="2"))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            server.fail("hang")
            hung = fails_with(page, "你听得到吗？", "语言模型太久没有回应")
            hung.get_by_role("button", name="再试一次").click()
            expect(hung).to_contain_text("这回听清了。", timeout=actions.SETTLED)
            expect(hung.get_by_role("button", name="换个回答")).to_be_visible()

            server.fail("cut")
            broken = fails_with(page, "再说一句。", "语言模型")
            assert actions.words(broken).startswith("你好"), "what came before the break is kept"
            page.reload()
            broken = page.get_by_test_id("stChatMessage").last
            broken.get_by_role("button", name="再试一次").click()
            expect(broken).to_contain_text("我在。", timeout=actions.SETTLED)
            actions.expect_said(page, ["你听得到吗？", "再说一句。"])
            expect(page.get_by_test_id("stChatMessage")).to_have_count(5)
        finally:
            app.stop()
    assert house.files_holding(tmp_path, KEY) == []


def test_a_message_sent_right_after_a_stop_is_not_lost(tmp_path: Path, page: Page) -> None:
    with serve(Script(replies=[LONG, "好，换一个。"]), delay=0.1) as server:
        app = AppProcess(tmp_path / "data", **environment(server))
        app.start()
        try:
            actions.create_profile(page, app.url, "小雨")
            actions.send(page, "讲讲西湖吧。")
            last = page.get_by_test_id("stChatMessage").last
            expect(last).to_contain_text("西湖边的风", timeout=actions.SETTLED)
            actions.stop_reply(page)
            actions.send(page, "等等，换个话题。")
            expect(last).to_contain_text("好，换一个。", timeout=actions.SETTLED)
            actions.expect_said(page, ["讲讲西湖吧。", "等等，换个话题。"])
        finally:
            app.stop()


def fails_with(page: Page, message: str, sentence: str) -> Any:
    """Send a message to an ill endpoint: one sentence and a way to try again."""
    before = page.get_by_test_id("stChatMessage").count()
    actions.send(page, message)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(before + 2, timeout=actions.SETTLED)
    failed = page.get_by_test_id("stChatMessage").last
    expect(failed).to_contain_text(re.compile(re.escape(sentence)), timeout=actions.SETTLED)
    expect(failed.get_by_role("button", name="再试一次")).to_be_visible(timeout=actions.SETTLED)
    assert page.get_by_test_id("stException").count() == 0
    expect(page.get_by_test_id("stText").last).to_have_text(message)
    return failed
