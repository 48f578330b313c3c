"""Health checks and metrics: whether it is alive, how each part is, figures for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from memory import metrics
from memory.api.dependencies import identified, running_parts
from memory.api.json_route import JsonRoute
from memory.api.request_info import current_language
from memory.api.responses.health import (
    ComponentOut,
    FiguresOut,
    HealthDetailOut,
    HealthOut,
    InfoOut,
    PartOut,
)
from memory.api.version import VERSION
from memory.container import Container
from memory.errors import BadInput, NiannianError
from memory.i18n import error_text
from memory.llm.openai_client import check_connection
from memory.memories.integrity import sentences

router = APIRouter(tags=["system"], route_class=JsonRoute)
# Asking an endpoint costs money, so its answer is good for a while.
PROBE_SECONDS = 60.0


async def watcher(request: Request) -> None:
    """Let pass who may look at the machine: anybody here, or a designer's token.

    Raises:
        BadInput: ``token_missing``, ``token_wrong`` or ``only_designers``.
    """
    running = await running_parts(request.app.state.parts)
    if not running.accounts.required:
        return
    asking = await identified(request, request.app.state.parts)
    if asking.token is None or "designer" not in asking.token.scopes:
        raise BadInput(code="only_designers")


Watcher = Annotated[None, Depends(watcher)]


# Uptime probes often ask with HEAD; the server leaves the body out.
@router.head("/health", include_in_schema=False)
@router.get(
    "/health",
    summary="Does it answer?",
    response_model=HealthOut,
    responses={503: {"model": HealthOut, "description": "The parts can't start"}},
)
async def health(request: Request) -> Response:
    """Quick; nothing is measured. `degraded`: memories can't be made searchable until the
    embedder is put right, or they are being rebuilt, or the disk is full. `message` says so,
    and what was repaired since the start."""
    try:
        running = await running_parts(request.app.state.parts)
    except NiannianError as error:
        sentence = error_text(current_language(), error)
        out = HealthOut(status="failed", version=VERSION, timestamp=_now(), message=sentence)
        return JSONResponse(out.model_dump(mode="json"), 503)
    sound = running.integrity.is_sound and not _embedder_changed(running)
    out = HealthOut(
        status="healthy" if sound else "degraded",
        version=VERSION,
        timestamp=_now(),
        message=" ".join(sentences(running.integrity, current_language())),
    )
    return JSONResponse(out.model_dump(mode="json"))


@router.get(
    "/health/detailed",
    summary="How is each part?",
    response_model=HealthDetailOut,
    responses={503: {"model": HealthDetailOut, "description": "A part is down"}},
)
def health_detailed(request: Request, response: Response, _: Watcher) -> HealthDetailOut:
    """Store, database, chat model, embedder and writer, each with state and milliseconds. An
    endpoint is asked at most once a minute. With accounts, for designers' tokens."""
    running: Container = request.app.state.parts()
    parts = {
        "store": _timed(lambda: f"{running.store.health()['memories']} memories"),
        "ledger": _timed(lambda: f"{sum(running.db.batches.queue_state().values())} batches"),
        **_models(request, running),
        "writer": _writer(running),
        "integrity": _integrity(running),
    }
    if (mirror := running.graph_mirror) is not None:
        parts["neo4j"] = PartOut(
            state="failed" if mirror.error else "ok", latency_ms=0.0, detail=mirror.error
        )
    components = {name: _component(part) for name, part in parts.items()}
    bad = any(component.status == "unhealthy" for component in components.values())
    if bad:
        response.status_code = 503
    return HealthDetailOut(
        status="degraded" if bad else "healthy",
        version=VERSION,
        timestamp=_now(),
        parts=parts,
        overall="unhealthy" if bad else "healthy",
        components=components,
    )


@router.get("/", include_in_schema=False)
@router.get("/info", summary="What is this?")
async def info() -> InfoOut:
    """Name, version, and where to read on. The bare address says the same to whoever doesn't
    ask for HTML; browsers get the page."""
    return InfoOut(name="Niannian 念念", version=VERSION, docs="/api/docs", timestamp=_now())


