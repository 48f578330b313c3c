"""Reply stream: a reply on its way to a program, whole or word by word.

A reply waits for a model, so it has threads of its own: however many people talk,
the page's files and the other routes find a free one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from sse_starlette import ServerSentEvent

from memory.api.change_responses import given_along
from memory.api.concurrency import limiter
from memory.api.dependencies import RequestScope
from memory.api.errors import WithHelp, body, status_of, where, with_help
from memory.api.ingest import moment
from memory.api.named_sessions import check_session_name, known_session, named_session
from memory.api.requests import ChatRequest, StopRequest
from memory.api.responses.chat import ChatAnswer, NoticeOut, StoppedData, UsedOut
from memory.api.responses.conversations import usage_of
from memory.api.responses.envelope import Answer
from memory.api.responses.safety import GentleOut, HelpOut
from memory.chat.reply_runs import ReplyRun
from memory.chat.service_notices import LOOK_BACK, notices
from memory.chat.turn import Turn
from memory.errors import BadInput, NiannianError
from memory.i18n import code_text, error_text
from memory.types import Attachment, Language, ThoughtRetraction, User

log = logging.getLogger(__name__)

PING_SECONDS = 15
REPLIES_AT_ONCE = 200
_threads: RunVar[CapacityLimiter] = RunVar("niannian_reply_threads")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChatStream:
    """A turn with what its answer needs."""

    ask: RequestScope
    request: ChatRequest
    turn: Turn
    user: User
    language: Language


async def in_thread(work: Callable[..., T], *args: Any, leave: bool = False) -> T:
    """Run ``work`` in one of the threads for replies.

    Args:
        work: What to run.
        args: For it.
        leave: Don't wait for it when nobody waits for the answer any more.
    """
    threads = limiter(_threads, REPLIES_AT_ONCE)
    return await to_thread.run_sync(work, *args, abandon_on_cancel=leave, limiter=threads)


def begin(
    ask: RequestScope,
    request: ChatRequest,
    given: Callable[[str], Sequence[Attachment]] = lambda _user_id: (),
) -> ChatStream:
    """Store the message and start the reply.

    Args:
        ask: Who asks.
        request: The message.
        given: Called with the user's id once they may talk: what is given with the message.

    Raises:
        BadInput: ``message_empty``, or metadata that a memory can't have.
        NotFound: no such user or persona, or another's session.
    """
    text = request.message.replace("\x00", "").strip()
    if not text:
        # Before a session is made for it.
        raise BadInput(code="message_empty")
    running = ask.running
    kept = given_along({"metadata": request.metadata})
    owner = ask.owner_or_new(request.user_id, request.persona_id)
    check_session_name(running.db, owner, request.session_id)
    ask.settle_in(owner)
    user = ask.user(owner.user_id)
    language: Language = request.language or (
        user.language if user.language != "auto" else ask.language
    )
    session_id = (
        named_session(running.db, owner, request.session_id)
        if request.session_id
        else running.db.sessions.create(owner).id
    )
    turn = running.companion.reply(
        owner,
        session_id,
        text,
        remember=request.remember,
        language=language,
        at=moment(request.timestamp, ask.zone(user.id)),
        whole=not request.stream,
        attachments=given(owner.user_id),
        metadata=kept.get("metadata"),
    )
    return ChatStream(ask, request, turn, user, language)


def finish(talk: ChatStream) -> ChatAnswer:
    """The whole reply.

    Raises:
        ModelError: the endpoint failed; what was said is stored.
    """
    error = talk.ask.running.replies.finish(talk.turn).error
    if error is not None:
        help = help_of(talk.turn)
        if help is None:
            raise error
        # Whoever is in danger gets the numbers, model or no model.
        raise WithHelp(error, help) from error
    return answer(talk)


async def events(talk: ChatStream, run: ReplyRun) -> AsyncIterator[ServerSentEvent]:
    """The reply as server-sent events. It goes on when nobody reads it any more."""
    turn = talk.turn
    try:
        first: dict[str, Any] = {
            "session_id": _session_of(talk),
            "message_id": turn.reply_message.id,
        }
        help, gentle = help_of(turn), gentle_of(turn)
        if help is not None:
            first["help"] = help.model_dump()
        if gentle is not None:
            first["care"] = gentle.model_dump()
        due = _notices(talk)
        if due:
            first["notices"] = [notice.model_dump() for notice in due]
        yield _event("start", first)
        seen, ended = 0, False
        while not ended:
            pieces, ended = await in_thread(run.read, seen, leave=True)
            seen += len(pieces)
            for piece in pieces:
                if isinstance(piece, ThoughtRetraction):
                    # Clients that know of it drop what they have; ``done`` says the truth to all.
                    yield _event("retract", {})
                else:
                    yield _event("token", {"text": piece})
        if run.error is not None:
            raise run.error
        yield _event("done", answer(talk).model_dump(mode="json"))
    except NiannianError as error:
        log.warning("a streamed reply failed: %s (%d)", error.code, status_of(error))
        sentence = error_text(talk.ask.language, error)
        said = body(error.code, sentence, error.params.get("said"))
        yield _event("error", with_help(said, help_of(turn)))
    except Exception as error:  # noqa: BLE001 (the stream must end with a sentence)
        log.error("a streamed reply failed: %s", where(error))
        said = body("unexpected", code_text(talk.ask.language, "unexpected"))
        yield _event("error", with_help(said, help_of(turn)))


def stopped(ask: RequestScope, request: StopRequest) -> Answer[StoppedData]:
    """Stop what is being said in a session.

    Raises:
        NotFound: no such user or persona, or another's session.
    """
    owner = ask.owner(request.user_id, request.persona_id)
    check_session_name(ask.running.db, owner, request.session_id)
    session_id = known_session(ask.running.db, owner, request.session_id)
    run = ask.running.replies.of(owner, session_id) if session_id else None
    if run is not None:
        run.stop()
    data = StoppedData(message_id=run.id if run else None, response=run.turn.text if run else "")
    return ask.answer("reply_stopped" if run else "nothing_to_stop", data)


def answer(talk: ChatStream) -> ChatAnswer:
    """What a finished turn says."""
    turn = talk.turn
    trace = turn.trace
    return ChatAnswer(
        response=turn.text,
        user_id=turn.user_message.owner.user_id,
        session_id=_session_of(talk),
        message_id=turn.reply_message.id,
        memories_used=[item.memory_id for item in trace.items] if trace else [],
        memories=[UsedOut.of(item) for item in trace.items] if trace else [],
        timestamp=turn.reply_message.created_at,
        metadata=talk.request.metadata,
        help=help_of(turn),
        care=gentle_of(turn),
        notices=_notices(talk),
        usage=usage_of(trace) if trace else {},
    )


def _session_of(talk: ChatStream) -> str:
    """The session as the caller calls it."""
    return talk.request.session_id or talk.turn.user_message.session_id


def _event(name: str, data: Any) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)


def help_of(turn: Turn) -> HelpOut | None:
    """The help of a turn, in the language of its message."""
    return HelpOut.of(turn.help) if turn.help is not None else None


def gentle_of(turn: Turn) -> GentleOut | None:
    """The gentle card of a turn."""
    return GentleOut.of(turn.gentle) if turn.gentle is not None else None


def _notices(talk: ChatStream) -> list[NoticeOut]:
    """What has to be said with this turn where others are served."""
    running = talk.ask.running
    if not running.settings.served_to_others:
        return []
    said = talk.turn.user_message
    times = running.db.operators.said_times(
        talk.user.id, since=said.created_at - LOOK_BACK, until=said.created_at
    )
    name = running.personas[said.owner.persona_id].text(talk.language).name
    # As it is now: this very message may have said that they are under 18.
    user = running.db.users.get(talk.user.id)
    due = notices(times, minor=bool(user.minor), name=name, language=talk.language)
    return [
        NoticeOut(kind=notice.kind, text=notice.text)
        for notice in due
        # Nobody in danger is sent away to take a break.
        if notice.at == said.created_at and not (notice.kind == "break" and talk.turn.help)
    ]
