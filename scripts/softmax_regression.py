"""Softmax regression by accelerated gradient descent."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from memory.types.vectors import Floats


def fitted(
    numbers: Floats,
    labels: npt.NDArray[np.intp],
    weights: Floats,
    classes: int,
    decay: float,
    steps: int,
) -> Floats:
    """A column of weights for each class; the last row is the bias.

    Args:
        numbers: A row for each example.
        labels: The class of each example, from 0.
        weights: What each example counts.
        classes: How many classes there are.
        decay: Weight decay.
        steps: Steps of the descent.
    """
    inputs = np.concatenate([numbers, np.ones((len(numbers), 1), dtype=np.float32)], axis=1)
    share = (weights / weights.sum())[:, None]
    targets = np.eye(classes, dtype=np.float32)[labels]
    found = np.zeros((inputs.shape[1], classes), dtype=np.float32)
    step = 2 / float(np.linalg.norm((inputs * share).T @ inputs, 2))
    decays = np.full((inputs.shape[1], 1), decay, dtype=np.float32)
    decays[-1] = 0
    ahead, momentum = found, 1.0
    for _ in range(steps):
        wrong = (_odds(inputs @ ahead) - targets) * share
        following = ahead - step * (inputs.T @ wrong + decays * ahead)
        later = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + (momentum - 1) / later * (following - found)
        found, momentum = following, later
    return found.astype(np.float32)


def fitted_logistic(
    numbers: Floats,
    labels: npt.NDArray[np.intp],
    weights: Floats,
    decay: float,
    steps: int,
) -> Floats:
    """Weights of a logistic regression, the bias last: a softmax regression of two classes.

    The arguments are those of :func:`fitted`; ``labels`` are 0 and 1.
    """
    model = fitted(numbers, labels, weights, 2, decay, steps)
    found: Floats = model[:, 1] - model[:, 0]
    return found


def likely(model: Floats, numbers: Floats) -> Floats:
    """Probability of each class for each row."""
    return _odds(numbers @ model[:-1] + model[-1])


def _odds(raw: Floats) -> Floats:
    odds = np.exp(raw - raw.max(axis=1, keepdims=True))
    found: Floats = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    return found
