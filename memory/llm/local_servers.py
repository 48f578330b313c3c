"""Local model servers: Ollama, LM Studio and llama.cpp on their usual ports of this machine.

They are looked for in the background, on the loopback interface only, so that a page never
waits and nothing is contacted off the machine. Proxies have no say.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from typing import Any

PROBE_SECONDS = 0.5
"""Longest wait for a connection, and for each answer."""
FRESH_SECONDS = 20.0
"""A look at the ports is good for so long."""
LONGEST_LIST = 1_000_000
"""Bytes of a list of models that are read."""
HOST = "127.0.0.1"

_NO_CHAT = re.compile(r"embed|\bbge\b|bge-|rerank|\be5-|nomic|whisper|minilm|tts|gte-", re.I)


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that was found. ``models`` are those that can chat, in its order."""

    id: str
    name: str
    url: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsualPort:
    """Where a kind of server usually listens, and how it is told from others there.

    ``proof`` is a path and a word: the answer there has to hold the word. Without one, the
    list of models has to name an owner that matches ``owner``.
    """

    id: str
    name: str
    port: int
    proof: tuple[str, str] | None = None
    owner: str = ""


PORTS = (
    UsualPort("ollama", "Ollama", 11434, proof=("/api/version", "version")),
    UsualPort("lmstudio", "LM Studio", 1234),
    # Many things listen on 8080.
    UsualPort("llamacpp", "llama.cpp", 8080, owner="llamacpp"),
)


class LocalServers:
    """What runs on this machine, as of the last look. Safe from many threads."""

    def __init__(
        self,
        ports: Sequence[UsualPort] = PORTS,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ports = tuple(ports)
        self._clock = clock
        self._lock = Lock()
        self._found: tuple[LocalServer, ...] = ()
        self._looked_at: float | None = None
        self._looking = False
        self._done = Event()

    @property
    def looked(self) -> bool:
        """Whether the first look is over."""
        return self._looked_at is not None

    def current(self) -> tuple[LocalServer, ...]:
        """What is known now; a look that has grown old is repeated in the background."""
        with self._lock:
            old = self._looked_at is None or self._clock() - self._looked_at > FRESH_SECONDS
            begin = old and not self._looking
            self._looking = self._looking or begin
            if begin:
                self._done.clear()
        if begin:
            Thread(target=self._look, name="niannian-local-servers", daemon=True).start()
        return self._found

    def wait(self, timeout: float = 5.0) -> tuple[LocalServer, ...]:
        """The result of a look that is under way."""
        self.current()
        self._done.wait(timeout)
        return self._found

    def _look(self) -> None:
        found: list[LocalServer | None] = []
        try:
            with ThreadPoolExecutor(len(self._ports), "niannian-probe") as pool:
                found = list(pool.map(_probe, self._ports))
        finally:
            with self._lock:
                self._found = tuple(server for server in found if server is not None)
                self._looked_at = self._clock()
                self._looking = False
            self._done.set()


def _probe(usual: UsualPort) -> LocalServer | None:
    if usual.proof is not None:
        answer = _get(usual.port, usual.proof[0])
        if answer is None or usual.proof[1] not in answer:
            return None
    answer = _get(usual.port, "/v1/models")
    models = list(_models(answer, usual.owner)) if answer is not None else []
    chatting = [name for name in models if not _NO_CHAT.search(name)]
    if not chatting:
        return None
    return LocalServer(usual.id, usual.name, f"http://{HOST}:{usual.port}/v1", tuple(chatting))


def _models(answer: Mapping[str, Any], owner: str) -> Sequence[str]:
    data = answer.get("data")
    if not isinstance(data, list):
        return ()
    return [
        str(item["id"])
        for item in data
        if isinstance(item, Mapping)
        and isinstance(item.get("id"), str)
        and item["id"]
        and (not owner or owner in str(item.get("owned_by", "")))
    ]


def _get(port: int, path: str) -> Mapping[str, Any] | None:
    """A JSON object from a port of this machine; ``None`` if nothing of the sort is there."""
    connection = HTTPConnection(HOST, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = response.read(LONGEST_LIST)
        if response.status != 200:
            return None
        answer = json.loads(body)
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        with suppress(OSError):
            connection.close()
    return answer if isinstance(answer, Mapping) else None
