"""Payload location: under which key and in which wrapping a reply's memories are."""

from __future__ import annotations

import json
import re
from typing import Any

from memory.extraction.parsing import fields
from memory.extraction.parsing.lenient_json import MAX_DEPTH
from memory.types import DEFAULT_CATEGORIES, Action

LIST_KEYS = (
    "memories",
    "memory",
    "facts",
    "fact",
    "operations",
    "actions",
    "results",
    "result",
    "items",
    "list",
    "data",
    "output",
    "response",
    "answer",
    "reply",
    "arguments",
    "parameters",
    "new_memories",
    "extracted_memories",
    "记忆",
    "记忆列表",
    "事实",
    "操作",
    "结果",
    "列表",
    "記憶",
)


SENTENCE = 5
"""Characters of the shortest text that says something by itself."""
_SENTENCE = re.compile(r"[^\W_]{1,40}(?: [^\n]{1,500})|[\u4e00-\u9fff][^\n]{4,500}")
_NOTHING = ("", "none", "null", "nothing", "n/a", "empty", "无", "没有", "空")


def strict(text: str) -> Any:
    """``text`` as correct JSON, also if encoded twice or thrice.

    ``None`` for everything else: mistakes, ``null`` and bare values.
    """
    for _ in range(4):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, str):
            return value if isinstance(value, dict | list) else None
        text = value.strip()
        if not text.startswith(("{", "[", '"')):
            return None
    return None


def is_item(value: dict[str, Any]) -> bool:
    """Whether an object is one memory rather than something that holds memories."""
    if fields.text_of(value) is not None:
        return True
    named = fields.action(fields.first(value, fields.ACTION_KEYS))
    return named is not None and not any(
        isinstance(fields.first(value, (key,)), list | dict) for key in LIST_KEYS
    )


def candidates(value: Any, depth: int = 0) -> list[Any] | None:
    """The raw items inside ``value``; ``None`` if it is no answer of any shape."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        if value.strip().lower() in _NOTHING:
            return []
        inner = strict(value.strip()) if value.lstrip()[:1] in ("{", "[") else None
        return None if inner is None else candidates(inner, depth + 1)
    if isinstance(value, list):
        return _from_list(value, depth)
    if not isinstance(value, dict):
        return None
    for key in LIST_KEYS:
        held = fields.first(value, (key,))
        if isinstance(held, list):
            return held if not held else (_from_list(held, depth) or held)
        if isinstance(held, dict | str) and (found := candidates(held, depth + 1)) is not None:
            return found
        if held is None and key in value and len(value) == 1:
            return []
    if is_item(value):
        return [value]
    grouped = _grouped(value, depth)
    if grouped is not None:
        return grouped
    sorted_out = _by_category(value, depth)
    if sorted_out:
        return sorted_out
    # Any other names for the lists, or a stray brace that swallowed the answer.
    found = []
    for name, held in value.items():
        inside = candidates(held, depth + 1) if isinstance(held, dict | list) else None
        found.extend(item for item in inside or () if isinstance(item, dict))
        if inside is None and isinstance(held, dict) and _SENTENCE.fullmatch(name.strip()):
            found.append({"text": name, **held})
    return found or None


def _by_category(value: dict[str, Any], depth: int) -> list[Any]:
    """``{"health": ["…"], "plan": "…"}``: sentences, or memories that lack their category."""
    found: list[Any] = []
    for key, held in value.items():
        named = fields.category(key, DEFAULT_CATEGORIES)
        if named is None:
            return []
        for item in held if isinstance(held, list) else [held]:
            if isinstance(item, dict):
                inner = [item] if is_item(item) else candidates(item, depth + 1) or []
                found.extend(
                    {"category": named, **each} for each in inner if isinstance(each, dict)
                )
            elif isinstance(item, str) and len(item) >= SENTENCE:
                found.append({"category": named, "text": item})
    return found


def _from_list(value: list[Any], depth: int) -> list[Any] | None:
    if not value:
        return []
    if any(isinstance(item, list) for item in value):
        if len(value) == 1:
            return candidates(value[0], depth + 1)
        value = [inner for item in value for inner in (item if isinstance(item, list) else [item])]
    if any(isinstance(item, str) or (isinstance(item, dict) and is_item(item)) for item in value):
        return value
    found: list[Any] = []
    for item in value:
        if isinstance(item, dict) and item:
            found.extend(candidates(item, depth + 1) or ())
    return found or None


def _grouped(value: dict[str, Any], depth: int) -> list[Any] | None:
    """``{"add": [...], "delete": [...]}``, ``{"user": [...]}``, ``{"1": {...}}``."""
    if not value:
        return []
    found: list[Any] = []
    understood = False
    for key, held in value.items():
        named = fields.action(key)
        about = fields.subject(key)
        numbered = key.strip().isdigit()
        if named is None and about is None and not numbered:
            continue
        items = held if isinstance(held, list) else [held]
        for item in items:
            extra = {"action": named} if named is not None else {}
            if about is not None:
                extra["subject"] = about.value
            if isinstance(item, dict) and not is_item(item) and "id" not in item:
                inner = candidates(item, depth + 1) or []
                found.extend({**extra, **each} for each in inner if isinstance(each, dict))
            elif isinstance(item, dict):
                found.append({**extra, **item})
            elif isinstance(item, str):
                found.append({**extra, "text": item})
            elif isinstance(item, int) and named is Action.DELETE:
                found.append({**extra, "id": item})
        understood = understood or isinstance(held, list) or bool(found)
    return found if understood else None
