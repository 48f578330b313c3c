"""Hybrid search: two sparse fields, and the dense vector if it means something.

Qdrant finds candidates in every field, :mod:`memory.vector_store.search.fusion` makes one score of
theirs, and :mod:`memory.vector_store.search.noise_gate` decides whether that is more than noise.
Then come boosts (:mod:`memory.vector_store.search.boosts`) and what the rest of the session says
(:mod:`memory.vector_store.search.session_evidence`). Scores are from 0 to 1 and mean the
same in every search: the best one says how sure it is that this is meant, the others stand in
their proportion to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from qdrant_client import QdrantClient, models

from memory.nlp import dates, smalltalk
from memory.nlp.language import detect, has_cjk
from memory.types import Judgement, Language, Memory, Subject, Use
from memory.vector_store.payload import memory_of
from memory.vector_store.search import boosts
from memory.vector_store.search.calibration import CalibratedEmbedder
from memory.vector_store.search.fusion import DENSE, Match, Mix, SearchWeights, fuse
from memory.vector_store.search.noise_gate import Asked, lets_through
from memory.vector_store.search.retention import retention
from memory.vector_store.search.session_evidence import session_boosts
from memory.vector_store.search.sparse import content_words, encode_memory, encode_query, turns

Uses = Callable[[Sequence[str]], Mapping[str, Use]]
"""The use of memories in replies, by id."""

Judgements = Callable[[Sequence[Memory]], Mapping[str, Judgement]]
"""What people think of memories, by id; those that nobody judged are left out."""

CANDIDATES = 100
"""Candidates asked of each field. What is beyond counts as not matching there; on all
public sets 300 find the same."""

SPARE = 30
"""Candidates beyond the limit that boosts may still lift into it."""

LOOKED_AT = 3
"""Candidates whose coverage of the question is looked at."""

DENSE_CANDIDATES = 1000
"""The same for the dense field: all memories of nearly everybody. Who matches by words has a
cosine too, and must not be taken for a stranger because a hundred others are nearer."""


LEAST_LIFT = 0.0001
"""A smaller lift by its session is none."""


@dataclass(frozen=True, slots=True)
class DenseQuery:
    """A question's vector, and the scale of the embedder that made it."""

    vector: list[float]
    embedder: CalibratedEmbedder


@dataclass(slots=True)
class Candidate:
    """A match with its memory; ``score`` is the final one, boosts included."""

    match: Match
    memory: Memory
    score: float
    boosts: dict[str, float] = field(default_factory=dict)


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
    dense: DenseQuery | None = None,
    weights: SearchWeights | None = None,
    uses: Uses | None = None,
    judgements: Judgements | None = None,
    expired: bool = False,
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
        dense: The query's vector; ``None`` to search by words alone.
        weights: Weights and cut-offs.
        uses: Tells how often candidates were in the context of replies.
        judgements: Tells what people think of candidates.
        expired: Those too whose last day is over.
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
    found, mix = _fused(client, collection, terms, query_filter, dense, weights, limit)
    if not found:
        return []
    floor = weights.relative * found[0].score
    likely = [match for match in found if match.score >= floor][: limit + SPARE]
    candidates = _read(client, collection, likely, mix, None if expired else today)
    if not candidates:
        return []
    if weights.noise_gate:
        seen = Asked(
            text=last,
            words=content_words(asked),
            about_us=question.side is not None,
            dated=span is not None,
            reminding=boosts.reminds(query),
            chatter=_chatter(dense),
        )
        # Words that are common in somebody's life are weak evidence and yet no noise: it
        # is only noise if hardly a word of the question matches.
        coverage = max((_covered(terms, c) for c in candidates[:LOOKED_AT]), default=0.0)
        if not lets_through(seen, found, coverage, weights):
            return []
    ids = [c.memory.id for c in candidates]
    used = uses(ids) if uses else {}
    judged = judgements([c.memory for c in candidates]) if judgements else {}
    lifts = session_boosts([c.memory for c in candidates], [c.score for c in candidates])
    for c, lift in zip(candidates, lifts, strict=True):
        present = retention(c.memory, used.get(c.memory.id), now)
        thought = judged.get(c.memory.id, boosts.NOT_JUDGED)
        c.boosts = boosts.boosts(c.memory, question, present, thought)
        if lift > LEAST_LIFT:
            c.boosts["session"] = lift
        c.score = max(0.0, c.score + sum(c.boosts.values()))
    _scale(candidates)
    candidates.sort(key=_best_first)
    if question.side == "both":
        candidates = _both_sides(candidates)
    return candidates[:limit]


