"""Readers of an endpoint's answers in JSON: vectors, and the names of models."""

from __future__ import annotations

import math
import struct
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_PREFIX = "models/"


def vectors_in(answer: Any) -> list[list[float]]:
    """The vectors of an answer, in the order of the texts.

    By their index, where the indices are of any use. An item is an object with the vector
    in it, or the vector itself; a vector is numbers, or their bytes in base64.

    Raises:
        LookupError: there are none in it.
        ValueError: something in it is no vector.
    """
    data: Any = answer
    # Gateways put a "data" around the answer, Cohere's own interface a "float" in it.
    for names in (("data", "embeddings", "embedding"), ("data", "embeddings", "float")):
        if isinstance(data, Mapping) and (data is answer or "embedding" not in data):
            data = next((data[name] for name in names if data.get(name)), None)
    if isinstance(data, Mapping):
        data = [data]
    if not isinstance(data, list) or not data:
        raise LookupError("no vectors in the answer")
    if not isinstance(data[0], Mapping | list | str):
        data = [data]  # the vector of the only text
    return [_vector(item) for item in _in_order(data)]


def _in_order(data: list[Any]) -> list[Any]:
    indices = [item.get("index") if isinstance(item, Mapping) else None for item in data]
    numbers = [index for index in indices if isinstance(index, int)]
    if len(set(numbers)) != len(data):
        return data
    return [item for _, item in sorted(zip(numbers, data, strict=True), key=lambda pair: pair[0])]


def _vector(item: Any) -> list[float]:
    found = item.get("embedding") if isinstance(item, Mapping) else item
    if isinstance(found, str):
        with suppress(ValueError, struct.error):
            raw = b64decode(found, validate=True)
            found = list(struct.unpack(f"<{len(raw) // 4}f", raw))
    while isinstance(found, list) and len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    numbers = found if isinstance(found, list) else []
    if numbers and all(isinstance(x, str) for x in numbers):
        with suppress(ValueError):
            numbers = [float(x) for x in numbers]
    if not numbers or not all(
        isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x) for x in numbers
    ):
        raise ValueError("a vector with other than numbers in it")
    return [float(x) for x in numbers]


def model_names(answer: Any) -> list[str]:
    """Names of the models on offer in an answer, sorted; none where it has no list.

    Example:
        >>> model_names([{"id": "b"}, {"id": "a"}])
        ['a', 'b']
    """
    items = answer
    if isinstance(answer, Mapping):
        items = answer.get("data") or answer.get("models") or ()
    names = set()
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            item = next((item[key] for key in ("id", "model", "name") if item.get(key)), None)
        if isinstance(item, str) and item:
            names.add(item.removeprefix(_PREFIX))
    return sorted(names)
