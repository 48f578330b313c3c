"""What is refused before a request reaches the API, and what browsers are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from memory.api.security import middlewares
from memory.config import load_settings

TOKEN = {"Authorization": "Bearer nn_0123_secret"}


async def echo(request: Request) -> JSONResponse:
    return JSONResponse({"bytes": len(await request.body())})


async def stream(_: Request) -> StreamingResponse:
    async def parts():
        for part in ("a", "b", "c"):
            yield part

    return StreamingResponse(parts())


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


async def talking(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


@pytest.fixture
def client() -> Callable[..., TestClient]:
    def make(base: str = "http://localhost:8501", peer: str = "127.0.0.1", **settings):
        app = Starlette(
            routes=[
                Route("/api/echo", echo, methods=["GET", "POST"]),
                Route("/api/memory/import", echo, methods=["POST"]),
                Route("/api/stream", stream),
                Route("/page", echo, methods=["GET", "POST"]),
                WebSocketRoute("/_stcore/stream", socket),
                WebSocketRoute("/talking", talking),
            ],
            middleware=middlewares(load_settings(**settings)),
        )
        return TestClient(app, base_url=base, client=(peer, 5000))

    return make


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST"])
def test_locally_this_machine_may_be_addressed(client, host) -> None:
    assert client().get("/api/echo", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "localhost.evil.example", "", "192.168.1.2", "[::"],
)
@pytest.mark.parametrize("path", ["/api/echo", "/page"])
def test_locally_other_names_are_refused(client, host, path) -> None:
    refused = client().get(path, headers={"Host": host})
    assert refused.status_code == 400
    assert refused.json()["error"] == "host"
    assert refused.json()["success"] is False


def test_locally_a_foreign_page_cant_open_the_socket(client) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client().websocket_connect("/_stcore/stream", headers={"Host": "evil.example"}),
    ):
        pass
    with client().websocket_connect("/_stcore/stream", headers={"Host": "localhost"}):
        pass


@pytest.mark.parametrize("peer", ["192.168.1.9", "8.8.8.8", "2001:db8::1", "fe80::1%eth0"])
def test_locally_other_machines_are_refused_even_when_the_server_listens(client, peer) -> None:
    assert client(peer=peer).get("/page").status_code == 403
    assert client(peer=peer, accounts="required").get("/page").status_code == 200


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_locally_this_machine_is_answered(client, peer) -> None:
    assert client(peer=peer).get("/page").status_code == 200


def test_with_accounts_the_named_hosts_are_answered(client) -> None:
    named = client(accounts="required", allowed_hosts="talk.example.org, *.example.net")
    for host, status in {
        "talk.example.org": 200,
        "a.example.net": 200,
        "example.net": 400,
        "evil-example.net": 400,
        "localhost": 200,
        "other.org": 400,
    }.items():
        assert named.get("/page", headers={"Host": host}).status_code == status, host
    assert client(accounts="required").get("/page", headers={"Host": "x.org"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_page_cant_call_the_api(client, headers) -> None:
    refused = client().post("/api/echo", content="x", headers=headers)
    assert (refused.status_code, refused.json()["error"]) == (403, "origin")


def test_the_own_page_and_allowed_origins_can(client) -> None:
    assert client().post("/api/echo", headers={"Origin": "http://localhost:8501"}).is_success
    origin = {"Origin": "https://app.example.org"}
    allowed = client(cors_origins="https://app.example.org/")
    answer = allowed.post("/api/echo", headers=origin)
    assert answer.headers["access-control-allow-origin"] == "https://app.example.org"
    assert "access-control-allow-credentials" not in answer.headers
    asked = allowed.options(
        "/api/echo",
        headers={
            **origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert asked.status_code == 200
    assert "access-control-allow-origin" not in allowed.get("/page", headers=origin).headers


APP = {"Origin": "https://app.example.org"}


def test_an_allowed_page_can_read_why_it_was_refused(client) -> None:
    def make(**settings):
        return client(cors_origins="https://app.example.org", **settings)

    limited = make(rate_limit=1)
    limited.get("/api/echo", headers=APP)
    small = make(max_body_bytes=1000)
    refusals = {
        429: limited.get("/api/echo", headers=APP),
        413: small.post("/api/echo", content=b"x" * 1001, headers=APP),
        400: make().get("/api/echo", headers={**APP, "Host": "evil.example"}),
        403: make(peer="8.8.8.8").get("/api/echo", headers=APP),
    }
    for status, refused in refusals.items():
        assert refused.status_code == status
        assert refused.headers["access-control-allow-origin"] == APP["Origin"], status
        assert refused.headers["x-content-type-options"] == "nosniff"
    assert refusals[429].headers["retry-after"]
    exposed = refusals[429].headers["access-control-expose-headers"].lower().split(", ")
    assert {"retry-after", "x-request-id", "content-disposition"} <= set(exposed)


def test_what_a_browser_asks_beforehand_doesnt_count_as_a_request(client) -> None:
    limited = client(cors_origins="https://app.example.org", rate_limit=1)
    asking = {
        **APP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-request-id",
    }
    for _ in range(5):
        asked = limited.options("/api/echo", headers=asking)
        assert asked.status_code == 200, asked.text
        assert asked.headers["x-content-type-options"] == "nosniff"
    assert limited.post("/api/echo", headers=APP).status_code == 200
    assert limited.post("/api/echo", headers=APP).status_code == 429


def test_another_page_learns_nothing_by_asking_beforehand(client) -> None:
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for made in (client(), client(cors_origins="https://app.example.org")):
        asked = made.options("/api/echo", headers=asking)
        assert (asked.status_code, asked.json()["error"]) == (403, "origin")
        assert "access-control-allow-origin" not in asked.headers


def test_a_body_that_is_too_large_is_refused(client) -> None:
    small = client(max_body_bytes=1000)
    assert small.post("/api/echo", content=b"x" * 1000).json() == {"bytes": 1000}
    refused = small.post("/api/echo", content=b"x" * 1001)
    assert (refused.status_code, refused.json()["error"]) == (413, "too_large")
    assert small.post("/api/memory/import", content=b"x" * 50_000).json() == {"bytes": 50_000}
    assert small.post("/api/memory/import", content=b"x" * 50_001).status_code == 413


def test_a_body_that_doesnt_say_its_size_is_counted(client) -> None:
    small = client(max_body_bytes=1000)

    def parts(n: int):
        for _ in range(n):
            yield b"x" * 100

    assert small.post("/api/echo", content=parts(10)).json() == {"bytes": 1000}
    refused = small.post("/api/echo", content=parts(11))
    assert (refused.status_code, refused.json()["error"]) == (413, "too_large")


@pytest.mark.parametrize("length", ["-1", "1e9", "٣", "9" * 50])
def test_a_size_that_is_none_is_refused(client, length) -> None:
    said = {b"Content-Length": length.encode("utf-8")}
    assert client().post("/api/echo", headers=said).status_code in (400, 413)


def test_too_many_requests_with_a_token_have_to_wait(client) -> None:
    limited = client(accounts="required", rate_limit=5)
    codes = [limited.get("/api/echo", headers=TOKEN).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    refused = limited.get("/api/echo", headers=TOKEN)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"] == "rate_limited"
    other = {"Authorization": "Bearer nn_4567_secret"}
    assert limited.get("/api/echo", headers=other).status_code == 200
    assert limited.get("/page", headers=TOKEN).status_code == 200


def test_too_many_without_a_token_or_with_guessed_ones_too(client) -> None:
    limited = client(accounts="required", rate_limit=2)
    assert [limited.get("/api/echo").status_code for _ in range(3)] == [200, 200, 429]
    guessed = [
        limited.get("/api/echo", headers={"Authorization": f"Bearer nn_{n}_x"}).status_code
        for n in range(41)
    ]
    assert guessed == [200] * 40 + [429]


def test_locally_there_is_no_limit_unless_set(client) -> None:
    free = client()
    assert {free.get("/api/echo").status_code for _ in range(700)} == {200}
    assert client(rate_limit=1).get("/api/echo").status_code == 200


def forwarded(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


@pytest.mark.parametrize("peer", ["127.0.0.1", "203.0.113.9"])
def test_a_new_address_in_each_request_gets_round_no_limit(client, peer) -> None:
    """Nobody is named as a proxy, so the header says nothing."""
    limited = client(peer=peer, accounts="required", rate_limit=3)
    codes = [
        limited.get("/api/echo", headers=forwarded(f"198.51.100.{n}")).status_code
        for n in range(10)
    ]
    assert codes == [200] * 3 + [429] * 7


def test_a_named_proxy_says_where_a_request_comes_from(client) -> None:
    named = {"accounts": "required", "rate_limit": 2, "trusted_proxies": "10.0.0.0/8, 127.0.0.1"}
    limited = client(peer="10.1.2.3", **named)
    for address in ("198.51.100.1", "198.51.100.2"):
        asked = [limited.get("/api/echo", headers=forwarded(address)) for _ in range(3)]
        assert [answer.status_code for answer in asked] == [200, 200, 429]
    # What the client wrote before the proxy's own line is not believed.
    spoofed = [
        limited.get("/api/echo", headers=forwarded(f"192.0.2.{n}, 198.51.100.3")).status_code
        for n in range(4)
    ]
    assert spoofed == [200, 200, 429, 429]
    # Somebody else who claims to be a proxy.
    other = client(peer="203.0.113.9", **named)
    codes = [
        other.get("/api/echo", headers=forwarded(f"192.0.2.{n}")).status_code for n in (1, 2, 3)
    ]
    assert codes == [200, 200, 429]


def test_locally_no_header_makes_another_machine_this_one(client) -> None:
    for settings in ({}, {"trusted_proxies": "127.0.0.1"}):
        remote = client(peer="203.0.113.9", **settings)
        assert remote.get("/page", headers=forwarded("127.0.0.1")).status_code == 403
    proxied = client(trusted_proxies="127.0.0.1")
    assert proxied.get("/page", headers=forwarded("203.0.113.9")).status_code == 403


SIGNED_IN = {"Cookie": "_streamlit_user=somebody"}


def refused(client: TestClient, headers: dict[str, str]) -> bool:
    try:
        with client.websocket_connect("/talking", headers={"Host": "localhost", **headers}):
            return False
    except WebSocketDisconnect:
        return True


def test_a_person_has_so_many_sockets_open_at_once(client) -> None:
    limited = client(accounts="required", socket_connections=2, socket_messages=0)
    with limited.websocket_connect("/talking", headers=SIGNED_IN):
        with limited.websocket_connect("/talking", headers=SIGNED_IN):
            assert refused(limited, SIGNED_IN)
            assert not refused(limited, {"Cookie": "_streamlit_user=other"})
        assert not refused(limited, SIGNED_IN)


def test_an_address_has_more_of_them_whoever_it_says_it_is(client) -> None:
    limited = client(accounts="required", socket_connections=1, socket_messages=0)
    with ExitStack() as opened:
        for n in range(20):
            who = {"Cookie": f"_streamlit_user=u{n}"}
            opened.enter_context(limited.websocket_connect("/talking", headers=who))
        assert refused(limited, {"Cookie": "_streamlit_user=u99"})


def test_too_many_messages_close_the_socket_and_keep_it_closed(client) -> None:
    limited = client(accounts="required", socket_messages=4)
    with limited.websocket_connect("/talking", headers=SIGNED_IN) as socket:
        for n in range(3):
            socket.send_text(str(n))
            assert socket.receive_text() == str(n)
        socket.send_text("4")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert (closed.value.code, closed.value.reason) == (1008, "rate_limited")
    assert refused(limited, SIGNED_IN)
    assert not refused(limited, {"Cookie": "_streamlit_user=other"})


def test_locally_sockets_arent_counted(client) -> None:
    free = client()
    assert not any(refused(free, SIGNED_IN) for _ in range(100))


def test_browsers_are_told_what_they_may_do(client) -> None:
    page, api = client().get("/page").headers, client().get("/api/echo").headers
    for answer in (page, api, client().get("/page", headers={"Host": "evil"}).headers):
        assert answer["x-content-type-options"] == "nosniff"
        assert "frame-ancestors" in answer["content-security-policy"]
    assert "img-src 'self' data: blob:" in page["content-security-policy"]
    assert api["cache-control"] == "no-store"
    assert "strict-transport-security" not in page
    assert client("https://localhost").get("/page").headers["strict-transport-security"]


def test_a_stream_stays_a_stream() -> None:
    """Each part leaves when it is made, not all at the end."""
    app = Starlette(routes=[Route("/api/stream", stream)], middleware=middlewares(load_settings()))
    sent: list[str] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message) -> None:
        sent.append(message.get("body", b"").decode())

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/stream",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "scheme": "http",
        "http_version": "1.1",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
    }
    asyncio.run(app(scope, receive, send))
    assert [part for part in sent if part] == ["a", "b", "c"]


def test_a_refusal_has_the_form_of_the_api(client) -> None:
    refused = client().get("/api/echo", headers={"Host": "evil.example"})
    assert set(json.loads(refused.content)) == {"success", "message", "error", "timestamp"}
