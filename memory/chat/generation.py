"""Reply generation: what a model says to one request, checked, stored, and traced."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from memory import metrics
from memory.chat.safety.classifier import Encoder
from memory.chat.safety.help import Help
from memory.chat.safety.reply_check import checked, verdict_on
from memory.chat.safety.turn_danger import TurnDanger
from memory.db import Database
from memory.db.unbatched import ENDED
from memory.errors import ModelError
from memory.system.clock import Clock
from memory.types import (
    ChatModel,
    Message,
    MessageState,
    Owner,
    ReplyRequest,
    ReplyStream,
    Trace,
    TraceItem,
    Usage,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speakers:
    """The models that a reply is made with and checked by.

    Attributes:
        model: The chat model.
        stands_in: Speaks in its place where it says to somebody in danger what nobody should;
            None where the chat model is the rules.
        encoder: Gives sentence vectors, by which a reply is judged.
    """

    model: ChatModel
    stands_in: ChatModel | None = None
    encoder: Encoder | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The two messages of a turn.

    Attributes:
        owner: Whose conversation it is.
        message: What the user said.
        reply: The reply's row.
        started: ``perf_counter`` when the message came.
        goes_on: Whether a reply that was cut goes on: its row has text already.
    """

    owner: Owner
    message: Message
    reply: Message
    started: float
    goes_on: bool = False


class Generation:
    """One reply being made. Read ``pieces`` once, ``save`` meanwhile, ``finish`` at the end."""

    def __init__(
        self,
        *,
        db: Database,
        speakers: Speakers,
        answered: Answered,
        request: ReplyRequest,
        danger: TurnDanger,
        clock: Clock,
        turn_ended: Callable[[Owner, str], None],
        help: Help | None = None,
        afterword: str | None = None,
    ) -> None:
        """Make it.

        Args:
            db: Where the reply and its trace go.
            speakers: Who answers.
            answered: What is answered.
            request: What the model is asked.
            danger: What counts in this turn.
            clock: Aware UTC.
            turn_ended: Told when the turn counts for the extraction.
            help: What somebody in danger reads where the model is down.
            afterword: Said after the reply, if any.
        """
        self._db = db
        self._speakers = speakers
        self._answered = answered
        self._request = request
        self._danger = danger
        self._clock = clock
        self._turn_ended = turn_ended
        self._help = help
        self._afterword = afterword
        self._spoken_by = speakers.model.name
        self._stream: ReplyStream | None = None

    def pieces(self) -> Generator[str, None, None]:
        """The reply, piece by piece; what a continued one said before comes first.

        Raises:
            ModelError: the model can't be reached or refuses.
        """
        self._stream = stream = self._speakers.model.reply(self._request)
        said = False
        if self._answered.goes_on:
            yield self._answered.reply.text
        try:
            for piece in self._checked(stream):
                said = True
                yield piece
        except ModelError:
            if self._help is not None and not said:
                # The model is down, the person isn't left alone with an error.
                yield self._help.opening
            raise
        finally:
            stream.close()
        if self._afterword:
            yield f"\n\n{self._afterword}"

    def save(self, text: str) -> None:
        """Store what was said so far."""
        self._db.messages.update(self._answered.owner, self._answered.reply.id, text=text)

    def finish(self, text: str, state: MessageState, first_piece_at: float | None) -> Trace:
        """Store the reply as it ended, and its trace."""
        owner, message, reply = self._answered.owner, self._answered.message, self._answered.reply
        if self._answered.goes_on and state is MessageState.FAILED:
            # What was said before stays said.
            state = MessageState.INTERRUPTED
        self._db.messages.update(owner, reply.id, text=text, state=state)
        usage = self._stream.usage if self._stream is not None else Usage()
        trace = self._trace(usage, first_piece_at)
        self._db.traces.save(owner, trace)
        metrics.reply_ended(state, usage, trace.first_token_ms)
        if message.remember and state in ENDED:
            self._turn_ended(owner, message.session_id)
        return trace

    def _trace(self, usage: Usage, first_piece_at: float | None) -> Trace:
        request, context, started = self._request, self._request.context, self._answered.started
        ended = perf_counter()
        return Trace(
            message_id=self._answered.reply.id,
            items=tuple(
                TraceItem.of(item.memory, item.reason, item.score) for item in context.items
            ),
            model=self._spoken_by,
            context_tokens=context.tokens,
            prompt_tokens=usage.prompt_tokens,
            reply_tokens=usage.reply_tokens,
            document_tokens=usage.document_tokens,
            picture_tokens=usage.picture_tokens,
            audio_seconds=sum(one.seconds for one in self._answered.message.attachments),
            context_ms=context.milliseconds,
            first_token_ms=((first_piece_at or ended) - started) * 1000,
            total_ms=(ended - started) * 1000,
            created_at=self._clock(),
            summary="" if self._speakers.model.is_builtin else request.summary,
        )

    def _checked(self, stream: ReplyStream) -> Iterable[str]:
        """A language model's reply as somebody in danger may read it."""
        phase, encoder = self._danger.phase, self._speakers.encoder
        if self._speakers.stands_in is None or phase in (None, "over"):
            return stream
        if self._danger.kind == "distress":
            return stream
        # More is known of a sentence than that it holds a good wish.
        judges = encoder is not None and encoder.ready
        return checked(
            stream,
            lambda sentence: verdict_on(sentence, encoder),
            self._instead,
            # What is only remembered may be left alone, but isn't wished luck for.
            needs_care=phase != "remembered" and judges,
        )

    def _instead(self) -> Iterator[str]:
        """What is said in the place of a reply that nobody should read."""
        stands_in, message = self._speakers.stands_in, self._answered.message
        assert stands_in is not None
        self._spoken_by = f"{self._speakers.model.name} + {stands_in.name}"
        metrics.REPLIES_REPLACED.inc()
        log.warning("a reply to somebody in danger was replaced or completed")
        yield from stands_in.reply(replace(self._request, message=message.typed or message.text))
