"""What remembering costs: model calls and prompt tokens of a conversation of 100 turns.

    python -m benchmarks.cost [--turns 100] [--json FILE]

Ours (a batch every ten turns) and stock mem0 2.2.1 (``add`` after each turn, as
its documentation shows) talk to the same local server, which counts what arrives.
Tokens are estimated in the same way for both (``memory/nlp/tokens.py``). The marks to
reach: at most a tenth of the calls and a twentieth of the prompt tokens.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.config import Settings, load_settings
from memory.container import Container, build
from memory.types import Language, Owner
from memory.vector_store.mem0.bridge import load_mem0
from tests.fakes.openai_server import FakeOpenAI

DIMS = 256
MOST_CALLS, MOST_TOKENS = 1 / 10, 1 / 20

THINGS: dict[Language, Sequence[str]] = {
    "zh": (
        "爵士乐",
        "登山",
        "桂花茶",
        "科幻小说",
        "羽毛球",
        "日语",
        "摄影",
        "烘焙",
        "老电影",
        "吉他",
    ),
    "en": (
        "jazz",
        "hiking",
        "green tea",
        "novels",
        "badminton",
        "Japanese",
        "photography",
        "baking",
        "old films",
        "the guitar",
    ),
}
TURNS: dict[Language, Sequence[tuple[str, str]]] = {
    "zh": (
        (
            "我最近迷上了{t}，每天下班都要花上一个小时，你觉得会不会太多了？",
            "不会呀，能有一件让自己放松的事挺好的。",
        ),
        (
            "我昨天跟小李聊了很久{t}，他说他也想试试，我们约好周末一起。",
            "听起来很开心，周末记得好好玩。",
        ),
        (
            "我今天有点累，开了一下午的会，晚上只想听点关于{t}的东西。",
            "辛苦啦，我今天也在窗边坐了一会儿，什么都没做。",
        ),
        (
            "我妈妈以前很喜欢{t}，小时候总是带着我一起，现在想起来很温暖。",
            "这样的回忆真好，谢谢你告诉我。",
        ),
        ("我打算下个月报一个{t}的班，就是不知道能不能坚持下来。", "可以先试一节课，不急着决定。"),
    ),
    "en": (
        (
            "I got into {t} lately and spend an hour on it every evening, is that too much?",
            "Not at all, it's good to have something that lets you unwind.",
        ),
        (
            "I talked with Li about {t} yesterday for hours and we agreed to meet on the weekend.",
            "That sounds lovely, have a good time together.",
        ),
        (
            "I am tired today, meetings all afternoon, tonight I only want something about {t}.",
            "You worked hard. I sat by the window for a while today and did nothing at all.",
        ),
        (
            "My mother loved {t} when I was small and took me along, it feels warm to remember.",
            "What a good memory to have, thank you for telling me.",
        ),
        (
            "I plan to take a class in {t} next month, I'm just not sure I'll keep it up.",
            "You could try a single lesson first, there's no hurry to decide.",
        ),
    ),
}


def conversation(language: Language, turns: int) -> list[tuple[str, str]]:
    """``turns`` everyday turns, about sixty characters each."""
    things, lines = THINGS[language], TURNS[language]
    return [
        (asked.format(t=things[n % len(things)]), said)
        for n in range(turns)
        for asked, said in [lines[n % len(lines)]]
    ]


def ours(folder: Path, server: FakeOpenAI, language: Language, turns: int) -> None:
    """Play the conversation; a batch whenever ten turns are due."""
    settings = settings_for(folder, server)
    clock = _Clock()
    container = build(settings, clock=clock)
    try:
        container.extraction_worker.stop()
        owner = Owner(container.db.users.create("bench", language=language).id, "niannian")
        session = container.db.sessions.create(owner)
        for asked, said in conversation(language, turns):
            clock.now += timedelta(minutes=3)
            message = container.db.messages.add(owner, session.id, "user", asked)
            container.db.messages.add(owner, session.id, "assistant", said, reply_to=message.id)
            _work(container, clock.now - timedelta(days=1))
        _work(container, clock.now + timedelta(days=1))
    finally:
        container.close()


def stock(folder: Path, server: FakeOpenAI, language: Language, turns: int) -> None:
    """Play the conversation to mem0 as it ships, one ``add`` a turn."""
    os.environ.pop("OPENROUTER_API_KEY", None)
    parts = load_mem0(folder)
    endpoint = {"api_key": "none", "openai_base_url": server.url}
    memory = parts.mem0.Memory.from_config(
        {
            "llm": {"provider": "openai", "config": {"model": "fake-chat", **endpoint}},
            "embedder": {
                "provider": "openai",
                "config": {"model": "fake-embedding", "embedding_dims": DIMS, **endpoint},
            },
            "vector_store": {
                "provider": "qdrant",
                "config": {
                    "path": str(folder / "qdrant"),
                    "on_disk": True,
                    "embedding_model_dims": DIMS,
                },
            },
            "history_db_path": str(folder / "history.db"),
        }
    )
    memory.vector_store._bm25_encoder = False
    for asked, said in conversation(language, turns):
        messages = [{"role": "user", "content": asked}, {"role": "assistant", "content": said}]
        memory.add(messages, user_id="bench")
    memory.close()


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2024, 10, 18, 4, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def settings_for(folder: Path, server: FakeOpenAI) -> Settings:
    """Chat, extraction and embedding at the local server."""
    os.environ["NIANNIAN_DATA_DIR"] = str(folder)
    return load_settings(
        openai_base_url=server.url,
        chat_model="fake-chat",
        embedder="openai",
        embedding_model="fake-embedding",
        embedding_dims=DIMS,
    )


def _work(container: Container, idle_before: datetime) -> None:
    db = container.db
    due = db.batches.due_sessions(turns=container.settings.batch_turns, idle_before=idle_before)
    for owner, session_id in due:
        db.batches.make(owner, session_id)
    while (batch := db.leases.claim("bench", container.clock())) is not None:
        container.extractor.run(batch)


def measure(
    play: Callable[[Path, FakeOpenAI, Language, int], None], language: Language, turns: int
) -> dict[str, Any]:
    """What arrived at the server while ``play`` ran."""
    with tempfile.TemporaryDirectory() as folder, FakeOpenAI(dims=DIMS) as server:
        started = perf_counter()
        play(Path(folder), server, language, turns)
        seconds = perf_counter() - started
        chats = server.chats()
        embeddings = [r for r in server.requests if r.path.endswith("/embeddings")]
        return {
            "calls": len(chats),
            "prompt_tokens": sum(request.prompt_tokens for request in chats),
            "embedding_requests": len(embeddings),
            "seconds": round(seconds, 2),
        }


def main() -> int:
    """Print the table; the exit code is 1 where a mark is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=100)
    parser.add_argument("--json", type=Path, help="write the same figures there")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    result: dict[str, Any] = {}
    missed = False
    for language in ("zh", "en"):
        figures = {
            "niannian": measure(ours, language, arguments.turns),
            "mem0": measure(stock, language, arguments.turns),
        }
        mine, theirs = figures["niannian"], figures["mem0"]
        shares = {key: mine[key] / theirs[key] for key in ("calls", "prompt_tokens")}
        missed |= shares["calls"] > MOST_CALLS or shares["prompt_tokens"] > MOST_TOKENS
        result[language] = {**figures, "share": {k: round(v, 4) for k, v in shares.items()}}
        print(f"\n{language}, {arguments.turns} turns")
        print(f"{'':10}{'calls':>8}{'prompt tokens':>15}{'embeddings':>12}{'seconds':>9}")
        for name, row in figures.items():
            print(
                f"{name:10}{row['calls']:8}{row['prompt_tokens']:15,}"
                f"{row['embedding_requests']:12}{row['seconds']:9}"
            )
        print(
            f"ours / stock: calls 1/{1 / shares['calls']:.1f}, "
            f"prompt tokens 1/{1 / shares['prompt_tokens']:.1f}"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1), "utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
