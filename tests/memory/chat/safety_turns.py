"""Turns of somebody in danger, for the tests of the companion."""

from __future__ import annotations

import re

from memory.chat.turn import Turn
from memory.container import Container
from memory.types import Owner

CHEER = re.compile(
    r"加油|恭喜|真棒|太好了|顺顺利利|拿手|桂花|围巾|good luck|congrat|well done|how nice|look forward",
    re.IGNORECASE,
)
AFTER = ("嗯", "外面在下雨", "你今天做了什么", "讲个笑话", "食堂的鱼还行", "谢谢", "晚安")


def turn(running: Container, owner: Owner, session: str, text: str, language: str = "zh") -> Turn:
    started = running.companion.reply(owner, session, text, language=language)  # type: ignore[arg-type]
    for _ in started:
        pass
    started.close()
    return started


def remembered(running: Container, owner: Owner, session: str) -> None:
    """Everything said is extracted."""
    running.extraction_worker.run_now(owner, session)
    assert running.extraction_worker.wait_idle()