@router.get(
    "/metrics",
    summary="Figures for Prometheus, or three of them as JSON",
    response_model=FiguresOut,
    responses={200: {"content": {"text/plain": {"example": "niannian_requests_total 1.0\n"}}}},
)
def figures(request: Request, _: Watcher) -> Response:
    """Requests, latencies, connections, queue depth, replies, extractions, tokens, alarms, for
    whoever asks for text as Prometheus and browsers do. Others get connections and requests
    as JSON. With accounts, for designers' tokens."""
    if "text/" not in (accepted := request.headers.get("accept", "")) and (
        "openmetrics" not in accepted
    ):
        out = FiguresOut(
            active_connections=metrics.total(metrics.CONNECTIONS),
            total_requests=metrics.total(metrics.REQUESTS),
            timestamp=_now(),
        )
        return JSONResponse(out.model_dump(mode="json"))
    running: Container = request.app.state.parts()
    for state, number in running.db.batches.queue_state().items():
        metrics.QUEUE.labels(state.value).set(number)
    metrics.alarms(running.db.operators.alarm_counts())
    return Response(generate_latest(metrics.REGISTRY), media_type=CONTENT_TYPE_LATEST)


class Probe:
    """What an endpoint last said, kept for a while."""

    def __init__(self) -> None:
        self._until = 0.0
        self._of: Container | None = None
        self._parts: dict[str, PartOut] = {}

    def parts(self, running: Container) -> dict[str, PartOut]:
        """How the chat model and the embedder are."""
        if self._of is not running or time.monotonic() > self._until:
            self._parts = _ask(running)
            self._of, self._until = running, time.monotonic() + PROBE_SECONDS
        return self._parts


def _models(request: Request, running: Container) -> dict[str, PartOut]:
    probe: Probe = request.app.state.probe
    return probe.parts(running)


def _ask(running: Container) -> dict[str, PartOut]:
    settings = running.settings
    builtin = PartOut(state="builtin", latency_ms=0.0)
    parts = {"chat_model": builtin, "embedder": builtin}
    if settings.has_language_model or settings.embedder == "openai":
        verdict = check_connection(settings)
        if settings.has_language_model:
            parts["chat_model"] = _part(verdict.ok, verdict.latency_ms, verdict.code)
        if verdict.embedding is not None:
            embedding = verdict.embedding
            parts["embedder"] = _part(embedding.ok, embedding.latency_ms, embedding.code)
    if _embedder_changed(running):
        parts["embedder"] = PartOut(
            state="changed", latency_ms=parts["embedder"].latency_ms, detail="embedder_changed"
        )
    return parts


def _part(ok: bool, latency_ms: float, code: str) -> PartOut:
    detail = "" if ok else code
    return PartOut(state="ok" if ok else "failed", latency_ms=round(latency_ms, 1), detail=detail)


def _component(part: PartOut) -> ComponentOut:
    down = part.state in ("failed", "stopped", "changed")
    return ComponentOut(
        status="unhealthy" if down else "healthy", error=part.detail if down else ""
    )


def _timed(look: Callable[[], str]) -> PartOut:
    started = time.perf_counter()
    try:
        detail, state = look(), True
    except NiannianError as error:
        detail, state = error.code, False
    milliseconds = (time.perf_counter() - started) * 1000
    return PartOut(
        state="ok" if state else "failed", latency_ms=round(milliseconds, 2), detail=detail
    )


def _writer(running: Container) -> PartOut:
    started = time.perf_counter()
    queue = running.db.batches.queue_state()
    milliseconds = (time.perf_counter() - started) * 1000
    detail = ", ".join(f"{number} {state.value}" for state, number in queue.items() if number)
    alive = running.extraction_worker.is_alive
    return PartOut(
        state="ok" if alive else "stopped", latency_ms=round(milliseconds, 2), detail=detail
    )


def _integrity(running: Container) -> PartOut:
    progress = running.integrity.progress
    codes = [notice.code for notice in running.integrity.notices]
    if progress is not None:
        codes.insert(0, f"rebuilding {progress.done}/{progress.total}")
    return PartOut(
        state="ok" if running.integrity.is_sound else "changed",
        latency_ms=0.0,
        detail=", ".join(codes),
    )


def _embedder_changed(running: Container) -> bool:
    stored, configured = running.store.embedding.embedders()
    return stored != configured


def _now() -> float:
    return round(time.time(), 3)
