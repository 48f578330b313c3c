"""Train what tells answers to a question from other memories, and say how good it is.

    python -m scripts.train_answers           # measure, then write the weights
    python -m scripts.train_answers --dry-run # measure only

Two things are learnt. Which sentences ask for memories (memory_questions.npz): logistic
regression on the vectors of all example messages. And what answers them (answers.npz):
contrastive learning (InfoNCE) of two low-rank matrices beside the cosine of sentence vectors:
a question and a statement under the same label of ``asked_examples`` belong together, the
statements of other labels don't. The same examples give the same weights. After a change,
``python -m scripts.fit_answers`` gives the weights of the other clues.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/train_answers.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.builtin.chat.answer_match import EXAMPLES, WEIGHTS_FILE
from memory.builtin.chat.meaning import EXAMPLES as MESSAGES
from memory.builtin.examples import Example, digest, expanded, labelled_lines, read_examples
from memory.builtin.memory_questions import WEIGHTS_FILE as QUESTIONS_FILE
from memory.builtin.memory_questions import plain
from memory.llm.sentence_encoder import DIMS, SentenceEncoder
from memory.types.vectors import Floats
from scripts.softmax_regression import fitted, likely

SEED = 7
FOLDS = 4
RANK = 48
EPOCHS = 30
BATCH = 192
DECAY = 0.03
RATE = 0.001
COSINE = 10.0
"""What the cosine counts beside the learned part, as a softmax sees it."""

LEARNED = 30.0
STORED = 3.0
"""The learned part is stored so that the cosine beside it counts 1 (``LEARNED / COSINE``)."""

NOTHING = "none"
"""The label of questions that ask for nothing that was told."""

QUESTION = "ask_memory"
EITHER = frozenset({"ask_everything"})
"""Labels of messages that may be taken either way."""

QUESTION_DECAY = 3e-5
QUESTION_STEPS = 600

MOST = 16
"""Sentences of one line that are learnt from."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The examples with their vectors; ``line`` numbers where each comes from."""

    vectors: Floats
    labels: npt.NDArray[np.intp]
    asks: npt.NDArray[np.bool_]
    weights: Floats
    line: npt.NDArray[np.intp]

    def part(self, chosen: npt.NDArray[np.bool_]) -> Labelled:
        """The rows of ``chosen``."""
        return Labelled(
            self.vectors[chosen],
            self.labels[chosen],
            self.asks[chosen],
            self.weights[chosen],
            self.line[chosen],
        )


def files(folder: Path = EXAMPLES) -> list[Path]:
    """The files of questions and statements."""
    return sorted(folder.glob("*.txt"))


def examples(folder: Path = EXAMPLES) -> list[tuple[Example, int]]:
    """The sentences with the number of their line; of a line that stands for many, some."""
    chosen = random.Random(SEED)
    found: list[tuple[Example, int]] = []
    line = 0
    for file in files(folder):
        for _, label, text in labelled_lines(file.read_text(encoding="utf-8")):
            line += 1
            sentences = list(dict.fromkeys(expanded(text)))
            kept = sentences if len(sentences) <= MOST else chosen.sample(sentences, MOST)
            weight = len(kept) ** -0.5
            found += [(Example(label, one, file.stem, weight), line) for one in kept]
    return found


def labelled(found: Sequence[tuple[Example, int]], encoder: SentenceEncoder) -> Labelled:
    """The examples as rows of numbers."""
    names = sorted({one.label for one, _ in found})
    texts = [" ".join(one.text.rstrip("?？").split()) for one, _ in found]
    parts = [encoder.encode(texts[at : at + 64]) for at in range(0, len(texts), 64)]
    return Labelled(
        np.concatenate(parts),
        np.array([names.index(one.label) for one, _ in found]),
        np.array([one.text[-1] in "?？" for one, _ in found]),
        np.array([one.weight for one, _ in found], dtype=np.float32),
        np.array([line for _, line in found]),
    )


def trained(rows: Labelled) -> tuple[Floats, Floats]:
    """The matrices for questions and for answers."""
    chance = np.random.default_rng(SEED)
    answers = {
        label: np.flatnonzero((rows.labels == label) & ~rows.asks) for label in set(rows.labels)
    }
    asked = np.array([at for at in np.flatnonzero(rows.asks) if len(answers[rows.labels[at]])])
    share = rows.weights[asked] / rows.weights[asked].sum()
    shares = {
        label: rows.weights[at] / rows.weights[at].sum() for label, at in answers.items() if len(at)
    }
    pair = [chance.normal(0, 0.03, (DIMS, RANK)), chance.normal(0, 0.03, (DIMS, RANK))]
    first = [np.zeros_like(one) for one in pair]
    second = [np.zeros_like(one) for one in pair]
    steps = EPOCHS * len(asked) // BATCH
    for step in range(1, steps + 1):
        questions = chance.choice(asked, BATCH, p=share)
        labels = rows.labels[questions]
        told = np.array([chance.choice(answers[one], p=shares[one]) for one in labels])
        slopes = _slopes(rows.vectors[questions], rows.vectors[told], labels, pair)
        rate = RATE * (1 - 0.9 * step / steps)
        for place, slope in enumerate(slopes):
            # Adam.
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.999 * second[place] + 0.001 * slope**2
            mean = first[place] / (1 - 0.9**step)
            pair[place] -= rate * mean / (np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8)
    return pair[0].astype(np.float32), (pair[1] * STORED).astype(np.float32)


