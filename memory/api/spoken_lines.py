"""Spoken lines: the messages of a conversation in every form in which programs send them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from memory.api.fields import Moment
from memory.chat.companion import MAX_MESSAGE
from memory.i18n import translate
from memory.nlp.language import detect
from memory.types import User
from memory.types.conversation import NAME_LENGTH

PASSED_OVER = frozenset({"system", "developer", "tool", "function"})
"""Roles that nobody speaks in: instructions, and what tools said."""

LINES = 400
"""At most so many in one request."""


def in_a_list(messages: Any) -> Any:
    """A plain text, or one message alone, as a list of messages."""
    if isinstance(messages, str):
        return [{"role": "user", "content": messages}]
    return [messages] if isinstance(messages, dict) else messages


def text_of(content: Any) -> Any:
    """The text of a message; of one in parts (text, pictures) its texts."""
    if content is None:  # a model that calls tools says nothing beside it
        return ""
    parts = [content] if isinstance(content, dict) else content
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return content
    texts = [part.get("text") for part in parts]
    return "\n".join(text for text in texts if isinstance(text, str))


class SpokenLine(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant", "ai", "system", "developer", "tool", "function"] = Field(
        "user", description="What isn't said by a user or an assistant is passed over"
    )
    content: Annotated[str, BeforeValidator(text_of), Field(min_length=1, max_length=MAX_MESSAGE)]
    name: str | None = Field(
        None, max_length=NAME_LENGTH, description="Who said it, where several people talk"
    )
    timestamp: Moment | None = None

    def text_for(self, user: User) -> str:
        """What was said, as reported speech where somebody else than ``user`` said it.

        Else what a friend says about themselves would become a memory about the user.
        """
        name = " ".join((self.name or "").split())
        same = {user.id.casefold(), user.name.casefold(), ""}
        if self.role != "user" or name.casefold() in same:
            return self.content
        return translate(detect(self.content), "api.said_by", name=name, text=self.content)


def spoken(lines: list[SpokenLine]) -> list[SpokenLine]:
    """Those that somebody spoke.

    Raises:
        ValueError: nobody did.
    """
    found = [line for line in lines if line.role not in PASSED_OVER]
    if not found:
        raise ValueError("the conversation needs a message of the user")
    return found


Conversation = Annotated[
    list[SpokenLine],
    BeforeValidator(in_a_list),
    AfterValidator(spoken),
    Field(min_length=1, max_length=LINES, description="A list; a text or one message will do"),
]
