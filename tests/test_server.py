"""Who gets in: requests as other web pages make them, against a running server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.app_process import WITHOUT_ENCODER, AppProcess

AUDIT = Path(__file__).parent / "browser" / "audit"


class ServerProcess(AppProcess):
    """``python server.py``, as ``make run`` and ``make serve`` start it."""

    def command(self) -> list[str]:
        return ["server.py", "--port", str(self.port)]


@pytest.fixture(scope="module", params=[ServerProcess, AppProcess], ids=["server.py", "app.py"])
def process(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppProcess]:
    """The server, however it is started, with a log of the addresses that it asks."""
    folder = tmp_path_factory.mktemp("server")
    started: AppProcess = request.param(
        folder / "data",
        PYTHONPATH=str(AUDIT),
        AUDIT_LOG=str(folder / "audit.log"),
        **WITHOUT_ENCODER,
    )
    started.start()
    yield started
    started.stop()


PATHS = (
    *("/", "/memories", "/_stcore/health", "/_stcore/host-config", "/static/x.js"),
    *("/health", "/health/detailed", "/metrics", "/api/docs", "/api/memory/user/x", "/mcp"),
)
FOREIGN_HOSTS = (
    *("evil.example", "localhost.evil.example", "evil.example@localhost", "localhost@evil.example"),
    *("user:secret@localhost", "localhost/evil", "localhost evil", "localhost:x", "192.168.7.7"),
    *("[::1", "127.0.0.1.evil.example", "localhost,evil.example", "localhost\\evil.example", ""),
)
FOREIGN_ORIGINS = (
    *("http://localhost:9999", "http://127.0.0.1:9999", "http://localhost", "https://evil.example"),
    *("null", "http://localhost:{port}.evil.example", "http://evil.example@localhost:{port}"),
    *("http://LOCALHOST:{port}", "http://[::1]:{port}", "http://127.0.0.1:{port}", "file://"),
    *(
        "http://0.0.0.0:{port}",
        "ftp://localhost:{port}",
        "localhost:{port}",
        "http://localhost:{port}/",
    ),
)


@pytest.mark.parametrize("path", PATHS)
def test_a_rebound_name_gets_nothing(process: AppProcess, path: str) -> None:
    """DNS rebinding: the browser asks this address, under the attacker's name."""
    for port in ("", f":{process.port}"):
        status, _ = process.ask("GET", path, Host=f"evil.example{port}")
        assert status == 400


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_no_other_host_is_this_machine(process: AppProcess, host: str) -> None:
    assert process.ask("GET", "/", Host=host)[0] == 400
    assert process.shake_hands(Host=host, Origin=f"http://{host}") in (400, 403)


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_the_socket_is_for_the_own_page_alone(process: AppProcess, origin: str) -> None:
    given = origin.replace("{port}", str(process.port))
    assert process.shake_hands(Origin=given) == 403


def test_the_own_page_gets_its_socket(process: AppProcess) -> None:
    for name in ("localhost", "127.0.0.1", "[::1]"):
        host = f"{name}:{process.port}"
        assert process.shake_hands(Host=host, Origin=f"http://{host}") == 101


@pytest.mark.parametrize("path", PATHS)
def test_another_port_of_this_machine_is_another_site(process: AppProcess, path: str) -> None:
    status, answer = process.ask("GET", path, Origin="http://localhost:9999")
    assert (status, b'"error":"origin"' in answer) == (403, True)
    for site in ("same-site", "cross-site"):
        # What <img>, <script> or fetch() without CORS send.
        given = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
        assert process.ask("GET", path, **given)[0] == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "POST"])
def test_nothing_is_uploaded_from_elsewhere(process: AppProcess, method: str) -> None:
    path = "/_stcore/upload_file/session/file"
    assert process.ask(method, path, b"x", Origin="http://localhost:9999")[0] == 403
    assert process.ask(method, path, b"x", Host="evil.example")[0] == 400


def test_a_link_on_another_site_leads_to_the_page(process: AppProcess) -> None:
    visit = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    assert process.ask("GET", "/memories", **visit)[0] == 200
    # Not into a frame, and not with a form.
    assert process.ask("GET", "/memories", **{**visit, "Sec-Fetch-Dest": "iframe"})[0] == 403
    assert process.ask("POST", "/memories", b"", **visit)[0] == 403


def test_the_page_may_load_from_here_alone_and_be_framed_nowhere(process: AppProcess) -> None:
    connection = process.headers("/")
    policy = connection["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert f"connect-src 'self' ws://localhost:{process.port} " in policy
    assert " ws: " not in policy
    assert connection["x-frame-options"] == "SAMEORIGIN"


def test_no_other_server_was_asked_for_anything(process: AppProcess) -> None:
    """Last of all: whatever was refused above, nobody looked for the outer address."""
    for origin in ("https://evil.example", "http://203.0.113.7:8501"):
        process.shake_hands(Origin=origin)
    lines = Path(process.env["AUDIT_LOG"]).read_text().splitlines()
    assert "started" in lines
    assert [line for line in lines if line.startswith(("connect", "lookup"))] == []
