"""A sound file of each format, and what readers make of one."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from memory.errors import BadInput
from memory.transfer import ParsedFile, read
from memory.transfer.export import Export
from memory.types import Kind, Memory, Owner, Subject, User

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


MEM0 = {
    "results": [
        {
            "id": "7b5c9c6e-29a1-4c11-8a2f-1f5f1f2a3b4c",
            "memory": "Name is Alex. Enjoys basketball.",
            "hash": "x",
            "metadata": None,
            "created_at": "2025-06-20T10:22:23.000-07:00",
            "updated_at": None,
            "user_id": "alex",
        },
        {
            "id": "not a uuid",
            "memory": "用户10月18日去滑雪",
            "metadata": {
                "category": "event",
                "event_date": "2024-10-18",
                "importance": 4,
                "pinned": True,
                "status": "archived",
            },
            "created_at": "2024-10-19T00:00:00Z",
            "user_id": "alex",
            "agent_id": "qing",
            "run_id": "s1",
        },
    ]
}


CHATGPT = {
    "title": "Trip to Leeds",
    "create_time": 1718000000.5,
    "current_node": "c",
    "mapping": {
        "root": {"id": "root", "message": None, "parent": None, "children": ["s"]},
        "s": {
            "message": {
                "author": {"role": "system"},
                "content": {"content_type": "text", "parts": [""]},
                "metadata": {"is_visually_hidden_from_conversation": True},
            },
            "parent": "root",
        },
        "a": {
            "message": {
                "author": {"role": "user"},
                "create_time": 1718000001,
                "content": {
                    "content_type": "multimodal_text",
                    "parts": [{"content_type": "image_asset_pointer"}, "I moved to Leeds."],
                },
            },
            "parent": "s",
        },
        "b": {
            "message": {
                "author": {"role": "assistant"},
                "create_time": 1718000002,
                "content": {"content_type": "text", "parts": ["An answer that was replaced."]},
            },
            "parent": "a",
        },
        "t": {
            "message": {
                "author": {"role": "tool", "name": "browser"},
                "content": {"content_type": "tether_quote", "text": "…"},
            },
            "parent": "a",
        },
        "c": {
            "message": {
                "author": {"role": "assistant"},
                "create_time": None,
                "content": {"content_type": "text", "parts": ["How nice!"]},
            },
            "parent": "t",
        },
    },
}


SILLY = "\n".join(
    json.dumps(line, ensure_ascii=False)
    for line in (
        {
            "user_name": "You",
            "character_name": "念念",
            "create_date": "2023-6-19 @14h 20m 23s 123ms",
            "chat_metadata": {},
        },
        {
            "name": "念念",
            "is_user": False,
            "mes": "早安",
            "send_date": "June 19, 2023 2:20pm",
            "swipes": ["早安", "嗨"],
            "swipe_id": 0,
        },
        {"name": "You", "is_user": True, "mes": "我住在杭州", "send_date": 1687184500000},
        {"name": "System", "is_user": False, "is_system": True, "mes": "note"},
        {"name": "念念", "is_user": False, "mes": "好", "send_date": "2023-06-19T14:30:00.000Z"},
    )
)


def raw(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def said(parsed: ParsedFile) -> list[tuple[str | None, str]]:
    return [(line.role, line.text) for talk in parsed.talks for line in talk.lines]


def refused(data: bytes, name: str = "") -> str:
    with pytest.raises(BadInput) as caught:
        read(data, name)
    return caught.value.code


def own(count: int = 3) -> Export:
    memories = tuple(
        Memory(
            id=f"00000000-0000-4000-8000-{n:012}",
            owner=Owner("u", "niannian"),
            text=f"用户有{n}只猫",
            subject=Subject.USER,
            kind=Kind.CONSTANT,
            category="钓鱼",
            created_at=NOW,
            updated_at=NOW,
        )
        for n in range(1, count + 1)
    )
    return Export(User("u", "小雨", NOW), NOW, memories)


DIALOGUE = """前言

我：你好
念念：你好呀
今天过得好吗？

注意：这不是第三个人
2024-10-18
我：昨天去爬山了
14:30 念念：真好 https://example.org
"""
