"""Files in and out in a real browser: a bad row, and a life that is erased and comes back."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from memory.transfer.export import Export, read_json
from tests.browser import actions
from tests.browser.app_process import AppProcess

ROWS = [
    {"memory": "用户对花生过敏", "metadata": {"category": "health", "importance": 5}},
    {"memory": "用户要去开会", "metadata": {"event_date": "tomorrow"}},
    {"memory": "用户去滑雪了", "metadata": {"category": "event", "event_date": "2024-10-18"}},
]


def data_tab(page: Page) -> None:
    actions.open_page(page, "settings")
    page.get_by_role("tab", name="数据").click()
    expect(actions.part(page, "export_json")).to_be_visible()


def give(page: Page, file: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(str(file))


def previewed(page: Page) -> Locator:
    """The rows of the preview; the grid is a canvas with a table for readers in it."""
    return actions.part(page, "import_preview").locator("[role='grid'] tbody tr")


def test_a_file_with_a_bad_row_then_erase_and_restore(
    app: AppProcess, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "mem0.json"
    file.write_text(json.dumps({"results": ROWS}, ensure_ascii=False), encoding="utf-8")
    actions.create_profile(page, app.url, "小雨")
    data_tab(page)
    give(page, file)
    rows = previewed(page)
    expect(rows).to_have_count(3, timeout=actions.SETTLED)
    expect(rows.first).to_contain_text("2024-10-18")
    expect(rows.first).to_contain_text("有问题")
    expect(actions.part(page, "import_preview")).to_contain_text("会加入 2 条记忆")
    actions.part(page, "import_go").get_by_role("button").click()
    bar = actions.part(page, "import_notice_bar")
    expect(bar).to_contain_text("已导入 2 条记忆", timeout=actions.SETTLED)
    actions.settled(page)

    before = exported(page, tmp_path / "before.json")
    assert {memory.text for memory in before.memories} == {ROWS[0]["memory"], ROWS[2]["memory"]}

    actions.part(page, "erase_name").locator("input").fill("小雨")
    page.locator(".st-key-erase_box [data-testid='stFormSubmitButton'] button").click()
    page.get_by_role("dialog").locator(".st-key-start_over button").click()
    fold = page.locator(".st-key-welcome").get_by_text("从导出文件恢复")
    expect(fold).to_be_visible(timeout=actions.SETTLED)
    actions.settled(page)
    fold.click()
    give(page, tmp_path / "before.json")
    expect(page.locator(".st-key-welcome")).to_contain_text(
        "小雨 的导出：2 条记忆", timeout=actions.SETTLED
    )
    actions.part(page, "restore_go").get_by_role("button").click()
    # Back on the page from which everything was erased.
    page.locator(actions.LANDMARKS["settings"]).wait_for(timeout=60_000)
    actions.settled(page)

    data_tab(page)
    after = exported(page, tmp_path / "after.json")
    assert after.user == before.user
    assert after.memories == before.memories
    assert after.changes == before.changes
    kept = {one.session.id: one for one in after.sessions}
    # A new chat may have begun by itself; what was there is there again, word for word.
    assert all(kept[one.session.id] == one for one in before.sessions)


def exported(page: Page, target: Path) -> Export:
    """The export of everything, saved as ``target`` and read."""
    with page.expect_download() as download:
        actions.part(page, "export_json").get_by_role("button").click()
    download.value.save_as(target)
    return read_json(target.read_bytes())
