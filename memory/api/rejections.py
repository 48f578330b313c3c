"""Early rejections: a request refused before the API sees it, in the API's own form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send

from memory.api.errors import problem
from memory.api.request_info import current_language
from memory.i18n import catalogue


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why: an HTTP status, a code for programs, one sentence for people."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


async def refuse(scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
    """Send the refusal; a WebSocket is closed before it is accepted (status 403)."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})
        return
    sentences = catalogue(current_language())
    sentence = sentences.get(f"api.refused_{refusal.code}", refusal.message)
    response = problem(refusal.status, refusal.code, sentence, refusal.headers)
    await response(scope, receive, send)
