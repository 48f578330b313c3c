"""The first start: nothing leaves the machine, nothing is written elsewhere, clear refusals."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import actions
from tests.browser.app_process import AppProcess

AUDIT = Path(__file__).parent / "audit"
LOOPBACK = {"localhost", "127.0.0.1"}
START_FAILED = ".st-key-start_failed"


def test_nothing_leaves_the_machine_or_the_data_folder(tmp_path: Path, page: Page) -> None:
    home, scratch, audit_log = tmp_path / "home", tmp_path / "scratch", tmp_path / "audit.log"
    home.mkdir()
    scratch.mkdir()
    app = AppProcess(
        tmp_path / "data",
        HOME=str(home),
        TMPDIR=str(scratch),
        PYTHONPATH=str(AUDIT),
        AUDIT_LOG=str(audit_log),
    )
    # A cache folder named by the developer's shell would hide a write to the home folder.
    for name in [name for name in app.env if name.startswith("XDG_")]:
        del app.env[name]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    app.start()
    try:
        actions.create_profile(page, app.url, "小雨")
        for text in ("我对花生过敏。", "昨天我去爬山了。", "你今天做了什么？"):
            actions.say(page, text)
        actions.remember_now(page)
        assert "你对花生过敏" in actions.just_remembered(page)
        for name in ("memories", "insights", "settings", "chat"):
            actions.open_page(page, name)
        pid = app.process.pid if app.process else 0
        for process in (pid, *children(pid)):
            assert foreign_sockets(process) == []
            assert files_open_for_writing(process, (app.data_dir, app.log, audit_log)) == []
    finally:
        app.stop()

    lines = audit_log.read_text().splitlines()
    # The hook was really there, and saw what the app wrote.
    assert f"write {app.data_dir / 'ledger.db'}" in lines
    allowed = (
        "started",
        # The worker process for texts of unbounded cost: looked at above.
        f"run {re.escape(sys.executable)}",
        f"write {re.escape(str(app.data_dir))}(/.*)?",
        # The standard library tries out the temporary folder with an empty file when a
        # library (portalocker, for qdrant-client) asks where it is, and removes the file.
        f"write {re.escape(str(scratch))}/[a-z0-9_]{{8}}",
    )
    elsewhere = [line for line in lines if not re.fullmatch("|".join(allowed), line)]
    assert elsewhere == []
    assert list(home.rglob("*")) == []
    assert list(scratch.rglob("*")) == []
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts <= LOOPBACK


def test_a_second_process_says_that_the_folder_is_taken(app: AppProcess, page: Page) -> None:
    actions.create_profile(page, app.url, "小雨")
    second = AppProcess(app.data_dir)
    second.start()
    try:
        other = page.context.new_page()
        refused(other, second, "正被另一个程序使用")
        actions.say(page, "我在这里，还能说话。")
        app.stop()
        other.get_by_role("button", name="再试一次").click()
        expect(other.locator(".st-key-chat_head")).to_be_visible(timeout=60_000)
        actions.expect_said(other, ["我在这里，还能说话。"])
    finally:
        second.stop()


@pytest.fixture
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AppProcess]:
    """An app that can't start; how it is broken is the parameter."""
    env: dict[str, str] = {}
    data = tmp_path / "data"
    if request.param == "folder":
        # Not even root can make a folder below a file.
        (tmp_path / "file").write_text("")
        data = tmp_path / "file" / "data"
    elif request.param == "file":
        data.mkdir()
        (data / "settings.json").write_text('{"batch_turns": 1')
    else:
        env["NIANNIAN_BATCH_TURNS"] = "zehn"
    process = AppProcess(data, **env)
    process.log = tmp_path / "app.log"
    process.start()
    yield process
    process.stop()


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ("folder", r"数据文件夹 .*file/data 用不了（.+）；请检查权限和磁盘空间，再试一次。"),
        ("file", r"设置文件 .*settings\.json 读不了，请修好或删掉它。"),
        ("value", r"设置 NIANNIAN_BATCH_TURNS 的值是 zehn，可以用的值是：.+。"),
    ],
    indirect=["broken"],
)
def test_what_stops_the_start_is_said_in_one_sentence(
    broken: AppProcess, sentence: str, page: Page
) -> None:
    refused(page, broken, sentence)
    saved = broken.data_dir / "settings.json"
    if saved.exists():
        assert saved.read_text() == '{"batch_turns": 1'
        saved.unlink()
        page.get_by_role("button", name="再试一次").click()
        expect(page.locator(".st-key-welcome")).to_be_visible(timeout=60_000)


def refused(page: Page, app: AppProcess, sentence: str) -> None:
    """The page shows that sentence, once, and nothing of the machine room."""
    page.goto(app.url)
    alert = page.locator(START_FAILED).get_by_test_id("stAlert")
    expect(alert).to_have_count(1, timeout=60_000)
    expect(alert).to_contain_text(re.compile(sentence))
    assert "Traceback" not in page.content()
    assert page.get_by_test_id("stException").count() == 0
    assert "Traceback" not in app.log.read_text()


# --- what the kernel knows, where there is /proc ------------------------------


def foreign_sockets(pid: int) -> list[str]:
    """Open connections of a process to anywhere but this machine."""
    folder = Path(f"/proc/{pid}/fd")
    if not folder.exists():
        return []
    inodes = {target[8:-1] for _, target in links(folder) if target.startswith("socket:[")}
    found = []
    for family in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{family}").read_text().splitlines()[1:]:
            parts = line.split()
            address = parts[2].split(":")[0]
            # Hexadecimal, each four bytes reversed: 127.x, ::1 and "none" are at home.
            home = address.endswith("7F") or address.strip("0") in {"", "1"}
            if parts[9] in inodes and not home:
                found.append(f"{family} {parts[2]}")
    return found


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in lists for child in file.read_text().split()]


def files_open_for_writing(pid: int, allowed: tuple[Path, ...]) -> list[str]:
    """Files that a process holds open for writing, outside of what is ``allowed``."""
    folder = Path(f"/proc/{pid}/fd")
    if not folder.exists():
        return []
    found = []
    for number, target in links(folder):
        if not target.startswith("/") or target.startswith("/dev/"):
            continue
        info = Path(f"/proc/{pid}/fdinfo/{number}").read_text()
        flags = int(re.search(r"flags:\s+(\d+)", info)[1], 8)  # type: ignore[index]
        if flags & (os.O_WRONLY | os.O_RDWR) and not target.startswith(tuple(map(str, allowed))):
            found.append(target)
    return found


def links(folder: Path) -> Iterator[tuple[str, str]]:
    """The numbers of open files and what they lead to; some close meanwhile."""
    for entry in folder.iterdir():
        try:
            yield entry.name, str(entry.readlink())
        except FileNotFoundError:
            continue
