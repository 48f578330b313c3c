"""Charts in a browser: a click on a point leads to the memories or the talk behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from memory.config import load_settings
from memory.container import build
from tests.browser import actions, tour
from tests.browser.app_process import WITHOUT_ENCODER, AppProcess
from tests.browser.tour import Guide

MEMORIES, CHAT = ".st-key-memories_head", ".st-key-found_message"
LEADS = {
    "overview": {"growth": MEMORIES},
    "time": {"mood": CHAT, "hours": CHAT},
    "use": {"replies": CHAT},
    "compare": {"compare": MEMORIES},
}
# The middle of the drawn point that stands for the most; cells without anything lead nowhere.
POINT = """name => {
    const plot = document.querySelector(`.st-key-plot_${name} .js-plotly-plot`);
    plot.scrollIntoView({block: "center"});
    const found = [];
    const paths = plot.querySelectorAll(".bars .point path, .scatterlayer .points path");
    paths.forEach((path, place) => {
        const box = path.getBoundingClientRect();
        const empty = name === "hours" && plot.data[0].customdata[place][2] === "0";
        if (box.width > 3 && box.height > 3 && !empty)
            found.push([box.x + box.width / 2, box.y + box.height / 2, box.width * box.height]);
    });
    return found.sort((a, b) => b[2] - a[2]);
}"""


@pytest.mark.exhaustive
def test_every_chart_leads_somewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Page
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(data))
    running = build(load_settings())
    guide = tour.guides(running)["zh"]
    running.close()
    app = AppProcess(data, **WITHOUT_ENCODER)
    app.start()
    try:
        for view, charts in LEADS.items():
            for name, there in charts.items():
                _view(page, app.url, guide, view)
                _click(page, name)
                expect(page.locator(there)).to_be_visible(timeout=actions.SETTLED)
        _view(page, app.url, guide, "people")
        _click(page, "people", which=1)  # the largest is the user
        page.locator(".st-key-people_one a").first.click()
        expect(page.locator(".st-key-memory_drawer")).to_be_visible(timeout=actions.SETTLED)
    finally:
        app.stop()


def _view(page: Page, url: str, guide: Guide, view: str) -> None:
    page.goto(f"{url}/insights?view={view}&user={guide.user}")
    page.locator(tour.CHART).first.wait_for(timeout=60_000)
    actions.settled(page)
    page.wait_for_timeout(500)


def _click(page: Page, name: str, which: int = 0) -> None:
    page.evaluate(POINT, name)
    page.wait_for_timeout(300)
    x, y, _ = page.evaluate(POINT, name)[which]
    # Plotly takes a click for the point that the pointer was over before.
    page.mouse.move(x - 2, y - 2)
    page.mouse.move(x, y)
    page.wait_for_timeout(200)
    page.mouse.click(x, y)
