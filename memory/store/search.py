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
from memory.store import boosts, smalltalk
from memory.store.fields import CJK_FIELD, WORDS_FIELD, content_words, encode_query
from memory.types import Language

CANDIDATES = 300
"""Candidates asked of each field. What is beyond counts as not matching there."""

SPARE = 20
"""Candidates beyond twice the limit that boosts may still lift into it."""

MANY_WORDS = 3
"""A question with so many content words and one more needs all of the evidence."""

WORD_TERMS = 1.5
"""What a word that both sides share brings in the words field: itself and its stub,
or two glosses."""

WORD_CHARS = 3
"""And in the CJK field: two characters and their pair."""

DENSE = ""
"""Qdrant's name of the unnamed vector."""


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How the fields add up, and where recall ends.

    ``dense`` is the share of the dense score; 0 leaves it out (as does a search
    without a dense vector). Evidence is counted in words that only one memory holds:
    the best match needs ``telling``, or nothing is recalled; every other one needs
    ``least``, and the share ``relative`` of the best score. Short questions need
    less. ``least_dense`` is the cosine from which on a dense match is enough.
    """

    cjk: float = 0.7
    words: float = 1.0
    dense: float = 0.5
    telling: float = 0.4
    least: float = 0.1
    least_dense: float = 0.35
    relative: float = 0.15


@dataclass(frozen=True, slots=True)
class Candidate:
    """One point found. Field scores are normalised to the best of the search.

    ``evidence`` is the weighted score before that, counted in words that only one
    of the owner's memories holds: how much the match means by itself.
    """

    id: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    score: float = 0.0
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
    asked = boosts.without_frames(smalltalk.without(query))
    # Of several lines (a message after others) the last one asks.
    last = (query.strip().splitlines() or [""])[-1]
    span = dates.query_range(last, today, language or detect(query))
    question = boosts.Question(boosts.side_of(last), span)
    found = _fused(client, collection, asked, span, query_filter, dense, weights)
    # One word may well be common among the memories of somebody who loves it; many
    # words of which hardly any matches are another subject.
    demand = min(1.0, max(0, content_words(asked) - 1) / MANY_WORDS)
    if not any(c.evidence >= demand * weights.telling for c in found):
        return []
    floor = weights.relative * found[0].score
    least = demand * weights.least
    likely = [c for c in found if c.score >= floor and c.evidence >= least]
    likely = likely[: 2 * limit + SPARE]
    ranked = [
        _boosted(candidate, boosts.boosts(candidate.payload, question, now))
        for candidate in _with_payloads(client, collection, likely)
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
    found = _fused(client, collection, text, None, query_filter, dense, weights)
    return _with_payloads(client, collection, found[:limit])


def _fused(
    client: QdrantClient,
    collection: str,
    query: str,
    span: tuple[date, date] | None,
    query_filter: models.Filter,
    dense: list[float] | None,
    weights: SearchWeights,
) -> list[Candidate]:
    """Candidates of all fields with their scores, best first, without payloads."""
    vectors: dict[str, models.SparseVector | list[float]] = {
        name: vector for name, vector in encode_query(query, span).items() if vector.indices
    }
    if dense is not None and weights.dense > 0:
        vectors[DENSE] = dense
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
                params=None if name == DENSE else params,
                limit=CANDIDATES,
            )
            for name, vector in vectors.items()
        ],
    )
    size = client.count(collection, count_filter=query_filter, exact=True).count
    fields = {
        name: {str(point.id): point.score for point in response.points}
        for name, response in zip(vectors, responses, strict=True)
    }
    return _fuse(fields, size, weights)


def _fuse(
    fields: Mapping[str, Mapping[str, float]], size: int, weights: SearchWeights
) -> list[Candidate]:
    """Normalise each field to its best, and add up."""
    cjk, words = fields.get(CJK_FIELD, {}), fields.get(WORDS_FIELD, {})
    dense = fields.get(DENSE, {})
    # A field without any match says nothing: it must not lower the others.
    total = (weights.cjk if cjk else 0.0) + (weights.words if words else 0.0)
    share = weights.dense if dense else 0.0
    if not total:
        share = 1.0
    rare = log(1 + (size - 0.5) / 1.5) if size else 1.0  # IDF of what one memory holds
    word = rare * (WORD_TERMS + (weights.cjk * WORD_CHARS if cjk else 0.0))
    best_cjk, best_words = _best(cjk), _best(words)
    best_dense, worst_dense = _best(dense), min(dense.values(), default=0.0)
    found = []
    for key in {**cjk, **words, **dense}:
        candidate = Candidate(
            id=key,
            cjk=cjk.get(key, 0.0) / best_cjk,
            words=words.get(key, 0.0) / best_words,
            dense=max(0.0, dense.get(key, worst_dense) - worst_dense)
            / ((best_dense - worst_dense) or 1.0),
        )
        lexical = weights.cjk * candidate.cjk + weights.words * candidate.words
        raw = weights.cjk * cjk.get(key, 0.0) + weights.words * words.get(key, 0.0)
        alike = dense.get(key, 0.0) >= weights.least_dense
        found.append(
            replace(
                candidate,
                score=share * candidate.dense + (1 - share) * lexical / (total or 1.0),
                evidence=raw / word + (weights.telling if alike else 0.0),
            )
        )
    return sorted(found, key=lambda c: (-c.score, c.id))


def _best(scores: Mapping[str, float]) -> float:
    return max(scores.values(), default=0.0) or 1.0


def _with_payloads(
    client: QdrantClient, collection: str, candidates: Sequence[Candidate]
) -> list[Candidate]:
    """The same with their payloads; without those that were deleted meanwhile."""
    if not candidates:
        return []
    records = client.retrieve(collection, ids=[c.id for c in candidates], with_payload=True)
    payloads = {str(record.id): record.payload or {} for record in records}
    return [replace(c, payload=payloads[c.id]) for c in candidates if c.id in payloads]


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
