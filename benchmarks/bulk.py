"""How long it takes a designer to delete very many memories, and to undo it.

    python -m benchmarks.bulk [--memories 10000] [--rounds 3] [--json FILE]

In a real browser on the running app: from the click that confirms to the notice that
it is done, the page drawn again. Needs Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

# Also as a script: python benchmarks/bulk.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.actions import notice, part, settled
from tests.browser.app_process import AppProcess

ROOT = Path(__file__).resolve().parents[1]
LIMIT_MS = 60_000
REST_SECONDS = 15.0
"""After the start the app loads mem0 in the background; that isn't what is measured."""

FILL = """
import sys
from benchmarks.page_data import fill
from components import runtime
fill(runtime.container(), int(sys.argv[1]), own=int(sys.argv[1]))
runtime.reload()
"""
MARKS = {"delete": 3.0, "undo": 5.0}


def measure(page: Page, url: str, memories: int) -> dict[str, float]:
    """Seconds to delete everything and to undo it."""
    page.goto(f"{url}/memories?user=bench-0&persona=niannian")
    part(page, "bulk_select_all").locator("button").click(timeout=LIMIT_MS)
    expect(part(page, "bulk_select_all")).to_have_count(0, timeout=LIMIT_MS)
    settled(page)
    part(page, "bulk_delete").locator("button").click(timeout=LIMIT_MS)
    sure = part(page, "delete_yes").locator("button")
    sure.wait_for(timeout=LIMIT_MS)
    settled(page)
    began = perf_counter()
    sure.click()
    expect(notice(page)).to_contain_text(f"{memories}", timeout=LIMIT_MS)
    settled(page)
    deleted = perf_counter() - began
    began = perf_counter()
    notice(page).locator("button").first.click()
    expect(part(page, "bulk_select_all")).to_be_visible(timeout=LIMIT_MS)
    settled(page)
    undone = perf_counter() - began
    expect(part(page, "bulk_select_all")).to_contain_text(f"{memories}")
    return {"delete": deleted, "undo": undone}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--memories", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    chromium.require()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        environment = {**os.environ, "NIANNIAN_DATA_DIR": str(data)}
        command = [sys.executable, "-c", FILL, str(given.memories)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        # The first nightly run would archive what has faded meanwhile.
        app = AppProcess(data, NIANNIAN_ARCHIVE_BELOW="0")
        app.start()
        time.sleep(REST_SECONDS)
        try:
            with chromium.launched() as browser:
                page = browser.new_page(locale="zh-CN")
                rounds = [measure(page, app.url, given.memories) for _ in range(given.rounds)]
        finally:
            app.stop()
    print(f"{given.memories:,} memories, seconds in the browser ({given.rounds} rounds)")
    for name, mark in MARKS.items():
        times = [f"{round[name]:.1f}" for round in rounds]
        print(f"{name:<8} {'  '.join(times)}   (mark: {mark:g})")
    if given.json:
        given.json.write_text(json.dumps(rounds, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
