"""Request models: what programs send."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from memory.api.fields import (
    Category,
    Day,
    Id,
    Listed,
    Metadata,
    Moment,
    OneOrMore,
    PersonaId,
    SessionName,
    UserId,
)
from memory.api.spoken_lines import Conversation
from memory.api.tenants import OfTenant
from memory.chat.companion import MAX_MESSAGE
from memory.i18n import KnownLanguage
from memory.types import Kind, Opinion, Status, Subject
from memory.types.conversation import SUMMARY_LENGTH

TEXT = 2000
BATCH = 500


class _Part(BaseModel):
    # A misspelt field is an error of its sender, not something to pass over.
    model_config = ConfigDict(extra="forbid")


class _Request(_Part, OfTenant):
    pass


class ChatRequest(_Request):
    """One message to the companion."""

    user_id: UserId
    message: str = Field(min_length=1, max_length=MAX_MESSAGE, examples=["我对花生过敏，记一下。"])
    session_id: SessionName | None = Field(None, examples=["session_001"])
    persona_id: PersonaId = None
    metadata: Metadata | None = Field(
        None,
        description="Kept with memories that are learnt of it (of turns that are learnt from "
        "together, that of the last one); comes back with the answer",
    )
    timestamp: Moment | None = Field(None, description="When it was said; now if left out")
    remember: bool = Field(True, description="false: memories are read, never written")
    stream: bool = Field(False, description="Answer as server-sent events")
    language: KnownLanguage | None = Field(
        None, description="Where the message itself doesn't tell"
    )


class StopRequest(_Request):
    """Which reply is to stop."""

    user_id: UserId
    session_id: SessionName = Field(examples=["session_001"])
    persona_id: PersonaId = None


class SummaryRequest(_Request):
    """What is to be known of the older turns of a session."""

    text: str = Field(max_length=SUMMARY_LENGTH, description="Empty: nothing of them is told")


class Filters(_Part):
    """What a search is limited to; empty fields don't limit."""

    subject: OneOrMore[Subject] = []
    kind: OneOrMore[Kind] = []
    category: OneOrMore[Category] = []
    status: OneOrMore[Status] = [Status.ACTIVE]
    event_from: Day | None = Field(None, description="First day on which it may have happened")
    event_to: Day | None = None
    stored_from: Moment | None = Field(None, description="Stored at this time or later")
    stored_to: Moment | None = None
    importance_min: int | None = Field(None, ge=1, le=5)
    pinned: bool | None = None
    safety: bool | None = Field(None, description="true: only what comes from a danger")
    feedback: OneOrMore[Opinion] = Field([], description="Of which somebody thinks this")


class FeedbackRequest(_Request):
    """What somebody thinks of a memory; null takes it back."""

    memory_id: Id
    feedback: Opinion | None
    reason: str | None = Field(None, max_length=2_000)


class SearchRequest(_Request):
    """A question to the memories."""

    user_id: UserId
    query: str = Field(min_length=1, max_length=MAX_MESSAGE, examples=["他吃什么会过敏？"])
    persona_id: PersonaId = None
    limit: Listed = 20
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Leave out what scores less; with one, what hardly fits is found too",
    )
    filters: Filters = Field(default_factory=Filters)


class Fields(_Part):
    """The fields of a memory; on an update those that are given change."""

    subject: Subject | None = Field(None, description="user or ai; user if left out")
    kind: Kind | None = Field(None, description="temporal with an event date, else constant")
    category: Category | None = Field(None, examples=["health"])
    event_date: str | None = Field(
        None, max_length=10, description="YYYY-MM-DD, YYYY-MM or YYYY", examples=["2025-10-18"]
    )
    importance: int | None = Field(None, ge=1, le=5)
    pinned: bool | None = None
    safety: str | None = Field(
        None, max_length=20, description="Marks a memory of a danger; an empty text unmarks it"
    )
    language: KnownLanguage | None = None
    metadata: Metadata | None = Field(
        None, description="Free JSON that is kept with the memory; on an update it replaces"
    )
    expiration_date: str | None = Field(
        None, max_length=10, description="Not recalled after this day", examples=["2031-02-28"]
    )
    immutable: bool | None = Field(None, description="true: its words can't be changed")


class NewMemory(Fields):
    """A memory to add, word for word."""

    user_id: UserId | None = Field(None, description="Whose, if not that of the whole request")
    persona_id: PersonaId = None
    text: str = Field(
        min_length=1,
        max_length=TEXT,
        validation_alias=AliasChoices("text", "content", "memory"),
        examples=["用户对花生过敏"],
    )


class AddRequest(Fields, OfTenant):
    """Either a memory, word for word, or a conversation to learn from."""

    user_id: UserId
    persona_id: PersonaId = None
    text: str | None = Field(
        None,
        min_length=1,
        max_length=TEXT,
        validation_alias=AliasChoices("text", "content", "memory"),
        examples=["用户对花生过敏"],
    )
    messages: Conversation | None = None
    session_id: SessionName | None = None
    wait: bool = Field(True, description="false: messages are learnt from in the background")

    @model_validator(mode="after")
    def _one_of_both(self) -> AddRequest:
        if (self.text is None) == (self.messages is None):
            raise ValueError("give either text or messages")
        if self.messages is not None and not any(m.role == "user" for m in self.messages):
            raise ValueError("the conversation needs a message of the user")
        return self


class BatchAddRequest(_Request):
    """Several memories, all or none."""

    user_id: UserId | None = Field(None, description="Of those that name nobody themselves")
    persona_id: PersonaId = None
    memories: list[NewMemory] = Field(min_length=1, max_length=BATCH)


class UpdateRequest(Fields, OfTenant):
    """Change a memory; what is left out stays."""

    memory_id: Id
    user_id: UserId | None = None
    text: str | None = Field(
        None,
        min_length=1,
        max_length=TEXT,
        validation_alias=AliasChoices("text", "content", "memory"),
    )
    status: Status | None = None


class BatchUpdateRequest(_Request):
    """Change the same fields of several memories, as one group."""

    user_id: UserId
    persona_id: PersonaId = None
    memory_ids: list[Id] = Field(min_length=1, max_length=BATCH)
    subject: Subject | None = None
    kind: Kind | None = None
    category: Category | None = None
    event_date: str | None = Field(None, max_length=10)
    importance: int | None = Field(None, ge=1, le=5)
    pinned: bool | None = None
    status: Status | None = None


class BatchDeleteRequest(_Request):
    """Delete several memories, as one group."""

    user_id: UserId
    persona_id: PersonaId = None
    memory_ids: list[Id] = Field(min_length=1, max_length=BATCH)


class ExtractRequest(_Request):
    """A conversation to look at; nothing is stored."""

    messages: Conversation
    user_id: UserId | None = Field(
        None, description="Hold it against this user's memories; against none if left out"
    )
    persona_id: PersonaId = None
    language: KnownLanguage | None = Field(
        None, description="Where the messages themselves don't tell"
    )


class ImportRequest(_Request):
    """A file to take in: an export of ours, of mem0, of ChatGPT, SillyTavern, or plain text."""

    user_id: UserId
    persona_id: PersonaId = None
    name: str = Field("import.json", min_length=1, max_length=200, description="The file's name")
    content: str | dict[str, Any] | list[Any] = Field(description="The file, as text or as JSON")
    dry_run: bool = Field(False, description="true: say what would happen, store nothing")
