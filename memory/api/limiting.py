"""How many requests a minute are answered, for each token and each address.

Counted in this process; several processes each allow the limit.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

# Many people's programs may share one address (a proxy, an office); without a
# token nobody needs that many.
ADDRESS_FACTOR = 20


class RateLimits:
    """Counts requests; cheap, and nothing at all where there is no limit."""

    def __init__(self, per_minute: int) -> None:
        self._storage = MemoryStorage() if per_minute else None
        self._single = RateLimitItemPerMinute(max(per_minute, 1))
        self._shared = RateLimitItemPerMinute(max(per_minute, 1) * ADDRESS_FACTOR)
        if self._storage is not None:
            self._limiter = SlidingWindowCounterRateLimiter(self._storage)

    def seconds_to_wait(self, address: str, token: str | None) -> int:
        """Count a request.

        Args:
            address: Where it comes from.
            token: A digest of the token that it carries, right or wrong.

        Returns:
            0 if it may pass, else after how many whole seconds one may.
        """
        if self._storage is None:
            return 0
        if token is None:
            return self._count(self._single, "address", address)
        # First the address: otherwise guessing tokens would cost nothing.
        return self._count(self._shared, "guests", address) or self._count(
            self._single, "token", token
        )

    def _count(self, item: RateLimitItem, *names: str) -> int:
        if self._limiter.hit(item, *names):
            return 0
        reset = self._limiter.get_window_stats(item, *names).reset_time
        return max(1, math.ceil(reset - time.time()))
