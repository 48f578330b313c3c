"""Worker process, the child: takes work from a pipe and keeps to its limits.

It imports little, for it starts while somebody waits. The other end of the pipe is
:mod:`memory.system.worker_process`.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import select
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

NICENESS = 5
"""What somebody waits for, in the process that answers, goes first."""

EXIT_IDLE = 75
"""With this a child ends that got no work for long; it is told by it from one that died."""

_PR_SET_PDEATHSIG = 1


def serve(parent: int, idle_seconds: float) -> None:
    """Work until the parent is gone or nothing comes any more (the child's main loop)."""
    _end_with(parent)
    source = sys.stdin.buffer
    # What the work prints must not get among the answers.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while _comes(source, idle_seconds):
        try:
            (function, args, named), callbacks, (seconds, megabytes) = pickle.load(source)
        except EOFError:
            return
        _limit(seconds, megabytes)
        for name in callbacks:
            named[name] = _Proxy(name, source, sink, seconds)
        answer = _worked(function, args, named)
        del args, named
        _count_down(0)
        try:
            _send(sink, answer)
        except MemoryError:
            _send(sink, ("memory",))
    os._exit(EXIT_IDLE)


class _Proxy:
    """A callback as the work sees it: asks the parent."""

    def __init__(self, name: str, source: BinaryIO, sink: BinaryIO, seconds: float) -> None:
        self._name, self._source, self._sink, self._seconds = name, source, sink, seconds

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What the function of that name in the parent returns or raises."""
        _count_down(0)
        _send(self._sink, ("call", self._name, args, named))
        kind, told = pickle.load(self._source)
        _count_down(self._seconds)
        if kind == "raised":
            raise told
        return told


def _worked(function: Callable[..., Any], args: Any, named: Any) -> tuple[Any, ...]:
    try:
        return "done", function(*args, **named)
    except MemoryError:
        return ("memory",)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is raised in the parent)
        frames = traceback.extract_tb(error.__traceback__)
        # The words of an exception may quote a message; its place doesn't.
        error.add_note(f"{Path(frames[-1].filename).name}:{frames[-1].lineno}")
        return "raised", error.with_traceback(None)


def _send(sink: BinaryIO, answer: tuple[Any, ...]) -> None:
    try:
        written = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError):
        written = pickle.dumps(("raised", TypeError(f"can't be handed back: {answer[0]}")))
    sink.write(written)
    sink.flush()


def _comes(source: BinaryIO, seconds: float) -> bool:
    """Wait for work; false if none came in time. The parent's end counts as work."""
    if sys.platform == "win32":
        return True  # pipes can't be waited for there
    return bool(select.select([source], [], [], seconds)[0])


def _end_with(parent: int) -> None:
    """Make sure that the child ends with its parent, also when that is killed."""
    # Ctrl-C reaches the whole group; the parent decides what becomes of its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if sys.platform != "win32":
        if os.getppid() != parent:
            os._exit(0)
        os.nice(NICENESS)


def _limit(seconds: float, megabytes: int) -> None:
    _count_down(seconds)
    if resource is not None:
        # What is written to counts, not what is only mapped, where the system tells them apart.
        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        with suppress(ValueError, OSError):
            hard = resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (megabytes * 1024**2, hard))


def _count_down(seconds: float) -> None:
    """Let the system end this child when it has computed for so long; 0 takes that back.

    The signal isn't handled in Python, which couldn't while a pattern is being matched.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)
