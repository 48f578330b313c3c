"""The client library against a running server, over sockets."""

from __future__ import annotations

import ast
import asyncio
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import httpx
import pytest
from pydantic import BaseModel

from memory.api.responses import chat, conversations, extraction, memories, users
from memory.container import Container
from niannian import ApiError, AsyncClient, Client, answers, calls
from tests.memory.api.conftest import Serve, client_of, listening

FOLDER = Path(answers.__file__).parent


@pytest.fixture(scope="module")
def address(calm_parts: Container) -> Iterator[str]:
    with listening(client_of(calm_parts).app) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        client.new_user("Ada", user_id="ada", language="en", timezone="Europe/London")
        yield client
        client.erase("ada")


def test_a_memory_and_its_history(client: Client) -> None:
    kept = client.add("ada", "Collects stamps", metadata={"via": "test"}, category="preference")
    id = kept["memory_id"]
    assert id is not None
    assert client.memory(id)["metadata"] == {"via": "test"}
    assert client.search("ada", "stamps", limit=1)[0]["id"] == id
    assert client.update(id, text="Collects old stamps", pinned=True)["pinned"] is True
    (change,) = client.delete(id)["change_ids"]
    assert client.memories("ada")["total"] == 0
    assert client.history(id)[0]["action"] == "delete"
    client.undo(change)
    assert client.memory(id)["text"] == "Collects old stamps"
    assert "old stamps" in client.context("ada", "stamps")["context"]
    assert client.delete_all("ada")["changed"] == 1


def test_all_memories_are_all(client: Client) -> None:
    memories = [{"text": f"Owns the book number {number}"} for number in range(230)]
    client.take_in("ada", {"memories": [{"memory": one["text"]} for one in memories]})
    assert len({one["id"] for one in client.all_memories("ada")}) == 230


def test_talking(client: Client) -> None:
    reply = client.chat("ada", "I am allergic to peanuts.", session_id="kitchen")
    assert reply["session_id"] == "kitchen"
    assert client.process("ada")["done"] is True
    learnt = client.learn("ada", [{"role": "user", "content": "I play the cello."}])
    assert learnt["added"] == 1
    session = client.session("kitchen", user_id="ada")
    page = client.messages(session["session_id"])
    assert [message["role"] for message in page["messages"]] == ["user", "assistant"]
    assert client.trace(reply["message_id"])["usage"] == reply["usage"]
    assert client.rename_session(session["session_id"], "Food")["title"] == "Food"
    assert client.pin_session(session["session_id"])["pinned"] is True
    assert client.file_session(session["session_id"], "work")["folder"] == "work"
    assert client.sessions("ada")["sessions"][0]["session_id"] == session["session_id"]
    assert client.stop("ada", "kitchen")["message_id"] is None
    assert len(client.sessions("ada")["sessions"]) == 2
    client.delete_session(session["session_id"])
    assert client.new_session("ada", greet=True)["user_id"] == "ada"


def test_a_reply_word_by_word(client: Client) -> None:
    stream = client.stream("ada", "Good morning!")
    pieces = list(stream)
    assert len(pieces) > 1
    assert stream.state.reply is not None
    assert "".join(pieces) == stream.state.text == stream.state.reply["response"]
    kinds = [event["event"] for event in client.stream("ada", "And good night.").events()]
    assert (kinds[0], kinds[-1]) == ("start", "done")
    helped = client.stream("ada", "I want to kill myself.")
    next(iter(helped))
    assert helped.state.help is not None


def test_errors_are_sentences(client: Client) -> None:
    with pytest.raises(ApiError, match=r"^There is no such memory\.$") as caught:
        client.memory("nobody")
    assert (caught.value.status, caught.value.code) == (404, "memory_not_found")
    with pytest.raises(ApiError) as caught:
        list(client.stream("ada", " "))
    assert (caught.value.status, caught.value.code) == (400, "message_empty")
    with pytest.raises(ApiError):
        client.user("no/body")

    def proxy(_: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>Bad gateway</html>")

    with (
        Client(transport=httpx.MockTransport(proxy)) as other,
        pytest.raises(ApiError, match="502"),
    ):
        other.user("ada")


def test_what_a_model_took_back_is_gone() -> None:
    said = (
        'event: start\ndata: {"session_id": "s"}\n\n: ping\n\nevent: token\n'
        'data: {"text": "Hmm"}\n\nevent: retract\ndata: {}\n\n'
        'event: token\ndata: {"text": "Yes"}\n\nevent: error\n'
        'data: {"error": "model_timeout", "message": "Too slow."}\n\n'
    )
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text=said))
    with Client(transport=transport) as client:
        stream = client.stream("ada", "x")
        with pytest.raises(ApiError, match=r"^Too slow\.$"):
            list(stream)
    assert (stream.state.text, stream.state.reply) == ("Yes", None)


