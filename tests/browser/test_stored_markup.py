"""Stored markup: whatever people, models and files put into any field is shown as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from memory.chat.personas import persona_toml
from memory.config import load_settings, save_settings
from memory.container import Container, build
from memory.types import (
    CustomCategory,
    ExtractionSettings,
    Kind,
    MemoryDraft,
    Owner,
    Source,
    Subject,
)
from tests.browser import actions, tour
from tests.browser.app_process import AppProcess

EVIL = "evil.example"
IMAGE = '<img id="ran" src=x onerror="window.ran=1">'
SCRIPT = "<script>window.ran=1</script>"
FRAME = f'<iframe id="ran" src="http://{EVIL}/f"></iframe>'
LINK = f"[go](http://{EVIL}/x)"
PICTURE = f"![p](http://{EVIL}/p.png)"
SHORT = f"{IMAGE}{LINK}"
LONG = (
    f"{IMAGE} {SCRIPT} {FRAME} {LINK} {PICTURE} :red[r] $x$ "
    f'<a id="ran" href="javascript:window.ran=1">a</a> <svg onload="window.ran=1"> <b id="ran">b</b>'
)
# Forms that CommonMark takes for links, for the renderer of the page.
REPLIES = (
    f"[a \\] b](http://{EVIL}/1)",
    f"[one\ntwo](http://{EVIL}/2)",
    f"[r][ref] and [ref] and [ref][]\n\n[ref]: http://{EVIL}/3 'title'",
    f"[{'x' * 400}](http://{EVIL}/4)",
    f"[p](http://{EVIL}/5(a(b)c))",
    f"\\\\[x](http://{EVIL}/6)",
    f"[o [n] p](<http://{EVIL}/7>)",
    f"`` ` [x](http://{EVIL}/8) ```",
    f"- ```\n[x](http://{EVIL}/9)",
    f"<search>\n```\n\n[x](http://{EVIL}/10)\n```",
    f"[^1] [x][^1]\n\n[^1]: http://{EVIL}/11",
    f'| a |\n| - |\n| [x](http://{EVIL}/12 "t") |',
    f":foo[hidden]{{#ran}} ::bar[x](http://{EVIL}/13)",
    LONG,
)
# What must not be there: elements, and links that hide where they lead.
FOUND = """() => [
    ...(window.ran ? ["a script ran"] : []),
    ...[...document.querySelectorAll("#ran")].map(e => `element ${e.tagName}`),
    ...[...document.querySelectorAll("img, iframe")]
        .filter(e => /evil|^x$/.test(e.getAttribute("src") || "")).map(e => `loads ${e.src}`),
    ...[...document.querySelectorAll("a[href*='evil'], a[href^='javascript']")]
        .filter(e => decodeURI(e.href).replace(/\\/$/, "") !== e.innerText.replace(/\\/$/, ""))
        .map(e => `link ${e.href} as ${e.innerText}`),
    ...[...document.querySelectorAll(".katex")].map(e => `formula ${e.innerText}`),
]"""


def fill(running: Container) -> tour.Guide:
    """Markup in every field that is stored."""
    db, studio = running.db, running.studio
    user = db.users.create(f"名{IMAGE}"[:60], language="zh", timezone="Asia/Shanghai")
    other = db.users.create(f"{LINK}"[:60], language="zh")
    owner = Owner(user.id, "niannian")
    session = db.sessions.create(owner, SHORT)
    for text in REPLIES:
        said = db.messages.add(owner, session.id, "user", LONG)
        db.messages.add(owner, session.id, "assistant", text, reply_to=said.id)
    source = Source(session_id=session.id, message_ids=(said.id,))
    # As another mem0 client may have written it: categories of its own.
    categories = [SHORT[:40], *(f"{n}{IMAGE}" for n in range(2))]
    db.extraction_settings.set(
        ExtractionSettings(categories=tuple(map(CustomCategory, categories)))
    )
    memory_service = running.memory_service
    first = memory_service.add(
        owner, MemoryDraft(LONG, Subject.USER, Kind.CONSTANT, SHORT[:40], source=source)
    )
    for n, subject in enumerate((Subject.USER, Subject.AI)):
        for kind in Kind:
            date = f"2026-0{n + 1}-05" if kind is Kind.TEMPORAL else None
            draft = MemoryDraft(f"{n} {SHORT} {SCRIPT}", subject, kind, f"{n}{IMAGE}", date)
            memory_service.add(owner, draft)
    running.memory_service.add(
        Owner(other.id, "niannian"), MemoryDraft(LONG, Subject.USER, Kind.CONSTANT)
    )
    memory_service.edit(owner, first.id, text=f"{LONG} {LONG}")
    persona = studio.personas()["niannian"]
    studio.add_persona("evil", "niannian", {"zh": f"角{IMAGE}"[:40], "en": f"P{IMAGE}"[:40]}, SHORT)
    texts = {
        language: replace(text, name=f"念{IMAGE}"[:40], tagline=f"{SHORT[:60]}")
        for language, text in persona.texts.items()
    }
    studio.save("persona", "niannian", persona_toml(replace(persona, texts=texts)), SHORT)
    for language in ("zh", "en"):
        prompt = studio.text("chat", language)
        studio.save("chat", language, f"{prompt}\n{LONG.replace('{', '').replace('}', '')}", SHORT)
    running.accounts.create_token(user.id, SHORT[:80], ["memory"])
    return tour.Guide("zh", user.id, session.id, first.id)


@pytest.fixture
def asked(context: BrowserContext) -> list[str]:
    """What the browser asked of others; nothing gets through."""
    found: list[str] = []

    def refuse(route: Route) -> None:
        found.append(route.request.url)
        route.abort()

    context.route(f"**://{EVIL}/**", refuse)
    return found


@pytest.fixture
def guide(unstarted: AppProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[tour.Guide]:
    """A running app whose folder is full of markup."""
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(unstarted.data_dir))
    save_settings(unstarted.data_dir, {"extraction_model": SHORT, "embedding_model": SHORT})
    running = build(load_settings())
    filled = fill(running)
    running.close()
    unstarted.start()
    yield filled
    unstarted.stop()
    assert "Traceback" not in unstarted.log.read_text()


@pytest.mark.timeout(600)
def test_markup_in_any_field_of_any_page_is_text(
    unstarted: AppProcess, guide: tour.Guide, page: Page, asked: list[str]
) -> None:
    wrong: list[str] = []
    shown: set[str] = set()
    for place in tour.places():
        tour.visit(page, unstarted.url, place, guide)
        wrong += [f"{place.name}: {what}" for what in page.evaluate(FOUND)]
        if "<img id=" in page.locator("body").inner_text():
            shown.add(place.name)
    assert wrong == []
    assert asked == []
    # It really was there to be seen, as it was written.
    assert {"chat", "memories-profile", "memories-one", "changes", "settings-access"} <= shown


def test_a_file_whose_name_and_content_are_markup_is_text(
    unstarted: AppProcess, guide: tour.Guide, page: Page, asked: list[str]
) -> None:
    page.goto(f"{unstarted.url}/settings?user={guide.user}")
    # All are there: while they come one after another the last isn't yet the last.
    actions.settled(page)
    page.get_by_test_id("stTab").last.click()
    rows: list[Any] = [{"memory": LONG, "categories": [IMAGE]}, {"memory": ""}, {"memory": 5}]
    page.locator("[class*='st-key-import_file'] input[type=file]").set_input_files(
        {
            "name": f"{IMAGE} {LINK.replace('/', ':')}.json",
            "mimeType": "application/json",
            "buffer": json.dumps(rows).encode(),
        }
    )
    expect(page.locator(".st-key-import_preview")).to_be_visible(timeout=60_000)
    actions.settled(page)
    assert page.evaluate(FOUND) == []
    page.locator(".st-key-import_go button").click()
    expect(page.locator(".st-key-import_notice_bar")).to_be_visible(timeout=60_000)
    actions.settled(page)
    assert page.evaluate(FOUND) == []
    assert asked == []


def test_the_check_sees_what_runs(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<body>{LONG}<a href='http://{EVIL}/'>go</a></body>")
    page.goto(file.as_uri())
    page.wait_for_timeout(200)
    found = page.evaluate(FOUND)
    for what in ("a script ran", "element IMG", "loads ", f"link http://{EVIL}/ as go"):
        assert any(line.startswith(what) for line in found), what