def nearest_points(
    client: QdrantClient,
    collection: str,
    *,
    text: str,
    query_filter: models.Filter,
    limit: int,
    dense: DenseQuery | None = None,
    weights: SearchWeights | None = None,
) -> list[Candidate]:
    """The memories most like ``text``, for telling duplicates: no cut-off, no boosts."""
    weights = weights or SearchWeights()
    terms = encode_query(text)
    found, mix = _fused(client, collection, terms, query_filter, dense, weights, limit)
    near = _read(client, collection, found[: limit + SPARE], mix)
    _scale(near)
    return sorted(near, key=_best_first)[:limit]


def _chatter(dense: DenseQuery | None) -> float | None:
    if dense is None or not dense.embedder.calibration.tells:
        return None
    return dense.embedder.chatter_excess(dense.vector)


def _fused(
    client: QdrantClient,
    collection: str,
    terms: Mapping[str, models.SparseVector],
    query_filter: models.Filter,
    dense: DenseQuery | None,
    weights: SearchWeights,
    limit: int,
) -> tuple[list[Match], Mix]:
    """The matches of all fields, best first, and their mix."""
    vectors: dict[str, models.SparseVector | list[float]] = {
        name: vector for name, vector in terms.items() if vector.indices
    }
    if dense is not None and weights.dense > 0:
        vectors[DENSE] = dense.vector
    if not vectors:
        return [], Mix(0.0, 0.0, 0.0)
    chance = dense.embedder.calibration.chance if dense else None
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
                limit=max(DENSE_CANDIDATES if name == DENSE else CANDIDATES, limit + SPARE),
                # Half of all that is stored is no nearer than chance: it says nothing.
                score_threshold=chance if name == DENSE else None,
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
    return fuse(fields, asked, size, weights, dense.embedder.calibration if dense else None)


def _read(
    client: QdrantClient,
    collection: str,
    matches: Sequence[Match],
    mix: Mix,
    today: date | None = None,
) -> list[Candidate]:
    """The matches with their memories; without those that were deleted meanwhile, and
    on ``today`` without those whose last day is over.

    They are scored anew by the fields that each memory has anything in.
    """
    if not matches:
        return []
    records = client.retrieve(collection, ids=[m.id for m in matches], with_payload=True)
    memories = {str(record.id): memory_of(record.id, record.payload) for record in records}
    return [
        Candidate(m, memory, _score(mix, m, memory.text))
        for m in matches
        if (memory := memories.get(m.id)) is not None
        and (today is None or not memory.is_expired(today))
    ]


def _score(mix: Mix, match: Match, text: str) -> float:
    talk = len(turns(text)) > 1
    return mix.score(match.cjk, match.words, match.dense, characters=has_cjk(text), talk=talk)


def _scale(candidates: Sequence[Candidate]) -> None:
    """Scores that mean the same in every search: the best is as sure as its match is strong."""
    best = max((c.score for c in candidates), default=0.0)
    if best <= 0:
        return
    sure = max(c.match.strength for c in candidates)
    for c in candidates:
        c.score *= sure / best


def _best_first(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.memory.id


def _covered(terms: Mapping[str, models.SparseVector], candidate: Candidate) -> float:
    """Share of the question's terms that occur in a memory, by weight."""
    memory = candidate.memory
    given = encode_memory(memory.text, memory.event_date)
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


def _both_sides(ranked: list[Candidate]) -> list[Candidate]:
    """Alternate between memories of both subjects, best first on either side."""
    ai = [c for c in ranked if c.memory.subject is Subject.AI]
    user = [c for c in ranked if c.memory.subject is Subject.USER]
    mixed: list[Candidate] = []
    for index in range(max(len(ai), len(user))):
        mixed += user[index : index + 1] + ai[index : index + 1]
    return mixed


__all__ = ["Candidate", "DenseQuery", "SearchWeights", "hybrid_search", "nearest_points"]
