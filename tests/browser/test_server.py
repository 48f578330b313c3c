"""``server.py`` as people start it: page and API on one port, over one folder."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_process import ROOT, START_SECONDS, AppProcess


class Server(AppProcess):
    """``python server.py`` instead of ``streamlit run app.py``."""

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "server.py", "--port", str(self.port)],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=10):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-3000:]}")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    process = Server(tmp_path / "data")
    process.start()
    yield process
    process.stop()


@pytest.mark.browser
def test_page_and_api_share_one_process(server: Server, page: Page) -> None:
    said = {"user_id": "xiaoyu", "message": "你好，我叫小雨。"}
    first = server.ask("POST", "/api/chat/message", said)
    server.ask("POST", "/api/memory/add", {"user_id": "xiaoyu", "text": "用户对花生过敏"})
    # The page shows what the API did …
    page.goto(f"{server.url}/memories?user=xiaoyu")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=30_000)
    # … and the API what was said on the page.
    page.goto(f"{server.url}/?user=xiaoyu")
    box = page.get_by_test_id("stChatInputTextArea")
    expect(box).to_be_visible(timeout=30_000)
    box.fill("我喜欢滑雪")
    box.press("Enter")
    deadline = time.monotonic() + 30
    exported: Any = {}
    while time.monotonic() < deadline:
        exported = server.ask("GET", "/api/memory/export/xiaoyu")
        texts = [m["text"] for s in exported["sessions"] for m in s["messages"]]
        if "我喜欢滑雪" in texts:
            break
        time.sleep(0.5)
    assert "我喜欢滑雪" in texts
    assert first["response"] in texts
    log = server.log.read_text(encoding="utf-8")
    assert "滑雪" not in log
    assert "Traceback" not in log


@pytest.mark.browser
def test_the_api_s_own_page_lists_and_tries_every_route(server: Server, page: Page) -> None:
    foreign: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(server.url) else foreign.append(r.url))
    page.goto(f"{server.url}/api/docs")
    paths = server.ask("GET", "/api/openapi.json")["paths"]
    operations = sum(len(methods) for methods in paths.values())
    assert operations > 30
    expect(page.locator("details.operation")).to_have_count(operations)
    page.locator("summary", has_text="/api/chat/message").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("pre", has_text='"success": true')).to_be_visible(timeout=20_000)
    assert foreign == []


def test_other_machines_are_not_served_without_accounts(tmp_path: Path) -> None:
    process = Server(tmp_path / "data")
    done = subprocess.run(
        [sys.executable, "server.py", "--host", "0.0.0.0", "--port", str(process.port)],
        cwd=ROOT,
        env=process.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "NIANNIAN_ACCOUNTS=required" in done.stderr
    assert "Traceback" not in done.stderr
