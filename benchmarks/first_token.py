"""Time from sending a message to the first streamed character, without the model's own time.

    python -m benchmarks.first_token [--memories 10000] [--own 500] [--messages 200] [--json FILE]

One folder, many users; the measured user owns ``--own`` of the memories, which is
far more than fits into the context, so every message needs a search. The model
answers at once: what remains is storing the message, building the context and
opening the reply, on real files with real syncs. The mark to reach is p95 < 50 ms.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

# Also as a script: python benchmarks/first_token.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from memory.chat.companion import Companion
from memory.chat.generation import Speakers
from memory.config import Settings
from memory.container import Container, build
from memory.types import Kind, Memory, Owner, ReplyRequest, Subject, Usage

PEOPLE = ["小李", "妈妈", "阿哲", "表姐", "同事老王", "室友", "Anna", "邻居张阿姨"]
PLACES = ["杭州", "西湖", "图书馆", "公司", "健身房", "咖啡馆", "成都", "海边"]
THINGS = ["花生", "桂花茶", "爵士乐", "羽毛球", "吉他", "科幻小说", "猫", "登山", "日语", "摄影"]
VERBS = ["喜欢", "讨厌", "开始学", "聊到了", "买了", "忘不了", "想试试", "每周都碰"]
QUESTIONS = [
    "你还记得我喜欢什么吗",
    "上周末我去了哪",
    "我对什么过敏",
    "和{p}去{w}那次怎么样",
    "{t}好难啊",
]


class _Instant:
    """A stream that answers at once and says nothing about tokens."""

    usage = Usage()

    def __iter__(self) -> Iterator[str]:
        yield "好"

    def close(self) -> None:
        """Nothing to let go of."""


class _InstantModel:
    """A chat model that takes no time, so that only our own time is left."""

    name = "instant"
    is_builtin = False

    def reply(self, request: ReplyRequest) -> _Instant:
        """Answer with one character."""
        return _Instant()


def fill(container: Container, memories: int, own: int, rng: random.Random) -> Owner:
    """Store ``memories`` over 20 owners, ``own`` of them for the one returned."""
    me = container.db.users.create("测试", id="bench")
    owner = Owner(me.id, "niannian")
    others = [Owner(f"other-{i}", "niannian") for i in range(19)]
    now = datetime.now(UTC)
    batch = []
    for number in range(memories):
        who = owner if number < own else others[number % len(others)]
        day = now - timedelta(days=rng.randrange(720))
        temporal = rng.random() < 0.6
        text = (
            f"用户和{rng.choice(PEOPLE)}在{rng.choice(PLACES)}{rng.choice(VERBS)}"
            f"{rng.choice(THINGS)}，第{number}次"
        )
        batch.append(
            Memory(
                id=f"00000000-0000-4000-8000-{number:012d}",
                owner=who,
                text=text,
                subject=Subject.USER if rng.random() < 0.7 else Subject.AI,
                kind=Kind.TEMPORAL if temporal else Kind.CONSTANT,
                category="event" if temporal else "preference",
                event_date=day.date().isoformat() if temporal else None,
                importance=rng.randrange(1, 6),
                created_at=day,
                updated_at=day,
            )
        )
    container.store.writes.put(batch)
    return owner


def measure(container: Container, owner: Owner, messages: int, rng: random.Random) -> list[float]:
    """Milliseconds to the first character, per message."""
    companion = Companion(
        settings=container.settings,
        db=container.db,
        contexts=container.contexts,
        speakers=Speakers(_InstantModel()),
        watch=container.safety_watch,
        personas=container.personas,
        clock=container.clock,
        turn_ended=container.extraction_worker.wake,
        priority=container.priority,
    )
    session = container.session_opener.open(owner, "zh")
    times = []
    for _ in range(messages):
        text = rng.choice(QUESTIONS).format(
            p=rng.choice(PEOPLE), w=rng.choice(PLACES), t=rng.choice(THINGS)
        )
        started = perf_counter()
        turn = companion.reply(owner, session.id, text)
        pieces = iter(turn)
        next(pieces)
        times.append((perf_counter() - started) * 1000)
        for _ in pieces:
            pass
    return times


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--memories", type=int, default=10_000)
    parser.add_argument("--own", type=int, default=500)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        settings = replace_dir(Settings(), Path(folder))
        container = build(settings)
        try:
            owner = fill(container, options.memories, options.own, rng)
            first = measure(container, owner, 1, rng)[0]
            times = measure(container, owner, options.messages, rng)
        finally:
            container.close()
    p50, p95, worst = (float(np.percentile(times, q)) for q in (50, 95, 100))
    print(f"memories {options.memories:,} (own {options.own:,}), messages {options.messages}")
    print(f"{'first ever':>12} {'p50':>8} {'p95':>8} {'max':>8}   ms to the first character")
    print(f"{first:12.1f} {p50:8.1f} {p95:8.1f} {worst:8.1f}")
    if options.json:
        figures = {"first_ms": first, "p50_ms": p50, "p95_ms": p95, "max_ms": worst}
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def replace_dir(settings: Settings, folder: Path) -> Settings:
    """The same settings on another folder, with nothing configured."""
    return settings.model_copy(
        update={
            "data_dir": folder,
            "openai_api_key": None,
            "openai_base_url": None,
            "embedder": "builtin",
            "qdrant_url": None,
            "database_url": None,
        }
    )


if __name__ == "__main__":
    main()
