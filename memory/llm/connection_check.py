"""Connection test: a clear verdict on each model, for the settings page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from time import perf_counter
from typing import Literal, get_args

from memory.errors import ModelAddress, ModelError, ModelUnknown, UnreadableReply
from memory.llm.endpoint import Endpoint

OK = "ok"
NO_MODEL = "no_model"
WRONG_SIZE = "embedding_size"
_PROBE = [
    {"role": "system", "content": "You answer in one word."},
    {"role": "user", "content": "Answer with the single word OK."},
]


@dataclass(frozen=True, slots=True)
class EmbeddingVerdict:
    """How the embedding model did; ``dims`` is the measured size of its vectors."""

    ok: bool
    code: str
    detail: str = ""
    latency_ms: float = 0.0
    dims: int | None = None


ModelPart = Literal["chat", "extraction", "fallback", "embedding"]
ALL_PARTS: frozenset[ModelPart] = frozenset(get_args(ModelPart))


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """How a further model did: the one that extracts, or the fallback."""

    ok: bool
    code: str
    detail: str = ""
    latency_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class ConnectionVerdict:
    """How the chat model did, and the embedding model if one is configured.

    ``code`` is ``ok``, ``no_model`` (nothing configured: the built-in companion
    speaks) or a code of :mod:`memory.errors`. ``detail`` names host, status and
    the endpoint's own complaint, never a key. ``models`` are the names on offer,
    empty where the endpoint doesn't list them; ``nearest`` those like the one that is
    configured, if it isn't among them. It is ``ok`` only if the extraction model works too,
    ``chats`` if the chat model does; the fallback is judged by itself.
    """

    ok: bool
    code: str
    detail: str = ""
    latency_ms: float = 0.0
    models: tuple[str, ...] = ()
    embedding: EmbeddingVerdict | None = None
    extraction: ModelVerdict | None = None
    fallback: ModelVerdict | None = None
    nearest: tuple[str, ...] = ()
    chats: bool = True


def check(
    chat: Endpoint | None,
    chat_model: str,
    embedding: Endpoint | None,
    embedding_model: str,
    dims: int,
    extraction_model: str = "",
    *,
    fallback: tuple[Endpoint, str] | None = None,
    parts: Collection[ModelPart] = ALL_PARTS,
) -> ConnectionVerdict:
    """Ask each model for something small. Never raises for what an endpoint does.

    Args:
        chat: The endpoint of the chat; none if no language model is configured.
        chat_model: Its model.
        embedding: The endpoint of the embedder, if one is configured.
        embedding_model: Its model.
        dims: The size of its vectors.
        extraction_model: The model that extracts, if it is another.
        fallback: The endpoint and the model that answer where the first fails.
        parts: Which of them are asked.
    """
    measured = None if embedding is None else _embedding(embedding, embedding_model, dims)
    second = _further(*fallback) if fallback else None
    if chat is None:
        return ConnectionVerdict(True, NO_MODEL, embedding=measured, fallback=second)
    endpoint = chat
    code, detail, latency = OK, endpoint.host, 0.0
    extracts = extraction_model or chat_model
    if "chat" in parts:
        code, detail, latency = _timed(endpoint, lambda: _probe(endpoint, chat_model))
    models: tuple[str, ...] = ()
    with suppress(ModelError):
        models = tuple(endpoint.models())
    if code == ModelAddress.code and models and chat_model not in models:
        # The address is right, or it would have no list: it is the model that isn't there.
        code = ModelUnknown.code
    chats = code == OK
    extraction: ModelVerdict | None = None
    apart = extracts != chat_model or "chat" not in parts
    if "extraction" in parts and apart:
        extraction = _further(endpoint, extracts)
        if chats and not extraction.ok:
            code, detail = extraction.code, f"{extracts} · {extraction.detail}"
    wanted = [name for name in (chat_model, extraction_model) if name]
    nearest = tuple(dict.fromkeys(name for w in wanted for name in nearest_names(w, models)))
    return ConnectionVerdict(
        code == OK,
        code,
        detail,
        latency,
        models,
        measured,
        extraction,
        second,
        nearest,
        chats,
    )


def _further(endpoint: Endpoint, model: str) -> ModelVerdict:
    code, detail, took = _timed(endpoint, lambda: _probe(endpoint, model))
    return ModelVerdict(code == OK, code, detail, took)


def _probe(endpoint: Endpoint, model: str) -> None:
    """Ask for one word.

    Raises:
        ModelError: it didn't come.
    """
    if not endpoint.complete(_PROBE, model=model, json_mode=False).text.strip():
        raise UnreadableReply("an empty reply", endpoint=endpoint.host)


def nearest_names(wanted: str, offered: Sequence[str], limit: int = 3) -> list[str]:
    """The names on offer that are most like one that isn't among them; none if it is.

    Example:
        >>> nearest_names("deepseek-chat", ["deepseek-flash", "deepseek-v4-pro", "whisper"])
        ['deepseek-flash', 'deepseek-v4-pro']
    """
    # Ollama lists with a tag what goes without one.
    if wanted in offered or f"{wanted}:latest" in offered:
        return []
    by_short = {name.rpartition("/")[2].lower(): name for name in offered}
    short = wanted.rpartition("/")[2].lower()
    found = get_close_matches(short, by_short, n=limit, cutoff=0.45)
    return [by_short[name] for name in found]


def _embedding(endpoint: Endpoint, model: str, dims: int) -> EmbeddingVerdict:
    found: list[int] = []
    code, detail, latency = _timed(
        endpoint,
        lambda: found.append(
            len(endpoint.embed(["念念不忘"], model=model, dims=dims, patient=True)[0])
        ),
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
