"""Parts of a reply on the wire: their text, whether there is a thought in them, how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from memory.llm.foreign_events import adapted

REFUSAL = "refusal"
"""How a reply ends that the model itself refused to give."""

_THOUGHTS = (
    *("reasoning_content", "reasoning", "thinking", "reasoning_details", "thinking_blocks"),
    *("thoughts", "reasoning_text"),
)
_WRAPPINGS = ("data", "result", "response", "output")
_UNFINISHED = re.compile("[\ud800-\udbff]$")


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """What one event says: a piece of text, that the model thinks, or how the reply ends.

    ``finish`` is the reason in lower case, empty while it goes on; ``arguments`` a piece of
    what the model hands to a function. With ``repeats`` the text is that of the whole reply
    so far.
    """

    text: str = ""
    thought: bool = False
    finish: str = ""
    arguments: str = ""
    repeats: bool = False


def unwrapped(event: Any) -> Any:
    """An event without what a gateway put around it, and in the form of chat completions.

    Example:
        >>> unwrapped({"code": 0, "msg": "", "data": {"choices": []}})
        {'choices': []}
    """
    if isinstance(event, Mapping) and "choices" not in event:
        inner = (event.get(name) for name in _WRAPPINGS)
        found = next((i for i in inner if isinstance(i, Mapping) and "choices" in i), None)
        event = found or adapted(event) or event
    if isinstance(event, Mapping) and isinstance(event.get("choices"), Mapping):
        return {**event, "choices": list(event["choices"].values())}
    return event


def single_events(events: Iterable[Any]) -> Iterator[Any]:
    """The events one by one, also those that came in one list."""
    for event in events:
        yield from map(unwrapped, event if isinstance(event, list) else [event])


def complaint_in(event: Any) -> Mapping[str, Any] | None:
    """The error that stands inside of a choice, where some routers put it."""
    choices = event.get("choices") if isinstance(event, Mapping) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    error = first.get("error") if isinstance(first, Mapping) else None
    return {"error": error} if error else None


def reply_part(choice: Any) -> ReplyPart:
    """Read one of the ``choices`` of an event."""
    if not isinstance(choice, Mapping):
        return ReplyPart()
    reason = choice.get("finish_reason") or choice.get("stop_reason")
    finish = str(reason or "").lower()
    # Some send the word for nothing.
    finish = "" if finish in ("null", "none") else finish
    part = choice.get("delta")
    if isinstance(part, str):
        part = {"content": part}
    repeats = not (isinstance(part, Mapping) and part)
    if repeats:
        part = choice.get("message")
    if not isinstance(part, Mapping):
        part = {}
    text, thought = _text(part.get("content") or part.get("text"))
    if not part and isinstance(choice.get("text"), str):
        text, repeats = choice["text"], False
    refused = part.get("refusal")
    if isinstance(refused, str) and refused and not text:
        finish = REFUSAL
    thought = thought or any(part.get(name) for name in _THOUGHTS)
    return ReplyPart(text, thought, finish, _arguments(part.get("tool_calls")), repeats)


def _text(content: Any) -> tuple[str, bool]:
    """The text of a message's content, and whether there is a thought in it."""
    if isinstance(content, str):
        return content, False
    if isinstance(content, Mapping):
        content = [content]
    texts: list[str] = []
    thought = False
    for item in content if isinstance(content, list) else ():
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, Mapping):
            said = item.get("text")
            said = said.get("value") if isinstance(said, Mapping) else said
            if item.get("type") in ("text", "output_text", None) and isinstance(said, str):
                texts.append(said)
            else:
                thought = True
    return "".join(texts), thought


def _arguments(calls: Any) -> str:
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, Mapping) else None
        given = function.get("arguments") if isinstance(function, Mapping) else None
        if isinstance(given, str):
            return given
    return ""


class TextJoiner:
    """Puts halves of a character together that came in two pieces; drops what can't be kept.

    JSON may escape an emoji as two surrogates, and a piece may end between them. Neither
    half alone can be stored, nor a NUL.

    Example:
        >>> joiner = TextJoiner()
        >>> joiner.feed("hm \\ud83d") + joiner.feed("\\ude00!")
        'hm 😀!'
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """What of ``piece``, and of what was held back, is whole characters."""
        if piece.isascii() and not self._held:
            return piece.replace("\0", "")
        text = self._held + piece
        self._held = text[-1] if _UNFINISHED.search(text) else ""
        text = text.removesuffix(self._held) if self._held else text
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return joined.replace("\0", "")
