"""The embedded engine against the client's own in-memory engine: same calls, same answers.

Ties: engines may order points of equal score or equal sort value as they like,
so results are compared as (value, set of ids) groups, and the last group of a
cut-off page only by its value. IDF is tested by itself: the reference counts
over the whole collection only.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient, models

from memory.errors import StoreError
from memory.vector_store.client import EdgeClient

NAME = "c"
IDS = [str(uuid.UUID(int=n)) for n in range(1, 13)]
DAYS = [f"2024-0{m}-1{d}T08:00:00+00:00" for m in range(1, 4) for d in range(3)]
floats = st.integers(-4, 4).map(float)

payloads = st.fixed_dictionaries(
    {"user_id": st.sampled_from("ab"), "n": st.integers(0, 5)},
    optional={
        "kind": st.sampled_from(["x", "y", "z"]),
        "pinned": st.booleans(),
        "at": st.sampled_from(DAYS),
        "note": st.none(),
        "tags": st.lists(st.sampled_from("pqr"), max_size=3),
        "source": st.fixed_dictionaries({"batch_id": st.sampled_from("uv")}),
    },
)
dense = st.lists(floats, min_size=4, max_size=4).filter(any)
sparse = st.dictionaries(st.integers(0, 6), st.integers(1, 3).map(float), max_size=4).map(
    lambda found: models.SparseVector(
        indices=sorted(found), values=[found[i] for i in sorted(found)]
    )
)
points = st.builds(
    models.PointStruct,
    id=st.sampled_from(IDS),
    vector=st.fixed_dictionaries({"": dense, "words": sparse}),
    payload=payloads,
)
ids = st.lists(st.sampled_from(IDS), min_size=1, max_size=5, unique=True)


def _field(key: str, **condition: Any) -> models.FieldCondition:
    return models.FieldCondition(key=key, **condition)


def _range(low: int, high: int) -> models.Range:
    return models.Range(gte=low, lte=high)


conditions: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from("abc").map(lambda v: _field("user_id", match=models.MatchValue(value=v))),
    st.lists(st.sampled_from("xyz"), min_size=1, unique=True).map(
        lambda v: _field("kind", match=models.MatchAny(any=v))
    ),
    st.lists(st.sampled_from("xyz"), min_size=1, unique=True).map(
        lambda v: _field("kind", match=models.MatchExcept(**{"except": v}))
    ),
    st.sampled_from("pqr").map(lambda v: _field("tags", match=models.MatchValue(value=v))),
    st.sampled_from("uv").map(
        lambda v: _field("source.batch_id", match=models.MatchValue(value=v))
    ),
    st.booleans().map(lambda v: _field("pinned", match=models.MatchValue(value=v))),
    st.builds(_range, st.integers(0, 5), st.integers(0, 5)).map(lambda r: _field("n", range=r)),
    st.sampled_from(DAYS).map(
        lambda v: _field("at", range=models.DatetimeRange(gte=v, lt="2024-03-11T08:00:00Z"))
    ),
    st.sampled_from(["kind", "note", "tags"]).map(
        lambda k: models.IsEmptyCondition(is_empty=models.PayloadField(key=k))
    ),
    st.just(models.IsNullCondition(is_null=models.PayloadField(key="note"))),
    ids.map(lambda v: models.HasIdCondition(has_id=v)),
)
flat = st.builds(
    models.Filter,
    must=st.none() | st.lists(conditions, min_size=1, max_size=2),
    should=st.none() | st.lists(conditions, min_size=1, max_size=2),
    must_not=st.none() | st.lists(conditions, min_size=1, max_size=2),
)
filters = flat | st.builds(models.Filter, must=st.lists(conditions | flat, min_size=1, max_size=3))

Call = Callable[[QdrantClient], Any]


def _existing(client: QdrantClient, selector: Any) -> Any:
    """Servers (and Edge) refuse to set payloads of unknown ids; the reference ignores them."""
    if isinstance(selector, models.FilterSelector):
        return selector
    return [r.id for r in client.retrieve(NAME, selector)]


def _upsert(found: list[models.PointStruct]) -> Call:
    return lambda client: client.upsert(NAME, points=found)


def _delete(selector: Any) -> Call:
    chosen = selector if not isinstance(selector, list) else models.PointIdsList(points=selector)
    return lambda client: client.delete(NAME, points_selector=chosen)


def _set(payload: dict[str, Any], selector: Any, whole: bool) -> Call:
    def call(client: QdrantClient) -> None:
        change = client.overwrite_payload if whole else client.set_payload
        if chosen := _existing(client, selector):
            change(NAME, payload=payload, points=chosen)

    return call


def _remove(key: str, selector: Any) -> Call:
    def call(client: QdrantClient) -> None:
        if chosen := _existing(client, selector):
            client.delete_payload(NAME, keys=[key], points=chosen)

    return call


selectors = ids | filters.map(lambda f: models.FilterSelector(filter=f))
writes: st.SearchStrategy[Call] = st.one_of(
    st.builds(_upsert, st.lists(points, min_size=1, max_size=6)),
    st.builds(_delete, selectors),
    st.builds(_set, payloads, selectors, st.booleans()),
    st.builds(_remove, st.sampled_from(["kind", "tags", "n"]), selectors),
)


def both(folder: Path, modifier: models.Modifier | None = None) -> tuple[EdgeClient, QdrantClient]:
    edge, reference = EdgeClient(folder), QdrantClient(":memory:")
    for one in (edge, reference):
        one.create_collection(
            NAME,
            vectors_config=models.VectorParams(size=4, distance=models.Distance.COSINE),
            sparse_vectors_config={"words": models.SparseVectorParams(modifier=modifier)},
        )
    for key, schema in {
        "user_id": models.KeywordIndexParams(type="keyword", is_tenant=True),
        "kind": "keyword",
        "n": "integer",
        "at": "datetime",
        "pinned": "bool",
    }.items():
        edge.create_payload_index(NAME, key, schema)
    return edge, reference


def everything(client: QdrantClient, chosen: models.Filter | None = None) -> dict[str, Any]:
    found, _ = client.scroll(NAME, chosen, limit=100, with_vectors=True)
    return {str(r.id): (r.payload, _plain(r.vector)) for r in found}


def _plain(vector: Any) -> Any:
    words = vector.get("words") if isinstance(vector, dict) else None
    dense = vector[""] if isinstance(vector, dict) else vector
    pairs = sorted(zip(words.indices, words.values, strict=True)) if words else []
    return [round(x, 5) for x in dense], pairs


class Near(float):
    """A score, equal to one that only single precision tells apart from it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and abs(float(self) - float(other)) < 1e-4

    __hash__ = None  # type: ignore[assignment]


