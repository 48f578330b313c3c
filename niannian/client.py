"""API client: the same calls for programs that wait (:class:`Client`) and for asyncio.

>>> with Client("http://localhost:8501") as client:  # doctest: +SKIP
...     client.add("xiaoyu", "用户喜欢滑雪")
...     client.search("xiaoyu", "爱好")[0]["text"]
'用户喜欢滑雪'
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import httpx

from niannian import calls
from niannian.answers import Event, Memory, Reply
from niannian.calls import Call

TIMEOUT = 120.0
"""Seconds to wait for an answer, by default: replies and extractions take their time."""

P = ParamSpec("P")
T = TypeVar("T")


class ApiError(Exception):
    """The API refused a request or couldn't answer it.

    Attributes:
        status: The HTTP status; 0 for one in the middle of a streamed reply.
        code: For programs, such as ``memory_not_found``.
        help: Whom to call, where somebody may be in danger: show it all the same.
    """

    def __init__(self, status: int, said: Any) -> None:
        self.status = status
        known = said if isinstance(said, dict) else {}
        self.code = str(known.get("error", "unknown"))
        self.help: dict[str, Any] | None = known.get("help")
        super().__init__(str(known.get("message") or f"the server answered with {status}"))


def _waiting(build: Callable[P, Call[T]]) -> Callable[Concatenate[Client, P], T]:
    @wraps(build)
    def method(self: Client, /, *args: P.args, **named: P.kwargs) -> T:
        return self.send(build(*args, **named))

    return method


def _awaited(build: Callable[P, Call[T]]) -> Callable[Concatenate[AsyncClient, P], Awaitable[T]]:
    @wraps(build)
    async def method(self: AsyncClient, /, *args: P.args, **named: P.kwargs) -> T:
        return await self.send(build(*args, **named))

    return method


def _streaming(
    build: Callable[P, Call[Reply]],
) -> Callable[Concatenate[Client, P], ReplyStream]:
    @wraps(build)
    def method(self: Client, /, *args: P.args, **named: P.kwargs) -> ReplyStream:
        return self.streamed(build(*args, **named))

    return method


def _async_streaming(
    build: Callable[P, Call[Reply]],
) -> Callable[Concatenate[AsyncClient, P], AsyncReplyStream]:
    @wraps(build)
    def method(self: AsyncClient, /, *args: P.args, **named: P.kwargs) -> AsyncReplyStream:
        return self.streamed(build(*args, **named))

    return method


class Client:
    """Calls that wait for their answer. Close it, or use it in a ``with`` block.

    Args:
        url: Where Niannian runs.
        token: An API token, where there are accounts.
        tenant: Whose users these are, where a program serves several tenants.
        language: Of sentences for people (``zh`` or ``en``).
        timeout: Seconds to wait for an answer.
        transport: For tests, and for those who need something special of httpx.
    """

    def __init__(
        self,
        url: str = "http://localhost:8501",
        *,
        token: str | None = None,
        tenant: str | None = None,
        language: str = "en",
        timeout: float = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=url,
            headers=_headers(token, tenant, language),
            timeout=timeout,
            transport=transport,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, call: Call[T]) -> T:
        """Send a call of :mod:`niannian.calls`.

        Raises:
            ApiError: the API refused it.
        """
        return _read(call, self._http.request(call.method, call.path, **_content(call)))

    def streamed(self, call: Call[Reply]) -> ReplyStream:
        """Send a call of :func:`niannian.calls.chat` whose reply comes word by word."""
        return ReplyStream(self._http, call)

    def all_memories(self, user_id: str, *, persona_id: str | None = None) -> Iterator[Memory]:
        """Every memory in force of a user with a persona, newest first."""
        cursor: str | None = None
        while True:
            page = self.memories(user_id, persona_id=persona_id, limit=200, cursor=cursor)
            yield from page["memories"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    chat = _waiting(calls.chat)
    stream = _streaming(calls.chat)
    stop = _waiting(calls.stop)
    sessions = _waiting(calls.sessions)
    session = _waiting(calls.session)
    new_session = _waiting(calls.new_session)
    rename_session = _waiting(calls.rename_session)
    pin_session = _waiting(calls.pin_session)
    file_session = _waiting(calls.file_session)
    folders = _waiting(calls.folders)
    delete_session = _waiting(calls.delete_session)
    messages = _waiting(calls.messages)
    rate = _waiting(calls.rate)
    trace = _waiting(calls.trace)
    add = _waiting(calls.add)
    learn = _waiting(calls.learn)
    search = _waiting(calls.search)
    memories = _waiting(calls.memories)
    memory = _waiting(calls.memory)
    update = _waiting(calls.update)
    delete = _waiting(calls.delete)
    delete_all = _waiting(calls.delete_all)
    history = _waiting(calls.history)
    undo = _waiting(calls.undo)
    context = _waiting(calls.context)
    process = _waiting(calls.process)
    export = _waiting(calls.export)
    take_in = _waiting(calls.take_in)
    user = _waiting(calls.user)
    new_user = _waiting(calls.new_user)
    update_user = _waiting(calls.update_user)
    profile = _waiting(calls.profile)
    erase = _waiting(calls.erase)


class AsyncClient:
    """The same for asyncio; arguments as of :class:`Client`. Use it in an ``async with`` block."""

    def __init__(
        self,
        url: str = "http://localhost:8501",
        *,
        token: str | None = None,
        tenant: str | None = None,
        language: str = "en",
        timeout: float = TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            headers=_headers(token, tenant, language),
            timeout=timeout,
            transport=transport,
        )

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def send(self, call: Call[T]) -> T:
        """Send a call of :mod:`niannian.calls`.

        Raises:
            ApiError: the API refused it.
        """
        return _read(call, await self._http.request(call.method, call.path, **_content(call)))

    def streamed(self, call: Call[Reply]) -> AsyncReplyStream:
        """Send a call of :func:`niannian.calls.chat` whose reply comes word by word."""
        return AsyncReplyStream(self._http, call)

    async def all_memories(
        self, user_id: str, *, persona_id: str | None = None
    ) -> AsyncIterator[Memory]:
        """Every memory in force of a user with a persona, newest first."""
        cursor: str | None = None
        while True:
            page = await self.memories(user_id, persona_id=persona_id, limit=200, cursor=cursor)
            for one in page["memories"]:
                yield one
            cursor = page["next_cursor"]
            if cursor is None:
                return

    chat = _awaited(calls.chat)
    stream = _async_streaming(calls.chat)
    stop = _awaited(calls.stop)
    sessions = _awaited(calls.sessions)
    session = _awaited(calls.session)
    new_session = _awaited(calls.new_session)
    rename_session = _awaited(calls.rename_session)
    pin_session = _awaited(calls.pin_session)
    file_session = _awaited(calls.file_session)
    folders = _awaited(calls.folders)
    delete_session = _awaited(calls.delete_session)
    messages = _awaited(calls.messages)
    rate = _awaited(calls.rate)
    trace = _awaited(calls.trace)
    add = _awaited(calls.add)
    learn = _awaited(calls.learn)
    search = _awaited(calls.search)
    memories = _awaited(calls.memories)
    memory = _awaited(calls.memory)
    update = _awaited(calls.update)
    delete = _awaited(calls.delete)
    delete_all = _awaited(calls.delete_all)
    history = _awaited(calls.history)
    undo = _awaited(calls.undo)
    context = _awaited(calls.context)
    process = _awaited(calls.process)
    export = _awaited(calls.export)
    take_in = _awaited(calls.take_in)
    user = _awaited(calls.user)
    new_user = _awaited(calls.new_user)
    update_user = _awaited(calls.update_user)
    profile = _awaited(calls.profile)
    erase = _awaited(calls.erase)


class StreamState:
    """What a streamed reply said so far.

    Attributes:
        text: The reply so far; what a model took back is no longer in it.
        reply: The whole answer, once the stream is over.
        help: Whom to call, from the first event on, where somebody may be in danger.
    """

    def __init__(self) -> None:
        self.text = ""
        self.reply: Reply | None = None
        self.help: dict[str, Any] | None = None
        self._event = ""

    def take(self, line: str) -> Event | None:
        """Read one line of the stream; an event where one is complete.

        Raises:
            ApiError: the reply failed on the way.
        """
        name, _, value = line.partition(": ")
        if name == "event":
            self._event = value
        if name != "data":
            return None
        data = json.loads(value)
        if self._event == "error":
            raise ApiError(0, data)
        if self._event == "start":
            self.help = data.get("help")
        elif self._event == "token":
            self.text += data["text"]
        elif self._event == "retract":
            self.text = ""
        elif self._event == "done":
            self.reply, self.text = cast(Reply, data), data["response"]
        return Event(event=self._event, data=data)


class ReplyStream:
    """A reply on its way: iterating gives its pieces; ``state.reply`` holds the whole.

    Leaving the loop early doesn't end the reply, :meth:`Client.stop` does.
    """

    def __init__(self, http: httpx.Client, call: Call[Reply]) -> None:
        self._http = http
        self._call = call
        self.state = StreamState()

    def __iter__(self) -> Iterator[str]:
        for event in self.events():
            if event["event"] == "token":
                yield event["data"]["text"]

    def events(self) -> Iterator[Event]:
        """Every event, those between the pieces too.

        Raises:
            ApiError: the API refused it, or the reply failed on the way.
        """
        with self._http.stream("POST", self._call.path, json=_streamed(self._call)) as answer:
            if answer.is_error:
                answer.read()
                raise _error(answer)
            yield from _complete(map(self.state.take, answer.iter_lines()))


class AsyncReplyStream:
    """As :class:`ReplyStream`, for ``async for``."""

    def __init__(self, http: httpx.AsyncClient, call: Call[Reply]) -> None:
        self._http = http
        self._call = call
        self.state = StreamState()

    async def __aiter__(self) -> AsyncIterator[str]:
        async for event in self.events():
            if event["event"] == "token":
                yield event["data"]["text"]

    async def events(self) -> AsyncIterator[Event]:
        """Every event, those between the pieces too.

        Raises:
            ApiError: the API refused it, or the reply failed on the way.
        """
        body = _streamed(self._call)
        async with self._http.stream("POST", self._call.path, json=body) as answer:
            if answer.is_error:
                await answer.aread()
                raise _error(answer)
            async for line in answer.aiter_lines():
                event = self.state.take(line)
                if event is not None:
                    yield event


def _complete(events: Iterable[Event | None]) -> Iterator[Event]:
    return (event for event in events if event is not None)


def _headers(token: str | None, tenant: str | None, language: str) -> dict[str, str]:
    given = {
        "accept-language": language,
        "authorization": f"Bearer {token}" if token else None,
        "x-tenant-id": tenant,
    }
    return {name: value for name, value in given.items() if value is not None}


def _content(call: Call[Any]) -> dict[str, Any]:
    body = {} if call.json is None else {"json": call.json}
    return body if call.params is None else {**body, "params": call.params}


def _streamed(call: Call[Reply]) -> dict[str, Any]:
    return {**(call.json or {}), "stream": True}


def _read(call: Call[T], answer: httpx.Response) -> T:
    if answer.is_error:
        raise _error(answer)
    return cast(T, answer.text) if call.read is None else call.read(answer.json())


def _error(answer: httpx.Response) -> ApiError:
    try:
        return ApiError(answer.status_code, answer.json())
    except ValueError:
        # Something in between answered, such as a proxy.
        return ApiError(answer.status_code, None)


__all__ = ["ApiError", "AsyncClient", "AsyncReplyStream", "Client", "ReplyStream", "StreamState"]
