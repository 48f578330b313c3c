"""Fit the weights of memory/chat/safety/happening_now.py, and say how good they are.

    python -m scripts.fit_happening_now   # prints the numbers to be written there

To be run after `python -m scripts.train_safety`: the features are what its classifier says.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/fit_happening_now.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.chat.safety import happening_now
from memory.chat.safety.classifier import Encoder, scores_of
from memory.chat.safety.window import ALARM
from memory.llm.sentence_encoder import SentenceEncoder
from scripts.softmax_regression import fitted_logistic

EXAMPLES = Path(happening_now.__file__).with_suffix(".toml")
FOLDS = 6
SEED = 1
STEPS = 2000
DECAY = 0.001

Rows = npt.NDArray[np.float64]


def examples() -> dict[str, list[str]]:
    """The sentences by what they say."""
    found: dict[str, list[str]] = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def table(encoder: Encoder | None) -> tuple[Rows, Rows]:
    """A row of features and a bias for each example, and which of them happen now."""
    said = examples()
    texts = [*said["now"], *said["other"]]
    scored = scores_of([[text] for text in texts], encoder)
    happens = np.arange(len(texts)) < len(said["now"])
    # What alarms by itself is never asked about.
    asked = np.array([one.alarm < ALARM for one in scored])
    rows = np.array([[*happening_now.features(one), 1.0] for one in scored])
    return rows[asked], happens[asked].astype(np.float64)


def fitted(rows: Rows, happens: Rows) -> Rows:
    """Weights and bias of a logistic regression."""
    numbers, each = rows[:, :-1].astype(np.float32), np.ones(len(rows), dtype=np.float32)
    return fitted_logistic(numbers, happens.astype(np.intp), each, DECAY, STEPS).astype(np.float64)


def likely(rows: Rows, weights: Rows) -> Rows:
    """Probability that each happens now."""
    found: Rows = 1 / (1 + np.exp(-rows @ weights))
    return found


def main() -> None:
    """Measure on unseen sentences, and print the numbers."""
    encoder = SentenceEncoder()
    encoder.encode(["a"])
    for name, given, bar in (
        ("with the encoder", encoder, happening_now.BAR),
        ("by words alone", None, happening_now.BAR_BY_WORDS),
    ):
        rows, happens = table(given)
        folds = np.random.default_rng(SEED).permutation(len(rows)) % FOLDS
        odds = np.zeros(len(rows))
        for fold in range(FOLDS):
            unseen = folds == fold
            odds[unseen] = likely(rows[unseen], fitted(rows[~unseen], happens[~unseen]))
        sure = odds >= bar
        print(
            f"{name}: of {int(happens.sum())} that happen {sure[happens == 1].mean():.2f} heard,"
            f" of {int((1 - happens).sum())} others {sure[happens == 0].mean():.3f}"
        )
        if given is not None:
            print("weights and bias:", fitted(rows, happens).round(2).tolist())


if __name__ == "__main__":
    main()
