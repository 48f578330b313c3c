"""The benchmark of noticing counts what it says it counts."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from benchmarks.care import Case, Outcome, in_process, load, over_http, share, show


def test_cases_are_read_in_order(tmp_path) -> None:
    file = tmp_path / "cases.jsonl"
    rows = [
        {"kind": "plan", "lang": "en", "expect": "help", "messages": ["one", "two"], "note": ""},
        {"kind": "daily", "lang": "yue", "expect": "none", "messages": ["三"]},
    ]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    assert load([file]) == [
        Case("plan", "en", "help", ("one", "two")),
        Case("daily", "yue", "none", ("三",)),
    ]


def test_each_turn_is_asked_with_those_before_it() -> None:
    assert in_process(["今天去公园了", "我不想活了，今晚就自杀"]) == ["none", "help"]


def test_figures_are_counted_by_kind_and_language(capsys: pytest.CaptureFixture[str]) -> None:
    def outcome(kind: str, language: str, expect, answers) -> Outcome:
        return Outcome(Case(kind, language, expect, tuple("x" for _ in answers)), answers)

    show(
        [
            outcome("plan", "en", "help", ["none", "help"]),
            outcome("plan", "yue", "help", ["gentle"]),
            outcome("grief", "en", "gentle", ["gentle"]),
            outcome("idiom", "en", "none", ["help"]),
            outcome("follow", "en", "help", ["help", "help", "none"]),
        ],
        verbose=False,
    )
    said = capsys.readouterr().out
    assert "noticed       1/2 0.500" in said
    assert "plan 1/2" in said
    assert "en 1/1, yue 0/1" in said
    assert "false alarms  1/2 0.500" in said
    assert "grief 0/1, idiom 1/1" in said
    assert "gentle card   1/1 of those missed" in said
    assert "gentle card   1/1 where gentle is right" in said
    assert "help on 1/2 later turns" in said


def test_nothing_counted_is_no_division() -> None:
    assert share([]) == "0/0"


def test_a_running_server_is_asked_in_one_session_a_case() -> None:
    bodies: list[dict[str, str]] = []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            bodies.append(body)
            helped = {"kind": "suicide"} if "danger" in body["message"] else None
            answer = json.dumps({"session_id": "s1", "help": helped}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        ask = over_http(f"http://127.0.0.1:{server.server_port}/")
        assert ask(["hello", "danger"]) == ["none", "help"]
        assert ask(["hello"]) == ["none"]
    finally:
        server.shutdown()
        server.server_close()
    assert [body.get("session_id") for body in bodies] == [None, "s1", None]
    assert bodies[0]["user_id"] == bodies[1]["user_id"] != bodies[2]["user_id"]
