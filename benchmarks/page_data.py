"""A data folder of any size for measuring pages: users, memories, talks, traces, moods.

Every user has about 500 memories and what comes with them, so that more memories mean
more users, as in life. The first user is the one whose pages are opened.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from memory.container import Container
from memory.types import (
    DEFAULT_CATEGORIES,
    Kind,
    Memory,
    Owner,
    Reason,
    Source,
    Subject,
    Trace,
    TraceItem,
)

OWN = 500
TALKS = 12
TURNS = 10
PERSONA = "niannian"
CHUNK = 5000

_PEOPLE = ("小李", "妈妈", "阿哲", "表姐", "同事老王", "室友", "Anna", "邻居张阿姨")
_PLACES = ("杭州", "西湖", "图书馆", "公司", "健身房", "咖啡馆", "成都", "海边")
_THINGS = ("桂花茶", "爵士乐", "羽毛球", "吉他", "科幻小说", "猫", "登山", "日语", "摄影", "陶艺")


def fill(container: Container, memories: int, seed: int = 1, own: int = OWN) -> Owner:
    """Store ``memories`` over users of ``own`` each; returns the first user's owner."""
    rng = random.Random(seed)
    now = datetime.now(UTC)
    users = max(1, memories // own)
    owners = []
    for number in range(users):
        user = container.db.users.create(
            f"测试{number + 1}", id=f"bench-{number}", language="zh", timezone="Asia/Shanghai"
        )
        owners.append(Owner(user.id, PERSONA))
    talks(container, owners[0], now)
    batch: list[Memory] = []
    for memory in _memories(owners, memories, rng, now):
        batch.append(memory)
        if len(batch) == CHUNK:
            container.store.writes.put(batch)
            batch = []
    container.store.writes.put(batch)
    traces(container, owners[0], now)
    return owners[0]


def talks(container: Container, owner: Owner, now: datetime) -> None:
    """Conversations of the last months, each a batch with a mood."""
    db = container.db
    for talk in range(TALKS):
        begun = now - timedelta(days=7 * (TALKS - talk), hours=talk)
        session = db.sessions.create(owner, f"会话{talk + 1}", created_at=begun)
        for turn in range(TURNS):
            at = begun + timedelta(minutes=turn)
            asked = db.messages.add(owner, session.id, "user", f"今天第{turn}件事", created_at=at)
            db.messages.add(
                owner, session.id, "assistant", "嗯，我记得", reply_to=asked.id, created_at=at
            )
        made = db.batches.make(owner, session.id)
        if made is not None:
            mood = {"score": talk % 5 - 2, "word": "平静"}
            db.history.record([], finish_batch=made.id, outcome={"mood": mood})


def traces(container: Container, owner: Owner, now: datetime) -> None:
    """A trace with a few memories for every reply."""
    db = container.db
    memories = container.store.reads.matching(owner, limit=60)
    replies = [
        message
        for session in db.sessions.of(owner)
        for message in db.messages.of(owner, session.id)
        if message.role == "assistant"
    ]
    for place, reply in enumerate(replies):
        items = tuple(
            TraceItem.of(memories[(place + step) % len(memories)], Reason.RECALL)
            for step in range(5)
        )
        db.traces.save(owner, Trace(reply.id, items, created_at=now))


def _memories(
    owners: list[Owner], count: int, rng: random.Random, now: datetime
) -> Iterator[Memory]:
    for number in range(count):
        temporal = rng.random() < 0.6
        day = now - timedelta(days=rng.randrange(720))
        yield Memory(
            id=f"00000000-0000-4000-8000-{number:012d}",
            owner=owners[number % len(owners)],
            text=(
                f"用户和{rng.choice(_PEOPLE)}在{rng.choice(_PLACES)}聊到了"
                f"{rng.choice(_THINGS)}，第{number}次"
            ),
            subject=Subject.USER if rng.random() < 0.7 else Subject.AI,
            kind=Kind.TEMPORAL if temporal else Kind.CONSTANT,
            category=rng.choice(DEFAULT_CATEGORIES),
            event_date=day.date().isoformat() if temporal else None,
            importance=rng.randrange(1, 6),
            created_at=day,
            updated_at=day,
            source=Source(),
        )
