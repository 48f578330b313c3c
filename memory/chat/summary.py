"""Rolling summary of a long session: its older turns in a few sentences.

What no longer fits into the history of a prompt would be forgotten in the middle of a
conversation. Before that, the oldest turns are summed up together with the summary so far,
in the background, by a language model; rules have no need of it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from memory import metrics
from memory.chat.prompt import SPOKEN, say_now, shortened
from memory.db import Database
from memory.errors import ModelError, NiannianError, NotFound, UnreadableReply
from memory.llm.endpoint import Endpoint
from memory.llm.prompts import Prompts, load_prompt
from memory.nlp.language import detect
from memory.nlp.tokens import estimate
from memory.priority import Priority
from memory.types import Language, Message, Owner, Persona, Session, SessionSummary, Usage
from memory.types.conversation import SUMMARY_LENGTH

log = logging.getLogger(__name__)

FULL = 0.75
"""Share of the history's budget that may be used before its oldest turns are summed up."""
LEFT = 0.4
"""Share of it that is then left as it was said."""
MOST_MESSAGES = 30
LOOK_BACK = 200
"""Messages of a session that are looked at; what is older came from elsewhere."""
AT_ONCE = 3000
"""Estimated tokens that are summed up in one request."""
AFTER_FAILURE = timedelta(minutes=10)


class EndpointSummarizer:
    """Sums up by a language model behind an endpoint."""

    def __init__(self, endpoint: Endpoint, model: str, prompts: Prompts = load_prompt) -> None:
        self._endpoint = endpoint
        self._model = model
        self._prompts = prompts

    def sum_up(
        self,
        summary: str,
        messages: Sequence[Message],
        *,
        persona: str,
        user_name: str,
        timezone: str,
        language: Language,
    ) -> tuple[str, Usage]:
        """A new summary of the present one and what follows it.

        Raises:
            ModelError: the endpoint failed, or answered nothing.
        """
        said = "\n".join(
            f"[{say_now(message.created_at, timezone, language)}] "
            f"{user_name if message.role == 'user' else persona}: "
            f"{' '.join(shortened(message.text).split())}"
            for message in messages
        )
        asked = self._prompts("summary", language).messages(
            persona=persona, user_name=user_name, summary=summary or "—", messages=said
        )
        answer = self._endpoint.complete(asked, model=self._model, json_mode=False)
        text = answer.text.strip()[:SUMMARY_LENGTH]
        if not text:
            raise UnreadableReply("an empty summary", endpoint=self._endpoint.host)
        estimated = answer.prompt_tokens is None or answer.reply_tokens is None
        return text, Usage(
            answer.prompt_tokens or sum(estimate(one["content"]) for one in asked),
            answer.reply_tokens or estimate(text),
            estimated,
        )


