"""Request bodies of mem0's clients; fields that mean nothing here are passed over, as there."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from memory.api.extraction_settings import Mem0Wishes
from memory.api.fields import USER_ID

MOST_BATCH = 1000
MOST_FOUND = 1000
MOST_SAMPLED = 10
EntityId = Annotated[str, Field(pattern=USER_ID)]
Mem0Filters = Annotated[dict[str, Any], Field(description="mem0's filter language")]


class _Mem0Request(BaseModel):
    model_config = ConfigDict(extra="ignore")


class EntityIds(_Mem0Request):
    """Whose memories; at least one is needed, here or in ``filters``."""

    user_id: EntityId | None = None
    agent_id: EntityId | None = None
    app_id: EntityId | None = None
    run_id: EntityId | None = None

    def named(self) -> dict[str, str]:
        """Those that are given."""
        named = {
            "user_id": self.user_id,
            "agent_id": self.agent_id,
            "app_id": self.app_id,
            "run_id": self.run_id,
        }
        return {name: value for name, value in named.items() if value is not None}


class Mem0AddRequest(EntityIds, Mem0Wishes):
    """A conversation to learn from, or texts to keep word for word (``infer: false``)."""

    messages: str | dict[str, Any] | list[Any]
    filters: Mem0Filters = {}
    metadata: dict[str, Any] | None = None
    infer: bool = True
    timestamp: Annotated[int | float, Field(ge=0, le=7_258_118_400)] | None = None
    expiration_date: str | None = Field(None, max_length=40)
    immutable: bool = False
    memory_type: str | None = Field(
        None, max_length=40, description="`procedural_memory`: the steps as one memory"
    )


class Mem0ListRequest(EntityIds):
    """Which memories to list."""

    filters: Mem0Filters = {}
    categories: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=50)
    start_date: str | None = Field(None, max_length=40)
    end_date: str | None = Field(None, max_length=40)
    metadata: dict[str, Any] | None = None
    keywords: str | None = Field(None, max_length=200, description="Part of the text")
    fields: list[str] | None = Field(None, max_length=50)
    show_expired: bool = False
    page: int | None = None
    page_size: int | None = None


class Mem0SearchRequest(EntityIds):
    """A question to the memories."""

    query: str = Field(min_length=1, max_length=8_000)
    filters: Mem0Filters = {}
    categories: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=50)
    metadata: dict[str, Any] | None = None
    top_k: Annotated[int, Field(ge=1, le=MOST_FOUND)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_FOUND)] | None = None
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    fields: list[str] | None = Field(None, max_length=50)
    show_expired: bool = False
    reference_date: str | int | float | None = None
    output_format: str | None = None
    enable_graph: bool = False


class Mem0UpdateRequest(_Mem0Request):
    """New words, metadata or last day of a memory."""

    text: str | None = Field(None, max_length=8_000)
    metadata: dict[str, Any] | None = None
    expiration_date: str | None = Field(None, max_length=40)
    timestamp: Any = None


class Mem0BatchItem(Mem0UpdateRequest):
    """One memory of a batch."""

    memory_id: str = Field(max_length=64, validation_alias=AliasChoices("memory_id", "id"))


class Mem0BatchRequest(_Mem0Request):
    """Several memories, changed or deleted as one group."""

    memories: list[Mem0BatchItem] = Field(min_length=1, max_length=MOST_BATCH)


class Mem0FeedbackRequest(_Mem0Request):
    """What somebody thinks of a memory; no feedback takes it back."""

    memory_id: str = Field(max_length=64)
    feedback: str | None = Field(None, max_length=20)
    feedback_reason: str | None = Field(None, max_length=2_000)


class Mem0ExportRequest(EntityIds):
    """Which memories, and the schema that they are to fill."""

    schema_: dict[str, Any] | str | None = Field(None, alias="schema")
    filters: Mem0Filters = {}
    memory_export_id: str | None = Field(None, max_length=64)


class Mem0SummaryRequest(EntityIds):
    """Which memories to sum up."""

    filters: Mem0Filters = {}


class ProfileJobRequest(_Mem0Request):
    """Make the profile of one user, or of a few."""

    operation: str = Field("trigger", pattern="^(trigger|sample)$")
    entity_type: str = Field("user", pattern="^user$")
    entity_id: str | None = Field(None, max_length=256)
    limit: int = Field(3, ge=1, le=MOST_SAMPLED)


class ProfileSettingsRequest(_Mem0Request):
    """What profiles are to look like."""

    enabled: bool | None = None
    entities: dict[str, Any] = Field({}, max_length=4)


class Mem0WebhookRequest(_Mem0Request):
    """An address to tell of changes; of one that there is, what to change."""

    name: str | None = Field(None, min_length=1, max_length=200)
    url: str | None = Field(None, min_length=1, max_length=2_000)
    event_types: list[str] | None = Field(None, max_length=10)


class Mem0MemberRequest(_Mem0Request):
    """Somebody's role in the project."""

    email: EntityId
    role: str = Field("READER", pattern="^(READER|OWNER)$")
