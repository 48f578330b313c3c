"""Prometheus metrics: what the process counts, for ``GET /metrics``.

Counted where it happens, so that a reply in the browser and one over the API are
both in it. Numbers start at zero with the process. No label ever holds who or what:
labels are routes, methods, states and codes, all from short fixed lists.
"""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Iterable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from memory.types import AlarmCount, MessageState, Usage

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

REQUESTS = Counter(
    "niannian_requests",
    "Requests answered",
    ("method", "route", "status"),
    registry=REGISTRY,
)
SECONDS = Histogram(
    "niannian_request_seconds",
    "Time to the end of an answer",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
    registry=REGISTRY,
)
CONNECTIONS = Gauge(
    "niannian_active_connections",
    "Requests being answered (http) and browsers that are connected (websocket)",
    ("kind",),
    registry=REGISTRY,
)
QUEUE = Gauge(
    "niannian_queue_depth",
    "Batches by state, as the database has them",
    ("state",),
    registry=REGISTRY,
)
REPLIES = Counter("niannian_replies", "Replies by how they ended", ("state",), registry=REGISTRY)
REPLIES_REPLACED = Counter(
    "niannian_care_replies_replaced",
    "Replies of a language model to somebody in danger that calm words replaced or completed",
    registry=REGISTRY,
)
FIRST_WORD = Histogram(
    "niannian_first_word_seconds",
    "From the message to the first word of the reply",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
SEARCHES = Histogram(
    "niannian_search_best_score",
    "Searches over memories by the score of their best result; 0 where nothing fitted",
    buckets=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    registry=REGISTRY,
)
EXTRACTIONS = Counter(
    "niannian_extractions", "Extractions by how they ended", ("outcome",), registry=REGISTRY
)
CHANGES = Counter(
    "niannian_extracted_changes",
    "What extractions did: added, updated, superseded, closed, archived, skipped, refused",
    ("what",),
    registry=REGISTRY,
)
TOKENS = Counter(
    "niannian_tokens",
    "Tokens by purpose (chat, extraction, summary) and kind (prompt, reply); estimated where the "
    "endpoint doesn't say",
    ("purpose", "kind"),
    registry=REGISTRY,
)
ALARMS = Gauge(
    "niannian_care_alarms",
    "Alarms about somebody in danger since this database was made, as the database has them",
    ("kind", "region"),
    registry=REGISTRY,
)


def alarms(counts: Iterable[AlarmCount]) -> None:
    """Set the figures of alarms; kept by the database, they survive the process."""
    totals = Counted[tuple[str, str]]()
    for count in counts:
        totals[count.kind, count.region or ""] += count.number
    for labels, number in totals.items():
        ALARMS.labels(*labels).set(number)


def reply_ended(state: MessageState, usage: Usage, first_word_ms: float) -> None:
    """Count a reply, in the browser or over the API."""
    REPLIES.labels(state.value).inc()
    FIRST_WORD.observe(first_word_ms / 1000)
    _tokens("chat", usage)


def extraction_done(counts: Mapping[str, int], skipped: int, refused: int, usage: Usage) -> None:
    """Count an extraction that went through, and what it did."""
    EXTRACTIONS.labels("done").inc()
    for what, number in {**counts, "skipped": skipped, "refused": refused}.items():
        CHANGES.labels(what).inc(number)
    _tokens("extraction", usage)


def summary_made(usage: Usage) -> None:
    """Count a summary of older turns."""
    _tokens("summary", usage)


def extraction_failed(code: str, *, final: bool) -> None:
    """Count a try that didn't go through; ``code`` is one of :mod:`memory.errors`."""
    EXTRACTIONS.labels(f"{'failed' if final else 'retry'}_{code.partition(':')[0]}").inc()


def _tokens(purpose: str, usage: Usage) -> None:
    TOKENS.labels(purpose, "prompt").inc(usage.prompt_tokens)
    TOKENS.labels(purpose, "reply").inc(usage.reply_tokens)


def total(figure: Counter | Gauge) -> int:
    """The sum of a figure over all of its labels."""
    return round(
        sum(
            sample.value
            for metric in figure.collect()
            for sample in metric.samples
            if not sample.name.endswith("_created")
        )
    )
