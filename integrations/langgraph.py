"""LangGraph adapter: a store whose items are memories, seen and edited on Niannian's pages.

>>> from niannian import Client
>>> from integrations.langgraph import NiannianStore
>>> store = NiannianStore(Client("http://localhost:8501"), user_id="xiaoyu")
>>> store.put(("notes",), "tea", {"text": "Drinks green tea in the morning"})
>>> store.search(("notes",), query="drinks")
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
)

from niannian import Client
from niannian.calls import Call

_PAGE = 1000
_TEXTS = ("text", "content", "memory", "data")


class NiannianStore(BaseStore):
    """Items of one user. The text of an item (``text``, ``content``, ``memory``, ``data``, else
    all of it as JSON) is the memory; namespace, key and value are its metadata.

    Args:
        client: A client; its calls run in a thread where they are awaited.
        user_id: Whose memories the items are.
        app_id: Sets the items apart from the user's other memories.
    """

    supports_ttl = False

    def __init__(self, client: Client, user_id: str, *, app_id: str = "langgraph") -> None:
        self._client = client
        self._scope = {"user_id": user_id, "app_id": app_id}

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Carry out operations, one after another."""
        return [self._one(op) for op in ops]

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """The same in a thread."""
        return await asyncio.to_thread(self.batch, list(ops))

    def _one(self, op: Op) -> Result:
        if isinstance(op, GetOp):
            found = self._named(op.namespace, op.key)
            return None if found is None else Item(**_fields(found))
        if isinstance(op, PutOp):
            return self._put(op)
        if isinstance(op, SearchOp):
            return self._search(op)
        if isinstance(op, ListNamespacesOp):
            return self._namespaces(op)
        raise TypeError(f"unknown operation {type(op).__name__}")

    def _put(self, op: PutOp) -> None:
        before = self._named(op.namespace, op.key)
        if op.value is None:
            if before is not None:
                self._client.delete(before["id"])
            return
        metadata = {"namespace": list(op.namespace), "key": op.key, "value": dict(op.value)}
        text = _text(op.value)
        if before is not None:
            self._client.update(before["id"], text=text, metadata=metadata)
            return
        made = self._call(
            "/v3/memories/add/",
            {**self._scope, "messages": text, "infer": False, "metadata": metadata},
        )
        (one,) = made["results"]
        if one["event"] == "NONE":
            # Two items say the same; a memory is kept once, and is this item from now on.
            self._client.update(one["id"], metadata=metadata)

    def _search(self, op: SearchOp) -> list[SearchItem]:
        if op.query:
            body = {"query": op.query[:8000], "filters": {"AND": [self._scope]}, "top_k": 200}
            found = self._call("/v3/memories/search/", body)["results"]
        else:
            found = self._all()
        items = [
            SearchItem(**_fields(one), score=one.get("score"))
            for one in found
            if _begins(_namespace(one), op.namespace_prefix)
            and _fits(one["metadata"]["value"], op.filter or {})
        ]
        return items[op.offset : op.offset + op.limit]

    def _namespaces(self, op: ListNamespacesOp) -> list[tuple[str, ...]]:
        found = {
            _namespace(one)[: op.max_depth]
            for one in self._all()
            if all(_matches(_namespace(one), condition) for condition in op.match_conditions or ())
        }
        return sorted(found)[op.offset : op.offset + op.limit]

    def _named(self, namespace: tuple[str, ...], key: str) -> dict[str, Any] | None:
        found = self._listed([{"metadata": {"key": key}}])
        return next((one for one in found if _namespace(one) == namespace), None)

    def _all(self) -> list[dict[str, Any]]:
        return self._listed([])

    def _listed(self, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            path = f"/v3/memories/?page={page}&page_size={_PAGE}"
            answer = self._call(path, {"filters": {"AND": [self._scope, *filters]}})
            found += [one for one in answer["results"] if "namespace" in one["metadata"]]
            if answer["next"] is None:
                return found
            page += 1

    def _call(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._client.send(Call("POST", path, json=body, read=lambda answer: answer))


def _text(value: Mapping[str, Any]) -> str:
    texts = (value.get(name) for name in _TEXTS)
    text = next((one for one in texts if isinstance(one, str) and one.strip()), None)
    return text or json.dumps(value, ensure_ascii=False)


def _namespace(memory: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(memory["metadata"]["namespace"])


def _fields(memory: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "namespace": _namespace(memory),
        "key": memory["metadata"]["key"],
        "value": memory["metadata"]["value"],
        "created_at": datetime.fromisoformat(memory["created_at"]),
        "updated_at": datetime.fromisoformat(memory["updated_at"]),
    }


def _begins(namespace: tuple[str, ...], prefix: tuple[str, ...]) -> bool:
    return namespace[: len(prefix)] == prefix


def _matches(namespace: tuple[str, ...], condition: MatchCondition) -> bool:
    path = condition.path
    if len(namespace) < len(path):
        return False
    start = 0 if condition.match_type == "prefix" else len(namespace) - len(path)
    return all(
        wanted in ("*", part)
        for wanted, part in zip(path, namespace[start:][: len(path)], strict=True)
    )


_COMPARED = {
    "$eq": lambda value, wanted: value == wanted,
    "$ne": lambda value, wanted: value != wanted,
    "$gt": lambda value, wanted: value is not None and value > wanted,
    "$gte": lambda value, wanted: value is not None and value >= wanted,
    "$lt": lambda value, wanted: value is not None and value < wanted,
    "$lte": lambda value, wanted: value is not None and value <= wanted,
}


def _fits(value: Mapping[str, Any], filter: Mapping[str, Any]) -> bool:
    for name, wanted in filter.items():
        if isinstance(wanted, Mapping) and wanted and wanted.keys() <= _COMPARED.keys():
            tests = wanted.items()
        else:
            tests = {"$eq": wanted}.items()
        if not all(_COMPARED[operator](value.get(name), against) for operator, against in tests):
            return False
    return True


__all__ = ["NiannianStore"]