def grouped(found: Iterable[tuple[float, str]], limit: int) -> list[tuple[Near, set[str] | None]]:
    """Groups of equal value; the group at the cut only by its value."""
    rows = [(Near(value), key) for value, key in found]
    groups: list[tuple[Near, set[str]]] = []
    for value, key in rows:
        if groups and groups[-1][0] == value:
            groups[-1][1].add(key)
        else:
            groups.append((value, {key}))
    at_cut = len(rows) == limit
    return [
        (value, None if at_cut and place == len(groups) else keys)
        for place, (value, keys) in enumerate(groups, 1)
    ]


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[QdrantClient, QdrantClient]]:
    edge, reference = both(tmp_path_factory.mktemp("engines"))
    with closing(edge):
        yield edge, reference


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_same_calls_give_the_same_answers(
    engines: tuple[QdrantClient, QdrantClient], data: st.DataObject
) -> None:
    edge, reference = engines
    first = data.draw(st.lists(points, min_size=4, max_size=12))
    changes = data.draw(st.lists(writes, max_size=4))
    for client in engines:
        client.delete(NAME, points_selector=models.FilterSelector(filter=models.Filter()))
        client.upsert(NAME, points=first)
        for change in changes:
            change(client)
    assert everything(edge) == everything(reference)
    for chosen in [None, *data.draw(st.lists(filters, min_size=2, max_size=4))]:
        _same_reads(edge, reference, chosen, data)


