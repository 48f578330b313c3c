"""A batch for the built-in extraction without ledger or store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from memory.builtin.extraction import BuiltinExtraction
from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder
from memory.types import (
    DEFAULT_CATEGORIES,
    ExtractionRequest,
    Language,
    Memory,
    Message,
    Operation,
    Owner,
    Persona,
    PersonaText,
)

Extract = Callable[..., tuple[Operation, ...]]

# Noon of Wednesday 22 October 2025 in Shanghai.
SAID_AT = datetime(2025, 10, 22, 4, 0, tzinfo=UTC)


def _text(name: str) -> PersonaText:
    return PersonaText(name, "", "", "", "", (), ())


OWNER = Owner("u", "niannian")
PERSONA = Persona("niannian", "a.svg", {"zh": _text("念念"), "en": _text("Niannian")})


def extract_all(
    *messages: str,
    known: Sequence[Memory] = (),
    said_at: datetime = SAID_AT,
    timezone: str = "Asia/Shanghai",
    language: Language = "zh",
    most: int = 50,
    categories: tuple[str, ...] = DEFAULT_CATEGORIES,
    encoder: SentenceEncoder | None = None,
) -> tuple[Operation, ...]:
    """Extracts from messages; ``"AI: …"`` is the persona's. By rules alone without an encoder."""
    batch = tuple(
        Message(
            id=f"m{number}",
            session_id="s",
            owner=OWNER,
            number=number,
            role="assistant" if text.startswith("AI:") else "user",
            text=text.removeprefix("AI:").lstrip(),
            created_at=said_at,
        )
        for number, text in enumerate(messages, 1)
    )
    request = ExtractionRequest(
        OWNER, PERSONA, language, batch, tuple(known), timezone, "", categories, most
    )
    return BuiltinExtraction(encoder).extract(request).operations


@pytest.fixture(scope="session")
def extract() -> Extract:
    return extract_all


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The sentence encoder, loaded."""
    encoder = shared_encoder()
    encoder.encode(["warm"])
    return encoder
