"""Shutdown with a deadline: a process that was asked to end does, whatever it is doing.

A reply whose model is silent, a client that reads events, a page that is open: each
would keep the server for as long as it likes. What isn't finished is owed, as after a
crash, and taken up at the next start.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

GRACE_SECONDS = 2
"""How long open connections may go on."""

DEADLINE_SECONDS = 4.0
"""When the process ends, whatever is still going on."""

_begun = threading.Lock()


def end_in_time(halt: Callable[[], None]) -> None:
    """From the next SIGTERM or Ctrl-C on, the process has ``DEADLINE_SECONDS``.

    Called once the server's own handlers are there. Only the main thread may set handlers;
    in another one (an application inside a test) nothing happens.

    Args:
        halt: Ends the work in the background; may take long or fail.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def asked(given: int, frame: FrameType | None, before: Any = before) -> None:
            server = getattr(before, "__self__", None)
            if isinstance(server, uvicorn.Server):
                server.config.timeout_graceful_shutdown = GRACE_SECONDS
            begin(halt, given)
            if callable(before):
                before(given, frame)

        signal.signal(number, asked)


def begin(halt: Callable[[], None], number: int) -> None:
    """Start the countdown and end the background work meanwhile; the first call counts."""
    if not _begun.acquire(blocking=False):
        return
    threading.Thread(target=halt, name="niannian-halt", daemon=True).start()

    def count_down() -> None:
        time.sleep(DEADLINE_SECONDS)
        # Not sys.exit: that would wait for the very threads that hang.
        os._exit(128 + number)

    threading.Thread(target=count_down, name="niannian-deadline", daemon=True).start()
