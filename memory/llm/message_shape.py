"""Messages in the shape that strict chat templates insist on.

Templates of Mistral and Gemma models refuse a conversation that doesn't begin with the
user, whose roles don't take turns, or that has a system message at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

USER_FIRST = "user_first"
"""The first message after the system's is the user's."""
NO_SYSTEM = "no_system"
"""What the system says stands at the beginning of the first user message."""
PARTS = "parts"
"""What is said stands in a list of parts, never by itself."""

OPENING = "…"
"""What the user is taken to have done before a persona's opening line: come in."""


def shaped(messages: Sequence[dict[str, str]], shapes: Collection[str]) -> list[dict[str, Any]]:
    """``messages`` in the shapes named; a copy also where nothing changes.

    Neighbours of the same role become one and empty messages go in any case.

    Example:
        >>> shaped([{"role": "assistant", "content": "Hi!"}], {USER_FIRST})[0]["role"]
        'user'
    """
    kept = [dict(message) for message in messages if message["content"].strip()]
    system = [message["content"] for message in kept if message["role"] == "system"]
    spoken = [message for message in kept if message["role"] != "system"]
    if USER_FIRST in shapes and spoken and spoken[0]["role"] != "user":
        spoken.insert(0, {"role": "user", "content": OPENING})
    if system and NO_SYSTEM in shapes:
        spoken.insert(0, {"role": "user", "content": "\n\n".join(system)})
        system = []
    head = [{"role": "system", "content": "\n\n".join(system)}] if system else []
    told = [*head, *_merged(spoken)]
    if PARTS not in shapes:
        return list(told)
    return [{**message, "content": [_part(message["content"])]} for message in told]


def _part(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def with_pictures(
    messages: Sequence[dict[str, Any]], pictures: Sequence[str]
) -> list[dict[str, Any]]:
    """Shaped ``messages`` with pictures (data URLs) beside the text of the user's last one."""
    found: list[dict[str, Any]] = [dict(message) for message in messages]
    last = next((m for m in reversed(found) if m["role"] == "user"), None)
    if last is not None:
        said = last["content"]
        text = [_part(said)] if isinstance(said, str) else said
        shown = [{"type": "image_url", "image_url": {"url": url}} for url in pictures]
        last["content"] = [*text, *shown]
    return found


def _merged(messages: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    merged: list[dict[str, str]] = []
    for message in messages:
        if merged and merged[-1]["role"] == message["role"]:
            merged[-1]["content"] += f"\n\n{message['content']}"
        else:
            merged.append(dict(message))
    return merged
