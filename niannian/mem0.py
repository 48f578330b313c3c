"""mem0's ``Memory`` over a running Niannian: for programs that keep their memories in process.

>>> from niannian.mem0 import Memory  # instead of: from mem0 import Memory
>>> memory = Memory()  # doctest: +SKIP
>>> memory.add("I am allergic to walnuts", user_id="lin")  # doctest: +SKIP

Methods, arguments and answers are those of mem0's own class, of versions 1 and 2. What such a
program configures (models, stores) is configured on the server; ``NIANNIAN_URL`` and
``NIANNIAN_TOKEN`` say where that is.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping
from typing import Any

import httpx

from niannian.calls import Call
from niannian.client import ApiError, AsyncClient, Client

_ROOT = "/mem0"
_UNSET: Any = object()
URL = "http://localhost:8501"


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _whole(answer: Any) -> Any:
    return answer


def _call(
    method: str, path: str, json: Mapping[str, Any] | None = None, **params: Any
) -> Call[Any]:
    return Call(method, _ROOT + path, json=json, params=_given(**params) or None, read=_whole)


def _add(messages: Any, fields: dict[str, Any]) -> Call[Any]:
    return _call("POST", "/memories", {"messages": messages, **_given(**fields)})


def _search(
    query: str, most: int | None, filters: Mapping[str, Any] | None, fields: dict[str, Any]
) -> Call[Any]:
    return _call("POST", "/search", _given(query=query, limit=most, filters=filters, **fields))


def _get_all(
    ids: dict[str, Any], filters: Mapping[str, Any] | None, most: int | None, expired: bool
) -> Call[Any]:
    written = json.dumps(filters) if filters else None
    return _call("GET", "/memories", filters=written, top_k=most, show_expired=expired, **ids)


def _update(
    memory_id: str, text: str | None, metadata: Mapping[str, Any] | None, expiration_date: Any
) -> Call[Any]:
    fields = _given(text=text, metadata=metadata)
    if expiration_date is not _UNSET:
        fields["expiration_date"] = expiration_date
    return _call("PUT", f"/memories/{memory_id}", fields)


def _settings(url: str | None, token: str | None, config: Any) -> dict[str, Any]:
    if config is not None:
        warnings.warn("the server's settings count, not this configuration", stacklevel=3)
    return {
        "url": url or os.environ.get("NIANNIAN_URL") or URL,
        "token": token or os.environ.get("NIANNIAN_TOKEN"),
    }


class Memory:
    """mem0's memory for programs that wait.

    Args:
        config: What mem0 would be configured with; the server's settings count instead.
        url: Where Niannian runs.
        token: An API token, where there are accounts.
        transport: For tests, and for those who need something special of httpx.
    """

    def __init__(
        self,
        config: Any = None,
        *,
        url: str | None = None,
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._client = Client(**_settings(url, token, config), transport=transport)

    @classmethod
    def from_config(cls, config_dict: Mapping[str, Any]) -> Memory:
        """As mem0's; see the class about ``config``."""
        return cls(config_dict)

    def add(self, messages: Any, **fields: Any) -> dict[str, Any]:
        """Learn from messages, or keep them word for word (``infer=False``).

        Args:
            messages: A text, a message, or a list of them.
            fields: ``user_id``, ``agent_id``, ``run_id``, ``metadata``, ``infer``,
                ``memory_type``, ``prompt``, ``timestamp``, ``expiration_date``.

        Raises:
            ApiError: the server refused it.
        """
        found: dict[str, Any] = self._client.send(_add(messages, fields))
        return found

    def search(
        self,
        query: str,
        *,
        limit: int | None = None,
        filters: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """What is remembered for a query, best first, under ``results``.

        Args:
            query: What is looked for.
            limit: At most so many (``top_k`` in version 2).
            filters: mem0's; unknown keys are keys of the metadata.
            fields: ``user_id``, ``agent_id``, ``run_id``, ``threshold``, ``top_k``,
                ``show_expired``.
        """
        call = _search(query, limit, filters, fields)
        found: dict[str, Any] = self._client.send(call)
        return found

    def get(self, memory_id: str) -> dict[str, Any] | None:
        """One memory; ``None`` if there is none."""
        try:
            found: dict[str, Any] = self._client.send(_call("GET", f"/memories/{memory_id}"))
        except ApiError as error:
            if error.status != 404:
                raise
            return None
        return found

    def get_all(
        self,
        *,
        filters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        top_k: int | None = None,
        show_expired: bool = False,
        **ids: Any,
    ) -> dict[str, Any]:
        """Memories under ``results``, newest first; all of them without a limit."""
        call = _get_all(ids, filters, limit or top_k, show_expired)
        found: dict[str, Any] = self._client.send(call)
        return found

    def update(
        self,
        memory_id: str,
        data: str | None = None,
        *,
        text: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        expiration_date: Any = _UNSET,
    ) -> dict[str, Any]:
        """Change a memory's words, metadata (as a whole) or last day (``None`` clears it)."""
        call = _update(memory_id, text or data, metadata, expiration_date)
        found: dict[str, Any] = self._client.send(call)
        return found

    def delete(self, memory_id: str) -> dict[str, Any]:
        """Delete a memory; the page of what changed can bring it back."""
        found: dict[str, Any] = self._client.send(_call("DELETE", f"/memories/{memory_id}"))
        return found

    def delete_all(self, **ids: Any) -> dict[str, Any]:
        """Delete all memories of a user, agent or run."""
        found: dict[str, Any] = self._client.send(_call("DELETE", "/memories", **ids))
        return found

    def history(self, memory_id: str) -> list[dict[str, Any]]:
        """Every change of a memory, oldest first."""
        call = _call("GET", f"/memories/{memory_id}/history")
        found: list[dict[str, Any]] = self._client.send(call)
        return found

    def reset(self) -> None:
        """Delete all memories of everybody."""
        self._client.send(_call("POST", "/reset"))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class AsyncMemory:
    """The same for asyncio; arguments as of :class:`Memory`."""

    def __init__(
        self,
        config: Any = None,
        *,
        url: str | None = None,
        token: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = AsyncClient(**_settings(url, token, config), transport=transport)

    @classmethod
    def from_config(cls, config_dict: Mapping[str, Any]) -> AsyncMemory:
        """As mem0's."""
        return cls(config_dict)

    async def add(self, messages: Any, **fields: Any) -> dict[str, Any]:
        """As :meth:`Memory.add`."""
        found: dict[str, Any] = await self._client.send(_add(messages, fields))
        return found

    async def search(
        self,
        query: str,
        *,
        limit: int | None = None,
        filters: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """As :meth:`Memory.search`."""
        call = _search(query, limit, filters, fields)
        found: dict[str, Any] = await self._client.send(call)
        return found

    async def get(self, memory_id: str) -> dict[str, Any] | None:
        """As :meth:`Memory.get`."""
        try:
            call = _call("GET", f"/memories/{memory_id}")
            found: dict[str, Any] = await self._client.send(call)
        except ApiError as error:
            if error.status != 404:
                raise
            return None
        return found

    async def get_all(
        self,
        *,
        filters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        top_k: int | None = None,
        show_expired: bool = False,
        **ids: Any,
    ) -> dict[str, Any]:
        """As :meth:`Memory.get_all`."""
        call = _get_all(ids, filters, limit or top_k, show_expired)
        found: dict[str, Any] = await self._client.send(call)
        return found

    async def update(
        self,
        memory_id: str,
        data: str | None = None,
        *,
        text: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        expiration_date: Any = _UNSET,
    ) -> dict[str, Any]:
        """As :meth:`Memory.update`."""
        call = _update(memory_id, text or data, metadata, expiration_date)
        found: dict[str, Any] = await self._client.send(call)
        return found

    async def delete(self, memory_id: str) -> dict[str, Any]:
        """As :meth:`Memory.delete`."""
        call = _call("DELETE", f"/memories/{memory_id}")
        found: dict[str, Any] = await self._client.send(call)
        return found

    async def delete_all(self, **ids: Any) -> dict[str, Any]:
        """As :meth:`Memory.delete_all`."""
        found: dict[str, Any] = await self._client.send(_call("DELETE", "/memories", **ids))
        return found

    async def history(self, memory_id: str) -> list[dict[str, Any]]:
        """As :meth:`Memory.history`."""
        call = _call("GET", f"/memories/{memory_id}/history")
        found: list[dict[str, Any]] = await self._client.send(call)
        return found

    async def reset(self) -> None:
        """As :meth:`Memory.reset`."""
        await self._client.send(_call("POST", "/reset"))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


__all__ = ["AsyncMemory", "Memory"]