class RollingSummaries:
    """Keeps the summaries of long sessions up to date, on a thread of its own.

    What is to be done follows from the messages and the summary that are stored: after a
    crash the next turn begins where it was left.
    """

    def __init__(
        self,
        *,
        db: Database,
        summarizer: EndpointSummarizer | None,
        history_tokens: int,
        personas: Mapping[str, Persona],
        zone: Callable[[str], ZoneInfo],
        clock: Callable[[], datetime],
        priority: Priority,
    ) -> None:
        """Make it; nothing runs before the first long session.

        Args:
            db: Where messages and summaries are.
            summarizer: Sums up; none leaves every session as it is.
            history_tokens: What goes along of a conversation as it was said.
            personas: By id.
            zone: The time zone of a user, by id.
            clock: Aware UTC.
            priority: Replies go first.
        """
        self._db = db
        self._summarizer = summarizer
        self._history_tokens = history_tokens
        self._personas = personas
        self._zone = zone
        self._clock = clock
        self._priority = priority
        self._asked: queue.SimpleQueue[tuple[Owner, str] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._failed: dict[str, datetime] = {}

    def turn_ended(self, owner: Owner, session_id: str) -> None:
        """Look after a session in the background."""
        if self._summarizer is None:
            return
        self._asked.put((owner, session_id))
        with self._starting:
            if self._thread is None:
                name = "niannian-summaries"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()

    def stop(self, timeout: float = 0.5) -> None:
        """End the thread; what isn't summed up yet is at the next turn."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._asked.put(None)
            thread.join(timeout)

    def update(self, owner: Owner, session_id: str) -> SessionSummary | None:
        """Sum up what is due of a session now; its summary afterwards.

        Raises:
            NotFound: no such session of this owner.
            ModelError: the endpoint failed; what was summed up before stays.
        """
        while True:
            session = self._db.sessions.get(owner, session_id)
            if self._summarizer is None or self._is_roomy(session):
                return session.summary
            due = due_turns(self._open(owner, session), self._history_tokens)
            if not due:
                return session.summary
            if not self._sum_up(session, due):
                return self._db.sessions.get(owner, session_id).summary

    def _is_roomy(self, session: Session) -> bool:
        """Whether nothing can be due: no text has more tokens than characters."""
        upto = session.summary.upto if session.summary else 0
        count, letters = self._db.messages.size(session.owner, session.id, after=upto)
        return has_room(count, letters, self._history_tokens)

    def _open(self, owner: Owner, session: Session) -> list[Message]:
        upto = session.summary.upto if session.summary else 0
        found = self._db.messages.of(owner, session.id, limit=LOOK_BACK)
        return [m for m in found if m.number > upto and m.state in SPOKEN and m.text]

    def _sum_up(self, session: Session, due: Sequence[Message]) -> bool:
        assert self._summarizer is not None
        owner, before = session.owner, session.summary
        # What wasn't to be kept, and what was said in danger, is told by nobody afterwards.
        silent = {m.id for m in due if not m.remember or m.care}
        told = [m for m in due if m.id not in silent and m.reply_to not in silent]
        text, usage = before.text if before else "", Usage(0, 0)
        if told:
            user = self._db.users.get(owner.user_id)
            language = detect("\n".join(m.text for m in told if m.role == "user"), default="zh")
            self._priority.yield_to_foreground()
            text, usage = self._summarizer.sum_up(
                text,
                told,
                persona=self._personas[owner.persona_id].text(language).name,
                user_name=user.name,
                timezone=str(self._zone(owner.user_id)),
                language=language,
            )
            metrics.summary_made(usage)
        made = SessionSummary(
            text=text,
            upto=due[-1].number,
            updated_at=self._clock(),
            prompt_tokens=usage.prompt_tokens + (before.prompt_tokens if before else 0),
            reply_tokens=usage.reply_tokens + (before.reply_tokens if before else 0),
        )
        return self._db.sessions.summarise(
            owner, session.id, made, instead_of=before, made_of=[m.id for m in due]
        )

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            owner, session_id = asked
            waits = self._failed.get(session_id)
            if waits is not None and self._clock() < waits:
                continue
            try:
                self.update(owner, session_id)
                self._failed.pop(session_id, None)
            except NotFound:
                continue  # deleted meanwhile
            except ModelError as error:
                self._failed[session_id] = self._clock() + AFTER_FAILURE
                log.warning("no summary of a long session: %s", error.code)
            except NiannianError:
                log.warning("no summary of a long session", exc_info=True)


def has_room(count: int, tokens: int, budget: int) -> bool:
    """Whether so many messages of so many tokens go along as they were said."""
    return count <= MOST_MESSAGES and tokens <= budget * FULL


def due_turns(messages: Sequence[Message], budget: int) -> list[Message]:
    """The oldest whole turns that are to be summed up; none while there is room.

    Args:
        messages: Those that are not in a summary yet, in order.
        budget: Estimated tokens of history that go along with a message.
    """
    cost = [estimate(shortened(message.text)) for message in messages]
    if has_room(len(messages), sum(cost), budget):
        return []
    left, end, taken = sum(cost), 0, 0
    for number, message in enumerate(messages[1:], 1):
        left -= cost[number - 1]
        taken += cost[number - 1]
        if message.role == "user":
            end = number
            roomy = left <= budget * LEFT and len(messages) - number <= MOST_MESSAGES / 2
            if roomy or taken >= AT_ONCE:
                break
    return list(messages[:end])
