from __future__ import annotations

from typing import Any

import pytest

from memory.errors import BadInput
from memory.memories.metadata import METADATA_BYTES, METADATA_DEPTH, checked_metadata


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"in": value}
    return value


def test_what_json_can_say_is_kept() -> None:
    given = {"名": ["a", 1, 2.5, None, True, {"deep": {}}], "": -(2**63)}
    assert checked_metadata(given) == given
    assert checked_metadata(None) == {}
    assert checked_metadata({"a": "x\x00y"}) == {"a": "xy"}
    assert checked_metadata(nested(METADATA_DEPTH)) == nested(METADATA_DEPTH)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("text", "memory_metadata"),
        ([1], "memory_metadata"),
        ({"a": float("nan")}, "memory_metadata"),
        ({"a": 2**63}, "memory_metadata"),
        ({"a": "\ud800"}, "memory_metadata"),
        ({"a": b"bytes"}, "memory_metadata"),
        ({"a": "名" * (METADATA_BYTES // 3 + 1)}, "memory_metadata_long"),
        (nested(METADATA_DEPTH + 1), "memory_metadata_deep"),
        (nested(5000), "memory_metadata_deep"),
    ],
)
def test_what_cannot_be_kept_is_refused(given: Any, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        checked_metadata(given)
    assert caught.value.code == code
