"""Worker process: runs functions in a child with a limit on time and on memory.

Work on a text can take for ever or fill the memory: a pattern that backtracks without
end, a file made to hurt. Python can't interrupt such work in a thread, and while it
lasts no other thread runs. In a child it harms nobody: the child is killed, whoever
asked gets an error, and the next piece of work gets a new child.

    worker = WorkerProcess()
    worker.run(read_reply, raw, known=3, limits=Limits(seconds=10))

Functions must be importable by name, arguments and results picklable. What the work
needs from here meanwhile (a look into the store) goes in as ``callbacks``. A child starts
with the first piece of work, is used again, and ends when nothing came for a while.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from memory.errors import NiannianError, WorkerDied, WorkTimeout, WorkTooLarge
from memory.system.worker_child import EXIT_IDLE

T = TypeVar("T")

MOST_CHILDREN = 2
"""One may be stuck until its time is up, and work goes on in the other."""

IDLE_SECONDS = 600.0
PATIENCE = 3
"""How many times its processor time a piece of work may take on the clock: a busy machine
must not make ordinary work fail."""

_GRACE_SECONDS = 5.0
_CPU_SPENT = 0 if sys.platform == "win32" else signal.SIGPROF
_ROOT = str(Path(__file__).parents[2])
_START = "from memory.system.worker_child import serve; serve({parent}, {idle})"
# Enough to find Python, its libraries, the time zone and the language; no key, no token.
_KEPT_ENVIRONMENT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONTZPATH", "PYTHONUTF8"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"),
)
_PIPE_ENDED = (BrokenPipeError, EOFError, pickle.UnpicklingError, ConnectionError)


def bare_environment() -> dict[str, str]:
    """The environment of a child process: what Python needs, and nothing that is secret."""
    return {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take.

    Args:
        seconds: Processor time; ``PATIENCE`` times as much may pass on the clock, waiting
            for callbacks not counted. Counted again after each callback.
        megabytes: Memory, the child's libraries included.
    """

    seconds: float = 30.0
    megabytes: int = 512


class Worker(Protocol):
    """Runs a function, in this process or in another."""

    def run(
        self,
        function: Callable[..., T],
        *args: Any,
        limits: Limits = ...,
        callbacks: Mapping[str, Callable[..., Any]] | None = ...,
        **named: Any,
    ) -> T:
        """``function(*args, **named, **callbacks)``."""

    def close(self) -> None:
        """End what runs; nothing can be run afterwards."""


class InProcess:
    """Runs everything right here, without limits: for tests and short scripts."""

    def run(
        self,
        function: Callable[..., T],
        *args: Any,
        limits: Limits = Limits(),
        callbacks: Mapping[str, Callable[..., Any]] | None = None,
        **named: Any,
    ) -> T:
        """``function(*args, **named, **callbacks)``."""
        return function(*args, **named, **(callbacks or {}))

    def close(self) -> None:
        """Nothing to end."""


