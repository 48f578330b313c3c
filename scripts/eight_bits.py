"""Quantising: numbers in 8 bits and what to multiply them with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from memory.types.vectors import Floats


def eight_bits(numbers: Floats, axis: int) -> tuple[npt.NDArray[np.int8], Floats]:
    """``numbers`` as whole numbers from -127 to 127, and the scale of each row or column.

    Args:
        numbers: A matrix.
        axis: 1: each row has a scale of its own; 0: each column.
    """
    scale = np.maximum(np.abs(numbers).max(axis=axis, keepdims=True), 1e-9) / 127
    return np.round(numbers / scale).astype(np.int8), scale.squeeze(axis).astype(np.float32)
