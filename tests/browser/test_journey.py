"""The main job on the embedded default: talk, remember, look inside, correct, come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import actions
from tests.browser.actions import Row
from tests.browser.app_process import AppProcess

SHANGHAI = ZoneInfo("Asia/Shanghai")
TURNS = (
    "我叫林小雨，今年28岁。",
    "我在杭州做小学老师。",
    "我家有一只猫，叫年糕。",
    "我对花生过敏。",
    "我不喜欢吃香菜。",
    "昨天我和同事去爬了灵隐寺后面的山。",
    "下周五我要去上海参加一个面试。",
    "你今天做了什么呀？",
    "我妹妹下个月要结婚了。",
    "这些先说到这里吧。",
)
ALLERGY = "用户对花生过敏"
TOLD = "用户对花生和腰果过敏"
CORIANDER = "用户不喜欢吃香菜"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppProcess]:
    # More than the ten turns of the story: here the button does it, not the counter.
    process = AppProcess(tmp_path / "data", NIANNIAN_BATCH_TURNS="20")
    process.start()
    yield process
    process.stop()


def background(bubble: Locator) -> str:
    """The computed colour behind a message."""
    found: str = bubble.evaluate("each => getComputedStyle(each).backgroundColor")
    return found


def test_ten_turns_and_all_that_follows(app: AppProcess, page: Page) -> None:
    today = datetime.now(SHANGHAI).date()
    actions.create_profile(page, app.url, "小雨")
    replies = [actions.say(page, text) for text in TURNS]
    assert len(set(replies)) > 5, "a companion, not an echo"
    actions.expect_said(page, list(TURNS))
    sides = [background(bubble) for bubble in page.get_by_test_id("stChatMessage").all()[-2:]]
    assert sides[0] != sides[1], "what one said lies on a panel, whatever the language"

    actions.remember_now(page)
    news = actions.just_remembered(page)
    expect(actions.part(page, "news")).to_contain_text(f"刚刚记住 {len(news)} 件事")

    actions.open_page(page, "memories")
    rows = actions.table(page, count=len(news))
    facts_of_both_sides(rows, today)
    readable_views(page, today)
    edit_delete_undo(page)

    app.restart()
    page.goto(app.url)
    expect(page.locator(".st-key-chat_head")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2 * len(TURNS) + 1)
    actions.expect_said(page, list(TURNS))

    actions.open_page(page, "memories")
    kept = actions.table(page, count=len(rows) - 1)
    assert kept.keys() == rows.keys() - {ALLERGY, fact(rows, "杭州").text} | {TOLD}

    actions.open_page(page, "insights")
    numbers_of(page, kept)

    actions.open_page(page, "chat")
    page.locator(".st-key-new_session button:visible").click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(1, timeout=actions.SETTLED)
    assert "花生" in actions.say(page, "我对什么过敏？")
    drawer = actions.why(page)
    used = drawer.locator("[class*='st-key-trace_']").filter(has_text=TOLD)
    expect(used.first).to_be_visible()
    assert "杭州" not in drawer.inner_text(), "what was deleted is not in the context"


def fact(rows: dict[str, Row], *words: str) -> Row:
    """The one row whose text holds all ``words``."""
    found = [row for row in rows.values() if all(word in row.text for word in words)]
    assert len(found) == 1, f"{words}: {found} of {list(rows)}"
    return found[0]


def facts_of_both_sides(rows: dict[str, Row], today: date) -> None:
    """Everything that was told is there once, filed under the right one, kind and date."""
    for words, category in (
        (("林小雨",), "身份"),
        (("28岁",), "身份"),
        (("杭州", "老师"), "工作学习"),
        (("猫", "年糕"), "关系"),
        (("花生", "过敏"), "健康"),
        (("香菜",), "偏好"),
    ):
        row = fact(rows, *words)
        assert (row.subject, row.kind, row.event_date) == ("用户", "恒常", ""), row
        assert row.category == category, row
    yesterday = today - timedelta(days=1)
    friday = today - timedelta(days=today.weekday()) + timedelta(days=7 + 4)
    wedding = (today.replace(day=1) + timedelta(days=32)).strftime("%Y-%m")
    for words, day, category in (
        (("灵隐寺",), str(yesterday), "经历"),
        (("上海", "面试"), str(friday), "计划"),
        (("妹妹", "结婚"), wedding, None),
    ):
        row = fact(rows, *words)
        assert (row.subject, row.kind, row.event_date) == ("用户", "时序", day), row
        assert category in (None, row.category), row
    of_the_ai = [row for row in rows.values() if row.subject == "AI"]
    assert of_the_ai, "what it told about its own day is remembered too"
    for row in of_the_ai:
        assert row.text.startswith("念念"), row
        assert (row.kind, row.event_date) == ("时序", str(today)), row
    assert not any(word in text for text in rows for word in ("昨天", "下周五", "下个月"))


def to_them(text: str) -> str:
    """How the profile says to somebody what is remembered of them."""
    return text.replace("用户", "你")


def readable_views(page: Page, today: date) -> None:
    """Profile and diary: the same memories as text, each side in its own column."""
    actions.view(page, "画像")
    user, persona = actions.sides(page, "profile")
    expect(user).to_contain_text(to_them(ALLERGY))
    expect(persona).to_contain_text("还没有关于 念念 的恒常记忆")
    actions.view(page, "日记")
    user, persona = actions.sides(page, "diary")
    expect(persona).to_contain_text(f"{today.year}年{today.month}月")
    expect(persona).to_contain_text(re.compile(rf"{today.day}日\s+念念"))
    expect(user).to_contain_text("灵隐寺")
    expect(persona).not_to_contain_text("灵隐寺")


def edit_delete_undo(page: Page) -> None:
    """Correct one memory, forget two, take one of that back."""
    actions.view(page, "画像")
    drawer = actions.open_memory(page, ALLERGY)
    actions.rewrite(page, drawer, TOLD)
    expect(actions.notice(page)).to_contain_text("已修改 1 条")
    expect(actions.part(page, "profile")).to_contain_text(to_them(TOLD))
    expect(actions.part(page, "profile")).not_to_contain_text(to_them(ALLERGY))

    forget(page, CORIANDER)
    actions.notice(page).locator(".st-key-undo_last button:visible").click()
    expect(actions.notice(page)).to_contain_text("已撤销")
    expect(actions.part(page, "profile")).to_contain_text(to_them(CORIANDER))

    forget(page, "用户在杭州做小学老师")
    actions.view(page, "表格")


def forget(page: Page, text: str) -> None:
    """Delete a memory from its drawer, with the question in between."""
    drawer = actions.open_memory(page, text)
    drawer.get_by_role("button", name="删除").click()
    page.get_by_role("dialog").locator(".st-key-delete_yes button:visible").click()
    expect(actions.notice(page)).to_contain_text("已删除 1 条")
    expect(actions.part(page, "profile")).not_to_contain_text(to_them(text))


def numbers_of(page: Page, rows: dict[str, Row]) -> None:
    """The three numbers on the insights page count what the table shows; charts are drawn."""
    users = sum(row.subject == "用户" for row in rows.values())
    values = page.locator(".st-key-insights_numbers [data-testid='stMetricValue']")
    expect(values).to_have_text(
        [str(len(rows)), f"{users} : {len(rows) - users}", str(len(rows))],
        timeout=actions.SETTLED,
    )
    expect(page.locator(".js-plotly-plot")).to_have_count(6, timeout=actions.SETTLED)


def test_five_turns_in_english(app: AppProcess, browser: Browser) -> None:
    context = browser.new_context(
        locale="en-GB", timezone_id="Europe/London", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    try:
        actions.create_profile(page, app.url, "Maya")
        before = datetime.now(ZoneInfo("Europe/London")).date()
        replies = [
            actions.say(page, text)
            for text in (
                "My name is Maya and I'm 31 years old.",
                "I work as a nurse in Leeds.",
                "I'm allergic to shellfish.",
                "Yesterday I went to the cinema with my brother.",
                "What did you do today?",
            )
        ]
        actions.remember_now(page)
        news = actions.just_remembered(page)
        expect(actions.part(page, "news")).to_contain_text(f"Just remembered {len(news)} things")
        # The whole page, with navigation, controls and persona: not one Chinese character.
        written = page.locator("body").inner_text()
        actions.open_page(page, "memories")
        rows = actions.table(page, count=len(news))
        written += page.locator("body").inner_text() + str(replies) + str(rows)
        assert re.findall(r"[\u4e00-\u9fff]+", written) == []
        nurse, allergy = fact(rows, "nurse", "Leeds"), fact(rows, "shellfish")
        assert (
            (nurse.subject, nurse.kind) == (allergy.subject, allergy.kind) == ("User", "Constant")
        )
        assert allergy.category == "Health"
        cinema = fact(rows, "cinema")
        assert (cinema.kind, cinema.event_date) == ("Temporal", str(before - timedelta(days=1)))
        assert all(row.text.startswith(("The user", "Niannian")) for row in rows.values())
        assert any(row.subject == "AI" for row in rows.values())
    finally:
        context.close()
