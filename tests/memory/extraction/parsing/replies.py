"""Replies of an extraction model, and the sentences read from them."""

from __future__ import annotations

import json

from memory.extraction.parsing import read_reply

PEANUT = {
    "action": "ADD",
    "text": "用户对花生过敏",
    "subject": "user",
    "kind": "constant",
    "category": "health",
    "event_date": None,
    "importance": 5,
    "source": [3],
}
SKI = {
    "action": "ADD",
    "text": "Niannian went skiing",
    "subject": "ai",
    "kind": "temporal",
    "category": "event",
    "event_date": "2024-10-18",
    "importance": 2,
    "source": [4, 5],
}
BOTH = json.dumps({"memories": [PEANUT, SKI]}, ensure_ascii=False)
TEXTS = ["用户对花生过敏", "Niannian went skiing"]


def texts(raw: str) -> list[str]:
    return [operation.text for operation in read_reply(raw).operations]
