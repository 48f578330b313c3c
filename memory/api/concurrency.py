"""Concurrency limit: how many requests compute at once.

One interpreter runs one thread at a time: eight that want it slow each other down by
more than a tenth, because each waits for all others after every sync of a file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, move_on_after, to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")

LANES = 2
"""One computes while another one's sync goes on."""

PATIENCE_SECONDS = 0.5
"""Whoever got no lane for so long goes on without: those inside wait for something, such
as a user whose ten thousand memories are being deleted, and not for the interpreter."""

lanes_in_use: RunVar[CapacityLimiter] = RunVar("niannian_lanes")


async def in_lane(work: Callable[[], T]) -> T:
    """Run ``work`` in a thread, as one of few at once."""
    lanes, ticket, inside = limiter(lanes_in_use, LANES), object(), False
    with move_on_after(PATIENCE_SECONDS):
        await lanes.acquire_on_behalf_of(ticket)
        inside = True
    try:
        return await to_thread.run_sync(work)
    finally:
        if inside:
            lanes.release_on_behalf_of(ticket)


def limiter(kept: RunVar[CapacityLimiter], most: int) -> CapacityLimiter:
    """The limiter that this event loop keeps in ``kept``; made for ``most`` at first use."""
    try:
        return kept.get()
    except LookupError:
        made = CapacityLimiter(most)
        kept.set(made)
        return made
