"""Reply schema: the JSON schema of an extraction's answer, for endpoints that hold a model to one.

It is strict in OpenAI's sense: every field is named, none is optional, nothing else is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

NAME = "memories"


def reply_schema(categories: Sequence[str]) -> dict[str, Any]:
    """The schema of the answer described in docs/extraction.md.

    Args:
        categories: Those that a memory may have.
    """
    text = {"type": ["string", "null"]}
    memory = _object(
        {
            "action": {"type": "string", "enum": ["ADD", "UPDATE", "DELETE"]},
            "id": {"type": ["integer", "null"]},
            "text": text,
            "subject": {"type": "string", "enum": ["user", "ai"]},
            "kind": {"type": "string", "enum": ["constant", "temporal"]},
            "category": {"type": "string", "enum": list(categories)},
            "event_date": text,
            "importance": {"type": "integer"},
            "source": {"type": "array", "items": {"type": "integer"}},
            "relations": {"type": "array", "items": {"type": "string"}},
        }
    )
    mood = _object({"score": {"type": "integer"}, "word": {"type": "string"}})
    return _object(
        {
            "memories": {"type": "array", "items": memory},
            "mood": {"anyOf": [mood, {"type": "null"}]},
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
