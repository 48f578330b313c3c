"""Extraction pipeline: load, extract, validate, reconcile, commit.

Nothing is stored before everything is decided; the changes and the end of the
batch are written in one transaction (by the memory service), so that a crash at any
point leaves the batch as it was: to be done again from the start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from time import perf_counter
from typing import Protocol, runtime_checkable

from memory import metrics
from memory.chat.safety.signs import BESIDE, Signs, signs_of
from memory.config import Settings
from memory.db import Database
from memory.errors import BadInput, NotFound
from memory.extraction.captions import PhotoCaptions
from memory.extraction.openai_extraction import EndpointExtraction
from memory.extraction.overlay import HypotheticalMemories
from memory.extraction.reconcile import Decision, decide
from memory.extraction.result import Extracted, ExtractionResult
from memory.extraction.validation import Guarded, guard
from memory.extraction.validation.card import examples_of
from memory.i18n import languages
from memory.llm.prompts import Prompt, Prompts, load_prompt, parse_prompt
from memory.memories import MemoryService
from memory.nlp.language import detect
from memory.nlp.quotes import in_own_words
from memory.priority import Priority
from memory.system.worker_process import InProcess, Worker
from memory.types import (
    MAX_MEMORIES,
    Batch,
    ExtractionModel,
    ExtractionReply,
    ExtractionRequest,
    Hit,
    Language,
    Memory,
    Message,
    Owner,
    Persona,
    Subject,
    User,
)
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

KNOWN = 10
"""Existing memories that the model is shown."""

NEIGHBOURS = 10
"""Existing memories that a proposal is compared with."""

BEFORE = 4
"""Messages before a batch that go along, so that "there" and "she" can be understood."""

SEARCHES = 6
"""Lookups for what is known about a batch; each embeds one text."""

SEARCH_LENGTH = 600
UNLIMITED = 1000

NOTHING_SUPPOSED = HypotheticalMemories()


@runtime_checkable
class ChildExtraction(Protocol):
    """An extraction that runs in the worker process and needs something from here.

    Its ``extract`` also takes ``said_at``, which tells when a known memory was said.
    """

    def callbacks(self) -> Mapping[str, Callable[..., object]]:
        """Further named arguments of its ``extract``, called through the pipe."""


class Extractor:
    """Runs batches. One instance serves all owners; safe to use from the worker's thread."""

    def __init__(
        self,
        *,
        store: MemoryStore,
        db: Database,
        memory_service: MemoryService,
        model: ExtractionModel,
        personas: Mapping[str, Persona],
        settings: Settings,
        clock: Callable[[], datetime],
        max_memories: int = MAX_MEMORIES,
        priority: Priority | None = None,
        prompts: Prompts = load_prompt,
        worker: Worker | None = None,
        captions: PhotoCaptions | None = None,
    ) -> None:
        self._captions = captions
        self._store = store
        self._db = db
        self._memory_service = memory_service
        self._model = model
        self._personas = personas
        self._settings = settings
        self._clock = clock
        self._priority = priority or Priority()
        self._max_memories = max_memories
        self._prompts = prompts
        # Where texts are worked through: one that never ends must not take all else along.
        self._worker = worker or InProcess()

    def run(self, batch: Batch) -> ExtractionResult:
        """Extract a claimed batch and finish it.

        Raises:
            ModelError: the endpoint failed or its reply can't be read; nothing
                was stored and the batch stays.
            StoreError: the memories can't be read or written.
            WorkError: a text of the batch can't be worked through.
            NotFound: ``batch_gone``: erased or done by another worker meanwhile.
        """
        # Before each of its steps: a reply that somebody waits for goes first.
        self._priority.yield_to_foreground()
        messages = self._db.messages.by_ids(batch.owner, batch.message_ids)
        if self._captions is not None:
            messages = self._captions.complete(batch.owner, messages)
        extracted = self._extract(batch.owner, messages, batch.id, batch.session_id)
        self._priority.yield_to_foreground()
        made = self._memory_service.commit(
            extracted.decision.changes,
            finish_batch=batch.id,
            outcome=extracted.outcome().as_mapping(),
        )
        outcome = extracted.outcome(tuple(made))
        refused = sum(outcome.refused.values())
        metrics.extraction_done(outcome.counts(), outcome.skipped, refused, outcome.usage)
        log.info("batch %s: %s, refused %s", batch.id, outcome.counts(), dict(outcome.refused))
        return outcome

    def dry_run(
        self,
        owner: Owner,
        messages: Sequence[Message],
        *,
        prompt: str | None = None,
        user: User | None = None,
        model: ExtractionModel | None = None,
        supposed: HypotheticalMemories | None = None,
        session_id: str | None = None,
        batch_id: str = "dry-run",
    ) -> Extracted:
        """What an extraction of ``messages`` would do; nothing is stored.

        Args:
            owner: Whose memories the proposals are compared with.
            messages: A conversation, in order.
            prompt: The text of an edited prompt file, for language models only.
            user: Who speaks, where that isn't the stored profile (or there is none).
            model: Another model than the one in use.
            supposed: What to hold the proposals against instead of what is stored.
            session_id: Noted as the source of what would be remembered.
            batch_id: Noted as well.

        Raises:
            BadInput: the prompt can't be used, or rules extract (``prompt_builtin``).
            ModelError, WorkError: as :meth:`run`.
        """
        tried = model or self._model
        instruction = None
        if prompt is not None:
            if not isinstance(tried, EndpointExtraction):
                raise BadInput("rules read no prompt", code="prompt_builtin")
            instruction = parse_prompt("extract", prompt)
        return self._extract(
            owner,
            messages,
            batch_id,
            session_id,
            user=user,
            model=tried,
            prompt=instruction,
            supposed=supposed or NOTHING_SUPPOSED,
        )

    def _extract(
        self,
        owner: Owner,
        messages: Sequence[Message],
        batch_id: str,
        session_id: str | None,
        *,
        user: User | None = None,
        model: ExtractionModel | None = None,
        prompt: Prompt | None = None,
        supposed: HypotheticalMemories = NOTHING_SUPPOSED,
    ) -> Extracted:
        model = model or self._model
        started = perf_counter()
        said = in_own_words(messages)
        spoken = [message for message in said if message.remember and message.text.strip()]
        if not any(message.role == "user" for message in spoken):
            # An opening line that nobody answered tells nothing of anybody.
            empty = ExtractionReply((), model=model.name, calls=0)
            return Extracted(empty, Guarded(()), Decision())
        request = self._request(owner, tuple(spoken), user, model, supposed)
        if session_id is not None and not model.is_builtin:
            request = replace(request, before=self._before(owner, session_id, spoken[0]))
        reply = self._ask(model, request, prompt)
        self._priority.yield_to_foreground()
        asked = prompt or self._prompts("extract", request.language)
        recalled = self._recalled(owner, spoken)
        guarded = self._worker.run(
            guard, reply.operations, request, recalled, examples_of(asked.system)
        )

        def nearest(text: str, subject: Subject | None) -> Sequence[Hit]:
            return self._nearest(owner, text, subject, NEIGHBOURS, supposed)

        decision = self._worker.run(
            decide,
            guarded.kept,
            request,
            now=self._clock(),
            batch_id=batch_id,
            session_id=session_id,
            callbacks={
                "nearest": nearest,
                "said_at": self._said_at,
                "mark_of": self._signs(owner, spoken).mark_of,
            },
        )
        return Extracted(reply, guarded, decision, (perf_counter() - started) * 1000, request)

    def _ask(
        self, model: ExtractionModel, request: ExtractionRequest, prompt: Prompt | None
    ) -> ExtractionReply:
        if model.is_builtin:
            callbacks: dict[str, Callable[..., object]] = {}
            if isinstance(model, ChildExtraction):
                callbacks = {**model.callbacks(), "said_at": self._said_at}
            return self._worker.run(model.extract, request, callbacks=callbacks)
        if prompt is None or not isinstance(model, EndpointExtraction):
            return model.extract(request)
        return model.extract(request, prompt)

    def _signs(self, owner: Owner, messages: Sequence[Message]) -> Signs:
        first, last = messages[0].created_at, messages[-1].created_at
        return signs_of(messages, self._db.safety.signs(owner, first - BESIDE, last))

    def _before(self, owner: Owner, session_id: str, first: Message) -> tuple[Message, ...]:
        """The last messages before a batch that may be shown to the model."""
        try:
            found = self._db.messages.of(
                owner, session_id, limit=BEFORE, before_number=first.number
            )
        except NotFound:
            return ()
        return tuple(m for m in found if m.remember and m.text.strip())

    def _said_at(self, memory: Memory) -> datetime:
        """When it was said; when it was stored, if its messages are gone or never were."""
        ids = memory.source.message_ids
        said = self._db.messages.by_ids(memory.owner, ids) if ids else []
        return max((message.created_at for message in said), default=memory.created_at)

    def _request(
        self,
        owner: Owner,
        messages: tuple[Message, ...],
        user: User | None,
        model: ExtractionModel,
        supposed: HypotheticalMemories,
    ) -> ExtractionRequest:
        user = user or self._db.users.get(owner.user_id)
        wishes = self._db.extraction_settings.for_user(owner.user_id)
        if (asked := self._db.messages.settings_given(m.id for m in messages)) is not None:
            wishes = asked.over(wishes)
        return ExtractionRequest(
            owner=owner,
            persona=self._personas[owner.persona_id],
            language=self._language(messages, user.language),
            messages=messages,
            known=self._known(owner, messages, supposed),
            timezone=user.timezone or self._settings.timezone,
            user_name=user.name,
            categories=wishes.category_names,
            settings=wishes,
            # The limit keeps a talkative model from crowding out the rest. Rules only note
            # what somebody said in so many words; cutting there would lose facts for good.
            max_memories=UNLIMITED if model.is_builtin else self._max_memories,
        )

    def _language(self, messages: Sequence[Message], preferred: str) -> Language:
        """The language of most of what the user said."""
        chosen = preferred if preferred != "auto" else self._settings.language
        default: Language = chosen if chosen in languages() else "zh"
        said = "\n".join(message.text for message in messages if message.role == "user")
        return self._worker.run(detect, said, default=default)

    def _known(
        self, owner: Owner, messages: Sequence[Message], supposed: HypotheticalMemories
    ) -> tuple[Memory, ...]:
        """The memories nearest to the batch, those near any part of it first."""
        ranked: dict[str, tuple[int, Memory]] = {}
        for text in _portions(messages):
            for rank, hit in enumerate(self._nearest(owner, text, None, KNOWN, supposed)):
                best = ranked.get(hit.memory.id)
                if best is None or rank < best[0]:
                    ranked[hit.memory.id] = (rank, hit.memory)
        chosen = sorted(ranked.values(), key=lambda entry: entry[0])[:KNOWN]
        return tuple(memory for _, memory in chosen)

    def _nearest(
        self,
        owner: Owner,
        text: str,
        subject: Subject | None,
        limit: int,
        supposed: HypotheticalMemories,
    ) -> Sequence[Hit]:
        # Looking up is most of the work here.
        self._priority.yield_to_foreground()
        if supposed is NOTHING_SUPPOSED:
            return self._store.reads.nearest(owner, text, subject=subject, limit=limit)
        stored = (
            []
            if supposed.everything
            else self._store.reads.nearest(
                owner, text, subject=subject, limit=limit, exclude=supposed.hidden
            )
        )
        return supposed.among(stored, text, subject, limit)

    def _recalled(self, owner: Owner, messages: Sequence[Message]) -> list[str]:
        """Texts of the memories that the replies of the batch were given."""
        texts: dict[str, None] = {}
        for message in messages:
            trace = self._db.traces.get(owner, message.id) if message.role != "user" else None
            texts.update(dict.fromkeys(item.text for item in trace.items) if trace else {})
        return list(texts)


def _portions(messages: Sequence[Message]) -> list[str]:
    """What the user said, in a few portions for looking up neighbours."""
    said = [message.text[:SEARCH_LENGTH] for message in messages if message.role == "user"]
    size = -(-len(said) // SEARCHES)
    return ["\n".join(said[start : start + size]) for start in range(0, len(said), size)]


__all__ = ["ExtractionResult", "Extractor"]
