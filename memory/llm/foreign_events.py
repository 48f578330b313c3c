"""Adapter: events of other chat interfaces as those of chat completions.

Some gateways answer at the usual path as what is behind them does: Ollama with a message a
line, Anthropic with blocks of content, OpenAI's Responses API with typed events. Whole
answers of theirs come in the same shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ENDS = {"response.completed": "stop", "response.incomplete": "length"}


def adapted(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """``event`` as one with choices; ``None`` for one that none of these interfaces sends.

    Example:
        >>> adapted({"type": "response.output_text.delta", "delta": "Hi"})
        {'choices': [{'delta': {'content': 'Hi'}, 'finish_reason': None}]}
    """
    kind = event.get("type")
    message = event.get("message")
    if isinstance(message, Mapping) and "role" in message and "done" in event:  # Ollama
        return _choice(message, (event.get("done_reason") or "stop") if event["done"] else None)
    if not isinstance(kind, str):
        return _responses(event)
    if kind == "message_start":
        return _choice({})
    if kind == "content_block_delta":
        return _block(event.get("delta"))
    if kind == "message_delta":
        delta = event.get("delta")
        return _choice({}, delta.get("stop_reason") if isinstance(delta, Mapping) else None)
    if kind == "message" and isinstance(event.get("content"), list):
        return _choice({"content": event["content"]}, event.get("stop_reason") or "stop")
    if kind in _ENDS:
        return _choice({}, _ENDS[kind])
    if kind.startswith("response.") and kind.endswith(".delta"):
        shown = kind == "response.output_text.delta"
        return _choice({"content" if shown else "reasoning": event.get("delta")})
    return None


def _block(delta: Any) -> Mapping[str, Any]:
    if not isinstance(delta, Mapping):
        return _choice({})
    return _choice({"content": delta.get("text"), "reasoning": delta.get("thinking")})


def _responses(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A whole answer of the Responses API."""
    output = event.get("output")
    if event.get("object") != "response" or not isinstance(output, list):
        return None
    said = [
        part
        for item in output
        if isinstance(item, Mapping) and item.get("type") == "message"
        for part in item.get("content") or ()
    ]
    return _choice({"content": said}, "length" if event.get("status") == "incomplete" else "stop")


def _choice(delta: Mapping[str, Any], finish: Any = None) -> Mapping[str, Any]:
    return {"choices": [{"delta": delta, "finish_reason": finish}]}
