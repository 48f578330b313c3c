"""Free metadata of a memory: what may be kept, and its size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from memory.errors import BadInput

METADATA_BYTES = 16_384
"""Bytes of a memory's metadata as JSON in UTF-8."""

METADATA_DEPTH = 20
"""Objects and lists inside each other."""

_INTEGER = 2**63


def checked_metadata(value: Any) -> dict[str, Any]:
    """Metadata as it is stored; nothing becomes an empty object.

    Args:
        value: A JSON object, or ``None``.

    Raises:
        BadInput: ``memory_metadata``: it is no object, or holds what JSON can't say (a
            number without an end, half a character, an integer of more than 64 bits);
            ``memory_metadata_deep`` or ``memory_metadata_long`` (``limit``).
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadInput(code="memory_metadata")
    # Before anything that goes down by calling itself.
    _check_depth(value)
    try:
        said = json.dumps(value, ensure_ascii=False, allow_nan=False)
        size = len(said.encode("utf-8"))
    except (TypeError, ValueError):
        raise BadInput(code="memory_metadata") from None
    if size > METADATA_BYTES:
        raise BadInput(code="memory_metadata_long", given=size, limit=METADATA_BYTES)
    # Neither database holds this character, and nobody can type it.
    kept: dict[str, Any] = json.loads(said.replace("\\u0000", ""))
    return kept


def _check_depth(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(METADATA_DEPTH + 1):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, Mapping):
                inner += each.values()
            elif isinstance(each, list | tuple):
                inner += each
            elif isinstance(each, int) and not -_INTEGER <= each < _INTEGER:
                raise BadInput(code="memory_metadata")
        if not inner:
            return
        level = inner
    raise BadInput(code="memory_metadata_deep", limit=METADATA_DEPTH)
