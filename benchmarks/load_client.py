"""The client side of the load benchmark: threads with plain HTTP, and what they see."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_SECONDS = 30.0


class Caller:
    """One connection that is kept open; not for several threads."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON of the answer.

        Raises:
            RuntimeError: the answer isn't a success.
        """
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"} if content else {}
        self._connection.request(method, path, content, headers)
        response = self._connection.getresponse()
        said = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{response.status} {path}: {said[:300].decode(errors='replace')}")
        return json.loads(said)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass
class Seen:
    """What all threads of a phase saw together."""

    times: list[float] = field(default_factory=list)
    """Seconds a call."""
    errors: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def time(self, seconds: float) -> None:
        """One call that went well."""
        with self._lock:
            self.times.append(seconds)

    def error(self, what: str) -> None:
        """One that didn't."""
        with self._lock:
            self.errors.append(what)

    def leak(self, what: str) -> None:
        """Somebody saw what is another's."""
        with self._lock:
            self.leaks.append(what)


def together(workers: int, work: Callable[[int], None]) -> None:
    """Run ``work(number)`` in so many threads and wait for all."""
    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass(frozen=True)
class Chatters:
    """People who chat at once, each with a code word that nobody else may ever see."""

    port: int
    users: int
    seconds: float
    pause: tuple[float, float]
    """Seconds between a reply and the next message, from and to."""

    def run(self) -> Seen:
        """Chat, then look whether anybody's memories hold another's code word."""
        seen = Seen()
        words = [f"码{random.Random(n).getrandbits(40):010x}" for n in range(self.users)]
        until = time.perf_counter() + self.seconds
        together(self.users, lambda n: self._chat(n, words, until, seen))
        together(8, lambda n: self._look(range(n, self.users, 8), words, seen))
        return seen

    def _chat(self, number: int, words: list[str], until: float, seen: Seen) -> None:
        chance, caller = random.Random(number), Caller(self.port)
        # Nobody starts at the same moment.
        time.sleep(chance.uniform(0, self.pause[1]))
        session, turn = None, 0
        while time.perf_counter() < until:
            turn += 1
            said = f"我的第{turn}个暗号是{words[number]}，今天去了公园"
            body = {"user_id": f"load-{number}", "message": said}
            began = time.perf_counter()
            try:
                answer = caller.call(
                    "POST", "/api/chat/message", body | ({"session_id": session} if session else {})
                )
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                seen.error(str(error))
                caller.close()
                continue
            seen.time(time.perf_counter() - began)
            session = answer["session_id"]
            heard = answer["response"] + json.dumps(answer["memories"], ensure_ascii=False)
            self._check(heard, number, words, seen)
            if words[number] not in answer["response"]:
                seen.leak(f"load-{number} got a reply to something else")
            time.sleep(chance.uniform(*self.pause))
        caller.close()

    def _look(self, numbers: range, words: list[str], seen: Seen) -> None:
        caller = Caller(self.port)
        for number in numbers:
            user = f"load-{number}"
            try:
                caller.call("POST", f"/api/memory/process/{user}")
                found = caller.call(
                    "POST", "/api/memory/search", {"user_id": user, "query": "暗号", "limit": 100}
                )
                listed = caller.call("GET", f"/api/memory/user/{user}?limit=100")
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                seen.error(str(error))
                continue
            if listed["data"]["total"] == 0:
                seen.error(f"{user} is remembered by nothing")
            self._check(json.dumps([found, listed], ensure_ascii=False), number, words, seen)
        caller.close()

    def _check(self, heard: str, number: int, words: list[str], seen: Seen) -> None:
        for other, word in enumerate(words):
            if other != number and word in heard:
                seen.leak(f"load-{number} saw the word of load-{other}")


Calls = tuple[
    Callable[[Caller, str, int], str],
    Callable[[Caller, str], Any],
    Callable[[Caller, str], Any],
    Callable[[Caller, str, str], Any],
]
"""Add (returns the memory's id), search, list and delete, as one service spells them."""


def ours() -> Calls:
    """Niannian's four calls."""

    def add(caller: Caller, user: str, number: int) -> str:
        body = {"user_id": user, "text": f"用户第{number}次去公园喂了猫"}
        return str(caller.call("POST", "/api/memory/add", body)["data"]["memories"][0]["id"])

    return (
        add,
        lambda caller, user: caller.call(
            "POST",
            "/api/memory/search",
            {"user_id": user, "query": "我什么时候喜欢爬山", "limit": 10},
        ),
        lambda caller, user: caller.call("GET", f"/api/memory/user/{user}?limit=100"),
        lambda caller, user, id: caller.call("DELETE", f"/api/memory/memory/{id}?user_id={user}"),
    )


def stock() -> Calls:
    """The same of the service on stock mem0."""

    def add(caller: Caller, user: str, number: int) -> str:
        body = {"user_id": user, "text": f"用户第{number}次去公园喂了猫"}
        return str(caller.call("POST", "/add", body)["results"][0]["id"])

    return (
        add,
        lambda caller, user: caller.call(
            "POST", "/search", {"user_id": user, "query": "我什么时候喜欢爬山", "limit": 10}
        ),
        lambda caller, user: caller.call("GET", f"/list/{user}?limit=100"),
        lambda caller, user, id: caller.call("DELETE", f"/memory/{id}"),
    )


def throughput(port: int, calls: Calls, users: int, workers: int, seconds: float) -> Seen:
    """As many rounds of add, search, list and delete as fit, from several connections."""
    seen = Seen()
    until = time.perf_counter() + seconds

    def work(worker: int) -> None:
        caller, number = Caller(port), worker * 1_000_000
        while time.perf_counter() < until:
            number += 1
            try:
                for spent in _round(caller, calls, f"user{number % users}", number):
                    seen.time(spent)
            except (OSError, RuntimeError, LookupError, http.client.HTTPException) as error:
                seen.error(str(error))
                caller.close()
        caller.close()

    together(workers, work)
    return seen


def _round(caller: Caller, calls: Calls, user: str, number: int) -> Iterator[float]:
    """One of each call; seconds that each took."""
    add, search, list_all, delete = calls
    began = time.perf_counter()
    made = add(caller, user, number)
    yield time.perf_counter() - began
    for call in (search, list_all):
        began = time.perf_counter()
        call(caller, user)
        yield time.perf_counter() - began
    began = time.perf_counter()
    delete(caller, user, made)
    yield time.perf_counter() - began
