"""JSON route class: an answer is serialised in the thread that made it.

FastAPI would validate an answer once more in another thread and write it on the event
loop, where everybody else waits. Ours are made of the very models that the OpenAPI
document names; the contract test holds answers against it.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from functools import partial, wraps
from typing import Any, TypeVar

from anyio import to_thread
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from memory.api.concurrency import in_lane

EndpointT = TypeVar("EndpointT", bound=Callable[..., Any])
_WAITS = "niannian_waits"


def quick(endpoint: EndpointT) -> EndpointT:
    """Marks what computes for milliseconds and waits for nobody: it takes a lane."""
    return quick_unless(lambda _: False)(endpoint)


def quick_unless(waits: Callable[[Mapping[str, Any]], bool]) -> Callable[[EndpointT], EndpointT]:
    """As :func:`quick`, but not for requests of which ``waits(arguments)`` is true."""

    def marked(endpoint: EndpointT) -> EndpointT:
        setattr(endpoint, _WAITS, waits)
        return endpoint

    return marked


class JsonRoute(APIRoute):
    """Route class for ``APIRouter(route_class=…)``; coroutine endpoints are left alone."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        waits = inspect.iscoroutinefunction(endpoint)
        super().__init__(path, endpoint if waits else _in_thread(endpoint), **options)


def _in_thread(endpoint: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    waits = getattr(endpoint, _WAITS, lambda _: True)

    @wraps(endpoint)
    async def answering(*args: Any, **named: Any) -> Any:
        work = partial(_written, endpoint, args, named)
        if waits(named) or not named["ask"].running.settings.embedded:
            return await to_thread.run_sync(work)
        return await in_lane(work)

    return answering


def _written(endpoint: Callable[..., Any], args: Any, named: dict[str, Any]) -> Any:
    answer = endpoint(*args, **named)
    if not isinstance(answer, BaseModel):
        return answer  # a response already
    content = answer.__pydantic_serializer__.to_json(answer, by_alias=True)
    return Response(content, media_type="application/json")
