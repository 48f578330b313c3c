"""Hybrid search: two sparse fields, and the dense vector if it means something.

Qdrant finds candidates in every field, :mod:`memory.store.fusion` makes one score of
theirs. Then come boosts (:mod:`memory.store.boosts`) and a cut-off, below which
nothing is recalled rather than noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from qdrant_client import QdrantClient, models

from memory import dates
from memory.forgetting import retention
from memory.language import detect, has_cjk
from memory.store import boosts, smalltalk
from memory.store.fields import content_words, encode_memory, encode_query
from memory.store.fusion import DENSE, Candidate, Mix, SearchWeights, fuse
from memory.store.payload import memory_of
from memory.types import Language, Use

Uses = Callable[[Sequence[str]], Mapping[str, Use]]
"""The use of memories in replies, by id."""

CANDIDATES = 300
"""Candidates asked of each field. What is beyond counts as not matching there."""

NEIGHBOURS = 100
"""The same for memories like a text: who is tenth in both fields isn't hundredth in one."""

SPARE = 30
"""Candidates beyond the limit that boosts may still lift into it."""

LOOKED_AT = 3
"""Candidates whose coverage of the question is looked at."""

MANY_WORDS = 3
"""A question with so many content words and one more needs all of the evidence."""


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
    uses: Uses | None = None,
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
        uses: Tells how often candidates were in the context of replies.
    """
    weights = weights or SearchWeights()
    if not smalltalk.without(query):
        return []
    asked = boosts.without_frames(query)
    # Of several lines (a message after others) the last one asks.
    last = (query.strip().splitlines() or [""])[-1]
    span = dates.query_range(last, today, language or detect(query))
    question = boosts.Question(boosts.side_of(last), span)
    terms = encode_query(asked, span)
    found, mix = _fused(client, collection, terms, query_filter, dense, weights)
    if not found:
        return []
    demand = min(1.0, max(0, content_words(asked) - 1) / MANY_WORDS)
    floor = weights.relative * found[0].score
    likely = [c for c in found if c.score >= floor][: limit + SPARE]
    strong = max(c.evidence for c in likely) >= demand * weights.telling
    likely = _with_payloads(client, collection, likely)
    # Words that are common in somebody's life are weak evidence and yet no noise: it
    # is only noise if hardly a word of the question matches.
    if not strong and all(_covered(terms, c) < weights.covered for c in likely[:LOOKED_AT]):
        return []
    used = uses([c.id for c in likely]) if uses else {}
    ranked = []
    for c in likely:
        memory = memory_of(c.id, c.payload)
        found_by = boosts.boosts(c.payload, question, retention(memory, used.get(c.id), now))
        ranked.append(_boosted(replace(_fair(c, mix), memory=memory), found_by))
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
    terms, most = encode_query(text), max(NEIGHBOURS, limit + SPARE)
    found, mix = _fused(client, collection, terms, query_filter, dense, weights, most)
    near = _with_payloads(client, collection, found[: limit + SPARE])
    ranked = [_fair(c, mix) for c in near]
    return sorted(ranked, key=lambda c: (-c.score, c.id))[:limit]


def _fused(
    client: QdrantClient,
    collection: str,
    terms: Mapping[str, models.SparseVector],
    query_filter: models.Filter,
    dense: list[float] | None,
    weights: SearchWeights,
    most: int = CANDIDATES,
) -> tuple[list[Candidate], Mix]:
    """Candidates of all fields, best first, without payloads; and their mix."""
    vectors: dict[str, models.SparseVector | list[float]] = {
        name: vector for name, vector in terms.items() if vector.indices
    }
    if dense is not None and weights.dense > 0:
        vectors[DENSE] = dense
    if not vectors:
        return [], Mix(0.0, 0.0, 0.0)
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
                limit=most,
            )
            for name, vector in vectors.items()
        ],
    )
    size = client.count(collection, count_filter=query_filter, exact=True).count
    fields = {
        name: {str(point.id): point.score for point in response.points}
        for name, response in zip(vectors, responses, strict=True)
    }
    asked = {name: sum(vector.values) for name, vector in terms.items()}
    return fuse(fields, asked, size, weights)


def _with_payloads(
    client: QdrantClient, collection: str, candidates: Sequence[Candidate]
) -> list[Candidate]:
    """The same with their payloads; without those that were deleted meanwhile."""
    if not candidates:
        return []
    records = client.retrieve(collection, ids=[c.id for c in candidates], with_payload=True)
    payloads = {str(record.id): record.payload or {} for record in records}
    return [replace(c, payload=payloads[c.id]) for c in candidates if c.id in payloads]


def _fair(candidate: Candidate, mix: Mix) -> Candidate:
    """The score by the fields that a memory has anything in."""
    characters = has_cjk(str(candidate.payload.get("data", "")))
    c = candidate
    return replace(c, score=mix.score(c.cjk, c.words, c.dense, characters=characters))


def _covered(terms: Mapping[str, models.SparseVector], candidate: Candidate) -> float:
    """Share of the question's terms that occur in a memory, by weight."""
    memory = memory_of(candidate.id, candidate.payload)
    given = encode_memory(memory.text, memory.event_date, memory.language)
    matched = total = 0.0
    for name, vector in terms.items():
        present = set(given[name].indices)
        total += sum(vector.values)
        matched += sum(
            weight
            for index, weight in zip(vector.indices, vector.values, strict=True)
            if index in present
        )
    return matched / total if total else 0.0


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


__all__ = ["Candidate", "SearchWeights", "hybrid_search", "nearest_points"]