def test_profiles_and_files(client: Client) -> None:
    assert client.user("ada")["timezone"] == "Europe/London"
    assert client.update_user("ada", region="gb", timezone=None)["region"] == "GB"
    client.add("ada", "Collects stamps")
    whole = client.export("ada")
    assert "Collects stamps" in client.export("ada", "csv")
    assert client.profile("ada")["user"]["name"] == "Ada"
    client.delete_all("ada")
    client.take_in("ada", whole)
    assert [one["text"] for one in client.all_memories("ada")] == ["Collects stamps"]


def test_the_same_with_asyncio(client: Client, address: str) -> None:
    async def all_of_it() -> list[str]:
        async with AsyncClient(address) as slow:
            await slow.add("ada", "Collects stamps")
            stream = slow.stream("ada", "Hello!")
            pieces = [piece async for piece in stream]
            assert stream.state.reply is not None
            assert "".join(pieces) == stream.state.reply["response"]
            with pytest.raises(ApiError, match="memory"):
                await slow.memory("nobody")
            with pytest.raises(ApiError):
                async for _ in slow.stream("ada", " "):
                    pass
            return [one["text"] async for one in slow.all_memories("ada")]

    assert asyncio.run(all_of_it()) == ["Collects stamps"]


def test_a_token(serve: Serve) -> None:
    api = serve(accounts="required")
    running: Container = api.running  # type: ignore[attr-defined]
    running.db.users.create("Ben", id="ben")
    secret = running.accounts.create_token("ben", "test", ["chat", "memory"])[1]
    with listening(api.app) as url:  # type: ignore[arg-type]
        with Client(url, token=secret, language="zh") as client:
            client.add("ben", "用户怕高")
            with pytest.raises(ApiError, match="没有"):
                client.memories("ada")
        with Client(url) as client, pytest.raises(ApiError, match="token"):
            client.memories("ben")


def test_both_clients_have_every_call() -> None:
    names = {
        name
        for name, value in vars(calls).items()
        if inspect.isfunction(value) and value.__module__ == calls.__name__ and name[0] != "_"
    }
    assert len(names) > 20
    for one in (Client, AsyncClient):
        assert names <= vars(one).keys()


@pytest.mark.parametrize(
    ("typed", "model"),
    [
        (answers.Memory, memories.MemoryOut),
        (answers.FoundMemory, memories.FoundOut),
        (answers.Source, memories.SourceOut),
        (answers.Page, memories.PageData),
        (answers.Added, memories.AddedData),
        (answers.Changed, memories.ChangedData),
        (answers.Change, memories.ChangeOut),
        (answers.Relation, memories.TripleOut),
        (answers.Used, chat.UsedOut),
        (answers.Reply, chat.ChatAnswer),
        (answers.Context, users.ContextData),
        (answers.User, users.UserOut),
        (answers.Imported, users.ImportedData),
        (answers.Processed, extraction.ProcessData),
        (answers.Session, conversations.SessionOut),
        (answers.Sessions, conversations.SessionsData),
        (answers.Message, conversations.MessageOut),
        (answers.Messages, conversations.MessagesData),
        (answers.Trace, conversations.TraceOut),
        (answers.Stopped, chat.StoppedData),
    ],
)
def test_the_types_are_those_of_the_server(typed: Any, model: type[BaseModel]) -> None:
    assert get_type_hints(typed).keys() == model.model_fields.keys()


def test_it_needs_nothing_of_the_server() -> None:
    wanted = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                wanted.add(str(node.module).split(".")[0])
            elif isinstance(node, ast.Import):
                wanted |= {alias.name.split(".")[0] for alias in node.names}
    assert wanted - sys.stdlib_module_names == {"httpx", "niannian"}
