"""Readers of an endpoint's answers in JSON: vectors, and the names of models."""

from __future__ import annotations

import json
import math
import struct
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_PREFIX = "models/"
_LISTS = ("data", "embeddings", "embedding", "vectors", "output", "result", "response")
_VECTORS = ("embedding", "vector", "dense", "dense_embedding", "dense_vecs", "float", "values")
_INDICES = ("index", "text_index")
_NAMES = ("id", "model", "name", "model_name", "model_id", "modelName", "modelId")
_MODELS = ("data", "models", "result", "model_list")


def vectors_in(answer: Any, dims: int | None = None) -> list[list[float]]:
    """The vectors of an answer, in the order of the texts.

    By their index, where the indices are of any use. An item is an object with the vector
    in it, or the vector itself; a vector is numbers, or their bytes in base64.

    Args:
        answer: JSON as it was read.
        dims: The size that was asked for, which tells how bytes are to be read.

    Raises:
        LookupError: there are none in it.
        ValueError: something in it is no vector.
    """
    data: Any = answer
    # Gateways put a "data" around the answer, Cohere's own interface a "float" in it.
    while isinstance(data, Mapping) and not _holds_vector(data):
        if by_index := _by_index(data):
            data = by_index
            break
        data = next((data[name] for name in (*_LISTS, "float") if data.get(name)), None)
    if isinstance(data, Mapping):
        data = [data]
    if not isinstance(data, list) or not data:
        raise LookupError("no vectors in the answer")
    if not isinstance(data[0], Mapping | list | str):
        data = [data]  # the vector of the only text
    return [_vector(item, dims) for item in _in_order(data)]


def _holds_vector(item: Mapping[str, Any]) -> bool:
    """Whether ``item`` is that of one text, not what is around all of them."""
    found = next((item[name] for name in _VECTORS if name in item), None)
    inner = found[0] if isinstance(found, list) and found else found
    return inner is not None and not isinstance(inner, Mapping | list)


def _by_index(data: Mapping[str, Any]) -> list[Any]:
    """The items of an object that has them under their numbers, in their order."""
    if not data or not all(str(key).isdecimal() for key in data):
        return []
    return [data[key] for key in sorted(data, key=int)]


def _in_order(data: list[Any]) -> list[Any]:
    numbers = [number for item in data if (number := _index(item)) is not None]
    if len(set(numbers)) != len(data):
        return data
    return [item for _, item in sorted(zip(numbers, data, strict=True), key=lambda pair: pair[0])]


def _index(item: Any) -> int | None:
    if not isinstance(item, Mapping):
        return None
    found = next((item[name] for name in _INDICES if name in item), None)
    with suppress(TypeError, ValueError):
        return int(found)  # type: ignore[arg-type]
    return None


def _vector(item: Any, dims: int | None = None) -> list[float]:
    found = item
    while isinstance(found, Mapping):
        found = next((found[name] for name in _VECTORS if name in found), None)
    if isinstance(found, str):
        found = _unpacked(found, dims)
    while isinstance(found, list) and len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    if isinstance(found, list) and found and isinstance(found[0], list):
        found = _mean([_numbers(part) for part in found])
    return _numbers(found)


def _unpacked(text: str, dims: int | None) -> Any:
    """What a text stands for: bytes in base64, or JSON once more."""
    with suppress(ValueError):
        return json.loads(text)
    with suppress(ValueError, struct.error):
        raw = b64decode(text, validate=True)
        size, form = (8, "d") if dims and len(raw) == 8 * dims else (4, "f")
        return list(struct.unpack(f"<{len(raw) // size}{form}", raw))
    return None


def _mean(parts: list[list[float]]) -> list[float]:
    """The mean of vectors of one text's tokens, which nobody has pooled."""
    if len({len(part) for part in parts}) != 1:
        raise ValueError("vectors of several sizes for one text")
    return [sum(numbers) / len(parts) for numbers in zip(*parts, strict=True)]


def _numbers(found: Any) -> list[float]:
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
    while isinstance(items, Mapping):
        inner = next((items[name] for name in _MODELS if items.get(name)), None)
        if inner is None and items is not answer:
            # An object with the names for keys.
            inner = [
                {"id": name, **value} for name, value in items.items() if isinstance(value, Mapping)
            ]
        items = inner
    names = set()
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            item = next((item[key] for key in _NAMES if item.get(key)), None)
        if isinstance(item, str) and item:
            names.add(item.removeprefix(_PREFIX))
    return sorted(names)
