"""Connection test: a clear verdict on each model, for the settings page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from time import perf_counter

from memory.errors import ModelAddress, ModelError, ModelUnknown
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


@dataclass(frozen=True, slots=True)
class ExtractionVerdict:
    """How the extraction model did, where it is another than the chat model."""

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
    configured, if it isn't among them. It is ``ok`` only if the extraction model works too.
    """

    ok: bool
    code: str
    detail: str = ""
    latency_ms: float = 0.0
    models: tuple[str, ...] = ()
    embedding: EmbeddingVerdict | None = None
    extraction: ExtractionVerdict | None = None
    nearest: tuple[str, ...] = ()


def check(
    chat: Endpoint | None,
    chat_model: str,
    embedding: Endpoint | None,
    embedding_model: str,
    dims: int,
    extraction_model: str = "",
) -> ConnectionVerdict:
    """Ask each model for something small. Never raises for what an endpoint does."""
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
    if code == ModelAddress.code and models and chat_model not in models:
        # The address is right, or it would have no list: it is the model that isn't there.
        code = ModelUnknown.code
    extraction: ExtractionVerdict | None = None
    if code == OK and extraction_model not in ("", chat_model):
        wrong, why, took = _timed(
            endpoint, lambda: endpoint.complete(_PROBE, model=extraction_model, json_mode=False)
        )
        extraction = ExtractionVerdict(wrong == OK, wrong, why, took)
        code, detail = (wrong, f"{extraction_model} · {why}") if wrong != OK else (code, detail)
    wanted = [name for name in (chat_model, extraction_model) if name]
    nearest = tuple(dict.fromkeys(name for w in wanted for name in nearest_names(w, models)))
    return ConnectionVerdict(
        code == OK, code, detail, latency, models, measured, extraction, nearest
    )


def nearest_names(wanted: str, offered: Sequence[str], limit: int = 3) -> list[str]:
    """The names on offer that are most like one that isn't among them; none if it is.

    Example:
        >>> nearest_names("deepseek-chat", ["deepseek-flash", "deepseek-v4-pro", "whisper"])
        ['deepseek-flash', 'deepseek-v4-pro']
    """
    if wanted in offered:
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
