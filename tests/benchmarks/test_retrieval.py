"""The retrieval and context benchmarks, on a file of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import context, retrieval
from benchmarks.bm25 import BM25
from benchmarks.people import Question, event_date, load
from benchmarks.retrieval import recall, reciprocal_rank


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two people; the second one is in the first one's language only by name."""
    rows = [
        {
            "name": "小 雨",
            "corpus": [
                {"id": "1", "text": "用户: 我养了一只乌龟", "date": "2024-05-01"},
                {"id": "2", "text": "用户: 嗯，叫慢慢", "date": "2024-05-01"},
                {"id": "3", "text": "用户: 我去爬山了", "date": "2024-05-06"},
            ],
            "queries": [
                {"q": "5月6号我做了什么", "evidence_ids": ["3"]},
                {"q": "我的乌龟叫什么", "evidence_ids": ["1", "2"]},
                {"q": "没有答案", "evidence_ids": []},
            ],
        },
        {
            "name": "Jo",
            "corpus": [
                {"id": "1", "text": "Jo: I painted a lake", "date": "1:56 pm on 8 May, 2023"},
                {"id": "2", "text": "Jo owns a boat", "date": "1:56 pm on 8 May, 2023"},
            ],
            "queries": [{"q": "What did Jo paint?", "evidence_groups": [["1", "9"], ["1"]]}],
        },
    ]
    path = tmp_path / "people.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def test_people_are_read_with_dates(file: Path) -> None:
    first, second = load(file)
    assert [item.text.count("\n") for item in first.items] == [0, 1, 0]
    # A sentence about somebody needs none before it.
    assert [item.text.count("\n") for item in second.items] == [0, 0]
    assert second.items[0].event_date == "2023-05-08"
    assert len(first.questions) == 2
    assert second.questions[0].groups == (frozenset({"1", "9"}), frozenset({"1"}))
    assert first.owner != second.owner
    memories = first.memories()
    assert [first.item_of(memory.id) for memory in memories] == list(first.items)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2024-05-06", "2024-05-06"),
        ("1:56 pm on 8 May, 2023", "2023-05-08"),
        ("2024-05", "2024-05"),
        ("2024", "2024"),
        ("some day", None),
        ("", None),
    ],
)
def test_dates_of_files(given: str, expected: str | None) -> None:
    assert event_date(given) == expected


def test_measures() -> None:
    question = Question("q", (frozenset({"a", "b"}), frozenset({"c"})))
    assert recall(question, ["x", "b", "y"], 5) == 0.5
    assert recall(question, ["x", "b", "c"], 2) == 0.5
    assert recall(question, ["c", "a"], 2) == 1.0
    assert reciprocal_rank(question, ["x", "b"]) == 0.5
    assert reciprocal_rank(question, ["x"]) == 0.0


def test_bm25_prefers_the_rare_term() -> None:
    index = BM25(["我喜欢猫", "我喜欢狗", "I like cats"])
    assert index.search("猫", 5) == [0]
    assert index.search("cat", 5) == [2]
    assert index.search("zzz", 5) == []


def test_retrieval_writes_its_figures(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    retrieval.main([str(file), "--json", str(out)])
    figures = json.loads(out.read_text(encoding="utf-8"))[str(file)]
    assert set(figures) == {"niannian", "mem0", "mem0_all", "bm25"}
    assert set(figures["niannian"]) == {"recall@5", "recall@10", "mrr", "n"}
    assert figures["niannian"]["n"] == 3
    # Only the turn before "嗯，叫慢慢" says that it is about the turtle.
    assert figures["niannian"]["recall@5"] == 1.0
    assert 0 <= figures["mem0"]["recall@5"] <= 1


def test_context_writes_its_figures(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    context.main([str(file), "--budget", "300", "--json", str(out)])
    figures = json.loads(out.read_text(encoding="utf-8"))[str(file)]
    assert figures["niannian"]["all_inside"] == 1.0
    assert figures["niannian"]["tokens"] <= 300
    assert figures["mem0"]["n"] == 3
