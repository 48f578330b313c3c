"""What the model really sees: is all evidence of a question inside the context?

    python -m benchmarks.context FILES... [--budget 1500] [--json FILE]

For each question the product's own context is built (:mod:`memory.chat.context`) and
counts as complete if it holds one item of every group of evidence. Beside it: what
stock mem0 finds (top 20), one memory a line, cut where the same budget ends by the
same estimate of tokens. Owners are as in :mod:`benchmarks.retrieval`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

# Also as a script: python benchmarks/context.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contestants import Mem0WithoutThreshold, Niannian, StockMem0, our_store
from benchmarks.people import Person, Question, load
from memory.chat.context import ContextBuilder
from memory.nlp.language import detect
from memory.nlp.tokens import estimate

BUDGET = 1500
MEM0_TOP = 20

Scores = dict[str, float]
Packed = tuple[frozenset[str], int, float]
"""Items that are inside, tokens, and milliseconds."""

Packer = Callable[[Person, Question], Packed]


def ours(builder: ContextBuilder, budget: int) -> Packer:
    """The product's context."""

    def pack(person: Person, question: Question) -> Packed:
        context = builder.build(
            person.owner,
            question.text,
            today=person.today,
            language=detect(question.text),
            budget=budget,
            now=datetime.combine(person.today, time(12), UTC),
        )
        inside = frozenset(person.item_of(item.memory.id).id for item in context.items)
        return inside, context.tokens, context.milliseconds

    return pack


def stock(mem0: StockMem0 | Mem0WithoutThreshold, budget: int) -> Packer:
    """mem0's top 20, as many whole lines as fit."""

    def pack(person: Person, question: Question) -> Packed:
        inside: list[str] = []
        tokens = 0
        for result in mem0.results(person, question.text, MEM0_TOP):
            cost = estimate(f"- {result['memory']}")
            if tokens + cost > budget:
                break
            tokens += cost
            inside.append(result["metadata"]["item"])
        return frozenset(inside), tokens, 0.0

    return pack


def measure(pack: Packer, people: Sequence[Person], budget: int) -> Scores:
    """Share of questions with all evidence inside, and mean share of evidence."""
    whole = share = tokens = milliseconds = 0.0
    count = 0
    for person in people:
        for question in person.questions:
            inside, cost, spent = pack(person, question)
            if cost > budget:
                raise AssertionError(f"{cost} tokens in a budget of {budget}")
            found = sum(1 for group in question.groups if group & inside)
            whole += found == len(question.groups)
            share += found / len(question.groups)
            tokens += cost
            milliseconds += spent
            count += 1
    return {
        "all_inside": round(whole / count, 4),
        "evidence_inside": round(share / count, 4),
        "tokens": round(tokens / count, 1),
        "milliseconds": round(milliseconds / count, 2),
        "n": count,
    }


def compare(people: Sequence[Person], budget: int) -> dict[str, Scores]:
    """Ours and mem0's over the same people."""
    with our_store() as store, tempfile.TemporaryDirectory() as folder:
        Niannian(store, people)
        mem0 = StockMem0(store, people, Path(folder))
        packers: dict[str, Packer] = {
            "niannian": ours(ContextBuilder(store), budget),
            "mem0": stock(mem0, budget),
            "mem0_all": stock(Mem0WithoutThreshold(mem0), budget),
        }
        try:
            return {name: measure(pack, people, budget) for name, pack in packers.items()}
        finally:
            mem0.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--budget", type=int, default=BUDGET, help="tokens (default 1500)")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args(arguments)
    figures: dict[str, dict[str, Scores]] = {}
    print(f"{'file':<28}{'method':<10}{'all inside':>11}{'evidence':>9}{'tokens':>8}{'n':>6}")
    for path in options.files:
        people = load(path)
        if not people:
            print(f"{path.stem:<28}no questions with evidence")
            continue
        figures[str(path)] = compare(people, options.budget)
        for name, scores in figures[str(path)].items():
            print(
                f"{path.stem:<28}{name:<10}{scores['all_inside']:>11.3f}"
                f"{scores['evidence_inside']:>9.3f}{scores['tokens']:>8.0f}{scores['n']:>6.0f}"
            )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
