"""Clause selection: what no rule read becomes a memory, part of the one before, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from memory.builtin import memory_questions
from memory.builtin.extraction import clauses
from memory.builtin.extraction.clauses import Verdict
from memory.builtin.extraction.draft import Draft
from memory.extraction.validation.ended import Fact, ended_by
from memory.nlp.kin import KIN_EN, KIN_ZH
from memory.nlp.language import has_cjk
from memory.types import Kind, Memory, Status
from memory.types.vectors import Encode

SourcedDraft: TypeAlias = tuple[Draft, tuple[int, ...]]
"""A draft, and the numbers of the messages that it is from."""

_KIN = re.compile(rf"{KIN_ZH}|\b(?:grand)?(?:{KIN_EN})s?\b")
_HAS_ONE = re.compile(r"^The user has (?:got )?an? [\w -]+$")
_WEIGHTS = {"health": 5, "identity": 4, "relationship": 4, "work_study": 4, "other": 2}

WORTH: Mapping[str, float] = {
    "health": 0.75,
    "relationship": 0.8,
    "identity": 0.8,
    "work_study": 0.9,
    "habit": 0.8,
    "plan": 0.85,
    "event": 0.95,
    "preference": 0.95,
    "belief": 0.98,
    "emotion": 0.98,
    "other": 0.95,
}
"""Probability, by category, from which a clause that no rule read is worth a memory.

Ordinary talk is full of what was liked, felt and believed today; what is said of health
or kin is nearly always worth it.
"""

WORTH_DATED = 0.75
"""The same for a clause that says when."""

DATED = frozenset({"event", "plan", "health", "relationship", "work_study", "identity"})
"""Categories of which a day says that something happened, not that talk went on."""

WORTH_JOINED = 0.7
"""The same for what is appended to a memory."""

WORTH_JOINED_OF_KIN = 0.5
"""The same for what goes on about somebody of whom a memory was just made."""

ASKED = 0.8
"""Likelihood from which a clause without a question mark is a question all the same."""

LONGEST_JOINED = 160

WORTH_ALONE = 0.9
"""The least where nothing but the speaker's silence says that it is about them."""


def select_clauses(
    drafts: Sequence[SourcedDraft], known: Sequence[Memory], encode: Encode | None
) -> list[SourcedDraft]:
    """``drafts`` with each unread clause a memory of its own, part of the one before, or gone.

    Args:
        drafts: In the order in which they were said.
        known: What is remembered: a clause that ends it is news.
        encode: Gives sentence vectors; without them, all unread clauses go.
    """
    if encode is None:
        return [one for one in drafts if not one[0].unread]
    facts = [
        Fact(memory.text, memory.category)
        for memory in known
        if memory.status is Status.ACTIVE and memory.kind is Kind.CONSTANT
    ]
    kept: list[SourcedDraft] = []
    joins: int | None = None
    for (draft, source), verdict in _judged(drafts, encode):
        if verdict is None:
            kept.append((draft, source))
            joins = source[-1]
            continue
        joined = joins == source[-1]
        passing = draft.kind is Kind.CONSTANT and draft.category != "relationship"
        aside = joined and passing and verdict.category in ("event", "emotion", "other", "plan")
        of_kin = (
            joined
            and not draft.own
            and "relationship" in (draft.category, verdict.category)
            and _KIN.search(kept[-1][0].text) is not None
        )
        if _ends_something(draft, facts, kept):
            kept.append((_settled(draft, verdict), source))
            joins = source[-1]
        elif verdict.worth < (WORTH_JOINED_OF_KIN if of_kin else WORTH_JOINED):
            joins = None
        elif verdict.worth >= _needed(draft, verdict) and not aside and (draft.own or not joined):
            kept.append((_settled(draft, verdict), source))
            joins = source[-1]
        elif joined:
            last, last_source = kept[-1]
            text = _with_more(last.text, draft)
            if last.subject is draft.subject and len(text) <= LONGEST_JOINED:
                kept[-1] = (replace(last, text=text), last_source)
            elif verdict.worth >= WORTH_ALONE:
                kept.append((_settled(draft, verdict), source))
    return kept


def _judged(
    drafts: Sequence[SourcedDraft], encode: Encode
) -> Iterator[tuple[SourcedDraft, Verdict | None]]:
    """Each draft but questions with what the classifier says of it; ``None`` if a rule read it."""
    unread = [draft.clause for draft, _ in drafts if draft.unread]
    readings = (memory_questions.plain, clauses.plain)
    encode = _encoded([plain(clause) for plain in readings for clause in unread], encode)
    asks = iter(memory_questions.asks_for_memory(unread, encode))
    verdicts = iter(clauses.judged(unread, encode))
    for draft, source in drafts:
        if not draft.unread:
            yield (draft, source), None
            continue
        asked, verdict = next(asks), next(verdicts)
        # "Which brother of mine is abroad" tells nothing, though nothing marks it.
        if asked < ASKED:
            yield (draft, source), verdict


def _encoded(texts: Sequence[str], encode: Encode) -> Encode:
    """``encode`` for ``texts`` alone, which are all encoded here, in one go."""
    if not texts:
        return encode
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    rows = encode(list(places))
    return lambda wanted: rows[[places[text] for text in wanted]]


def _ends_something(draft: Draft, known: Sequence[Fact], earlier: Sequence[SourcedDraft]) -> bool:
    """Whether ``draft`` ends a fact: then it is news, however little it looks it."""
    told = [Fact(one.text, one.category) for one, _ in earlier if one.kind is Kind.CONSTANT]
    return bool(ended_by(draft.text, [*known, *told], None))


def _needed(draft: Draft, verdict: Verdict) -> float:
    """Probability from which ``draft`` is a memory of its own."""
    if draft.kind is Kind.TEMPORAL:
        return WORTH_DATED if verdict.category in DATED else WORTH["event"]
    category = draft.category or verdict.category
    least = WORTH.get(category, 0.9)
    if category == "relationship" and not draft.category:
        least = WORTH["work_study"]  # the speaker's doings with them: often small talk
    return least if draft.own else max(least, WORTH_ALONE)


def _with_more(text: str, draft: Draft) -> str:
    """``text`` with what goes on about the same, as one sentence."""
    if has_cjk(text):
        return f"{text}，{draft.more}"
    if draft.more.startswith(("is ", "has ", "was ")):
        return f"{text}, who {draft.more}" if _HAS_ONE.search(text) else f"{text} and {draft.more}"
    return f"{text}, {draft.more}"


def _settled(draft: Draft, verdict: Verdict) -> Draft:
    """``draft`` as the classifier read it; what its subject and day say wins."""
    category = draft.category or verdict.category
    if draft.kind is Kind.CONSTANT and category == "plan":
        category = "other" if verdict.category == "plan" else verdict.category
    if draft.kind is Kind.TEMPORAL and category in ("identity", "habit", "preference", "other"):
        category = "event"
    weight = _WEIGHTS.get(verdict.category, 3)
    return replace(draft, category=category, importance=weight, clause="", more="")
