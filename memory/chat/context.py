"""Context builder: profile, diary and recall packed into a token budget.

While everything that is remembered fits, everything goes in and nothing is
searched. Beyond that, what is worth most goes in first: pinned memories, what
the message recalls, the important profile, the recent diary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from memory.chat import context_text
from memory.chat.context_text import Placed
from memory.nlp.tokens import estimate
from memory.types import (
    Context,
    ContextItem,
    Hit,
    Kind,
    Language,
    Memory,
    MemoryFilter,
    Owner,
    Reason,
    Use,
)

if TYPE_CHECKING:
    from memory.vector_store.search.fusion import SearchWeights
    from memory.vector_store.store import MemoryStore

UsesOf = Callable[[Owner, Sequence[str]], Mapping[str, Use]]
"""The use of some of an owner's memories in replies, by id."""

LEAST_LINE = 8
"""Tokens of the shortest lines; more memories than budget / LEAST_LINE can't fit."""

USUAL_LINE = 20
"""Tokens of an ordinary line."""

DIARY_DAYS = (30, 365, 36_500)
"""How far the diary is read back; further only while there is still room."""

RECALL_HEAD = 12
"""Hits that go in before the core of the profile; the rest of recall comes after it."""

CORE_SHARE = 0.15
"""Share of the budget kept for the core, so that recall never crowds out a name."""

CORE_IMPORTANCE = 5
LESSER_IMPORTANCE = (4, 1)
"""The rest of the profile in two steps: what matters, then whatever there is."""

PLAN_LIMIT = 5
PROFILE_SPARE = 20
"""Profile memories read beyond what can fit, since some are in by recall already."""

DIARY_LIMIT = 40
DROPPED_LIMIT = 50
FEW_HITS = 3

MARKED_LIMIT = 50
NEAR_DAY = timedelta(days=1)
"""A memory marked for safety is in the context on its day, the day before and after."""

TOUCHING = 3
"""Words that a message shares with such a memory to come near it; one that names a means
or a place is enough."""

_COMMON = re.compile(
    r"用户|打算|计划|今天|明天|后天|昨天|今晚|晚上|早上|下午|中午|现在|一个|自己|没有|什么|怎么|"
    r"\d+[年月日号点]?|\b(?:user|plans?|that|this|with|will|going|want|wants|have|from|their|they|"
    r"today|tomorrow|tonight|yesterday|feel|feels|about|very|really|what|when|been|said|says)\b"
)
_MEANS = re.compile(
    r"天台|楼顶|跳[楼江桥河海]|[吃吞]药|药[片瓶]|安眠|刀[片子]|割[腕手]|手腕|上吊|绳子|烧炭|[买烧]炭|农药|遗[书言]|"
    r"自[杀残伤]|轻生|想死|[被他她爸妈]打|家暴|跟踪|roof|ledge|bridge|pills?|overdose|blade|razor|"
    r"knife|wrist|rope|hang|suicid|kill|cut(?:ting)?|stalk|hurt|beat|gun"
)


