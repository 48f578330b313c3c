"""An endpoint's settings, and requests for replies."""

from __future__ import annotations

from datetime import UTC, datetime

from memory.chat.personas import load_personas
from memory.config import Settings, load_settings
from memory.types import Context, Language, Message, MessageState, Owner, ReplyRequest, Role
from tests.fakes.openai_server import FakeOpenAI

KEY = "sk-very-secret-0123456789"
NOW = datetime(2024, 10, 18, 13, 5, tzinfo=UTC)
OWNER = Owner("u", "niannian")
PERSONA = load_personas()["niannian"]


def settings_for(server: FakeOpenAI, **fields: object) -> Settings:
    values = {
        "openai_base_url": server.url,
        "openai_api_key": KEY,
        "chat_model": "fake-chat",
        "embedder": "openai",
        "embedding_model": "fake-embedding",
        "embedding_dims": 64,
        "request_timeout": 5,
    }
    return load_settings(**{**values, **fields})


def message(number: int, role: Role, text: str, state: MessageState = MessageState.DONE) -> Message:
    return Message(f"m{number}", "s", OWNER, number, role, text, NOW, state)


def request(text: str = "你好", language: Language = "zh", **fields: object) -> ReplyRequest:
    values = {
        "owner": OWNER,
        "persona": PERSONA,
        "language": language,
        "message": text,
        "history": (),
        "context": Context((), "", 0, 1500, True),
        "now": NOW,
        "timezone": "Asia/Shanghai",
        "user_name": "小林",
    }
    return ReplyRequest(**{**values, **fields})  # type: ignore[arg-type]
