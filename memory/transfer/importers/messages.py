"""Chats as JSON, one object a message: of programs that talk to models, and of messengers.

The former write ``{"role": …, "content": …}``. The latter name who wrote, as Telegram
does: ``{"type": "message", "from": …, "text": …, "date": …}``, the text whole or in parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from memory.system.decoding import clean
from memory.transfer.importers.dialogue import append, role_of
from memory.transfer.importers.formats import RowFormat
from memory.transfer.parsed import Format, ParsedConversation, ParsedFile, Said, Wrong
from memory.transfer.text import title_of
from memory.transfer.timestamps import moment

_SPEAKER_KEYS = ("role", "from", "sender", "author")
_TIME_KEYS = ("date_unixtime", "created_at", "timestamp", "time", "date")
_UNSPOKEN = ("system", "tool", "function", "developer")
_MEDIA_KEYS = ("photo", "file", "media_type", "location_information", "contact_information", "poll")


def is_message(value: Any) -> bool:
    """Whether this looks like something that somebody said, rather than like a memory."""
    # mem0 tells with a memory in which role it was said.
    if not isinstance(value, Mapping) or isinstance(value.get("memory"), str):
        return False
    worded = isinstance(value.get("content"), str | list) or isinstance(
        value.get("text"), str | list
    )
    return worded and (value.get("type") == "message" or _speaker(value) is not None)


def read(rows: Iterable[tuple[int, Any]], title: str = "") -> ParsedFile:
    """One conversation; speakers that aren't known by word keep their names.

    Args:
        rows: Row number and value.
        title: Of the conversation.
    """
    said: list[Said] = []
    wrong: list[Wrong] = []
    for row, value in rows:
        if not isinstance(value, Mapping):
            wrong.append(Wrong(row, "import_row_type", "message"))
            continue
        speaker, text = _speaker(value) or "?", _text(value)
        if speaker in _UNSPOKEN or value.get("type") == "service":
            continue
        if not text and any(key in value for key in _MEDIA_KEYS):
            continue
        if text is None:
            wrong.append(Wrong(row, "import_message", "message"))
            continue
        times = (moment(value.get(key)) for key in _TIME_KEYS)
        at = next((time for time in times if time is not None), None)
        append(said, wrong, Said(row, clean(text), role_of(speaker), speaker, at))
    talks = (ParsedConversation(1, title, tuple(said)),) if said else ()
    return ParsedFile(Format.DIALOGUE, talks=talks, wrong=tuple(wrong))


def _speaker(value: Mapping[str, Any]) -> str | None:
    for key in _SPEAKER_KEYS:
        who = value.get(key)
        if isinstance(who, Mapping):
            who = who.get("role") or who.get("name")
        if isinstance(who, str) and (name := clean(who)):
            return name
    # Who has left Telegram has no name there any more.
    left = value.get("from_id")
    return left if isinstance(left, str) and left else None


def _text(value: Mapping[str, Any]) -> str | None:
    """The words of a message; ``None`` if there is nothing that could be words."""
    for key, joint in (("content", "\n"), ("text", "")):
        given = value.get(key)
        if isinstance(given, str):
            return given
        if isinstance(given, list):
            parts = [part.get("text") if isinstance(part, Mapping) else part for part in given]
            words = [part for part in parts if isinstance(part, str)]
            return joint.join(words) if words or not given else None
    return None


IMPORT_FORMAT = RowFormat(30, is_message, lambda rows, name, now: read(rows, title_of(name)))
