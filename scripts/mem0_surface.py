"""What of mem0's own clients works here: ``python -m scripts.mem0_surface [--url …]``.

Calls every public method of the installed ``MemoryClient`` and ``AsyncMemoryClient`` against a
fresh server over a folder of its own (or the one at URL, whose memories are then deleted!),
checks what came of it, and prints a table. Exit code 1: something doesn't work.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import logging
import os
import sys
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

os.environ["MEM0_TELEMETRY"] = "False"
os.environ.setdefault("MEM0_DIR", tempfile.mkdtemp(prefix="mem0-"))

from mem0 import AsyncMemoryClient, MemoryClient
from mem0.exceptions import ValidationError

from scripts.fresh_server import fresh_server

USER, AGENT = "surface:user", "surface-agent"
SCOPE = {"filters": {"user_id": USER}}
MEMBER = "surface@example.org"
NOT_IN_MEM0 = {"chat"}
"""Methods that the clients have, but only to say that they aren't there yet."""

PROJECT = "project."
ONE_PROJECT = {f"{PROJECT}create", f"{PROJECT}delete"}
"""Refused by design, in one sentence: there is one project, and it stays."""


@dataclass(frozen=True)
class Verdict:
    """One method of both clients: ``""`` where it works, else what was wrong."""

    method: str
    sync: str
    asynchronous: str


class _Waiting:
    """An asynchronous client whose calls wait for their result."""

    def __init__(self, client: Any, run: Callable[[Awaitable[Any]], Any]) -> None:
        self._client = client
        self._run = run

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name == "project":
            return _Waiting(found, self._run)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            result = found(*args, **named)
            return self._run(result) if inspect.isawaitable(result) else result

        return call