def _same_reads(
    edge: QdrantClient, reference: QdrantClient, chosen: models.Filter | None, data: st.DataObject
) -> None:
    limit = data.draw(st.integers(1, 14))
    vector, words = data.draw(dense), data.draw(sparse)
    direction = data.draw(st.sampled_from(models.Direction))

    def answers(client: QdrantClient) -> dict[str, Any]:
        found = client.query_points(NAME, vector, query_filter=chosen, limit=limit).points
        ordered, _ = client.scroll(
            NAME, chosen, limit=limit, order_by=models.OrderBy(key="n", direction=direction)
        )
        matching = everything(client, chosen)
        spotted = client.query_points(
            NAME, words, using="words", query_filter=chosen, limit=limit
        ).points
        return {
            "all": matching,
            "count": client.count(NAME, chosen, exact=True).count,
            "facet": {
                h.value: h.count for h in client.facet(NAME, "kind", chosen, exact=True).hits
            },
            "paged": _paged(client, chosen, 3),
            "ids": {str(r.id) for r in client.retrieve(NAME, IDS[:5])},
            "dense": grouped(((p.score, str(p.id)) for p in found), limit),
            "ordered": grouped(((float(r.payload["n"]), str(r.id)) for r in ordered), limit),
            "sparse": grouped(((p.score, str(p.id)) for p in spotted), limit),
        }

    assert answers(edge) == answers(reference)


def _paged(client: QdrantClient, chosen: models.Filter | None, size: int) -> list[str]:
    seen: list[str] = []
    offset = None
    while True:
        page, offset = client.scroll(NAME, chosen, limit=size, offset=offset)
        seen += [str(r.id) for r in page]
        if offset is None:
            return seen


def test_a_batch_of_queries_answers_like_single_ones(tmp_path: Path) -> None:
    edge, _ = both(tmp_path / "m")
    edge.upsert(NAME, points=[_point(n) for n in range(6)])
    asked = [
        models.QueryRequest(query=[1.0, 0, 0, 1], limit=3, with_payload=True),
        models.QueryRequest(
            query=models.SparseVector(indices=[1, 2], values=[1.0, 1.0]), using="words", limit=2
        ),
    ]
    batch = edge.query_batch_points(NAME, requests=asked)
    single = [
        edge.query_points(NAME, [1.0, 0, 0, 1], limit=3),
        edge.query_points(NAME, asked[1].query, using="words", limit=2, with_payload=False),
    ]
    assert [[p.id for p in r.points] for r in batch] == [[p.id for p in r.points] for r in single]
    assert batch[1].points[0].payload is None
    edge.close()


@pytest.fixture(scope="module")
def weighing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QdrantClient]:
    edge, _ = both(tmp_path_factory.mktemp("weighing"), models.Modifier.IDF)
    with closing(edge):
        yield edge


@settings(max_examples=40, deadline=None)
@given(st.lists(sparse, min_size=2, max_size=11), sparse, st.sets(st.integers(0, 10)))
def test_idf_is_counted_over_one_owners_living_points(
    weighing: QdrantClient,
    vectors: list[models.SparseVector],
    query: models.SparseVector,
    deleted: set[int],
) -> None:
    weighing.delete(NAME, points_selector=models.FilterSelector(filter=models.Filter()))
    weighing.upsert(NAME, points=[_point(n, "ab"[n % 2], v) for n, v in enumerate(vectors)])
    weighing.delete(NAME, points_selector=[IDS[n] for n in deleted] or [IDS[11]])
    mine = models.Filter(must=[_field("user_id", match=models.MatchValue(value="a"))])
    corpus = models.SearchParams(idf=models.IdfCorpusParams(corpus=mine))
    found = weighing.query_points(
        NAME, query, using="words", query_filter=mine, search_params=corpus, limit=20
    ).points
    living = [v for n, v in enumerate(vectors) if n % 2 == 0 and n not in deleted]
    expected = [round(s, 3) for v in living if (s := _bm25(query, v, living)) > 0]
    assert sorted(round(p.score, 3) for p in found) == pytest.approx(sorted(expected), abs=2e-3)


