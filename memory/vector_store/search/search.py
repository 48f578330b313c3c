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
from memory.vector_store.search import boosts, term_statistics
from memory.vector_store.search.calibration import CalibratedEmbedder
from memory.vector_store.search.fusion import DENSE, Match, Mix, SearchWeights, fuse
from memory.vector_store.search.noise_gate import Asked, lets_through
from memory.vector_store.search.retention import retention
from memory.vector_store.search.session_evidence import session_boosts
from memory.vector_store.search.sparse import (
    CJK_FIELD,
    WORDS_FIELD,
    content_words,
    encode_memory,
    encode_query,
    turns,
)
from memory.vector_store.search.term_statistics import Overlap

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
"""Candidates that are compared with the question term by term."""

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


@dataclass(frozen=True, slots=True)
class Found:
    """What a search looks at: the message, every match, and the best with their memories.

    ``overlap`` is the most that the message shares with one of them.
    """

    asked: Asked
    question: boosts.Question
    found: Sequence[Match]
    candidates: list[Candidate]
    overlap: Overlap


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
    looked = look(
        client,
        collection,
        query=query,
        query_filter=query_filter,
        limit=limit,
        today=today,
        language=language,
        dense=dense,
        weights=weights,
        expired=expired,
    )
    if looked is None:
        return []
    gate = (weights or SearchWeights()).noise_gate
    if gate and not lets_through(looked.asked, looked.found, looked.overlap):
        return []
    candidates, question = looked.candidates, looked.question
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


def look(
    client: QdrantClient,
    collection: str,
    *,
    query: str,
    query_filter: models.Filter,
    limit: int,
    today: date,
    language: Language | None = None,
    dense: DenseQuery | None = None,
    weights: SearchWeights | None = None,
    expired: bool = False,
) -> Found | None:
    """Everything that could be meant by ``query``, before the noise gate and the boosts.

    The arguments are those of :func:`hybrid_search`. ``None`` if there is nothing at all.
    """
    weights = weights or SearchWeights()
    if not smalltalk.without(query):
        return None
    asked = boosts.without_frames(query)
    # Of several lines (a message after others) the last one asks.
    last = (query.strip().splitlines() or [""])[-1]
    span = dates.query_range(last, today, language or detect(query))
    question = boosts.Question(boosts.side_of(last), span)
    terms = encode_query(asked, span)
    found, mix = _fused(client, collection, terms, query_filter, dense, weights, limit)
    if not found:
        return None
    floor = weights.relative * found[0].score
    likely = [match for match in found if match.score >= floor][: limit + SPARE]
    candidates = _read(client, collection, likely, mix, None if expired else today)
    if not candidates:
        return None
    by_meaning = dense is not None and dense.embedder.calibration.tells
    seen = Asked(
        text=last,
        words=content_words(asked),
        about_us=question.side is not None,
        dated=span is not None,
        reminding=boosts.reminds(query),
        earnest=(
            dense.embedder.earnestness(dense.vector)
            if dense is not None and by_meaning
            else term_statistics.stored().earnestness(terms)
        ),
        by_meaning=by_meaning,
    )
    return Found(seen, question, found, candidates, _overlap(terms, candidates, weights))


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


def _overlap(
    terms: Mapping[str, models.SparseVector],
    candidates: Sequence[Candidate],
    weights: SearchWeights,
) -> Overlap:
    """The most that a question shares with one of its best candidates."""
    shares = {CJK_FIELD: weights.cjk, WORDS_FIELD: weights.words}
    statistics = term_statistics.stored()
    shared = []
    for c in candidates[:LOOKED_AT]:
        encoded = encode_memory(c.memory.text, c.memory.event_date)
        given = {name: frozenset(vector.indices) for name, vector in encoded.items()}
        shared.append(statistics.overlap(terms, given, shares))
    return Overlap(max(one.evidence for one in shared), max(one.coverage for one in shared))


def _both_sides(ranked: list[Candidate]) -> list[Candidate]:
    """Alternate between memories of both subjects, best first on either side."""
    ai = [c for c in ranked if c.memory.subject is Subject.AI]
    user = [c for c in ranked if c.memory.subject is Subject.USER]
    mixed: list[Candidate] = []
    for index in range(max(len(ai), len(user))):
        mixed += user[index : index + 1] + ai[index : index + 1]
    return mixed


__all__ = ["Candidate", "DenseQuery", "SearchWeights", "hybrid_search", "nearest_points"]
