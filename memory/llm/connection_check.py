"""Does the connection work? A clear verdict for the settings page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from memory.errors import ModelError
from memory.llm.endpoint import Endpoint

OK = "ok"
NO_MODEL = "no_model"
WRONG_SIZE = "embedding_size"
_PROBE = [{"role": "user", "content": "Answer with the single word OK."}]


@dataclass(frozen=True, slots=True)
class EmbeddingVerdict:
    """How the embedding model did; ``dims`` is the measured size of its vectors."""

    ok: bool
    code: str
    detail: str = ""
    latency_ms: float = 0.0
    dims: int | None = None


@dataclass(frozen=True, slots=True)
class ConnectionVerdict:
    """How the chat model did, and the embedding model if one is configured.

    ``code`` is ``ok``, ``no_model`` (nothing configured: the built-in companion
    speaks) or a code of :mod:`memory.errors`. ``detail`` names host, status and
    the endpoint's own complaint, never a key. ``models`` are the names on offer,
    empty where the endpoint doesn't list them.
    """

    ok: bool
    code: str
    detail: str = ""
    latency_ms: float = 0.0
    models: tuple[str, ...] = ()
    embedding: EmbeddingVerdict | None = None


def check(
    chat: Endpoint | None,
    chat_model: str,
    embedding: Endpoint | None,
    embedding_model: str,
    dims: int,
) -> ConnectionVerdict:
    """Ask both models for something small. Never raises for what an endpoint does."""
    measured = None if embedding is None else _embedding(embedding, embedding_model, dims)
    if chat is None:
        return ConnectionVerdict(True, NO_MODEL, embedding=measured)
    endpoint = chat
    code, detail, latency = _timed(
        endpoint, lambda: endpoint.complete(_PROBE, model=chat_model, json_mode=False)
    )
    models: tuple[str, ...] = ()
    with suppress(ModelError):
        models = tuple(endpoint.models())
    return ConnectionVerdict(code == OK, code, detail, latency, models, measured)


def _embedding(endpoint: Endpoint, model: str, dims: int) -> EmbeddingVerdict:
    found: list[int] = []
    code, detail, latency = _timed(
        endpoint,
        lambda: found.append(len(endpoint.embed(["念念不忘"], model=model, dims=dims)[0])),
    )
    size = found[0] if found else None
    if size is not None and size != dims:
        return EmbeddingVerdict(False, WRONG_SIZE, f"{size} ≠ {dims}", latency, size)
    return EmbeddingVerdict(code == OK, code, detail, latency, size)


def _timed(endpoint: Endpoint, request: Callable[[], object]) -> tuple[str, str, float]:
    """Code, detail and milliseconds of one request."""
    started = perf_counter()
    try:
        request()
    except ModelError as error:
        parts = [endpoint.host, str(error.params.get("status", "")), endpoint.complaint]
        detail = " · ".join(part for part in parts if part)
        return error.code, detail, (perf_counter() - started) * 1000
    return OK, endpoint.host, (perf_counter() - started) * 1000
