"""Hybrid search through the real store."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

import pytest

from memory.llm.hashing_embedder import HashingEmbedder
from memory.types import (
    EmbeddingPurpose,
    Hit,
    Kind,
    Memory,
    MemoryFilter,
    Owner,
    Source,
    Subject,
)
from memory.vector_store.client import EdgeClient
from memory.vector_store.search.calibration import calibrated
from memory.vector_store.search.search import DenseQuery, SearchWeights, hybrid_search
from memory.vector_store.store import MemoryStore
from tests.memory.vector_store.conftest import ME, maker, open_store

TODAY = date(2024, 10, 23)  # a Wednesday
NOW = datetime(2024, 10, 23, 12, tzinfo=UTC)
YOU = Owner("someone else", "niannian")

Make = Callable[..., Memory]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryStore]:
    """A few things about a user and an AI; only read."""
    store = open_store(tmp_path_factory.mktemp("life"))
    make = maker()
    temporal = {"kind": Kind.TEMPORAL}
    store.writes.put(
        [
            make("用户喜欢滑雪"),
            make("用户喜欢喝桂花茶"),
            make("念念喜欢听雨", subject=Subject.AI),
            make("念念喜欢滑冰", subject=Subject.AI),
            make("用户对花生过敏", importance=5),
            make("用户和妈妈去了杭州西湖", event_date="2024-10-20", **temporal),
            make("用户和妈妈去了苏州", event_date="2023-10-21", **temporal),
            make("念念去看了画展", subject=Subject.AI, event_date="2024-10-19", **temporal),
            make("The user works as a nurse in Leeds"),
            make("The user has an old dog called Biscuit"),
            make("用户养了一只叫团子的猫"),
            make("用户在学吉他"),
            make("用户有一个姐姐在成都"),
            make("别人也喜欢滑雪", owner=YOU),
        ]
    )
    yield store
    store.close()


def ask(store: MemoryStore, query: str, owner: Owner = ME, **options: object) -> Sequence[Hit]:
    return store.reads.search(owner, query, today=TODAY, now=NOW, **options)  # type: ignore[arg-type]


def texts(hits: Sequence[Hit]) -> list[str]:
    return [hit.memory.text for hit in hits]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("我能吃花生酱吗", "用户对花生过敏"),
        ("我的猫叫什么名字", "用户养了一只叫团子的猫"),
        ("what is my cat's name", "用户养了一只叫团子的猫"),
        ("我的狗叫什么", "The user has an old dog called Biscuit"),
        ("where is my sister", "用户有一个姐姐在成都"),
        ("我的工作是什么", "The user works as a nurse in Leeds"),
        ("上周末我去了哪", "用户和妈妈去了杭州西湖"),
        ("where did I go last weekend", "用户和妈妈去了杭州西湖"),
        ("去年10月我和妈妈去了哪", "用户和妈妈去了苏州"),
        ("你上周末做了什么", "念念去看了画展"),
    ],
)
def test_the_right_memory_comes_first(life: MemoryStore, question: str, first: str) -> None:
    assert texts(ask(life, question))[:1] == [first]


def test_who_is_asked_about_comes_first(life: MemoryStore) -> None:
    about_ai = ask(life, "你说过你喜欢什么")
    about_user = ask(life, "我喜欢什么")
    assert {hit.memory.subject for hit in about_ai[:2]} == {Subject.AI}
    assert {hit.memory.subject for hit in about_user[:2]} == {Subject.USER}


def test_both_sides_alternate(life: MemoryStore) -> None:
    hits = ask(life, "我们都喜欢什么")
    assert [hit.memory.subject for hit in hits[:4]] == [
        Subject.USER,
        Subject.AI,
        Subject.USER,
        Subject.AI,
    ]


@pytest.mark.parametrize(
    "message", ["你好", "早上好呀", "哈哈哈", "谢谢你！", "hello there", "lol", "", "🙂", "？？"]
)
def test_small_talk_recalls_nothing(life: MemoryStore, message: str) -> None:
    assert ask(life, message) == []


@pytest.mark.parametrize(
    "message", ["量子力学里的波函数坍缩怎么解释", "explain the quadratic formula step by step"]
)
def test_another_subject_recalls_nothing(life: MemoryStore, message: str) -> None:
    assert ask(life, message) == []


def test_a_common_word_is_no_noise(store: MemoryStore, make: Make) -> None:
    store.writes.put([make(f"用户在第{n}家咖啡馆喝了咖啡") for n in range(30)] + [make("用户怕狗")])
    assert len(ask(store, "咖啡", limit=10)) == 10


@pytest.mark.parametrize(
    "told",
    [
        {"event_date": "2024-09-14", "kind": Kind.TEMPORAL},
        {"source": Source(session_id="s1"), "created_at": NOW},
        {"run_id": "r1", "created_at": NOW},
    ],
    ids=["day", "session", "run"],
)
def test_what_stands_beside_the_topic_is_the_answer(
    store: MemoryStore, make: Make, told: dict[str, object]
) -> None:
    """The same words twice, once in the session that the question is about."""
    store.writes.put(
        [
            make("The user hired a canoe in Norway", **told),
            make("The user paid forty crowns for a guide", **told),
            make("The user paid forty crowns for a lamp", event_date="2024-02-03"),
            make("用户怕冷"),
        ]
    )
    found = ask(store, "how many crowns did I pay when I hired the canoe in Norway?")
    assert "guide" in texts(found)[1]
    lifted = {"lamp" in hit.memory.text: "session" in hit.boosts for hit in found[1:3]}
    assert lifted == {False: True, True: False}


def test_nobody_sees_what_belongs_to_others(life: MemoryStore) -> None:
    assert all(hit.memory.owner == ME for hit in ask(life, "滑雪"))
    assert texts(ask(life, "滑雪", YOU)) == ["别人也喜欢滑雪"]


def test_filters_limit_the_search(life: MemoryStore) -> None:
    only_ai = MemoryFilter(subjects=frozenset({Subject.AI}))
    assert {hit.memory.subject for hit in ask(life, "喜欢", filter=only_ai)} == {Subject.AI}


def test_ties_go_to_pinned_then_important_then_recent(store: MemoryStore, make: Make) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    new = datetime(2024, 10, 22, tzinfo=UTC)
    memories = [
        make("用户喜欢滑雪", created_at=old),
        make("用户喜欢滑雪", created_at=new),
        make("用户喜欢滑雪", created_at=new, importance=5),
        make("用户喜欢滑雪", created_at=new, importance=5, pinned=True),
    ]
    store.writes.put(memories)
    ranked = [hit.memory.id for hit in ask(store, "滑雪")]
    assert ranked == [memory.id for memory in reversed(memories)]


def test_a_gentle_tie_breaker_never_beats_a_better_match(store: MemoryStore, make: Make) -> None:
    store.writes.put(
        [
            make("用户喜欢在崇礼滑雪", created_at=datetime(2020, 1, 1, tzinfo=UTC)),
            make("用户喜欢在家看雪", pinned=True, importance=5, created_at=NOW),
            make("用户会弹钢琴"),
        ]
    )
    assert texts(ask(store, "我在崇礼滑雪吗"))[0] == "用户喜欢在崇礼滑雪"


def test_scores_explain_themselves(life: MemoryStore) -> None:
    for hit in ask(life, "上周末我和妈妈去了哪"):
        assert 0 <= hit.score <= 1
        assert 0 <= hit.cjk <= 1
        assert 0 <= hit.words <= 1
        assert hit.dense == 0
    best = ask(life, "上周末我和妈妈去了哪")[0]
    assert best.boosts["time"] > 0
    assert best.boosts["subject"] > 0


def test_idf_is_the_owners(store: MemoryStore, make: Make) -> None:
    # Everybody else talks about skiing: for this owner it is still the rare word.
    store.writes.put([make(f"别人喜欢滑雪{n}", owner=YOU) for n in range(50)])
    store.writes.put([make(f"用户喜欢画画{n}") for n in range(8)] + [make("用户去滑雪")])
    assert texts(ask(store, "画画还是滑雪"))[0] == "用户去滑雪"


def test_nearest_has_no_cut_off(life: MemoryStore) -> None:
    near = life.reads.nearest(ME, "用户非常喜欢滑雪", limit=3)
    assert texts(near)[0] == "用户喜欢滑雪"
    assert all(not hit.boosts for hit in near)
    by_subject = life.reads.nearest(ME, "喜欢滑雪", subject=Subject.AI)
    assert {hit.memory.subject for hit in by_subject} == {Subject.AI}


def test_nearest_passes_over_what_is_excluded(store: MemoryStore, make: Make) -> None:
    near, other = make("用户喜欢滑雪"), make("用户喜欢滑冰")
    store.writes.put([near, other, *(make(f"用户喜欢画画{n}") for n in range(40))])
    assert [hit.memory for hit in store.reads.nearest(ME, "喜欢滑雪", limit=1)] == [near]
    # As if it weren't there: ids that are none, or none of this store's, are no matter.
    gone = [near.id, "no id", str(uuid.uuid4())]
    left = store.reads.nearest(ME, "喜欢滑雪", limit=42, exclude=gone)
    assert left[0].memory == other
    assert near not in [hit.memory for hit in left]
    store.writes.delete(ME, [near.id])
    assert [(hit.memory, hit.score) for hit in left] == [
        (hit.memory, hit.score) for hit in store.reads.nearest(ME, "喜欢滑雪", limit=42)
    ]


class Meaning(HashingEmbedder):
    """An embedder that knows one meaning: what is about pets has much in common."""

    @property
    def name(self) -> str:
        return "meaning"

    @property
    def dims(self) -> int:
        return super().dims + 1

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        hashed = super().embed(texts, purpose)
        pets = [2.0 if any(p in text for p in ("宠物", "猫", "狗")) else 0.0 for text in texts]
        return [[pet, *vector] for pet, vector in zip(pets, hashed, strict=True)]


def test_a_configured_embedder_is_fused(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path, Meaning())
    try:
        store.writes.put([make("用户养了一只叫团子的猫"), make("用户喜欢滑雪"), make("用户在成都")])
        best = ask(store, "我有宠物吗")[0]
        assert best.memory.text == "用户养了一只叫团子的猫"
        assert best.dense == 1
        alone = hybrid_search(
            store.client,
            store.collection,
            query="宠物",
            query_filter=store_filter(),
            limit=5,
            today=TODAY,
            now=NOW,
            dense=DenseQuery(Meaning().embed(["宠物"])[0], calibrated(Meaning())),
            weights=SearchWeights(dense=0),
        )
        assert alone == []
    finally:
        store.close()


def store_filter() -> object:
    from memory.vector_store.filters import memory_filter

    return memory_filter(ME, MemoryFilter())


@pytest.mark.edge_only
def test_search_is_fast(store: MemoryStore, make: Make) -> None:
    store.writes.put([make(f"用户在第{n}天喝了桂花茶，和第{n % 7}个朋友聊天") for n in range(500)])
    ask(store, "桂花茶")
    began = process_time()
    for _ in range(20):
        assert ask(store, "我和朋友喝过桂花茶吗")
    # CPU time: 3 ms on an idle machine, and the test machine is shared.
    assert (process_time() - began) / 20 < 0.05


def test_the_weights_of_the_settings_reach_the_search(tmp_path: Path) -> None:
    make = maker()
    apples, guitar = "用户喜欢吃苹果和香蕉", "用户在学吉他"
    lead = []
    for weight in (0.0, 3.0):
        folder = tmp_path / str(weight)
        store = MemoryStore(
            EdgeClient(folder / "memories"),
            HashingEmbedder(),
            folder,
            SearchWeights(cjk=weight, noise_gate=False),
        )
        store.writes.put([make(apples), make(guitar), make("The user likes jazz")])
        score = {h.memory.text: h.score for h in ask(store, "吉他弹得怎么样 苹果")}
        lead.append(score[apples] / score[guitar])
        store.close()
    # Both match in words; in characters apples match better, which must weigh more now.
    assert lead[1] > 1.5 * lead[0]
