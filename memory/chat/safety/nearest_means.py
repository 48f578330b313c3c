"""k-nearest-neighbour features: mean cosine with the k nearest examples, for several k."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memory.system.lazy_imports import LazyModule
from memory.types.vectors import Floats

# See memory.chat.safety.classifier.
if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")


def nearest_means(cosines: Floats, counts: Sequence[int]) -> Floats:
    """The means of the highest ``counts`` cosines along the last axis.

    Args:
        cosines: Of shape ``(..., examples)``, with at least one example.
        counts: Ascending; where there are fewer examples, all of them count.

    Returns:
        Of shape ``(..., len(counts))``.

    >>> nearest_means(np.array([0.5, 1.0, 0.0], dtype=np.float32), (1, 2)).tolist()
    [1.0, 0.75]
    """
    size = cosines.shape[-1]
    most = min(counts[-1], size)
    unsorted = np.partition(cosines, size - most, axis=-1)[..., size - most :]
    highest = np.sort(unsorted, axis=-1)[..., ::-1]
    kept = np.minimum(counts, most)
    means: Floats = (np.cumsum(highest, axis=-1)[..., kept - 1] / kept).astype(np.float32)
    return means
