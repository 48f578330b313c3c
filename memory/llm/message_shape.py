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

OPENING = "…"
"""What the user is taken to have done before a persona's opening line: come in."""


def shaped(messages: Sequence[dict[str, str]], shapes: Collection[str]) -> list[dict[str, str]]:
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
    return [*head, *_merged(spoken)]


def with_pictures(
    messages: Sequence[dict[str, str]], pictures: Sequence[str]
) -> list[dict[str, Any]]:
    """``messages`` with pictures (data URLs) beside the text of the last one of the user."""
    found: list[dict[str, Any]] = [dict(message) for message in messages]
    last = next((m for m in reversed(found) if m["role"] == "user"), None)
    if last is not None:
        parts = [{"type": "image_url", "image_url": {"url": url}} for url in pictures]
        last["content"] = [{"type": "text", "text": last["content"]}, *parts]
    return found


def _merged(messages: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    merged: list[dict[str, str]] = []
    for message in messages:
        if merged and merged[-1]["role"] == message["role"]:
            merged[-1]["content"] += f"\n\n{message['content']}"
        else:
            merged.append(dict(message))
    return merged