class WorkerProcess:
    """Runs functions in a few children, each one piece of work at a time.

    Safe to use from many threads; whoever finds all children busy waits for one.

    Args:
        idle_seconds: A child that got no work for so long ends.
        most: Children at once.
    """

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS, most: int = MOST_CHILDREN) -> None:
        self._idle_seconds = idle_seconds
        self._places = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False
        # Linux ends a child with the thread that started it, so that thread must stay.
        self._starter: ThreadPoolExecutor | None = None

    def run(
        self,
        function: Callable[..., T],
        *args: Any,
        limits: Limits = Limits(),
        callbacks: Mapping[str, Callable[..., Any]] | None = None,
        **named: Any,
    ) -> T:
        """``function(*args, **named)`` in a child.

        Args:
            function: Importable by its name.
            args: Picklable.
            limits: Of this piece of work.
            callbacks: Further named arguments that stay here; the child calls them
                through the pipe, and what they raise is raised there.
            named: Picklable.

        Raises:
            WorkTimeout: it took longer than allowed.
            WorkTooLarge: it needed more memory than allowed.
            WorkerDied: the child ended in the middle, or :meth:`close` ended it.
            Exception: what the function raised, as it was.
        """
        callbacks = callbacks or {}
        request = (
            (function, args, named),
            tuple(callbacks),
            (limits.seconds, limits.megabytes),
        )
        with self._places:
            while True:
                with self._child() as child:
                    answer = child.work(request, callbacks, limits.seconds)
                if answer is not None:
                    break  # else it ended for want of work just when some came
        if answer.error is not None:
            raise answer.error
        result: T = answer.value
        return result

    def close(self) -> None:
        """Kill the children; work that runs ends with :class:`WorkerDied`. May be repeated."""
        with self._lock:
            self._closed = True
            children, self._idle = [*self._idle, *self._busy], []
            starter, self._starter = self._starter, None
        for child in children:
            child.kill()
        if starter is not None:
            starter.shutdown(wait=False)

    @property
    def pids(self) -> tuple[int, ...]:
        """The children's process ids, for whoever measures."""
        with self._lock:
            return tuple(child.pid for child in (*self._idle, *self._busy))

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        child = self._taken()
        try:
            yield child
        except BaseException:
            child.kill()
            raise
        finally:
            with self._lock:
                self._busy.discard(child)
                kept = child.is_sound and not self._closed
                if kept:
                    self._idle.append(child)
            if not kept:
                child.kill()

    def _taken(self) -> _Child:
        with self._lock:
            if self._closed:
                raise WorkerDied("the worker process was closed")
            while self._idle:
                child = self._idle.pop()
                if child.is_sound:
                    self._busy.add(child)
                    return child
                child.kill()
            if self._starter is None:
                self._starter = ThreadPoolExecutor(1, "niannian-worker")
            started = self._starter.submit(_Child, self._idle_seconds)
        try:
            child = started.result()
        except OSError as error:
            raise WorkerDied("no child could be started", exit=error.errno) from error
        with self._lock:
            self._busy.add(child)
            if not self._closed:
                return child
            self._busy.discard(child)
        child.kill()
        raise WorkerDied("the worker process was closed")


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: BaseException | None = None


class _Child:
    """One child and the two pipes to it."""

    def __init__(self, idle_seconds: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START.format(parent=os.getpid(), idle=idle_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                **bare_environment(),
                "PYTHONPATH": os.pathsep.join([_ROOT, *filter(None, sys.path)]),
            },
        )
        self._late = False
        self._spoilt = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_sound(self) -> bool:
        """Whether it can take (more) work."""
        return not self._spoilt and not self._late and self._process.poll() is None

    def work(
        self, request: Any, callbacks: Mapping[str, Callable[..., Any]], seconds: float
    ) -> _Outcome | None:
        """Hand over a piece of work; ``None`` if the child was ending before it came."""
        message: Any = request
        try:
            while True:
                kind, *told = self._exchange(message, seconds)
                if kind == "done":
                    return _Outcome(value=told[0])
                if kind == "raised":
                    return _Outcome(error=told[0])
                if kind == "memory":
                    self._spoilt = True
                    return _Outcome(error=WorkTooLarge())
                message = _called(callbacks[told[0]], told[1], told[2])
        except _PIPE_ENDED:
            self._spoilt = True
            code = self._ended()
            if self._late or code == -_CPU_SPENT:
                return _Outcome(error=WorkTimeout(seconds=seconds))
            if code == EXIT_IDLE:
                return None
            return _Outcome(error=WorkerDied(exit=code))

    def _ended(self) -> int:
        try:
            return self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:  # it lives, but what it says can't be read
            self._process.kill()
            return self._process.wait()

    def kill(self) -> None:
        """End it at once and wait for its end."""
        self._spoilt = True
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # Bytes that were on their way to a child that is gone.
                with suppress(OSError, ValueError):
                    pipe.close()

    def _exchange(self, message: Any, seconds: float) -> tuple[Any, ...]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        answers = self._process.stdout
        try:
            pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            if sys.platform != "win32":
                # Answers are written whole, so that once one begins it also ends.
                if not select.select([answers], [], [], PATIENCE * seconds)[0]:
                    self._too_late()
                return cast(tuple[Any, ...], pickle.load(answers))
            timer = threading.Timer(PATIENCE * seconds, self._too_late)
            timer.start()
            try:
                return cast(tuple[Any, ...], pickle.load(answers))
            finally:
                timer.cancel()
        except (ValueError, OSError) as error:  # a pipe that ended, or that close() shut
            raise EOFError from error

    def _too_late(self) -> None:
        self._late = True
        with suppress(ProcessLookupError):
            self._process.kill()


def _called(function: Callable[..., Any], args: Any, named: Any) -> tuple[str, Any]:
    try:
        return "returned", function(*args, **named)
    except NiannianError as error:
        return "raised", error
