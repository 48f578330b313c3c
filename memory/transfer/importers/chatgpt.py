"""ChatGPT's export: ``conversations.json``, each conversation a tree of messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from memory.system.decoding import clean
from memory.transfer.importers.formats import RowFormat
from memory.transfer.parsed import Format, ParsedConversation, ParsedFile, Said, Wrong
from memory.transfer.timestamps import moment
from memory.types import Role

MESSAGE_LENGTH = 100_000
_ROLES: Mapping[str, Role] = {"user": "user", "assistant": "assistant"}
_SPOKEN = ("text", "multimodal_text")


def is_conversation(value: Any) -> bool:
    """Whether this looks like one of ChatGPT's conversations."""
    return isinstance(value, Mapping) and "mapping" in value


def read(conversations: Iterable[tuple[int, Any]]) -> ParsedFile:
    """Numbered conversations, each along the branch that was shown last."""
    talks: list[ParsedConversation] = []
    wrong: list[Wrong] = []
    for row, conversation in conversations:
        if not isinstance(conversation, Mapping):
            wrong.append(Wrong(row, "import_row_type", "session"))
            continue
        mapping = conversation.get("mapping")
        if not isinstance(mapping, Mapping):
            wrong.append(Wrong(row, "import_conversation", "session"))
            continue
        lines: list[Said] = []
        for node in _branch(mapping, conversation.get("current_node")):
            said = _said(row, node)
            if isinstance(said, Wrong):
                wrong.append(said)
            elif said is not None:
                lines.append(said)
        if not any(line.role == "user" for line in lines):
            wrong.append(Wrong(row, "import_conversation_empty", "session"))
            continue
        title = conversation.get("title")
        talks.append(
            ParsedConversation(
                row,
                clean(title) if isinstance(title, str) else "",
                tuple(lines),
                moment(conversation.get("create_time")),
            )
        )
    return ParsedFile(Format.CHATGPT, talks=tuple(talks), wrong=tuple(wrong))


def _branch(mapping: Mapping[str, Any], current: Any) -> Iterator[Mapping[str, Any]]:
    """The nodes from the root to the one that was shown last."""
    if not isinstance(current, str) or current not in mapping:
        current = _latest_leaf(mapping)
    found: list[Mapping[str, Any]] = []
    seen: set[str] = set()
    while isinstance(current, str) and current not in seen:
        seen.add(current)
        node = mapping.get(current)
        if not isinstance(node, Mapping):
            break
        found.append(node)
        current = node.get("parent")
    return iter(found[::-1])


def _latest_leaf(mapping: Mapping[str, Any]) -> str | None:
    parents = {n.get("parent") for n in mapping.values() if isinstance(n, Mapping) and _plain(n)}
    leaves = [key for key in mapping if key not in parents]

    def when(key: str) -> float:
        node = mapping[key]
        message = node.get("message") if isinstance(node, Mapping) else None
        at = moment(message.get("create_time")) if isinstance(message, Mapping) else None
        return at.timestamp() if at else 0.0

    return max(leaves, key=when, default=None)


def _plain(node: Mapping[str, Any]) -> bool:
    return isinstance(node.get("parent"), str)


def _said(row: int, node: Mapping[str, Any]) -> Said | Wrong | None:
    """What a node says; ``None`` for tools, hidden messages and pictures alone."""
    message = node.get("message")
    if message is None:
        return None
    if not isinstance(message, Mapping):
        return Wrong(row, "import_message", "message")
    author, content, about = (message.get(key) for key in ("author", "content", "metadata"))
    role = author.get("role") if isinstance(author, Mapping) else None
    if not isinstance(content, Mapping) or not isinstance(role, str):
        return Wrong(row, "import_message", "message")
    hidden = isinstance(about, Mapping) and about.get("is_visually_hidden_from_conversation")
    if role not in _ROLES or hidden or content.get("content_type") not in _SPOKEN:
        return None
    parts = content.get("parts")
    if not isinstance(parts, list):
        return Wrong(row, "import_message", "message")
    text = clean("\n".join(part for part in parts if isinstance(part, str)))
    if len(text) > MESSAGE_LENGTH:
        return Wrong(row, "import_message_long", "message", {"limit": MESSAGE_LENGTH})
    if not text:
        return None
    return Said(row, text, _ROLES[role], at=moment(message.get("create_time")))


IMPORT_FORMAT = RowFormat(10, is_conversation, lambda rows, name, now: read(rows), alone=True)
