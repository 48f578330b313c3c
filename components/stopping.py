"""Shutdown with a deadline: a process that was asked to end does, whatever it is doing.

A reply whose model is silent, a client that reads events, a page that is open: each
would keep the server for as long as it likes. What isn't finished is owed, as after a
crash, and taken up at the next start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from streamlit import runtime as streamlit_runtime

GRACE_SECONDS = 2
"""So long connections may go on."""

DEADLINE_SECONDS = 4.0
"""After which the process ends as it is."""

_PendingCall = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_kept: list[Any] = []
_begun = threading.Lock()
_watched = threading.Lock()


def end_in_time(halt: Callable[[], None]) -> None:
    """From the next SIGTERM or Ctrl-C on, the process has ``DEADLINE_SECONDS``.

    Must be called in the main thread, once the server's own handlers are there.

    Args:
        halt: Ends the work in the background; may take long or fail.
    """
    _watched.acquire(blocking=False)
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


def end_with_streamlit(halt: Callable[[], None]) -> None:
    """The same where Streamlit runs the server and this is a page's thread.

    Only the main thread may set handlers, so it is asked to between two of its steps.
    Does nothing where no server runs, or the second time.
    """
    if not streamlit_runtime.exists() or not _watched.acquire(blocking=False):
        return

    def set_handlers(_: object) -> int:
        end_in_time(halt)
        return 0

    call = _PendingCall(set_handlers)
    _kept.append(call)  # what C calls later must not be collected
    ctypes.pythonapi.Py_AddPendingCall(call, None)


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
