"""A Neo4j server's wire (Bolt 5.4 and PackStream), as far as the driver needs it.

It understands no Cypher: it keeps the statements of each committed transaction, and answers
those that read with the rows that a test gives it.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from typing import Any

MAGIC = b"\x60\x60\xb0\x17"
VERSION = (5, 4)
HELLO, GOODBYE, RESET, RUN, DISCARD, PULL = 0x01, 0x02, 0x0F, 0x10, 0x2F, 0x3F
BEGIN, COMMIT, ROLLBACK, LOGON = 0x11, 0x12, 0x13, 0x6A
SUCCESS, RECORD, FAILURE = 0x70, 0x71, 0x7F


class BoltServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine.

    Attributes:
        committed: Each transaction's statements with their parameters, in order.
        rows: What statements that return something return, by field.
        password: The one that is let in.
        refuses: Whether statements fail.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.committed: list[list[tuple[str, dict[str, Any]]]] = []
        self.rows: list[dict[str, Any]] = []
        self.password = "secret"
        self.refuses = False

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> BoltServer:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def statements(self) -> list[str]:
        return [query for transaction in self.committed for query, _ in transaction]


class _Connection(socketserver.StreamRequestHandler):
    server: BoltServer

    def handle(self) -> None:
        assert self.rfile.read(4) == MAGIC
        self.rfile.read(16)  # four proposals; the classic one of them is taken
        self.wfile.write(bytes([0, 0, VERSION[1], VERSION[0]]))
        self._open: list[tuple[str, dict[str, Any]]] | None = None
        self._rows: list[dict[str, Any]] = []
        while (message := self._next()) is not None:
            tag, fields = message
            if tag == GOODBYE:
                return
            self._answer(tag, fields)

    def _answer(self, tag: int, fields: list[Any]) -> None:
        if tag == HELLO:
            self._say(SUCCESS, {"server": "Neo4j/5.26.0", "connection_id": "bolt-1"})
        elif tag == LOGON and fields[0].get("credentials") != self.server.password:
            code = "Neo.ClientError.Security.Unauthorized"
            self._say(FAILURE, {"code": code, "message": "unauthorized"})
        elif tag == BEGIN:
            self._open = []
            self._say(SUCCESS, {})
        elif tag == RUN:
            self._run(*fields[:2])
        elif tag in (PULL, DISCARD):
            for row in self._rows if tag == PULL else ():
                self._send(RECORD, list(row.values()))
            self._rows = []
            self._say(SUCCESS, {"type": "rw", "db": "neo4j"})
        elif tag == COMMIT:
            self.server.committed.append(self._open or [])
            self._open = None
            self._say(SUCCESS, {"bookmark": "b:1"})
        else:  # LOGON, RESET, ROLLBACK, TELEMETRY
            if tag in (RESET, ROLLBACK):
                self._open = None
            self._say(SUCCESS, {})

    def _run(self, query: str, parameters: dict[str, Any]) -> None:
        if self.server.refuses:
            code = "Neo.ClientError.Statement.SyntaxError"
            self._say(FAILURE, {"code": code, "message": "no"})
            return
        if self._open is None:
            self.server.committed.append([(query, parameters)])
        else:
            self._open.append((query, parameters))
        self._rows = list(self.server.rows) if " RETURN " in query else []
        self._say(SUCCESS, {"fields": list(self._rows[0]) if self._rows else ["user_id"]})

    def _say(self, tag: int, about: dict[str, Any]) -> None:
        self._send(tag, about)

    def _send(self, tag: int, field: Any) -> None:
        body = bytes([0xB1, tag]) + packed(field)
        chunks = (body[start : start + 0xFFFF] for start in range(0, len(body), 0xFFFF))
        self.wfile.write(b"".join(struct.pack(">H", len(c)) + c for c in chunks) + b"\0\0")

    def _next(self) -> tuple[int, list[Any]] | None:
        body = b""
        while True:
            head = self.rfile.read(2)
            if len(head) < 2:
                return None
            size = struct.unpack(">H", head)[0]
            if size:
                body += self.rfile.read(size)
            elif body:
                return body[1], list(_unpacked(body))


def packed(value: Any) -> bytes:
    """A value in PackStream."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return b"\xcb" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"\xc1" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode()
        return b"\xd2" + struct.pack(">I", len(text)) + text
    if isinstance(value, list):
        return b"\xd6" + struct.pack(">I", len(value)) + b"".join(map(packed, value))
    pairs = (packed(part) for pair in value.items() for part in pair)
    return b"\xda" + struct.pack(">I", len(value)) + b"".join(pairs)


def _unpacked(body: bytes) -> Iterator[Any]:
    """The fields of a message (a structure)."""
    at = 2
    for _ in range(body[0] & 0x0F):
        value, at = unpack(body, at)
        yield value


_SIZES = {0xD0: ">B", 0xD1: ">H", 0xD2: ">I", 0xD4: ">B", 0xD5: ">H", 0xD6: ">I", 0xD8: ">B", 0xD9: ">H", 0xDA: ">I"}  # fmt: skip
_NUMBERS = {0xC1: ">d", 0xC8: ">b", 0xC9: ">h", 0xCA: ">i", 0xCB: ">q"}
_TINY = {0x80: 0xD0, 0x90: 0xD4, 0xA0: 0xD8}


def unpack(body: bytes, at: int) -> tuple[Any, int]:
    """A value in PackStream, and where the next one begins."""
    mark = body[at]
    if mark in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[mark], at + 1
    if mark in _NUMBERS:
        form = _NUMBERS[mark]
        return struct.unpack_from(form, body, at + 1)[0], at + 1 + struct.calcsize(form)
    if mark < 0x80 or mark >= 0xF0:
        return struct.unpack_from(">b", body, at)[0], at + 1
    if mark in _SIZES:
        form = _SIZES[mark]
        size, at = struct.unpack_from(form, body, at + 1)[0], at + 1 + struct.calcsize(form)
    else:
        mark, size, at = _TINY[mark & 0xF0], mark & 0x0F, at + 1
    if mark in (0xD0, 0xD1, 0xD2):
        return body[at : at + size].decode(), at + size
    items = []
    for _ in range(size * (2 if mark >= 0xD8 else 1)):
        item, at = unpack(body, at)
        items.append(item)
    return (dict(zip(items[::2], items[1::2], strict=True)) if mark >= 0xD8 else items), at
