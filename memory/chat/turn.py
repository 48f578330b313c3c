"""Turn: one reply on its way, written down while it streams."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from time import perf_counter

from memory.chat.safety.help import Help
from memory.errors import ReplyCut
from memory.types import Message, MessageState, ThoughtRetraction, Trace

SAVE_EVERY_SECONDS = 1.0


class Turn:
    """One reply on its way. Iterate it for pieces of text; always ``close`` it.

    A piece that is a :class:`~memory.types.ThoughtRetraction` takes back all pieces before it.

    Closing before the end keeps what was said so far as a stopped reply. ``help`` is
    what somebody in danger is shown beside it, in every turn for as long as it lasts;
    ``gentle`` the card of the middle band, which isn't an alarm. ``opens_help`` says
    that the danger was noticed, or became pressing, just now.
    """

    def __init__(
        self,
        *,
        user_message: Message,
        reply_message: Message,
        pieces: Generator[str, None, None],
        finish: Callable[[str, MessageState, float | None], Trace | None],
        save: Callable[[str], None],
        help: Help | None = None,
        gentle: Help | None = None,
        opens_help: bool = False,
    ) -> None:
        self.user_message = user_message
        self.reply_message = reply_message
        self.care = user_message.care
        self.help = help
        self.gentle = gentle
        self.opens_help = opens_help
        self.trace: Trace | None = None
        self.text = ""
        self._pieces = pieces
        self._finish = finish
        self._save = save
        self._finished = False
        self._ending = Lock()
        self._first_piece_at: float | None = None

    def __iter__(self) -> Iterator[str]:
        saved_at = perf_counter()
        try:
            for piece in self._pieces:
                if self._finished:
                    # Closed by another thread while this one waited for the piece.
                    return
                if isinstance(piece, ThoughtRetraction):
                    self.text = ""
                    yield piece
                    continue
                if self._first_piece_at is None:
                    self._first_piece_at = perf_counter()
                self.text += piece
                yield piece
                if perf_counter() - saved_at > SAVE_EVERY_SECONDS:
                    self._save(self.text)
                    saved_at = perf_counter()
        except ReplyCut:
            # Cut at a limit or by a filter: what was said was said, and is remembered.
            self._end(MessageState.INTERRUPTED if self.text else MessageState.FAILED)
            raise
        except Exception:
            self._end(MessageState.FAILED)
            raise
        else:
            self._end(MessageState.DONE)
        finally:
            # Left before the end: keep what was said.
            self._end(MessageState.STOPPED)
            # Not left to the collector: the endpoint would go on for nobody.
            with suppress(ValueError):
                self._pieces.close()

    def close(self, state: MessageState = MessageState.STOPPED) -> None:
        """End the turn in ``state``; what was said so far stays. Nothing when already ended."""
        self._end(state)
        # A stream that another thread is waiting in can't be closed from here;
        # that thread leaves it at the next piece or time-out.
        with suppress(ValueError):
            self._pieces.close()

    def _end(self, state: MessageState) -> None:
        with self._ending:
            if self._finished:
                return
            self._finished = True
        self.trace = self._finish(self.text, state, self._first_piece_at)
        self.reply_message = replace(self.reply_message, text=self.text, state=state)
