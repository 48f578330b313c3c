"""Signing in for real: the page, a login provider, and what two people then see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from memory.i18n import catalogue
from tests.browser.app_process import WITHOUT_ENCODER, AppProcess
from tests.fakes.oidc_provider import Provider, oidc_provider

EN = catalogue("en")
ROOT = Path(__file__).parents[2]


class ServedApp(AppProcess):
    """``server.py`` on a free port: the page and the API."""

    def command(self) -> list[str]:
        return ["server.py", "--host", "0.0.0.0", "--port", str(self.port)]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with oidc_provider() as running:
        yield running


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[ServedApp]:
    """One for all: each test has browsers and, where it matters, people of its own."""
    home = tmp_path_factory.mktemp("home")
    process = ServedApp(
        home / "data",
        **WITHOUT_ENCODER,
        HOME=str(home),
        NIANNIAN_DESIGNERS="boss@example.org",
    )
    secrets = home / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(provider.secrets_toml(process.url), encoding="utf-8")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def browse(browser: Browser) -> Iterator[object]:
    """A browser of one's own for each person."""
    opened: list[BrowserContext] = []

    def new() -> Page:
        opened.append(browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900}))
        opened[-1].set_default_timeout(30_000)
        return opened[-1].new_page()

    yield new
    for context in opened:
        context.close()


def sign_in(page: Page, app: AppProcess, provider: Provider, name: str) -> str:
    """Sign in as ``name``; returns the address of the chat afterwards."""
    provider.person = {
        "sub": name,
        "name": name.title(),
        "email": f"{name}@example.org",
        "email_verified": True,
    }
    page.goto(app.url)
    page.get_by_role("button", name=EN["accounts.sign_in"]).click()
    expect(page.get_by_text(name.title()).first).to_be_visible()
    expect(page.get_by_test_id("stChatInput")).to_be_visible()
    return page.url


def test_two_people_sign_in_and_see_only_their_own(
    app: ServedApp, provider: Provider, browse
) -> None:
    lin, mei, nobody = browse(), browse(), browse()
    address = sign_in(lin, app, provider, "lin")
    lin.get_by_test_id("stChatInputTextArea").fill("I have a purple umbrella")
    lin.keyboard.press("Enter")
    expect(lin.get_by_text("purple umbrella").first).to_be_visible()
    sign_in(mei, app, provider, "mei")
    mei.goto(address)
    expect(mei.get_by_text("Mei").first).to_be_visible()
    expect(mei.get_by_test_id("stChatInput")).to_be_visible()
    expect(mei.get_by_text("purple umbrella")).to_have_count(0)
    nobody.goto(address)
    expect(nobody.get_by_role("button", name=EN["accounts.sign_in"])).to_be_visible()
    expect(nobody.get_by_text("purple umbrella")).to_have_count(0)
    expect(nobody.get_by_test_id("stSidebar")).to_have_count(0)


def test_a_token_made_on_the_page_opens_the_api_until_it_is_revoked(
    app: ServedApp, provider: Provider, browse
) -> None:
    page = browse()
    address = sign_in(page, app, provider, "lin")
    user_id = address.split("user=")[1].split("&")[0]
    page.goto(f"{app.url}/settings")
    page.get_by_role("tab", name=EN["settings.tab_access"]).click()
    page.get_by_label(EN["accounts.token_name"]).fill("phone")
    page.get_by_role("button", name=EN["accounts.create"]).click()
    secret = page.locator(".st-key-token_shown code").inner_text().strip()

    def status(token: str | None) -> int:
        request = urllib.request.Request(f"{app.url}/api/memory/user/{user_id}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert json.load(answer)["success"] is True
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert (status(None), status(f"{secret}x"), status(secret)) == (401, 401, 200)
    page.get_by_role("button", name=EN["accounts.revoke"]).click()
    expect(page.get_by_role("button", name=EN["accounts.revoke"])).to_have_count(0)
    assert status(secret) == 401


def test_signing_out_forgets_the_identity(app: ServedApp, provider: Provider, browse) -> None:
    page = browse()
    address = sign_in(page, app, provider, "lin")
    page.get_by_test_id("stSidebar").get_by_role("button", name="· Lin").click()
    page.get_by_role("button", name=EN["accounts.sign_out"]).click()
    expect(page.get_by_role("button", name=EN["accounts.sign_in"])).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("button", name=EN["accounts.sign_in"])).to_be_visible()


@pytest.mark.parametrize("command", [["server.py", "--host", "0.0.0.0"]])
def test_without_accounts_other_machines_are_refused_at_the_start(
    tmp_path: Path, command: list[str]
) -> None:
    app = AppProcess(tmp_path / "data")
    refused = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**app.env, "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode != 0
    assert "0.0.0.0" in refused.stderr
    assert "NIANNIAN_ACCOUNTS" in refused.stderr
    assert not (tmp_path / "data").exists()