class _Kept:
    """Memories that a case works on: word for word, with an id that isn't used up."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._made = 0

    def __call__(self, text: str = "Keeps bees", **fields: Any) -> str:
        self._made += 1
        scope = {"user_id": USER, **fields}
        made = self._client.add(f"{text} ({self._made})", infer=False, **scope)
        id: str = made["results"][0]["id"]
        return id


def _texts(answer: Any) -> list[str]:
    found = answer["results"] if isinstance(answer, dict) else answer
    return [one["memory"] for one in found]


def _add(client: Any, keep: _Kept) -> bool:
    told = [{"role": "user", "content": "I am allergic to walnuts."}]
    # Of somebody new: what is known already isn't learnt again.
    made = client.add(told, user_id=f"surface:{uuid.uuid4()}", metadata={"via": "surface"})
    return bool(made["results"]) or made["status"] == "PENDING"


def _delete_all(client: Any, keep: _Kept) -> bool:
    keep(user_id="surface:gone")
    client.delete_all(user_id="surface:gone")
    return _texts(client.get_all(filters={"user_id": "surface:gone"})) == []


def _delete_users(client: Any, keep: _Kept) -> bool:
    keep(agent_id=AGENT)
    client.delete_users(agent_id=AGENT)
    return AGENT not in str(client.users())


def _batch_update(client: Any, keep: _Kept) -> bool:
    id = keep()
    client.batch_update([{"memory_id": id, "text": "Keeps wasps"}])
    return bool(client.get(id)["memory"] == "Keeps wasps")


def _gone(client: Any, id: str) -> bool:
    return id not in str(client.get_all(**SCOPE, page_size=1000))


def _batch_delete(client: Any, keep: _Kept) -> bool:
    id = keep()
    client.batch_delete([{"memory_id": id}])
    return _gone(client, id)


def _delete(client: Any, keep: _Kept) -> bool:
    id = keep()
    client.delete(id)
    return _gone(client, id)


def _update(client: Any, keep: _Kept) -> bool:
    id = keep()
    client.update(id, text="Keeps geese", metadata={"n": 1})
    return bool(client.get(id)["metadata"] == {"n": 1})


def _history(client: Any, keep: _Kept) -> bool:
    id = keep()
    client.update(id, text="Keeps ducks")
    return bool(client.history(id)[-1]["new_memory"] == "Keeps ducks")


def _reset(client: Any, keep: _Kept) -> bool:
    keep()
    client.reset()
    return not client.users()["results"]


def _webhook(client: Any) -> Any:
    address, events = "http://127.0.0.1:9/hook", ["memory_add"]
    return client.create_webhook(address, "surface", client.project_id, events)


def _webhook_id(client: Any) -> Any:
    made = _webhook(client)
    return made.get("webhook_id") or made["id"]


def _export(client: Any) -> Any:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    return client.create_memory_export(schema, filters={"user_id": USER})


def _update_profile_settings(client: Any, keep: _Kept) -> bool:
    client.update_profile_settings(enabled=True)
    return client.get_profile_settings()["enabled"] is True


def _update_project(client: Any, keep: _Kept) -> bool:
    client.update_project(custom_instructions="Only facts about birds")
    return bool(client.get_project()["custom_instructions"] == "Only facts about birds")


Case = Callable[[Any, _Kept], Any]
CASES: Mapping[str, Case] = {
    "add": _add,
    "get": lambda client, keep: client.get(keep())["memory"].startswith("Keeps bees"),
    "get_all": lambda client, keep: keep() in str(client.get_all(**SCOPE, page_size=1000)),
    "search": lambda client, keep: (
        keep("Collects fossils") in str(client.search("fossils", **SCOPE))
    ),
    "update": _update,
    "delete": _delete,
    "delete_all": _delete_all,
    "history": _history,
    "users": lambda client, keep: bool(keep()) and USER in str(client.users()),
    "delete_users": _delete_users,
    "batch_update": _batch_update,
    "batch_delete": _batch_delete,
    "feedback": lambda client, keep: client.feedback(keep(), feedback="POSITIVE"),
    "create_memory_export": lambda client, keep: bool(keep()) and _export(client)["id"],
    "get_memory_export": lambda client, keep: (
        bool(keep()) and client.get_memory_export(memory_export_id=_export(client)["id"])
    ),
    "get_summary": lambda client, keep: (
        bool(keep()) and client.get_summary(filters={"user_id": USER})
    ),
    "get_project": lambda client, keep: client.get_project(),
    "update_project": _update_project,
    "get_webhooks": lambda client, keep: (
        bool(_webhook(client)) and client.get_webhooks(client.project_id)
    ),
    "create_webhook": lambda client, keep: _webhook(client),
    "update_webhook": lambda client, keep: client.update_webhook(_webhook_id(client), name="x"),
    "delete_webhook": lambda client, keep: client.delete_webhook(_webhook_id(client)),
    "get_profile": lambda client, keep: bool(keep()) and client.get_profile(USER),
    "generate_profile": lambda client, keep: bool(keep()) and client.generate_profile(USER),
    "get_profile_job": lambda client, keep: (
        bool(keep()) and client.get_profile_job(_job_of(client.generate_profile(USER)))
    ),
    "sample_profiles": lambda client, keep: bool(keep()) and client.sample_profiles(limit=1),
    "get_profile_settings": lambda client, keep: client.get_profile_settings(),
    "update_profile_settings": _update_profile_settings,
    f"{PROJECT}get": lambda client, keep: client.project.get(),
    f"{PROJECT}update": lambda client, keep: client.project.update(custom_instructions="Birds"),
    f"{PROJECT}get_members": lambda client, keep: client.project.get_members(),
    f"{PROJECT}create": lambda client, keep: _refused(client.project.create, "surface"),
    f"{PROJECT}delete": lambda client, keep: _refused(client.project.delete),
    f"{PROJECT}add_member": lambda client, keep: client.project.add_member(MEMBER),
    f"{PROJECT}update_member": lambda client, keep: client.project.update_member(MEMBER, "OWNER"),
    f"{PROJECT}remove_member": lambda client, keep: client.project.remove_member(MEMBER),
    "reset": _reset,
}
"""In the order in which they are called: ``reset`` last."""


def _refused(call: Callable[..., Any], *args: Any) -> bool:
    try:
        call(*args)
    except ValidationError as error:
        return "one project" in str(error)
    return False


def _job_of(made: Mapping[str, Any]) -> str:
    return str(made.get("job_id") or made.get("id") or made["status_url"])


def methods() -> list[str]:
    """Every public method of the installed clients, in the order of the cases."""
    there = {
        name
        for client in (MemoryClient, AsyncMemoryClient)
        for name, _ in inspect.getmembers(client, callable)
        if name[0] != "_" and name not in NOT_IN_MEM0
    }
    known = [name for name in CASES if name in there or name.startswith(PROJECT)]
    return [*known, *sorted(there - CASES.keys())]


def surface(url: str) -> Iterator[Verdict]:
    """Call every method of both clients at ``url``."""
    loop = asyncio.new_event_loop()
    try:
        sync = MemoryClient(api_key="any", host=url)
        slow = AsyncMemoryClient(api_key="any", host=url)
        clients = (sync, _Waiting(slow, loop.run_until_complete))
        for name in methods():
            yield Verdict(name, *(_tried(CASES.get(name), client) for client in clients))
        loop.run_until_complete(slow.async_client.aclose())
    finally:
        loop.close()


def _tried(case: Case | None, client: Any) -> str:
    if case is None:
        return "no case for it yet"
    try:
        return "" if case(client, _Kept(client)) else "it had no effect"
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the verdict)
        return f"{type(error).__name__}: {error}".split("\n")[0][:100]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.mem0_surface",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--url", help="a server that runs already; its memories are deleted")
    options = parser.parse_args()
    # The clients log every refusal; the table says it.
    logging.disable()
    if options.url:
        failed = _table(options.url)
    else:
        with fresh_server() as url:
            failed = _table(url)
    sys.exit(1 if failed else 0)


def _table(url: str) -> int:
    works = failed = 0
    print(f"{'method':26}{'sync':8}{'async':8}")
    for one in surface(url):
        good = "refused" if one.method in ONE_PROJECT else "works"
        said = [good if not wrong else "fails" for wrong in (one.sync, one.asynchronous)]
        works += said.count("works")
        failed += said.count("fails")
        print(f"{one.method:26}{said[0]:8}{said[1]:8}{one.sync or one.asynchronous}", flush=True)
    print(f"{works} of {works + failed} work; a second project is refused by design")
    return failed


if __name__ == "__main__":
    main()
