"""How long each page takes to open, and which store and database calls are behind it.

    python -m benchmarks.pages [--sizes 1000,10000] [--visits 5] [--json FILE]

A real browser opens every page of the running app: ``open`` is the time from the
request to the last element (the last node added before the page stays quiet), the
median and the slowest of the visits after a first one, ``first``, which pays for
what a process loads once. The calls are counted in-process on the same folder: one
run of the page's script. Users have about 500 memories each. Needs Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

# Also as a script: python benchmarks/pages.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page

from components import menu
from tests.browser import chromium
from tests.browser.app_process import AppProcess

ROOT = Path(__file__).resolve().parents[1]
Figures: TypeAlias = dict[str, dict[str, Any]]

QUIET_MS = 700
"""A page that adds nothing for so long is there."""

LIMIT_MS = 60_000
WATCH = """
window.__last = 0;
new MutationObserver((changes) => {
  const added = changes.some((change) => change.addedNodes.length &&
    change.target.closest && change.target.closest(
      "[data-testid='stMainBlockContainer'], [data-testid='stBottom']"));
  if (added) window.__last = performance.now();
}).observe(document, { childList: true, subtree: true });
"""
SETTLED = f"""
() => window.__last > 0
  && document.querySelector("[data-testid='stMainBlockContainer']")
  && !document.querySelector("[data-testid='stApp'][data-test-script-state='running']")
  && !document.querySelector("[data-testid='stSkeleton']")
  && performance.now() - window.__last > {QUIET_MS}
"""


def visit(page: Page, url: str) -> float:
    """Milliseconds from the request to the last element of the page at ``url``."""
    page.goto(url, wait_until="commit")
    page.wait_for_function(SETTLED, timeout=LIMIT_MS, polling=50)
    if page.locator("[data-testid='stException']").count():
        raise SystemExit(f"{url} shows an exception")
    found: float = page.evaluate("window.__last")
    return found


def in_the_browser(browser: Browser, app: AppProcess, visits: int) -> Figures:
    """The times of every page."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    figures: Figures = {}
    for name in menu.names():
        path = "" if name == "chat" else name
        url = f"{app.url}/{path}?user=bench-0&persona=niannian"
        times = [visit(page, url) for _ in range(visits + 1)]
        figures[name] = {
            "first": round(times[0]),
            "open": round(median(times[1:])),
            "slowest": round(max(times[1:])),
        }
    context.close()
    return figures


def measure(size: int, visits: int) -> Figures:
    """Times and calls of every page at ``size`` memories."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        environment = {**os.environ, "NIANNIAN_DATA_DIR": str(data)}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.page_calls", str(size)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"filling the folder failed:\n{done.stderr[-3000:]}")
        calls: Figures = json.loads(done.stdout.strip().splitlines()[-1])
        app = AppProcess(data)
        app.start()
        try:
            with chromium.launched() as browser:
                times = in_the_browser(browser, app, visits)
        finally:
            app.stop()
    return {name: {**times[name], **calls.get(name, {})} for name in times}


def table(results: dict[int, Figures]) -> str:
    """All figures, one row a size and page."""
    rows = [
        "| memories | page | first, ms | open, ms | slowest, ms | store calls | ms | SQL | ms |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size, figures in results.items():
        for name, row in figures.items():
            cells = (
                f"{size:,}",
                name,
                *(f"{row[key]:,}" for key in ("first", "open", "slowest")),
                *(f"{row.get(key, 0):,}" for key in ("store", "store_ms", "sql", "sql_ms")),
            )
            rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def details(results: dict[int, Figures]) -> str:
    """Which calls of the store there were, by page."""
    lines = []
    for size, figures in results.items():
        for name, row in figures.items():
            calls = ", ".join(f"{call} {count}" for call, count in row.get("calls", {}).items())
            lines.append(f"{size:>9,}  {name:<9} {calls}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=_sizes, default=[1000, 10_000])
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    chromium.require()
    results: dict[int, Figures] = {}
    for size in given.sizes:
        print(f"measuring at {size:,} …", file=sys.stderr, flush=True)
        results[size] = measure(size, given.visits)
        if given.json:
            given.json.write_text(json.dumps(results, indent=2), encoding="utf-8")
    print(table(results))
    print(f"\nStore calls of one run of each page's script:\n{details(results)}")


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.replace("_", "").split(",")]


if __name__ == "__main__":
    main()
