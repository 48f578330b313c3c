"""SillyTavern's chat files: JSON lines, the first one about the chat itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from memory.system.decoding import clean
from memory.transfer.importers.chatgpt import MESSAGE_LENGTH
from memory.transfer.importers.formats import RowFormat
from memory.transfer.parsed import Format, ParsedConversation, ParsedFile, Said, Wrong
from memory.transfer.timestamps import moment


def is_header(value: Any) -> bool:
    """Whether this is the first line of such a file, or a message of one."""
    return isinstance(value, Mapping) and (
        "chat_metadata" in value
        or {"user_name", "character_name"} <= value.keys()
        or {"mes", "is_user"} <= value.keys()
    )


def read(rows: Iterable[tuple[int, Any]], name: str) -> ParsedFile:
    """One conversation. Of several swipes the one that was shown counts.

    Args:
        rows: Line number and value; ``None`` for a line that is no JSON.
        name: The file's name: the title, if no character is named.
    """
    said: list[Said] = []
    wrong: list[Wrong] = []
    title, begun = "", None
    for row, value in rows:
        if not isinstance(value, Mapping):
            code = "import_row_json" if value is None else "import_row_type"
            wrong.append(Wrong(row, code, "message"))
        elif "mes" not in value and ("user_name" in value or "chat_metadata" in value):
            character = value.get("character_name")
            title = clean(character)[:120] if isinstance(character, str) else ""
            begun = moment(value.get("create_date"))
        elif value.get("is_system") is True:
            continue
        else:
            line = _said(row, value)
            if isinstance(line, Wrong):
                wrong.append(line)
            else:
                said.append(line)
    if title in ("", "unused"):
        title = name.rsplit("/", 1)[-1].removesuffix(".jsonl")
    talks = (ParsedConversation(1, title, tuple(said), begun),) if said else ()
    return ParsedFile(Format.SILLYTAVERN, talks=talks, wrong=tuple(wrong))


def _said(row: int, value: Mapping[str, Any]) -> Said | Wrong:
    text, mine, name = value.get("mes"), value.get("is_user"), value.get("name")
    if not isinstance(text, str) or not isinstance(mine, bool):
        return Wrong(row, "import_message", "message")
    text = clean(text)
    if not text:
        return Wrong(row, "import_message_empty", "message")
    if len(text) > MESSAGE_LENGTH:
        return Wrong(row, "import_message_long", "message", {"limit": MESSAGE_LENGTH})
    return Said(
        row,
        text,
        "user" if mine else "assistant",
        name if isinstance(name, str) else "",
        moment(value.get("send_date")),
    )


IMPORT_FORMAT = RowFormat(20, is_header, lambda rows, name, now: read(rows, name), alone=True)