class ContextBuilder:
    """Builds contexts from a store."""

    def __init__(self, store: MemoryStore, uses: UsesOf | None = None) -> None:
        """``uses`` tells how often memories were in the context of replies."""
        self._store = store
        self._uses = uses

    def build(
        self,
        owner: Owner,
        message: str,
        *,
        today: date,
        language: Language,
        budget: int,
        history_texts: Sequence[str] = (),
        now: datetime | None = None,
        weights: SearchWeights | None = None,
        in_danger: bool = False,
    ) -> Context:
        """What the model gets to see of the memories for ``message``.

        Args:
            owner: Whose memories.
            message: What the user just said.
            today: The day in the user's time zone, for saying dates.
            language: In which headings and dates are written.
            budget: Most tokens (:func:`memory.nlp.tokens.estimate`) of the block.
            history_texts: The messages just before, oldest first; they help where
                the message itself recalls little ("Really? When?").
            now: Aware time, for recency; the present moment if not given.
            weights: Of the search, to try others than the store's own.
            in_danger: Somebody is in danger now: what is remembered of it goes in. Else
                a memory marked for safety goes in around its day only, or when the
                message comes near it.

        Raises:
            StoreError: the store can't be read.
        """
        began = perf_counter()
        pack = _Pack(today, language, budget)
        safety = _SafetyGate(message, today, in_danger)
        complete = self._everything(owner, pack, safety)
        if not complete:
            pack = _Pack(today, language, budget)
            marked = self._store.reads.matching(
                owner, MemoryFilter(safety=True), limit=MARKED_LIMIT
            )
            pack.add_all([m for m in marked if safety.lets_in(m)], Reason.RECALL)
            pack.closed_to_marked = True
            hits = self._recall(
                owner, message, history_texts, pack, now or datetime.now(UTC), weights
            )
            self._fill(owner, hits, pack)
        return pack.context(complete, (perf_counter() - began) * 1000)

    def _everything(self, owner: Owner, pack: _Pack, safety: _SafetyGate) -> bool:
        """Put all memories in, if they fit. Counting first keeps large stores fast."""
        most = pack.left // LEAST_LINE
        if self._store.reads.count(owner, MemoryFilter()) > most:
            return False
        found = self._store.reads.matching(owner, MemoryFilter(), limit=most + 1)
        memories = [memory for memory in found if safety.lets_in(memory)]
        profile = [m for m in memories if m.kind is Kind.CONSTANT]
        profile.sort(key=lambda m: (m.category, not m.pinned, -m.importance))
        diary = _diary([m for m in memories if m.kind is Kind.TEMPORAL], pack.today)
        return all(
            pack.add(memory, Reason.PINNED if memory.pinned else reason)
            for reason, group in ((Reason.PROFILE, profile), (Reason.DIARY, diary))
            for memory in group
        )

    def _recall(
        self,
        owner: Owner,
        message: str,
        history: Sequence[str],
        pack: _Pack,
        now: datetime,
        weights: SearchWeights | None,
    ) -> list[Hit]:
        limit = max(RECALL_HEAD, pack.left // USUAL_LINE)

        def search(query: str) -> list[Hit]:
            found = self._store.reads.search(
                owner,
                query,
                limit=limit,
                today=pack.today,
                now=now,
                weights=weights,
                uses=partial(self._uses, owner) if self._uses else None,
            )
            return list(found)

        hits = search(message)
        if len(hits) >= FEW_HITS or not history:
            return hits
        seen = {hit.memory.id for hit in hits}
        more = search(" ".join([*history, message]))
        return hits + [hit for hit in more if hit.memory.id not in seen]

    def _fill(self, owner: Owner, hits: Sequence[Hit], pack: _Pack) -> None:
        for memory in self._store.reads.matching(owner, MemoryFilter(pinned=True)):
            pack.add(memory, Reason.PINNED)
        for hit in hits[:RECALL_HEAD]:
            pack.add(hit.memory, Reason.RECALL, hit)
        plans = self._plans(owner, pack.today)
        room = int(pack.budget * CORE_SHARE)
        vital = self._profile(owner, CORE_IMPORTANCE, room)
        core = [(memory, Reason.PROFILE) for memory in vital]
        for memory, reason in core + [(memory, Reason.DIARY) for memory in plans[:PLAN_LIMIT]]:
            before = pack.left
            if room > 0 and pack.add(memory, reason):
                room -= before - pack.left
        for hit in hits[RECALL_HEAD:]:
            pack.add(hit.memory, Reason.RECALL, hit)
        # Each of these reads the store, so only where a line still has room.
        for least in LESSER_IMPORTANCE:
            if pack.left >= USUAL_LINE:
                profile = self._profile(owner, least, pack.left)
                pack.add_all(sorted(profile, key=lambda m: -m.importance), Reason.PROFILE)
        pack.add_all(plans, Reason.DIARY)
        for days in DIARY_DAYS:
            if pack.left >= USUAL_LINE:
                pack.add_all(self._past(owner, pack.today, days), Reason.DIARY)

    def _profile(self, owner: Owner, least: int, room: int) -> Sequence[Memory]:
        """Constant memories of at least this importance that may fit, latest first."""
        wanted = MemoryFilter(kinds=frozenset({Kind.CONSTANT}), importance_min=least)
        return self._store.reads.matching(owner, wanted, limit=PROFILE_SPARE + room // LEAST_LINE)

    def _plans(self, owner: Owner, today: date) -> Sequence[Memory]:
        """What lies ahead, soonest first."""
        wanted = MemoryFilter(kinds=frozenset({Kind.TEMPORAL}), event_from=today)
        return self._store.reads.matching(owner, wanted, sort="event_date", limit=DIARY_LIMIT)

    def _past(self, owner: Owner, today: date, days: int) -> Sequence[Memory]:
        """What happened in the last ``days`` days, latest first."""
        wanted = MemoryFilter(
            kinds=frozenset({Kind.TEMPORAL}), event_from=today - timedelta(days), event_to=today
        )
        return self._store.reads.matching(owner, wanted, sort="-event_date", limit=DIARY_LIMIT)


def _diary(memories: Sequence[Memory], today: date) -> list[Memory]:
    """Future plans first, soonest first; then what was, latest first."""
    day = today.isoformat()

    def ahead(memory: Memory) -> bool:
        return (memory.event_date or "") >= day[: len(memory.event_date or "")] > ""

    plans = sorted((m for m in memories if ahead(m)), key=lambda m: m.event_date or "")
    past = sorted((m for m in memories if not ahead(m)), key=lambda m: m.event_date or "")
    return plans + past[::-1]


class _SafetyGate:
    """Which memories marked for safety belong into a context."""

    def __init__(self, message: str, today: date, in_danger: bool) -> None:
        self._pieces = _pieces(message)
        self._today = today
        self._in_danger = in_danger

    def lets_in(self, memory: Memory) -> bool:
        """Whether ``memory`` may go in; one without a mark always may."""
        return (
            memory.safety is None
            or self._in_danger
            or self._near(memory.event_date)
            or self._touched(memory.text)
        )

    def _near(self, event_date: str | None) -> bool:
        if event_date is None or len(event_date) < 10:
            return False
        try:
            day = date.fromisoformat(event_date)
        except ValueError:
            return False  # another client may have written anything as a date
        return abs(day - self._today) <= NEAR_DAY

    def _touched(self, text: str) -> bool:
        shared = self._pieces & _pieces(text)
        return len(shared) >= TOUCHING or any(_MEANS.search(piece) for piece in shared)


def _pieces(text: str) -> frozenset[str]:
    """Pairs of Chinese characters and longer English words, days and persons left out."""
    bare = _COMMON.sub(" ", text.lower())
    return frozenset(
        [*re.findall(r"(?=([\u4e00-\u9fff]{2}))", bare), *re.findall(r"[a-z]{4,}", bare)]
    )


class _Pack:
    """Items on their way into the budget. Costs add up exactly, heading by heading."""

    def __init__(self, today: date, language: Language, budget: int) -> None:
        self.today = today
        self.language = language
        self.budget = budget
        self.left = budget - context_text.frame_tokens(language)
        self.closed_to_marked = False
        self._items: dict[str, ContextItem] = {}
        self._dropped: dict[str, ContextItem] = {}
        self._headings: set[Placed] = set()

    def add(self, memory: Memory, reason: Reason, hit: Hit | None = None) -> bool:
        """Take ``memory`` in if there is room; says whether it is in."""
        if memory.id in self._items:
            if hit and self._items[memory.id].hit is None:
                item = self._items[memory.id]
                self._items[memory.id] = replace(item, hit=hit, score=hit.score)
            return True
        if memory.id in self._dropped or (memory.safety and self.closed_to_marked):
            return False
        line = context_text.line(memory, self.today, self.language)
        tokens = estimate(line)
        score = hit.score if hit else None
        item = ContextItem(memory, reason, line, tokens, score, hit)
        new = [p for p in _headings(memory, reason) if p not in self._headings]
        cost = tokens + sum(estimate(context_text.heading(p, self.language)) for p in new)
        if cost > self.left:
            self._dropped[memory.id] = item
            return False
        self.left -= cost
        self._headings.update(new)
        self._items[memory.id] = item
        return True

    def add_all(self, memories: Sequence[Memory], reason: Reason) -> None:
        """Take in whatever of ``memories`` there is room for."""
        for memory in memories:
            self.add(memory, reason)

    def context(self, complete: bool, milliseconds: float) -> Context:
        """What was packed, as a value."""
        items = tuple(self._items.values())
        return Context(
            items=items,
            text=context_text.render(items, self.language),
            tokens=self.budget - self.left if items else 0,
            budget=self.budget,
            complete=complete,
            milliseconds=milliseconds,
            dropped=tuple(self._dropped.values())[:DROPPED_LIMIT],
        )


def _headings(memory: Memory, reason: Reason) -> Iterator[Placed]:
    placed = context_text.place(memory, reason)
    yield Placed(placed.section, "")
    if placed.group:
        yield placed
