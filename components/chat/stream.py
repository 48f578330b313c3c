"""Reply stream on the page, which doesn't get stuck while the endpoint is silent.

The stop button only works when the script reaches a Streamlit call. A reply that
hangs before its first word would block it for the whole timeout, so the reply is
read in a thread of its own and the script wakes up several times a second.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue

from memory.chat.companion import Turn
from memory.types import ThoughtRetraction

TICK_SECONDS = 0.1


class ReplyReader:
    """Reads one turn in the background; iterate it on the script thread."""

    def __init__(self, turn: Turn, pace: float = 0.0) -> None:
        """Start reading.

        Args:
            turn: The reply; closed when it ends, or by :meth:`close`.
            pace: Seconds between two pieces, for a reply that is there at once.
        """
        self._turn = turn
        self._pace = pace
        self._pieces: SimpleQueue[str | None] = SimpleQueue()
        self._error: Exception | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, name="reply", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[str]:
        """The text so far, at least ten times a second, until the reply ends.

        Raises:
            NiannianError: the endpoint failed; what was said is already stored.
        """
        text = ""
        while True:
            try:
                piece = self._pieces.get(timeout=TICK_SECONDS)
            except Empty:
                yield text
                continue
            ended = piece is None
            text = _after(text, piece)
            while not ended and not self._pieces.empty():
                piece = self._pieces.get()
                ended = piece is None
                text = _after(text, piece)
            yield text
            if ended:
                break
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """End the turn; what was said so far stays stored as a stopped reply."""
        self._closed.set()
        self._turn.close()

    def _read(self) -> None:
        try:
            for piece in self._turn:
                if self._closed.is_set():
                    break
                self._pieces.put(piece)
                if self._pace and self._closed.wait(self._pace):
                    break
        except Exception as error:  # noqa: BLE001 - raised again on the script thread
            self._error = error
        finally:
            self._turn.close()
            self._pieces.put(None)


def _after(text: str, piece: str | None) -> str:
    """The text so far once ``piece`` has come; a retraction leaves nothing of it."""
    return "" if isinstance(piece, ThoughtRetraction) else text + (piece or "")
