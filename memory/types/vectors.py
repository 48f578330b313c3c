"""Arrays of numbers, and what turns texts into them.

numpy is known to type checkers alone here: it is loaded by what computes, when it does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Floats: TypeAlias = "npt.NDArray[np.float32]"
"""What is stored and multiplied: sentence vectors, one a row, and weights."""

Doubles: TypeAlias = "npt.NDArray[np.float64]"
"""What is fitted in place, and where sums of many small numbers count."""

Encode: TypeAlias = Callable[[list[str]], "Floats"]
"""One unit vector for each text."""
