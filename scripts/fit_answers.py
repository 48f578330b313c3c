"""Fit the weights that tell answers from other memories, and say how good they are.

    python -m scripts.fit_answers          # measure, then print the weights
    python -m scripts.fit_answers FOLDER   # the talks of another folder as well

Logistic regression on the clues of each candidate for each question in
``benchmarks/talks``; a candidate answers if it holds what the talk says the answer must.
Measured by leaving out one person at a time. The weights are written by hand into
``memory/builtin/chat/answer_chances.py``: they are few, and meant to be read.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/fit_answers.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.understanding import TALKS, Line, people, talk
from memory.builtin.chat.answer_candidates import answer_candidates
from memory.builtin.chat.answer_ranking import ranked_answers
from memory.builtin.chat.just_said import heard
from memory.builtin.chat.reading import read
from memory.builtin.extraction import BuiltinExtraction
from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder
from memory.types import ReplyRequest
from memory.types.vectors import Floats
from scripts.softmax_regression import fitted_logistic

DECAY = 0.0005
STEPS = 800


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """The candidates for one question, with their clues and whether each answers it."""

    person: str
    text: str
    names: tuple[str, ...]
    clues: Floats
    answers: npt.NDArray[np.bool_]
    candidates: tuple[str, ...]


def asked_turns(encoder: SentenceEncoder, folders: list[Path]) -> Iterator[AskedTurn]:
    """Every question of the talks that can be answered, and every one that can't."""
    for folder in folders:
        for person in people(folder):
            turns: list[AskedTurn] = []

            def collect(
                line: Line,
                request: ReplyRequest,
                name: str = person.name,
                turns: list[AskedTurn] = turns,
            ) -> None:
                if line.kind not in "qn":
                    return
                said = heard(request, BuiltinExtraction(encoder))
                pool = answer_candidates(request, said.items, request.language, encoder.encode)
                found = ranked_answers(read(request), request, pool, encoder.encode)
                right = [
                    line.kind == "q" and re.search(line.wanted, one.candidate.text, re.I)
                    for one in found
                ]
                if found and (any(right) or line.kind == "n"):
                    turns.append(
                        AskedTurn(
                            name,
                            line.text,
                            tuple(found[0].clues),
                            np.array([list(one.clues.values()) for one in found], np.float32),
                            np.array([bool(one) for one in right]),
                            tuple(one.candidate.text for one in found),
                        )
                    )

            for _ in talk(person, encoder, collect):
                pass
            yield from turns


def weights_of(turns: list[AskedTurn]) -> Floats:
    """Weights, the bias last; every question counts the same."""
    numbers = np.concatenate([one.clues for one in turns])
    labels = np.concatenate([one.answers for one in turns]).astype(np.intp)
    counts = [np.full(len(one.answers), len(one.answers) ** -0.5, np.float32) for one in turns]
    return fitted_logistic(numbers, labels, np.concatenate(counts), DECAY, STEPS)


def report(turns: list[AskedTurn], verbose: bool) -> None:
    """Print how often the first candidate is right where the person wasn't learnt from."""
    rows: list[tuple[float, bool, bool]] = []
    for person in sorted({one.person for one in turns}):
        model = weights_of([one for one in turns if one.person != person])
        for one in (turn for turn in turns if turn.person == person):
            odds = one.clues @ model[:-1] + model[-1]
            best = int(odds.argmax())
            right = bool(one.answers[best])
            rows.append((1 / (1 + float(np.exp(-odds[best]))), right, bool(one.answers.any())))
            if verbose and right is not bool(one.answers.any()):
                print(f"  {one.text} -> {rows[-1][0]:.2f} {one.candidates[best]}")
    known = [row for row in rows if row[2]]
    print(f"first is right: {sum(right for _, right, _ in known)} of {len(known)}")
    for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        told = [row for row in rows if row[0] >= least]
        print(
            f"  told from {least}: right {sum(right for _, right, _ in told)}, wrong "
            f"{sum(known and not right for _, right, known in told)}, of {len(rows) - len(known)} "
            f"unanswerable {sum(not known for _, _, known in told)}"
        )


def main() -> None:
    """Measure, and print the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    encoder = shared_encoder()
    encoder.encode(["warm"])
    folders = [TALKS, *(one for one in sorted(TALKS.iterdir()) if one.is_dir()), *options.folder]
    turns = list(asked_turns(encoder, folders))
    report(turns, options.verbose)
    model = weights_of(turns)
    for name, value in zip(turns[0].names, model, strict=False):
        print(f'    "{name}": {value:.2f},')
    print(f"BIAS = {model[-1]:.2f}")


if __name__ == "__main__":
    main()
