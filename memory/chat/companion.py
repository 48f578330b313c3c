"""Companion: a turn from the message stored to the reply and its trace stored.

Order matters: the message is in the database before anything else happens, the
reply has a row before its first word, and what was said so far is written down
while it streams. So whatever dies on the way, nothing that was shown is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

from memory import metrics
from memory.attachments.files import AttachmentFiles
from memory.attachments.marks import attached, mark_of
from memory.chat import safety
from memory.chat.context import ContextBuilder
from memory.chat.greeting import (
    OpeningLine,
    first_greeting,
    gentle_opening,
    opening_line,
)
from memory.chat.safety.attachment import attachment
from memory.chat.safety.classifier import Encoder
from memory.chat.safety.course import CareStep, follow, window
from memory.chat.safety.help import Help
from memory.chat.safety.helplines import region_for
from memory.chat.safety.reply_check import checked, verdict_on
from memory.chat.safety.turn_danger import TurnDanger, danger_of
from memory.chat.safety.window import assess_window
from memory.chat.service_notices import break_after
from memory.chat.turn import Turn
from memory.config import Settings
from memory.db import BranchChange, Database, title_of
from memory.errors import BadInput, ModelError, StoreError
from memory.nlp.dates import span
from memory.nlp.language import detect
from memory.priority import Priority
from memory.types import (
    Attachment,
    CarePhase,
    CareState,
    ChatModel,
    Context,
    Kind,
    Language,
    Memory,
    MemoryFilter,
    Message,
    MessageState,
    Mood,
    Owner,
    Persona,
    Reason,
    ReplyRequest,
    ReplyStream,
    Session,
    Trace,
    TraceItem,
    Usage,
    User,
)
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

MAX_MESSAGE = 8_000
"""Longest message in characters; longer ones are refused, not cut."""

HISTORY_MESSAGES = 40
ENDED = (MessageState.DONE, MessageState.STOPPED, MessageState.INTERRUPTED)
"""Replies after which a turn counts for the extraction."""
PAUSE_GAP = timedelta(minutes=30)
OPENING_DAYS = 7


MOOD_LASTS = timedelta(days=3)
CUT_SHORT = frozenset({MessageState.INTERRUPTED, MessageState.STOPPED})
GO_ON: Mapping[Language, str] = {
    "zh": "（你上一条没有说完。从断的地方接着说，不重复已经说过的，也不要提到这句话。）",
    "en": "(Your last message was cut off. Go on exactly where it stopped; don't repeat what you "
    "said, and don't mention this note.)",
}


def _on_its_day(memory: Memory, today: date) -> bool:
    """Whether ``memory`` comes from a danger and its day is today, or was or will be next."""
    if memory.safety is None or memory.event_date is None or len(memory.event_date) < 10:
        return False
    start, _ = span(memory.event_date)
    return abs((start - today).days) <= 1


class Companion:
    """Talks: opens sessions, answers messages, answers again."""

    def __init__(
        self,
        *,
        settings: Settings,
        db: Database,
        store: MemoryStore,
        contexts: ContextBuilder,
        chat_model: ChatModel,
        personas: Mapping[str, Persona],
        clock: Callable[[], datetime],
        turn_ended: Callable[[Owner, str], None],
        set_aside: Callable[[Owner, BranchChange], object] = lambda _owner, _step: None,
        priority: Priority | None = None,
        files: AttachmentFiles | None = None,
        stands_in: ChatModel | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Make it.

        Args:
            stands_in: Speaks in a language model's place where that says to somebody in
                danger what nobody should; None where the chat model is the rules.
            encoder: Gives sentence vectors, by which a reply is judged.
        """
        self._files = files
        self._stands_in = stands_in
        self._encoder = encoder
        self._settings = settings
        self._db = db
        self._store = store
        self._contexts = contexts
        self._model = chat_model
        self._personas = personas
        self._clock = clock
        self._turn_ended = turn_ended
        self._set_aside = set_aside
        self._priority = priority or Priority()

    def open_session(self, owner: Owner, language: Language) -> Session:
        """Start a session with an opening line from what is remembered.

        Raises:
            NotFound: no such user or persona.
        """
        user = self._db.users.get(owner.user_id)
        persona = self._personas[owner.persona_id]
        session = self._db.sessions.create(owner)
        now = self._clock()
        state = self._db.safety.state(owner.user_id)
        if state is not None and state.lingers(now):
            # The danger is the person's: a new session isn't a new day.
            text = gentle_opening(persona.id, language, seed=session.id)
            self._db.messages.add(
                owner, session.id, "assistant", text, state=MessageState.DONE, opening=True
            )
            return self._db.sessions.get(owner, session.id)
        today = now.astimezone(self._settings.zone_for(user)).date()
        near = MemoryFilter(
            kinds=frozenset({Kind.TEMPORAL}),
            event_from=today - timedelta(days=OPENING_DAYS),
            event_to=today + timedelta(days=OPENING_DAYS),
        )
        known = MemoryFilter(
            kinds=frozenset({Kind.CONSTANT}), categories=frozenset({"identity", "relationship"})
        )
        try:
            memories = [
                *self._store.reads.matching(owner, near, limit=50),
                *self._store.reads.matching(owner, known, limit=100),
            ]
        except StoreError:
            # A companion that can't remember for the moment still says hello.
            log.warning("opening without memories: the store can't be read", exc_info=True)
            memories = []
        if any(_on_its_day(memory, today) for memory in memories):
            line = OpeningLine(gentle_opening(persona.id, language, seed=session.id))
        elif not memories and not self._db.messages.has_said(owner):
            line = OpeningLine(first_greeting(persona, language, user.name))
        else:
            line = opening_line(
                persona,
                language,
                memories,
                today,
                seed=session.id,
                zone=self._settings.zone_for(user),
            )
        message = self._db.messages.add(
            owner, session.id, "assistant", line.text, state=MessageState.DONE, opening=True
        )
        used = [memory for memory in memories if memory.id in line.memory_ids]
        if used:
            items = tuple(TraceItem.of(memory, Reason.DIARY) for memory in used)
            self._db.traces.save(owner, Trace(message_id=message.id, items=items, created_at=now))
        return self._db.sessions.get(owner, session.id)

    def reply(
        self,
        owner: Owner,
        session_id: str,
        text: str,
        *,
        remember: bool = True,
        language: Language = "zh",
        at: datetime | None = None,
        whole: bool = False,
        instead_of: str | None = None,
        attachments: Sequence[Attachment] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> Turn:
        """Store the message and start a reply to it.

        Args:
            owner: Whose conversation this is.
            session_id: One of the owner's sessions.
            text: What the user said, at most ``MAX_MESSAGE`` characters; may be empty where
                something is attached.
            remember: False for a turn that may read memory and never write any.
            language: Used where the message itself doesn't tell.
            at: When it was said, aware; now if not given. "Yesterday" is the day
                before this.
            whole: Nobody reads along, so that pieces may come late.
            instead_of: The id of a message of theirs that is said differently now: it is
                set aside with all that followed it, and can be brought back.
            attachments: What is given with it; each gets a line in the message's text.
            metadata: Kept with every memory that is learnt of it (checked values).

        Raises:
            BadInput: ``message_empty`` or ``message_too_long``; nothing is stored.
            NotFound: the session isn't the owner's.
        """
        text = text.replace("\x00", "").strip()
        replaced = self._db.messages.get(owner, instead_of) if instead_of else None
        if replaced is not None and not attachments:
            # Said differently, it is still about what was given with it.
            attachments = replaced.attachments
        if not text and not attachments:
            raise BadInput(code="message_empty")
        if len(text) > MAX_MESSAGE:
            raise BadInput(code="message_too_long", limit=MAX_MESSAGE, given=len(text))
        if attachments:
            spoken = detect(text, default=language)
            attachments = [replace(one, mark=mark_of(one, spoken)) for one in attachments]
            text = "\n".join(filter(None, [*(one.mark for one in attachments), text]))
        started = perf_counter()
        with self._priority.foreground():
            session = self._db.sessions.get(owner, session_id)
            history = self._history(owner, session_id, replaced)
            step = self._follow(owner, session_id, text, history, at or self._clock())
            message = self._db.messages.add(
                owner,
                session_id,
                "user",
                text,
                remember=remember,
                care=step.sign,
                created_at=at,
                instead_of=replaced,
                attachments=attachments,
                memory_fields={"metadata": dict(metadata)} if metadata else None,
            )
            if attachments and self._files is not None:
                kept = [one.sha256 for one in attachments if one.sha256]
                self._files.settle(owner.user_id, kept)
            if replaced is not None:
                self._went(owner, self._db.branches.gone_with(owner, replaced.id))
            if step.changed and step.state is not None:
                self._db.safety.keep_state(step.state)
            self._note_person(owner, step, message.created_at, language)
            # A list of sessions isn't the place for what was just said in danger.
            retitled = replaced is not None and session.title in (
                title_of(replaced.typed),
                title_of(replaced.text),
            )
            if (not session.title or retitled) and step.sign is None:
                self._db.sessions.rename(owner, session_id, title_of(message.typed or text))
            return self._answer(owner, message, history, step, language, started, at, whole=whole)

    def in_danger(self, user_id: str) -> CareState | None:
        """The danger of a user that counts now, noticed with whichever persona; or None."""
        state = self._db.safety.state(user_id)
        return state if state is not None and state.holds(self._clock()) else None

    def help_in_reach(self, user: User, language: Language) -> Help | None:
        """The help that stays on the screen of a user in danger; None if they aren't."""
        state = self.in_danger(user.id)
        if state is None:
            return None
        return self._help(user, language, state.kind, state.urgent)

    def regenerate(self, owner: Owner, session_id: str, language: Language = "zh") -> Turn:
        """Answer the last message again; the earlier answer is set aside, and can be brought back.

        Raises:
            BadInput: ``nothing_to_regenerate``.
            NotFound: the session isn't the owner's.
        """
        started = perf_counter()
        recent = self._db.messages.of(owner, session_id, limit=HISTORY_MESSAGES)
        asked = next((m for m in reversed(recent) if m.role == "user"), None)
        if asked is None:
            raise BadInput(code="nothing_to_regenerate")
        replaced = next((m for m in recent if m.number > asked.number), None)
        if replaced is not None:
            self._went(owner, self._db.branches.set_aside(owner, replaced.id))
        earlier = self._db.branches.answers(owner, asked)
        history = tuple(m for m in recent if m.number < asked.number and m.text)
        # What the message did to a danger it did when it was said.
        state = self.in_danger(owner.user_id)
        phase: CarePhase | None = "sign" if asked.care else "lasting" if state else None
        step = CareStep(asked.care, state, phase)
        with self._priority.foreground():
            return self._answer(owner, asked, history, step, language, started, earlier=earlier)

    def resume(self, owner: Owner, session_id: str, language: Language = "zh") -> Turn:
        """Let the last reply go on where it was cut; what comes is added to it.

        Raises:
            BadInput: ``nothing_to_resume``.
            NotFound: the session isn't the owner's.
        """
        started = perf_counter()
        recent = self._db.messages.of(owner, session_id, limit=HISTORY_MESSAGES)
        cut = recent[-1] if recent else None
        asked = next((m for m in reversed(recent) if m.role == "user"), None)
        if cut is None or asked is None or cut.role == "user" or cut.state not in CUT_SHORT:
            raise BadInput(code="nothing_to_resume")
        history = tuple(m for m in recent if m.text)
        state = self.in_danger(owner.user_id)
        phase: CarePhase | None = "sign" if asked.care else "lasting" if state else None
        with self._priority.foreground():
            step = CareStep(asked.care, state, phase)
            return self._answer(owner, asked, history, step, language, started, cut=cut)

    def _went(self, owner: Owner, step: BranchChange) -> None:
        """Let the memories follow what was set aside; the reply doesn't wait for a store."""
        # What was set aside before anything was learnt from it is not learnt from any more.
        self._db.deletion.take_out(owner, step.gone)
        try:
            self._set_aside(owner, step)
        except (StoreError, ModelError) as error:
            log.warning("memories follow a branch later: %s", error.code)

    def _mood(self, owner: Owner, now: datetime) -> Mood | None:
        """How the user felt in the batch that was read last, if that is not long ago."""
        last = self._db.batches.last_outcome(owner)
        found = last[1].get("mood") if last is not None else None
        if last is None or not found or now - last[0] > MOOD_LASTS:
            return None
        return Mood(int(found.get("score", 0)), str(found.get("word", "")))

    def _history(
        self, owner: Owner, session_id: str, until: Message | None = None
    ) -> tuple[Message, ...]:
        end = until.number if until is not None else None
        found = self._db.messages.of(owner, session_id, limit=HISTORY_MESSAGES, before_number=end)
        return tuple(message for message in found if message.text)

    def _follow(
        self, owner: Owner, session_id: str, text: str, history: Sequence[Message], now: datetime
    ) -> CareStep:
        state = self._db.safety.state(owner.user_id)
        texts = window(history, text, state, now)
        return follow(owner, session_id, texts, state, now, assess_window)

    def _answer(
        self,
        owner: Owner,
        message: Message,
        history: tuple[Message, ...],
        step: CareStep,
        language: Language,
        started: float,
        at: datetime | None = None,
        *,
        whole: bool = False,
        cut: Message | None = None,
        earlier: tuple[str, ...] = (),
    ) -> Turn:
        user = self._db.users.get(owner.user_id)
        persona = self._personas[owner.persona_id]
        language = detect(message.typed or message.text, default=language)
        now = at or self._clock()
        lasting = step.state is not None and step.phase not in (None, "over")
        context = self._context(owner, message, history, user, language, now, in_danger=lasting)
        danger = danger_of(step, context)
        reply = cut or self._db.messages.add(
            owner,
            message.session_id,
            "assistant",
            "",
            state=MessageState.STREAMING,
            remember=message.remember,
            reply_to=message.id,
            created_at=at,
        )
        summary = self._db.sessions.get(owner, message.session_id).summary
        told = summary.upto if summary else 0
        request = ReplyRequest(
            owner=owner,
            persona=persona,
            language=language,
            message=self._said(message) if cut is None else GO_ON[language],
            history=tuple(one for one in history if one.number > told),
            context=context,
            now=now,
            timezone=str(self._settings.zone_for(user)),
            user_name=user.name,
            care=danger.kind,
            urgent=danger.urgent,
            care_phase=danger.phase,
            remember=message.remember,
            minor=bool(user.minor),
            attachment=attachment(message.text),
            whole=whole,
            mood=self._mood(owner, now),
            earlier_answers=earlier,
            summary=summary.text if summary else "",
            attachments=attached(message, history),
        )
        help, gentle = self._helps(user, language, danger)
        # Two hours of talk are no reason to send somebody in danger away.
        pause = None if danger.phase else self._pause_line(user, persona, language, now)
        stream: ReplyStream | None = None

        spoken_by = self._model.name

        def instead() -> Iterator[str]:
            nonlocal spoken_by
            assert self._stands_in is not None
            spoken_by = f"{self._model.name} + {self._stands_in.name}"
            metrics.REPLIES_REPLACED.inc()
            log.warning("a reply to somebody in danger was replaced or completed")
            yield from self._stands_in.reply(
                replace(request, message=message.typed or message.text)
            )

        def pieces() -> Generator[str, None, None]:
            nonlocal stream
            stream = self._model.reply(request)
            said = False
            if cut is not None:
                yield cut.text
            try:
                for piece in self._fit_for(danger, stream, instead):
                    said = True
                    yield piece
            except ModelError:
                if help is not None and not said:
                    # The model is down, the person isn't left alone with an error.
                    yield help.opening
                raise
            finally:
                stream.close()
            if pause:
                yield f"\n\n{pause}"

        def finish(text: str, state: MessageState, first_piece_at: float | None) -> Trace | None:
            if cut is not None and state is MessageState.FAILED:
                # What was said before stays said.
                state = MessageState.INTERRUPTED
            self._db.messages.update(owner, reply.id, text=text, state=state)
            usage = stream.usage if stream is not None else Usage()
            ended = perf_counter()
            trace = Trace(
                message_id=reply.id,
                items=tuple(
                    TraceItem.of(item.memory, item.reason, item.score) for item in context.items
                ),
                model=spoken_by,
                context_tokens=context.tokens,
                prompt_tokens=usage.prompt_tokens,
                reply_tokens=usage.reply_tokens,
                document_tokens=usage.document_tokens,
                picture_tokens=usage.picture_tokens,
                audio_seconds=sum(one.seconds for one in message.attachments),
                context_ms=context.milliseconds,
                first_token_ms=((first_piece_at or ended) - started) * 1000,
                total_ms=(ended - started) * 1000,
                created_at=self._clock(),
                summary="" if self._model.is_builtin else request.summary,
            )
            self._db.traces.save(owner, trace)
            metrics.reply_ended(state, usage, trace.first_token_ms)
            if message.remember and state in ENDED:
                self._turn_ended(owner, message.session_id)
            return trace

        def save(text: str) -> None:
            self._db.messages.update(owner, reply.id, text=text)

        return Turn(
            user_message=message,
            reply_message=reply,
            pieces=pieces(),
            finish=finish,
            save=save,
            help=help,
            gentle=gentle,
            opens_help=step.rises and help is not None,
        )

    def _fit_for(
        self, danger: TurnDanger, stream: ReplyStream, instead: Callable[[], Iterator[str]]
    ) -> Iterable[str]:
        """A language model's reply as somebody in danger may read it."""
        if self._stands_in is None or danger.phase in (None, "over") or danger.kind == "distress":
            return stream
        return checked(
            stream,
            lambda sentence: verdict_on(sentence, self._encoder),
            instead,
            # What is only remembered may be left alone, but isn't wished luck for.
            needs_care=danger.phase != "remembered" and self._judges,
        )

    @property
    def _judges(self) -> bool:
        """Whether more is known of a sentence than that it holds a good wish."""
        return self._encoder is not None and self._encoder.ready

    def _said(self, message: Message) -> str:
        """A message as the model in use hears it: rules make nothing of a file's name."""
        return (message.typed if self._model.is_builtin else "") or message.text

    def _helps(
        self, user: User, language: Language, danger: TurnDanger
    ) -> tuple[Help | None, Help | None]:
        """What is shown beside the reply: an alarm's help, or the gentle card."""
        if danger.kind is None or danger.phase == "over":
            return None, None
        help = self._help(user, language, danger.kind, danger.urgent)
        return (None, help) if danger.kind == "distress" else (help, None)

    def _help(self, user: User, language: Language, kind: str, urgent: bool) -> Help:
        timezone = self._settings.timezone
        return safety.help_for(kind, language, user=user, timezone=timezone, urgent=urgent)

    def _context(
        self,
        owner: Owner,
        message: Message,
        history: tuple[Message, ...],
        user: User,
        language: Language,
        now: datetime,
        *,
        in_danger: bool,
    ) -> Context:
        try:
            return self._contexts.build(
                owner,
                message.text,
                today=now.astimezone(self._settings.zone_for(user)).date(),
                language=language,
                budget=self._settings.context_tokens,
                history_texts=tuple(m.text for m in history[-2:]),
                in_danger=in_danger,
            )
        except (StoreError, ModelError) as error:
            # The chat goes on: a reply without memories beats no reply.
            log.warning("replying without memories: %s", error.code)
            return Context(
                items=(), text="", tokens=0, budget=self._settings.context_tokens, complete=False
            )

    def _note_person(self, owner: Owner, step: CareStep, at: datetime, language: Language) -> None:
        """Count a new alarm, and keep that somebody says they are under 18."""
        if step.rises and step.sign is not None:
            user = self._db.users.get(owner.user_id)
            region = region_for(user, self._settings.timezone, language)
            self._db.operators.count_alarm(at.astimezone(UTC).date(), step.sign, region)
        if step.young and not self._db.users.get(owner.user_id).minor:
            self._db.operators.set_age(owner.user_id, minor=True, source="said")

    def _pause_line(
        self, user: User, persona: Persona, language: Language, now: datetime
    ) -> str | None:
        """A suggestion to rest after two hours in one go (one for minors), once in that time.

        Served to others it isn't the persona's to say: see :mod:`memory.chat.service_notices`.
        """
        if self._settings.served_to_others:
            return None
        after = break_after(minor=bool(user.minor))
        key = f"pause:{user.id}"
        suggested = self._db.engine.get_meta(key)
        if suggested and now - datetime.fromisoformat(suggested) < after:
            return None
        times = self._db.messages.times(user.id, since=now - after - PAUSE_GAP)
        start = now
        for time in sorted(times, reverse=True):
            if start - time > PAUSE_GAP:
                break
            start = time
        if now - start < after:
            return None
        self._db.engine.set_meta(key, now.isoformat())
        return safety.suggest_pause(language, persona, after=after)
