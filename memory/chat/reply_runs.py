"""Reply registry: replies being made, each in a thread of its own; pages and streams read along.

Whoever reads may come late, go early or come back: the reply goes on until it ends
or somebody stops it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from threading import Condition, Event, Lock, Thread
from time import monotonic

from memory.chat.turn import Turn
from memory.errors import NiannianError
from memory.types import MessageState, Owner, ThoughtRetraction

TICK_SECONDS = 0.1
FAILURES_KEPT = 200
CLOSE_SECONDS = 1.0


class ReplyRun:
    """One reply on its way. Any number of threads may read it."""

    def __init__(self, turn: Turn, pace: float, ended: Callable[[ReplyRun], None]) -> None:
        """Take over a turn; :class:`ReplyRuns` begins it.

        Args:
            turn: Read and closed by this run alone.
            pace: Seconds between two pieces, for a reply that is there at once.
            ended: Called once, from the thread that makes the reply or from the one
                that ends it.
        """
        self.turn = turn
        self.error: Exception | None = None
        self._pace = pace
        self._ended = ended
        self._pieces: list[str] = []
        self._done = False
        self._changed = Condition()
        self._leave = Event()

    @property
    def id(self) -> str:
        """The id of the reply's message."""
        return self.turn.reply_message.id

    @property
    def owner(self) -> Owner:
        """Whose conversation this is."""
        return self.turn.user_message.owner

    @property
    def session_id(self) -> str:
        """The session that the reply belongs to."""
        return self.turn.user_message.session_id

    @property
    def done(self) -> bool:
        """Whether nothing more comes; the reply is stored then."""
        return self._done

    def read(self, start: int, timeout: float | None = None) -> tuple[Sequence[str], bool]:
        """Wait for pieces.

        A piece that is a :class:`~memory.types.ThoughtRetraction` takes back all before it.

        Args:
            start: How many were read already.
            timeout: Seconds to wait; without it until there are some, or the end.

        Returns:
            The pieces from number ``start`` on, and whether none comes after them.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._done or len(self._pieces) > start, timeout)
            return self._pieces[start:], self._done

    def texts(self, tick: float = TICK_SECONDS) -> Iterator[str]:
        """The text so far, each time it has grown, and at least every ``tick`` seconds.

        Raises:
            NiannianError: the reply failed; what was said is stored.
        """
        text, seen, done = "", 0, False
        while not done:
            pieces, done = self.read(seen, tick)
            seen += len(pieces)
            for piece in pieces:
                text = "" if isinstance(piece, ThoughtRetraction) else text + piece
            yield text
        if self.error is not None:
            raise self.error

    def stop(self, state: MessageState = MessageState.STOPPED) -> None:
        """End the reply; what was said so far is kept in ``state``. May be repeated."""
        self._leave.set()
        # The thread may be waiting for a silent endpoint: it isn't waited for.
        self.turn.close(state)
        self._end()

    def work(self) -> None:
        """Make the reply, in the thread that calls; errors are kept for the readers."""
        try:
            for piece in self.turn:
                with self._changed:
                    self._pieces.append(piece)
                    self._changed.notify_all()
                if self._leave.is_set() or (self._pace and self._leave.wait(self._pace)):
                    break
        except Exception as error:  # noqa: BLE001 - raised again where it is read
            self.error = error
        finally:
            self.turn.close()
            self._end()

    def _end(self) -> None:
        with self._changed:
            if self._done:
                return
            self._done = True
            self._changed.notify_all()
        self._ended(self)


class ReplyRuns:
    """The replies of this process that are on their way."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: dict[str, ReplyRun] = {}
        self._failed: OrderedDict[str, NiannianError] = OrderedDict()

    def start(self, turn: Turn, pace: float = 0.0) -> ReplyRun:
        """Let a reply be made in the background; ``pace`` as for :class:`ReplyRun`."""
        run = self._add(turn, pace)
        Thread(target=run.work, name="reply", daemon=True).start()
        return run

    def finish(self, turn: Turn) -> ReplyRun:
        """Make a reply in this thread, to its end; others can read along meanwhile."""
        run = self._add(turn, 0.0)
        run.work()
        return run

    def of(self, owner: Owner, session_id: str) -> ReplyRun | None:
        """The reply that is being made in a session, the latest of several."""
        with self._lock:
            for run in reversed(self._running.values()):
                if run.session_id == session_id and run.owner == owner:
                    return run
        return None

    def failure(self, message_id: str) -> NiannianError | None:
        """Why a reply failed, if that was not long ago and in this process."""
        with self._lock:
            return self._failed.get(message_id)

    def close(self) -> None:
        """Interrupt all: the process, or the database, is about to end."""
        with self._lock:
            running = list(self._running.values())
        deadline = monotonic() + CLOSE_SECONDS
        for run in running:
            if monotonic() > deadline:
                # Owed at the next start as after a crash.
                return
            run.stop(MessageState.INTERRUPTED)

    def _add(self, turn: Turn, pace: float) -> ReplyRun:
        run = ReplyRun(turn, pace, self._remove)
        with self._lock:
            self._running[run.id] = run
        return run

    def _remove(self, run: ReplyRun) -> None:
        with self._lock:
            self._running.pop(run.id, None)
            if isinstance(run.error, NiannianError):
                self._failed[run.id] = run.error
                while len(self._failed) > FAILURES_KEPT:
                    self._failed.popitem(last=False)
