"""How well memories are found, beside stock mem0 and BM25.

    python -m benchmarks.retrieval FILES... [--json FILE]

Every owner of a file (see :mod:`benchmarks.people`) goes into one real store with
the default embedder (``--words``: with hashed n-grams, by words alone); each search is
limited to its owner. An item's date becomes its ``event_date``. A turn is
stored together with the one before it in the same session, for all contestants alike.

recall@k is the share of a question's evidence among the first k results, averaged
over questions; where evidence comes in groups of equals, one item of a group counts
for all of it. mrr is 1 / the rank of the first item of evidence (0 beyond 50).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

# Also as a script: python benchmarks/retrieval.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contestants import (
    Mem0WithoutThreshold,
    Niannian,
    PlainBM25,
    StockMem0,
    our_store,
)
from benchmarks.people import Person, Question, load
from memory.llm.hashing_embedder import HashingEmbedder

DEPTH = 50

Scores = dict[str, float]


class Method(Protocol):
    """Something that ranks a person's items for a question."""

    name: str

    def search(self, person: Person, query: str, limit: int) -> list[str]:
        """Ids of items, best first."""
        ...


def recall(question: Question, ranked: Sequence[str], k: int) -> float:
    """Share of the evidence among the first ``k`` of ``ranked``."""
    top = frozenset(ranked[:k])
    return sum(1 for group in question.groups if group & top) / len(question.groups)


def reciprocal_rank(question: Question, ranked: Sequence[str]) -> float:
    """1 / rank of the first item of evidence; 0 if there is none."""
    wanted = frozenset().union(*question.groups)
    return next((1 / rank for rank, item in enumerate(ranked, 1) if item in wanted), 0.0)


def measure(method: Method, people: Iterable[Person]) -> Scores:
    """The figures of one method over all questions of all people."""
    totals = {"recall@5": 0.0, "recall@10": 0.0, "mrr": 0.0}
    count = 0
    for person in people:
        for question in person.questions:
            ranked = method.search(person, question.text, DEPTH)
            totals["recall@5"] += recall(question, ranked, 5)
            totals["recall@10"] += recall(question, ranked, 10)
            totals["mrr"] += reciprocal_rank(question, ranked)
            count += 1
    return {**{name: round(total / count, 4) for name, total in totals.items()}, "n": count}


def compare(people: list[Person], *, words: bool, ours: bool) -> dict[str, Scores]:
    """All methods over the same people, or ``ours`` alone; ``words``: with the hashed embedder."""
    embedder = HashingEmbedder() if words else None
    if ours:
        with our_store(embedder) as store:
            return {Niannian.name: measure(Niannian(store, people), people)}
    with our_store(embedder) as store, tempfile.TemporaryDirectory() as folder:
        stock = StockMem0(store, people, Path(folder))
        methods: list[Method] = [
            Niannian(store, people),
            stock,
            Mem0WithoutThreshold(stock),
            PlainBM25(people),
        ]
        try:
            return {method.name: measure(method, people) for method in methods}
        finally:
            stock.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--words", action="store_true", help="hashed n-grams, no meaning")
    parser.add_argument("--ours", action="store_true", help="leave out mem0 and BM25")
    options = parser.parse_args(arguments)
    figures: dict[str, dict[str, Scores]] = {}
    print(f"{'file':<28}{'method':<10}{'recall@5':>9}{'recall@10':>10}{'mrr':>7}{'n':>6}")
    for path in options.files:
        people = load(path)
        if not people:
            print(f"{path.stem:<28}no questions with evidence")
            continue
        figures[str(path)] = compare(people, words=options.words, ours=options.ours)
        for name, scores in figures[str(path)].items():
            print(
                f"{path.stem:<28}{name:<10}{scores['recall@5']:>9.3f}"
                f"{scores['recall@10']:>10.3f}{scores['mrr']:>7.3f}{scores['n']:>6.0f}"
            )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
