"""A scripted endpoint: says what a test wants it to say, at the speed it wants."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.browser.app_process import WITHOUT_ENCODER
from tests.fakes.openai_server import FakeOpenAI

KEY = "sk-niannian-browser-0123456789"


def is_extraction(body: Mapping[str, Any]) -> bool:
    """Whether a chat request asks for memories."""
    return any(m["role"] == "system" and '"memories"' in m["content"] for m in body["messages"])


@dataclass
class Script:
    """What the endpoint answers. ``extraction`` waits until ``may_extract`` is set."""

    replies: list[str] = field(default_factory=list)
    extraction: Callable[[Mapping[str, Any]], str] = lambda body: '{"memories": []}'
    may_extract: threading.Event = field(default_factory=threading.Event)
    extracting: threading.Event = field(default_factory=threading.Event)
    extractions: int = 0

    def answer(self, body: Mapping[str, Any]) -> str:
        """The reply to a chat or an extraction request."""
        if is_extraction(body):
            self.extractions += 1
            self.extracting.set()
            self.may_extract.wait(60)
            return self.extraction(body)
        return self.replies.pop(0) if self.replies else "嗯，我在听。"


def number_of(body: Mapping[str, Any], words: str) -> int:
    """The number under which the prompt shows the message that holds ``words``."""
    prompt = "\n".join(str(m["content"]) for m in body["messages"] if m["role"] == "user")
    line = next(line for line in prompt.splitlines() if words in line and line[:1] in "[0123456789")
    return int(re.findall(r"\d+", line)[0])


def serve(script: Script, **options: Any) -> FakeOpenAI:
    """An endpoint that follows ``script`` and takes only ``KEY``; use it with ``with``."""
    return FakeOpenAI(answer=script.answer, key=KEY, **options)


def environment(server: FakeOpenAI, **more: str) -> dict[str, str]:
    """What connects the app to ``server``."""
    return {
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": KEY,
        "NIANNIAN_CHAT_MODEL": "fake-chat",
        **WITHOUT_ENCODER,
        **more,
    }
