"""Recall debugger: why one memory was recalled for a message and another wasn't.

Nothing is stored and no model is called. Every candidate of the search is there,
also those below the cut-off, with its rank under the weights in use, so that a
designer sees what other weights would move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from memory.chat.context import ContextBuilder
from memory.chat.prompt import chat_messages
from memory.llm.prompts import Prompts, load_prompt
from memory.nlp.language import detect
from memory.nlp.tokens import estimate
from memory.types import (
    Context,
    ContextItem,
    Hit,
    Language,
    Message,
    Owner,
    Persona,
    Reason,
    ReplyRequest,
)
from memory.vector_store.search.fusion import SearchWeights
from memory.vector_store.store import MemoryStore

CANDIDATES = 60
"""How many candidates are shown; what ranks below them is never packed."""


class Fate(StrEnum):
    """What became of a candidate."""

    PACKED = "packed"
    OVER_BUDGET = "over_budget"
    NOT_REACHED = "not_reached"
    BELOW_CUT = "below_cut"


@dataclass(frozen=True, slots=True)
class RecallQuery:
    """What is looked into: a message on a day, to a persona, by a user.

    ``moment`` is aware; ``history`` is the conversation before, oldest first.
    """

    owner: Owner
    message: str
    persona: Persona
    user_name: str
    timezone: str
    moment: datetime
    language: Language = "zh"
    history: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedCandidate:
    """One memory that the search found. ``rank`` counts from 1.

    ``before`` is its rank under the weights in use, ``None`` where it wasn't
    found with them. ``reason`` is why it is in the context, if it is.
    """

    hit: Hit
    rank: int
    before: int | None
    fate: Fate
    reason: Reason | None = None

    @property
    def moved(self) -> int | None:
        """Places gained (negative: lost) against the weights in use."""
        return None if self.before is None else self.before - self.rank


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One message of the prompt; ``tokens`` are estimated."""

    role: str
    content: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Result of one recall query."""

    candidates: tuple[ExplainedCandidate, ...]
    context: Context
    prompt: tuple[PromptPart, ...]

    @property
    def prompt_tokens(self) -> int:
        """Estimated tokens of the whole prompt."""
        return sum(part.tokens for part in self.prompt)

    def packed(self) -> tuple[ContextItem, ...]:
        """What is in the context, in the order in which it was taken in."""
        return self.context.items


def look(
    store: MemoryStore,
    asked: RecallQuery,
    *,
    weights: SearchWeights,
    budget: int,
    in_use: SearchWeights,
    prompts: Prompts = load_prompt,
) -> Findings:
    """What ``asked`` recalls with ``weights`` and ``budget``, beside what is in use.

    Args:
        store: The memories.
        asked: The message and its circumstances.
        weights: The weights to try.
        budget: The context's tokens to try.
        in_use: The weights of the settings, which ranks are compared with.
        prompts: Gives the chat prompt in use.

    Raises:
        StoreError: the store can't be read.
    """
    language = detect(asked.message, default=asked.language)
    ranked = _ranked(store, asked, language, weights)
    before = ranked if weights == in_use else _ranked(store, asked, language, in_use)
    recalled = {hit.memory.id for hit in _search(store, asked, language, weights)}
    context = ContextBuilder(store).build(
        asked.owner,
        asked.message,
        today=asked.moment.astimezone(ZoneInfo(asked.timezone)).date(),
        language=language,
        budget=budget,
        history_texts=tuple(message.text for message in asked.history[-2:]),
        now=asked.moment,
        weights=weights,
    )
    places = {hit.memory.id: place for place, hit in enumerate(before, 1)}
    return Findings(
        candidates=_with_fates(ranked, places, recalled, context),
        context=context,
        prompt=_prompt(asked, language, context, prompts),
    )


def _ranked(
    store: MemoryStore, asked: RecallQuery, language: Language, weights: SearchWeights
) -> Sequence[Hit]:
    """All candidates in their order, the cut-offs left out: they don't change a score."""
    return _search(store, asked, language, replace(weights, relative=0, noise_gate=False))


def _search(
    store: MemoryStore, asked: RecallQuery, language: Language, weights: SearchWeights
) -> Sequence[Hit]:
    return store.reads.search(
        asked.owner,
        asked.message,
        limit=CANDIDATES,
        today=asked.moment.astimezone(ZoneInfo(asked.timezone)).date(),
        language=language,
        now=asked.moment,
        weights=weights,
    )


def _with_fates(
    ranked: Sequence[Hit], before: Mapping[str, int], recalled: set[str], context: Context
) -> tuple[ExplainedCandidate, ...]:
    packed = {item.memory.id: item.reason for item in context.items}
    dropped = {item.memory.id for item in context.dropped}

    def fate(memory_id: str) -> Fate:
        if memory_id in packed:
            return Fate.PACKED
        if memory_id in dropped:
            return Fate.OVER_BUDGET
        return Fate.NOT_REACHED if memory_id in recalled else Fate.BELOW_CUT

    return tuple(
        ExplainedCandidate(
            hit=hit,
            rank=rank,
            before=before.get(hit.memory.id),
            fate=fate(hit.memory.id),
            reason=packed.get(hit.memory.id),
        )
        for rank, hit in enumerate(ranked, 1)
    )


def _prompt(
    asked: RecallQuery, language: Language, context: Context, prompts: Prompts
) -> tuple[PromptPart, ...]:
    request = ReplyRequest(
        owner=asked.owner,
        persona=asked.persona,
        language=language,
        message=asked.message,
        history=asked.history,
        context=context,
        now=asked.moment,
        timezone=asked.timezone,
        user_name=asked.user_name,
    )
    return tuple(
        PromptPart(part["role"], part["content"], estimate(part["content"]))
        for part in chat_messages(request, prompts("chat", language))
    )
