"""Endpoint port: what the models need of an endpoint, small enough for a test double."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

ChatMessages: TypeAlias = Sequence[dict[str, str]]
"""``role`` and ``content`` each, the system message first."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole reply. Tokens are ``None`` if the endpoint didn't report them.

    ``cut`` says that it reached its limit before its end.
    """

    text: str
    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """Part of a streamed reply: some text, that the model thinks, or the tokens.

    With ``retract`` all text before turned out to be a thought that was closed without
    having been opened.
    """

    text: str = ""
    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    thinking: bool = False
    retract: bool = False


class DeltaStream(Protocol):
    """A streamed reply; ``close`` aborts it, also from another thread."""

    def __iter__(self) -> Iterator[Delta]: ...

    def close(self) -> None:
        """Hang up."""


class Endpoint(Protocol):
    """An OpenAI-compatible endpoint. All methods raise ``ModelError``s only."""

    @property
    def host(self) -> str:
        """Its host, fit for messages to people."""

    @property
    def complaint(self) -> str:
        """What it said at its last refusal, without keys."""

    def context(self, model: str) -> int:
        """Tokens that a prompt and its reply may have together; 0 if that isn't known."""

    def sees(self, model: str) -> bool:
        """Whether the model looks at pictures, as far as its name and what it took tell."""

    def complete(
        self,
        messages: ChatMessages,
        *,
        model: str,
        json_mode: bool,
        schema: Mapping[str, Any] | None = None,
        pictures: Sequence[str] = (),
    ) -> Completion:
        """A whole reply at temperature 0, without thoughts.

        Args:
            messages: What is answered.
            model: The model's name.
            json_mode: JSON is wanted, in the strongest form that the endpoint takes.
            schema: What the JSON has to look like, where the endpoint holds a model to it.
            pictures: Data URLs of what is shown with the last message; left out where the
                endpoint refuses them.
        """

    def stream(
        self,
        messages: ChatMessages,
        *,
        model: str,
        hold: bool = False,
        pictures: Sequence[str] = (),
    ) -> DeltaStream:
        """A reply in pieces, without thoughts; ``hold`` where nobody reads along."""

    def embed(
        self, texts: Sequence[str], *, model: str, dims: int | None, patient: bool = False
    ) -> list[list[float]]:
        """One vector a text, in order; ``patient`` waits where the endpoint is busy."""

    def models(self) -> list[str]:
        """Names of the models on offer."""


def host_of(url: str) -> str:
    """Host and port of ``url``; empty if it isn't an address one could connect to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    if not re.fullmatch(r"[\w.:-]+", host):
        return ""
    return f"{host}:{port}" if port else host
