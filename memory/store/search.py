"""Hybrid search: two sparse fields, and the dense vector if it means something.

Qdrant finds candidates in every field; their scores are divided by the best one
of the field and summed with weights (on public data this beats reciprocal rank
fusion). Then come boosts (:mod:`memory.store.boosts`) and a cut-off, below which
nothing is recalled rather than noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from math import log
from typing import Any

from qdrant_client import QdrantClient, models

from memory import dates
from memory.language import detect
from memory.store import boosts
from memory.store.fields import CJK_FIELD, WORDS_FIELD, encode_query
from memory.types import Language

CANDIDATES = 200
"""Candidates asked of each field. What is beyond counts as not matching there."""


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How the fields add up, and where recall ends.

    ``dense`` is the share of the dense score; 0 leaves it out (as does a search
    without a dense vector). ``least`` is the evidence a memory needs on its own,
    counted in terms that only one memory holds; ``relative`` the share of the best
    score.
    """

    cjk: float = 0.7
    words: float = 1.0
    dense: float = 0.5
    least: float = 0.3
    least_dense: float = 0.35
    relative: float = 0.15


@dataclass(frozen=True, slots=True)
class Candidate:
    """One point found. Field scores are normalised to the best of the search."""

    id: str
    payload: Mapping[str, Any]
    score: float
    dense: float = 0.0
    cjk: float = 0.0
    words: float = 0.0
    boosts: Mapping[str, float] = field(default_factory=dict)
    evidence: float = 0.0


def hybrid_search(
    client: QdrantClient,
    collection: str,
    *,
    query: str,
    query_filter: models.Filter,
    limit: int,
    today: date,
    now: datetime,
    language: Language | None = None,
    dense: list[float] | None = None,
    weights: SearchWeights | None = None,
) -> list[Candidate]:
    """What is remembered for ``query``, best first; nothing if nothing fits.

    Args:
        client: The store's client.
        collection: Its collection.
        query: A question or message.
        query_filter: What the search is limited to: always an owner.
        limit: At most so many results.
        today: The day in the user's time zone, for "last weekend".
        now: Aware time, for recency.
        language: Of the query; detected if not given.
        dense: The query's vector from a configured embedder; ``None`` for the
            built-in one, whose vectors add nothing to the words.
        weights: Weights and cut-offs.
    """
    weights = weights or SearchWeights()
    span = dates.query_range(query, today, language or detect(query))
    question = boosts.Question(boosts.side_of(query), span)
    found = _fused(client, collection, query, span, query_filter, dense, weights)
    found = [c for c in found if _tells(c, weights)]
    if not found:
        return []
    floor = weights.relative * found[0].score
    ranked = [
        _boosted(candidate, boosts.boosts(candidate.payload, question, now))
        for candidate in found
        if candidate.score >= floor
    ]
    ranked.sort(key=lambda c: (-c.score, c.id))
    if question.side == "both":
        ranked = _both_sides(ranked)
    return ranked[:limit]


def nearest_points(
    client: QdrantClient,
    collection: str,
    *,
    text: str,
    query_filter: models.Filter,
    limit: int,
    dense: list[float] | None = None,
    weights: SearchWeights | None = None,
) -> list[Candidate]:
    """The memories most like ``text``, for telling duplicates: no cut-off, no boosts."""
    weights = weights or SearchWeights()
    return _fused(client, collection, text, None, query_filter, dense, weights)[:limit]


def _fused(
    client: QdrantClient,
    collection: str,
    query: str,
    span: tuple[date, date] | None,
    query_filter: models.Filter,
    dense: list[float] | None,
    weights: SearchWeights,
) -> list[Candidate]:
    vectors: dict[str, models.SparseVector | list[float]] = {
        name: vector for name, vector in encode_query(query, span).items() if vector.indices
    }
    if dense is not None and weights.dense > 0:
        vectors[""] = dense
    if not vectors:
        return []
    # IDF over the owner's memories: what is rare for this person tells, whatever
    # others talk about. Servers that don't know the parameter use the collection.
    params = models.SearchParams(idf=models.IdfCorpusParams(corpus=query_filter))
    responses = client.query_batch_points(
        collection,
        requests=[
            models.QueryRequest(
                query=vector,
                using=name or None,
                filter=query_filter,
                params=params if name else None,
                limit=CANDIDATES,
                with_payload=True,
            )
            for name, vector in vectors.items()
        ],
    )
    points = {name: response.points for name, response in zip(vectors, responses, strict=True)}
    size = client.count(collection, count_filter=query_filter, exact=True).count
    return _fuse(points, size, weights)


def _fuse(
    points: Mapping[str, Sequence[models.ScoredPoint]], size: int, weights: SearchWeights
) -> list[Candidate]:
    shares = {CJK_FIELD: weights.cjk, WORDS_FIELD: weights.words}
    lexical = sum(share for name, share in shares.items() if points.get(name))
    rare = log(1 + (size - 0.5) / 1.5) if size else 1.0  # IDF of what one memory holds
    merged: dict[str, Candidate] = {}
    for name, hits in points.items():
        best = max((hit.score for hit in hits), default=0.0)
        worst = min((hit.score for hit in hits), default=0.0) if name == "" else 0.0
        for hit in hits:
            key = str(hit.id)
            candidate = merged.get(key) or Candidate(key, hit.payload or {}, 0.0)
            value = (hit.score - worst) / (best - worst) if best > worst else 0.0
            if name == "":
                evidence = 1.0 if hit.score >= weights.least_dense else 0.0
                merged[key] = replace(
                    candidate, dense=value, evidence=candidate.evidence + evidence
                )
                continue
            merged[key] = replace(
                candidate,
                cjk=value if name == CJK_FIELD else candidate.cjk,
                words=value if name == WORDS_FIELD else candidate.words,
                evidence=candidate.evidence + shares[name] * hit.score / rare,
            )
    dense = weights.dense if points.get("") else 0.0
    if not lexical:
        dense = 1.0
    scored = [
        replace(
            c,
            score=dense * c.dense
            + (1 - dense) * (weights.cjk * c.cjk + weights.words * c.words) / (lexical or 1.0),
        )
        for c in merged.values()
    ]
    return sorted(scored, key=lambda c: (-c.score, c.id))


def _tells(candidate: Candidate, weights: SearchWeights) -> bool:
    return candidate.evidence >= weights.least


def _boosted(candidate: Candidate, found: Mapping[str, float]) -> Candidate:
    score = min(1.0, max(0.0, (candidate.score + sum(found.values())) / (1 + boosts.TOTAL)))
    return replace(candidate, score=score, boosts=found)


def _both_sides(ranked: list[Candidate]) -> list[Candidate]:
    """Alternate between memories of both subjects, best first on either side."""
    ai = [c for c in ranked if c.payload.get("subject") == "ai"]
    user = [c for c in ranked if c.payload.get("subject") != "ai"]
    mixed: list[Candidate] = []
    for index in range(max(len(ai), len(user))):
        mixed += user[index : index + 1] + ai[index : index + 1]
    return mixed
