"""Requests to an endpoint: what is sent, and how it may be changed where it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from memory.llm.endpoint import ChatMessages
from memory.llm.learned import EndpointHabits
from memory.llm.message_shape import NO_SYSTEM, PARTS, USER_FIRST, shaped, with_pictures
from memory.llm.profiles import ProviderProfile
from memory.llm.transport import EndpointTransport
from memory.types import EmbeddingPurpose

NO_THINKING = "no thinking"
"""Under this name the parameters that keep a model from thinking are refused."""
JSON_SCHEMA = "json_schema"
BARE_TEXT = "bare_text"
"""A text to embed isn't in a list of its own."""
INPUT_TYPE = "input_type"
"""The endpoint wants to know whether a text to embed is a question or what is searched."""
PICTURES = "image_url"
"""Under this name, the one that complaints use, pictures are refused."""


_LISTS = ("valid list", "be a list", "an array", "expected list", "valid sequence", "be array")


class EndpointRequest(Protocol):
    """A request whose options may be left out."""

    model: str
    options: dict[str, Any]
    whole: bool
    shapes: set[str]

    @property
    def operation(self) -> str:
        """Its path below the base address."""

    @property
    def streams(self) -> bool:
        """Whether its answer may come in pieces."""

    def send(self) -> Any:
        """Make it; see :class:`~memory.llm.transport.EndpointTransport` for the errors."""

    def next_shape(self, said: str) -> str | None:
        """A shape of its messages that wasn't tried and changes something."""


@dataclass(slots=True)
class ChatCompletionRequest:
    """A request for a reply."""

    transport: EndpointTransport
    model: str
    messages: ChatMessages
    shapes: set[str]
    options: dict[str, Any]
    whole: bool = False

    @property
    def operation(self) -> str:
        """Its path below the base address."""
        return "/chat/completions"

    @property
    def streams(self) -> bool:
        """Whether its answer may come in pieces."""
        return True

    def send(self) -> Any:
        """Make it; the body of the answer isn't read yet."""
        options = dict(self.options)
        if self.whole:
            options.pop("stream_options", None)
        pictures = options.pop(PICTURES, ())
        body = {name: value for name, value in options.items() if name != NO_THINKING}
        body |= options.get(NO_THINKING, {})
        said = shaped(self.messages, self.shapes)
        body["messages"] = with_pictures(said, pictures) if pictures else said
        return self.transport.chat(self.model, body, stream=not self.whole)

    def next_shape(self, said: str) -> str | None:
        """A shape of its messages that wasn't tried and changes something."""
        text = said.lower()
        order = [USER_FIRST, NO_SYSTEM]
        if "system" in text and "alternat" not in text:
            order.reverse()
        if wants_parts(text):
            order.insert(0, PARTS)
        now = shaped(self.messages, self.shapes)
        return next(
            (
                s
                for s in order
                if s not in self.shapes and shaped(self.messages, {*self.shapes, s}) != now
            ),
            None,
        )


@dataclass(slots=True)
class EmbeddingRequest:
    """A request for vectors."""

    transport: EndpointTransport
    model: str
    texts: Sequence[str]
    options: dict[str, Any]
    whole: bool = True
    shapes: set[str] = field(default_factory=set)
    purpose: EmbeddingPurpose = "passage"

    @property
    def operation(self) -> str:
        """Its path below the base address."""
        return "/embeddings"

    @property
    def streams(self) -> bool:
        """Vectors come in one piece."""
        return False

    def send(self) -> Any:
        """Make it; the answer as JSON."""
        texts: Any = list(self.texts)
        if BARE_TEXT in self.shapes and len(texts) == 1:
            texts = texts[0]
        body = {"model": self.model, "input": texts, **self.options}
        if INPUT_TYPE in self.shapes:
            body[INPUT_TYPE] = self.purpose
        return self.transport.embeddings(body)

    def next_shape(self, said: str) -> str | None:
        """Some take a single text only where it stands by itself, some ask what it is for."""
        if INPUT_TYPE in said.lower() and INPUT_TYPE not in self.shapes:
            return INPUT_TYPE
        bare = len(self.texts) == 1 and BARE_TEXT not in self.shapes
        return BARE_TEXT if bare else None


@dataclass(slots=True)
class PlainRequest:
    """A request of which nothing can be left out: for names of models, a transcript, speech."""

    operation: str
    ask: Callable[[], Any]
    model: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    whole: bool = True
    shapes: set[str] = field(default_factory=set)

    @property
    def streams(self) -> bool:
        """Its answer comes in one piece."""
        return False

    def send(self) -> Any:
        """Make it; the answer as the transport gives it."""
        return self.ask()

    def next_shape(self, said: str) -> str | None:
        """There are no roles."""
        return None


def wants_parts(said: str) -> bool:
    """Whether a complaint is about content that doesn't stand in a list of parts."""
    text = said.lower()
    return "content" in text and any(word in text for word in _LISTS)


def chat_options(
    profile: ProviderProfile,
    known: EndpointHabits,
    *,
    thinking: bool,
    temperature: float | None = None,
    json_mode: bool = False,
    schema: Mapping[str, Any] | None = None,
    pictures: Sequence[str] = (),
) -> dict[str, Any]:
    """The optional parameters of a request for a reply, as far as the endpoint takes them.

    Args:
        profile: What the provider takes.
        known: What this endpoint refused before, or insists on.
        thinking: Let the model think.
        temperature: To ask for; none leaves it to the endpoint.
        json_mode: Ask for JSON, in the strongest form that is taken.
        schema: What the JSON has to look like.
        pictures: Data URLs of what is shown with the last message.
    """
    options: dict[str, Any] = dict(known.needed)
    if pictures:
        options[PICTURES] = list(pictures)
    if temperature is not None and profile.temperature:
        options["temperature"] = temperature
    if json_mode and profile.json != "text":
        options["response_format"] = {"type": "json_object"}
        if schema and profile.json == "schema" and JSON_SCHEMA not in known.refused:
            form = {"name": "reply", "strict": True, "schema": dict(schema)}
            options["response_format"] = {"type": JSON_SCHEMA, JSON_SCHEMA: form}
    quiet = {} if thinking else profile.thinking_off or profile.thinking_low
    if quiet:
        options[NO_THINKING] = dict(quiet)
    if profile.stream_usage:
        options["stream_options"] = {"include_usage": True}
    return options


def chat_shapes(profile: ProviderProfile, known: EndpointHabits) -> set[str]:
    """The shapes in which the messages have to come."""
    shapes = set(known.shapes)
    if profile.first_role == "user":
        shapes.add(USER_FIRST)
    if not profile.system_role:
        shapes.add(NO_SYSTEM)
    return shapes