def _bm25(
    query: models.SparseVector, vector: models.SparseVector, corpus: list[models.SparseVector]
) -> float:
    """Qdrant's formula: query x value x ln(1 + (N - n + 0.5) / (n + 0.5))."""
    total = 0.0
    for index, weight in zip(query.indices, query.values, strict=True):
        if index in vector.indices:
            n = sum(index in v.indices for v in corpus)
            idf = math.log(1 + (len(corpus) - n + 0.5) / (n + 0.5))
            total += weight * vector.values[vector.indices.index(index)] * idf
    return total


def _point(n: int, user: str = "a", words: models.SparseVector | None = None) -> models.PointStruct:
    words = words or models.SparseVector(indices=[n % 3, 3 + n], values=[1.0, 1.0])
    return models.PointStruct(
        id=IDS[n],
        vector={"": [1.0, n, 0.5, -n], "words": words},
        payload={"user_id": user, "n": n},
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.query_points(
            NAME, models.RecommendQuery(recommend=models.RecommendInput(positive=[IDS[0]]))
        ),
        lambda c: c.query_points(
            NAME, [1.0] * 4, lookup_from=models.LookupLocation(collection="d")
        ),
        lambda c: c.query_points_groups(NAME, "user_id", [1.0] * 4),
        lambda c: c.create_snapshot(NAME),
        lambda c: c.create_payload_index(NAME, "data", models.TextIndexParams(type="text")),
        lambda c: c.upsert(NAME, points=[_point(1)], shard_key_selector="s"),
        lambda c: c.scroll(
            NAME,
            models.Filter(
                must=[
                    _field(
                        "where",
                        geo_radius=models.GeoRadius(center=models.GeoPoint(lon=1, lat=1), radius=1),
                    )
                ]
            ),
        ),
        lambda c: c.count("nothing"),
        lambda c: c.upsert(NAME, points=[models.PointStruct(id="one", vector=[1.0] * 4)]),
        lambda c: c.upsert(NAME, points=[models.PointStruct(id=IDS[0], vector=[1.0] * 5)]),
    ],
)
def test_what_cant_be_done_says_so(tmp_path: Path, call: Call) -> None:
    edge, _ = both(tmp_path / "m")
    with pytest.raises(StoreError) as caught:
        call(edge)
    assert str(caught.value)
    edge.close()


def test_collections_are_told_as_they_were_made(tmp_path: Path) -> None:
    edge, _ = both(tmp_path / "m", models.Modifier.IDF)
    edge.upsert(NAME, points=[_point(1)])
    edge.update_collection(NAME, metadata={"embedder": "e"})
    edge.close()
    again = EdgeClient(tmp_path / "m")
    info = again.get_collection(NAME)
    assert isinstance(info.config.params.vectors, models.VectorParams)
    assert info.config.params.vectors.size == 4
    assert info.config.params.sparse_vectors is not None
    assert info.config.params.sparse_vectors["words"].modifier == models.Modifier.IDF
    assert info.config.metadata == {"embedder": "e"}
    assert info.points_count == 1
    assert info.payload_schema["at"].data_type == models.PayloadSchemaType.DATETIME
    with pytest.raises(ValueError, match="already exists"):
        again.create_collection(NAME, vectors_config=info.config.params.vectors)
    assert again.delete_collection(NAME)
    assert not again.collection_exists(NAME)
    assert not again.delete_collection(NAME)
    again.close()
    assert EdgeClient(tmp_path / "m").get_collections().collections == []