def _slopes(
    asked: Floats,
    told: Floats,
    labels: npt.NDArray[np.intp],
    pair: Sequence[npt.NDArray[np.float64]],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The gradient: each question should find its own statement among those of the batch."""
    left, right = asked @ pair[0], told @ pair[1]
    odds = COSINE * asked @ told.T + LEARNED * left @ right.T
    same = (labels[:, None] == labels[None, :]) & ~np.eye(len(labels), dtype=bool)
    odds[same] = -1e9
    likely = np.exp(odds - odds.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    wrong = (likely - np.eye(len(labels))) * LEARNED / len(labels)
    return (
        asked.T @ (wrong @ right) + DECAY * pair[0],
        told.T @ (wrong.T @ left) + DECAY * pair[1],
    )


@dataclass(frozen=True, slots=True)
class Messages:
    """Vectors of messages, whether each asks for a memory, and what it counts."""

    vectors: Floats
    asks: npt.NDArray[np.intp]
    weights: Floats
    line: npt.NDArray[np.intp]


def messages(found: Sequence[tuple[Example, int]], encoder: SentenceEncoder) -> Messages:
    """All example messages: those of ``asked_examples`` and those of ``examples``."""
    asked = [(one, one.text[-1] in "?？" and one.label != NOTHING, line) for one, line in found]
    last = max(line for _, line in found)
    for number, file in enumerate(message_files(), last + 1):
        asked += [
            (one, one.label == QUESTION, number)
            for one in read_examples(file)
            if one.label not in EITHER
        ]
    texts = [plain(one.text) for one, _, _ in asked]
    parts = [encoder.encode(texts[at : at + 64]) for at in range(0, len(texts), 64)]
    asks = np.array([int(is_question) for _, is_question, _ in asked])
    weights = np.array([one.weight for one, _, _ in asked], dtype=np.float32)
    # Both kinds count the same.
    weights[asks == 0] *= weights[asks == 1].sum() / weights[asks == 0].sum()
    return Messages(np.concatenate(parts), asks, weights, np.array([line for *_, line in asked]))


def message_files() -> list[Path]:
    """The files of example messages."""
    return sorted(MESSAGES.glob("*.txt"))


def classifier(rows: Messages, chosen: npt.NDArray[np.bool_]) -> Floats:
    """Weights that tell questions about memories from other messages; the bias last."""
    vectors, asks, weights = rows.vectors[chosen], rows.asks[chosen], rows.weights[chosen]
    return fitted(vectors, asks, weights, 2, QUESTION_DECAY, QUESTION_STEPS)


def report_questions(rows: Messages) -> None:
    """Print how many questions are recognised by what was learnt from other lines."""
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(rows.asks))
    lines = np.random.default_rng(SEED).integers(0, FOLDS, int(rows.line.max()) + 1)[rows.line]
    of_files = rows.line >= rows.line.max() - len(message_files()) + 1
    folds = np.where(of_files, folds, lines)
    chance = np.zeros(len(folds), dtype=np.float32)
    for fold in range(FOLDS):
        model = classifier(rows, folds != fold)
        chance[folds == fold] = likely(model, rows.vectors[folds == fold])[:, 1]
    for least in (0.5, 0.7, 0.9):
        found = float(np.average(chance[rows.asks == 1] >= least))
        false = float(np.average(chance[rows.asks == 0] >= least))
        print(f"from {least}: {found:.3f} of the questions, {false:.3f} of all else")


def report(rows: Labelled) -> None:
    """Print how often a question finds a statement of its label; neither's line was learnt."""
    folds = np.random.default_rng(SEED).integers(0, FOLDS, int(rows.line.max()) + 1)[rows.line]
    right = {"cosine": 0.0, "learned": 0.0}
    whole = 0.0
    for fold in range(FOLDS):
        question, answer = trained(rows.part(folds != fold))
        unseen = rows.part(folds == fold)
        asked, told = unseen.part(unseen.asks), unseen.part(~unseen.asks)
        known = np.isin(asked.labels, told.labels)
        near = asked.vectors @ told.vectors.T
        fit = near + (asked.vectors @ question) @ (told.vectors @ answer).T
        for name, odds in (("cosine", near), ("learned", fit)):
            hit = told.labels[odds.argmax(axis=1)] == asked.labels
            right[name] += float((hit * asked.weights)[known].sum())
        whole += float(asked.weights[known].sum())
    for name, value in right.items():
        print(f"{name:8} first is of the right kind: {value / whole:.3f}")


def main() -> None:
    """Measure, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="measure only")
    options = parser.parse_args()
    encoder, found = SentenceEncoder(), examples()
    rows = labelled([one for one in found if one[0].label != NOTHING], encoder)
    print(f"{rows.asks.sum()} questions, {(~rows.asks).sum()} statements")
    report(rows)
    told = messages(found, encoder)
    report_questions(told)
    if not options.dry_run:
        model = classifier(told, np.ones(len(told.asks), dtype=bool))
        np.savez_compressed(
            QUESTIONS_FILE,
            weights=(model[:-1, 1] - model[:-1, 0]).astype(np.float16),
            bias=model[-1, 1] - model[-1, 0],
            examples=np.array(digest(*files(), *message_files())),
        )
        question, answer = trained(rows)
        np.savez_compressed(
            WEIGHTS_FILE,
            question=question.astype(np.float16),
            answer=answer.astype(np.float16),
            examples=np.array(digest(*files())),
        )
        print(f"{WEIGHTS_FILE.name}: {WEIGHTS_FILE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
