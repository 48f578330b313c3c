"""Rate limiter: requests a minute for each token and address, and what the page's socket takes.

Counted in this process; several processes each allow the limit.
"""

from __future__ import annotations

import math
import time
from collections import Counter

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


class SocketLimits:
    """Counts the page's sockets: how many are open, and how much is sent through them.

    A person has one for each tab, and sends a message for each thing they do.

    Args:
        connections: Open at the same time for each user; 0 for no limit. An address may
            have more, and so may whoever isn't signed in.
        messages: A minute for each user, opening a socket included; 0 for no limit.
    """

    RETRY_SECONDS = 10

    def __init__(self, connections: int, messages: int) -> None:
        self._most = connections
        self._open: Counter[tuple[str, str]] = Counter()
        self._messages = RateLimits(messages)

    def enter(self, address: str, user: str | None) -> int:
        """Count a socket that is about to open; :meth:`leave` takes it back.

        Args:
            address: Where it comes from.
            user: A digest that stands for who is signed in, true or not.

        Returns:
            0 if it may, else after how many seconds to try again; it isn't counted then.
        """
        wait = self.message(address, user)
        if wait:
            return wait
        keys = _socket_keys(address, user)
        if self._most and any(
            self._open[key] >= self._most * (ADDRESS_FACTOR if key[0] == "address" else 1)
            for key in keys
        ):
            return self.RETRY_SECONDS
        self._open.update(keys)
        return 0

    def leave(self, address: str, user: str | None) -> None:
        """A socket that was let in is closed."""
        for key in _socket_keys(address, user):
            self._open[key] -= 1
            if self._open[key] <= 0:
                del self._open[key]

    def message(self, address: str, user: str | None) -> int:
        """Count a message; as :meth:`enter`."""
        # Whoever isn't signed in shares the address with all others who aren't.
        return self._messages.seconds_to_wait(address, user or f"nobody at {address}")


def _socket_keys(address: str, user: str | None) -> list[tuple[str, str]]:
    return [("address", address), *([("user", user)] if user else [])]
