"""Store reads: one, many, lists, counts, facets, search."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

from qdrant_client import models

from memory import metrics
from memory.errors import NotFound
from memory.types import Hit, Language, Memory, MemoryFilter, Owner, Subject
from memory.vector_store import listing
from memory.vector_store.conditions import meets, split
from memory.vector_store.core import StoreCore
from memory.vector_store.embedding import Embedding
from memory.vector_store.filters import memory_filter, owner_filter, text_filter, without
from memory.vector_store.payload import memory_of, text_hash
from memory.vector_store.points import point_id
from memory.vector_store.search.fusion import SearchWeights
from memory.vector_store.search.search import (
    Candidate,
    Judgements,
    Uses,
    hybrid_search,
    nearest_points,
)

Facet = Literal["subject", "kind", "category", "status", "user_id", "agent_id", "app_id", "run_id"]

ACTIVE = MemoryFilter()
ANY_STATUS = MemoryFilter(statuses=frozenset())


class MemoryReads:
    """The reading half of the store. Nothing is ever cut off silently."""

    def __init__(self, core: StoreCore, embedding: Embedding, weights: SearchWeights) -> None:
        self._core = core
        self._embedding = embedding
        self._weights = weights
        self.judgements: Judgements | None = None
        """Asked by each search; set by whoever keeps what people think of memories."""

    def get(self, owner: Owner, memory_id: str) -> Memory:
        """One memory.

        Raises:
            NotFound: there is none of that id, or it is somebody else's.
        """
        found = self.get_many(owner, [memory_id])
        if not found:
            raise NotFound(f"no memory {memory_id}", id=memory_id)
        return found[0]

    def get_many(self, owner: Owner, ids: Sequence[str]) -> list[Memory]:
        """Memories in the order of ``ids``; what the owner doesn't have is left out."""
        found = self._core.points(ids)
        mine = {key: memory for key, (memory, _) in found.items() if memory.owner == owner}
        return [mine[key] for key in dict.fromkeys(map(point_id, ids)) if key in mine]

    def owners_of(self, ids: Sequence[str]) -> dict[str, Owner]:
        """Whose these memories are, of those that exist."""
        found = self._core.records(ids, ("user_id", "agent_id"))
        return {str(record.id): memory_of(record.id, record.payload).owner for record in found}

    def matching(
        self,
        owner: Owner | str | None,
        filter: MemoryFilter = ACTIVE,
        *,
        sort: str = "-created_at",
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Memory]:
        """All memories that match, sorted; ties by id.

        Args:
            owner: Whose; a user's id for all personas, ``None`` for everybody.
            filter: Which.
            sort: ``created_at``, ``updated_at``, ``event_date`` (by its first day),
                ``importance``, ``text``, ``category``, ``subject``, ``kind`` or ``pinned``,
                with ``-`` before it for descending. Memories without an event date come last
                in both directions.
            limit: At most this many; ``None`` for all.
            offset: Leave out this many first.

        Raises:
            BadInput: an unknown sort field.
        """
        chosen = self._chosen(owner, filter)
        return listing.sorted_page(
            self._core.client, self._core.collection, chosen, sort, limit, offset
        )

    def ids(self, owner: Owner, filter: MemoryFilter = ACTIVE) -> list[str]:
        """The ids of all memories that match, in their own order, without reading them."""
        chosen = self._chosen(owner, filter)
        found = listing.scroll(self._core.client, self._core.collection, chosen, with_payload=False)
        return [str(record.id) for record in found]

    def worded(self, owner: Owner, texts: Collection[str]) -> list[Memory]:
        """The memories, in force or not, that say one of ``texts`` letter by letter."""
        chosen = text_filter(owner, {text_hash(text) for text in texts})
        found = listing.scroll(self._core.client, self._core.collection, chosen)
        return [memory_of(record.id, record.payload) for record in found]

    def iterate(
        self, filter: MemoryFilter = ANY_STATUS, owner: Owner | str | None = None
    ) -> Iterator[Memory]:
        """Every memory, page by page, in no particular order; of everybody by default."""
        chosen = self._chosen(owner, filter)
        for record in listing.scroll(self._core.client, self._core.collection, chosen):
            yield memory_of(record.id, record.payload)

    def count(self, owner: Owner | str | None, filter: MemoryFilter = ACTIVE) -> int:
        """How many memories match."""
        chosen = self._chosen(owner, filter)
        return self._core.client.count(self._core.collection, count_filter=chosen, exact=True).count

    def facets(
        self, owner: Owner | str | None, field: Facet, filter: MemoryFilter = ACTIVE
    ) -> dict[str, int]:
        """How many memories there are for each value of a field, most first."""
        return self._facet(field, self._chosen(owner, filter))

    def owners(self) -> list[Owner]:
        """Everybody who has memories."""
        return [
            Owner(user_id, persona_id)
            for user_id in sorted(self._facet("user_id", None))
            for persona_id in sorted(self._facet("agent_id", owner_filter(user_id)))
        ]

    def counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many memories of each user, and with each persona, whatever their status; quick."""
        return self._facet("user_id", None), self._facet("agent_id", None)

    def holds_own(self) -> bool:
        """Whether there is any memory that this program wrote, not another mem0 client."""
        ours = models.Filter(must_not=[_empty("subject")])
        found, _ = self._core.client.scroll(
            self._core.collection, scroll_filter=ours, limit=1, with_payload=False
        )
        return bool(found)

    def written_by_programs(self, owner: Owner | str | None) -> bool:
        """Whether any memory carries what only programs set: metadata, an app, a run of its own.

        So does everything that another mem0 client wrote.
        """
        foreign = models.Filter(
            should=[
                models.Filter(must_not=[_empty("metadata")]),
                models.Filter(must_not=[_empty("app_id")]),
                models.Filter(must_not=[_empty("run_id")], must=[_empty("source.session_id")]),
                _empty("subject"),
            ]
        )
        found, _ = self._core.client.scroll(
            self._core.collection,
            scroll_filter=models.Filter(must=[self._chosen(owner, ANY_STATUS), foreign]),
            limit=1,
            with_payload=False,
        )
        if found:
            return True
        # A run that a program chose may stand beside the session of its talk.
        chosen = self._chosen(owner, ANY_STATUS)
        runs, sessions = (self._facet(key, chosen) for key in ("run_id", "source.session_id"))
        return not runs.keys() <= sessions.keys()

    def search(
        self,
        owner: Owner | str | None,
        query: str,
        *,
        filter: MemoryFilter = ACTIVE,
        limit: int = 20,
        today: date,
        language: Language | None = None,
        now: datetime | None = None,
        weights: SearchWeights | None = None,
        uses: Uses | None = None,
        expired: bool = False,
        gated: bool = True,
    ) -> list[Hit]:
        """What is remembered for ``query``, best first; empty if nothing fits.

        A failing embedding endpoint doesn't fail the search: words still find.
        ``weights`` are tried instead of the store's own, for this search only.
        ``uses`` tells how present a memory is; without it only its age counts.
        ``owner`` may be a user's id, for all personas, or ``None`` for everybody.
        ``expired`` ones, whose last day is over, are only found if asked for. Without the
        gate even what hardly fits is found, with a low score: for programs that judge by it.
        """
        weights = weights or self._weights
        if not gated:
            weights = replace(weights, noise_gate=False)
        found = hybrid_search(
            self._core.client,
            self._core.collection,
            query=query,
            query_filter=self._chosen(owner, filter),
            limit=limit,
            today=today,
            now=now or datetime.now(UTC),
            language=language,
            dense=self._embedding.dense_query(query),
            weights=weights,
            uses=uses,
            judgements=self.judgements,
            expired=expired,
        )
        metrics.SEARCHES.observe(found[0].score if found else 0.0)
        return [_hit(candidate) for candidate in found]

    def nearest(
        self,
        owner: Owner,
        text: str,
        *,
        subject: Subject | None = None,
        limit: int = 10,
        exclude: Collection[str] = (),
    ) -> list[Hit]:
        """The active memories most like ``text``: no cut-off, no recency.

        Those in ``exclude`` (ids) are as if they weren't there, to what is rare as well.
        """
        wanted = MemoryFilter(subjects=frozenset({subject} if subject else ()))
        found = nearest_points(
            self._core.client,
            self._core.collection,
            text=text,
            query_filter=without(memory_filter(owner, wanted), exclude),
            limit=limit,
            dense=self._embedding.dense_query(text),
            weights=self._weights,
        )
        return [_hit(candidate) for candidate in found]

    def _chosen(self, owner: Owner | str | None, wanted: MemoryFilter) -> models.Filter:
        """The memories that ``wanted`` describes, as a filter of the engine.

        What the engine can't say is asked here of those that meet the rest.
        """
        if wanted.where is None:
            return memory_filter(owner, wanted)
        told, left = split(wanted.where)
        chosen = memory_filter(owner, replace(wanted, where=None))
        must = list(chosen.must) if isinstance(chosen.must, list) else []
        if told is not None:
            must.append(told)
        found = models.Filter(must=must)
        if left is None:
            return found
        records = listing.scroll(self._core.client, self._core.collection, found)
        ids = [str(r.id) for r in records if meets(memory_of(r.id, r.payload), left)]
        return models.Filter(must=[*must, models.HasIdCondition(has_id=list(ids))])

    def _facet(self, key: str, chosen: models.Filter | None) -> dict[str, int]:
        found = self._core.client.facet(
            self._core.collection, key=key, facet_filter=chosen, limit=1_000_000, exact=True
        )
        return {str(hit.value): hit.count for hit in found.hits}


def _empty(key: str) -> models.IsEmptyCondition:
    return models.IsEmptyCondition(is_empty=models.PayloadField(key=key))


def _hit(candidate: Candidate) -> Hit:
    match = candidate.match
    return Hit(
        memory=candidate.memory,
        score=candidate.score,
        dense=match.dense,
        cjk=match.cjk,
        words=match.words,
        boosts=candidate.boosts,
    )
