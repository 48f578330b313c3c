"""Companion: a turn from the message stored to the reply and its trace stored.

Order matters: the message is in the database before anything else happens, the
reply has a row before its first word, and what was said so far is written down
while it streams. So whatever dies on the way, nothing that was shown is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from memory.attachments.files import AttachmentFiles
from memory.attachments.marks import attached, mark_of
from memory.chat.context import ContextBuilder
from memory.chat.generation import Answered, Generation, Speakers
from memory.chat.pauses import pause_line
from memory.chat.safety.attachment import attachment
from memory.chat.safety.course import CareStep
from memory.chat.safety.turn_danger import danger_of
from memory.chat.safety.watch import SafetyWatch
from memory.chat.turn import Turn
from memory.config import Settings
from memory.db import BranchChange, Database, title_of
from memory.errors import BadInput, ModelError, StoreError
from memory.nlp.language import detect
from memory.priority import Priority
from memory.system.clock import Clock
from memory.types import (
    Attachment,
    Context,
    Language,
    Message,
    MessageState,
    Mood,
    Owner,
    Persona,
    ReplyRequest,
    User,
)

log = logging.getLogger(__name__)

MAX_MESSAGE = 8_000
"""Longest message in characters; longer ones are refused, not cut."""

HISTORY_MESSAGES = 40
MOOD_LASTS = timedelta(days=3)
CUT_SHORT = frozenset({MessageState.INTERRUPTED, MessageState.STOPPED})
GO_ON: Mapping[Language, str] = {
    "zh": "（你上一条没有说完。从断的地方接着说，不重复已经说过的，也不要提到这句话。）",
    "en": "(Your last message was cut off. Go on exactly where it stopped; don't repeat what you "
    "said, and don't mention this note.)",
}


class Companion:
    """Talks with the user: answers messages, answers again, continues a reply."""

    def __init__(
        self,
        *,
        settings: Settings,
        db: Database,
        contexts: ContextBuilder,
        speakers: Speakers,
        watch: SafetyWatch,
        personas: Mapping[str, Persona],
        clock: Clock,
        turn_ended: Callable[[Owner, str], None],
        set_aside: Callable[[Owner, BranchChange], object] = lambda _owner, _step: None,
        priority: Priority | None = None,
        files: AttachmentFiles | None = None,
    ) -> None:
        """Make it.

        Args:
            settings: As loaded.
            db: Where messages, replies and traces go.
            contexts: Gives the memories of a reply.
            speakers: Who answers.
            watch: Follows whether the user is in danger.
            personas: By id.
            clock: Aware UTC.
            turn_ended: Told when a turn counts for the extraction.
            set_aside: Told which messages are no longer in force, or are again.
            priority: Keeps work in the background from a reply's way.
            files: Holds what is attached.
        """
        self._files = files
        self._settings = settings
        self._db = db
        self._contexts = contexts
        self._speakers = speakers
        self._watch = watch
        self._personas = personas
        self._clock = clock
        self._turn_ended = turn_ended
        self._set_aside = set_aside
        self._priority = priority or Priority()

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
            step = self._watch.follow(owner, session_id, text, history, at or self._clock())
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
            self._watch.keep(owner, step, message.created_at, language)
            # A list of sessions isn't the place for what was just said in danger.
            retitled = replaced is not None and session.title in (
                title_of(replaced.typed),
                title_of(replaced.text),
            )
            if (not session.title or retitled) and step.sign is None:
                self._db.sessions.rename(owner, session_id, title_of(message.typed or text))
            return self._answer(owner, message, history, step, language, started, at, whole=whole)

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
        step = self._watch.again(owner.user_id, asked, history)
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
        step = self._watch.again(owner.user_id, asked, history)
        with self._priority.foreground():
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
        help, gentle = self._watch.helps(user, language, danger)
        generation = Generation(
            db=self._db,
            speakers=self._speakers,
            answered=Answered(owner, message, reply, started, goes_on=cut is not None),
            request=request,
            danger=danger,
            clock=self._clock,
            turn_ended=self._turn_ended,
            help=help,
            # Two hours of talk are no reason to send somebody in danger away.
            afterword=(
                None
                if danger.phase
                else pause_line(self._db, self._settings, user, persona, language, now)
            ),
        )
        return Turn(
            user_message=message,
            reply_message=reply,
            pieces=generation.pieces(),
            finish=generation.finish,
            save=generation.save,
            help=help,
            gentle=gentle,
            opens_help=step.rises and help is not None,
        )

    def _said(self, message: Message) -> str:
        """A message as the model in use hears it: rules make nothing of a file's name."""
        return (message.typed if self._speakers.model.is_builtin else "") or message.text

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
