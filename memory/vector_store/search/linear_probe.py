"""Linear probe: whether a text is like one group of examples or another, from its vector.

Ridge regression on plus and minus one (Hoerl and Kennard 1970), both groups of the same
weight. With more numbers in a vector than examples the dual form is the small one.
"""

from __future__ import annotations

import numpy as np

from memory.types.vectors import Doubles

RIDGE = 10.0


def fitted(yes: Doubles, no: Doubles, ridge: float = RIDGE) -> Doubles:
    """Weights, the bias last: about 1 for rows like ``yes``, -1 for those like ``no``."""
    rows = np.concatenate([yes, no])
    count = len(rows)
    shares = np.repeat([count / 2 / len(yes), count / 2 / len(no)], [len(yes), len(no)])
    wanted = np.repeat([1.0, -1.0], [len(yes), len(no)])
    middle = rows.mean(axis=0)
    root = np.sqrt(shares)
    scaled = (rows - middle) * root[:, np.newaxis]
    dual = np.linalg.solve(scaled @ scaled.T + ridge * np.eye(count), wanted * root)
    weights = scaled.T @ dual
    found: Doubles = np.append(weights, -middle @ weights)
    return found


def read(probe: Doubles, row: Doubles) -> float:
    """What a probe says of one row: above 0 it is like ``yes``."""
    return float(row @ probe[:-1] + probe[-1])
