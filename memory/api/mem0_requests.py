"""Request bodies of mem0's clients; fields that mean nothing here are passed over, as there."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from memory.api.fields import USER_ID

MOST_BATCH = 1000
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

    def entities(self) -> dict[str, str]:
        """Those that are given."""
        named = {
            "user_id": self.user_id,
            "agent_id": self.agent_id,
            "app_id": self.app_id,
            "run_id": self.run_id,
        }
        return {name: value for name, value in named.items() if value is not None}


class Mem0AddRequest(EntityIds):
    """A conversation to learn from, or texts to keep word for word (``infer: false``)."""

    messages: str | dict[str, Any] | list[Any]
    filters: Mem0Filters = {}
    metadata: dict[str, Any] | None = None
    infer: bool = True
    timestamp: Annotated[int | float, Field(ge=0, le=7_258_118_400)] | None = None
    expiration_date: str | None = Field(None, max_length=40)
    immutable: bool = False


class Mem0ListRequest(EntityIds):
    """Which memories to list."""

    filters: Mem0Filters = {}
    categories: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=50)
    start_date: str | None = Field(None, max_length=40)
    end_date: str | None = Field(None, max_length=40)
    show_expired: bool = False
    page: int | None = None
    page_size: int | None = None


class Mem0SearchRequest(EntityIds):
    """A question to the memories."""

    query: str = Field(min_length=1, max_length=8_000)
    filters: Mem0Filters = {}
    categories: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=50)
    top_k: Annotated[int, Field(ge=1, le=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] | None = None
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    fields: list[str] | None = Field(None, max_length=50)
    show_expired: bool = False
    reference_date: str | int | None = None
    output_format: str | None = None


class Mem0UpdateRequest(_Mem0Request):
    """New words, metadata or last day of a memory."""

    text: str | None = Field(None, max_length=8_000)
    metadata: dict[str, Any] | None = None
    expiration_date: str | None = Field(None, max_length=40)
    timestamp: Any = None


class Mem0BatchItem(Mem0UpdateRequest):
    """One memory of a batch."""

    memory_id: str = Field(max_length=64)


class Mem0BatchRequest(_Mem0Request):
    """Several memories, changed or deleted as one group."""

    memories: list[Mem0BatchItem] = Field(min_length=1, max_length=MOST_BATCH)


class Mem0FeedbackRequest(_Mem0Request):
    """What somebody thinks of a memory; no feedback takes it back."""

    memory_id: str = Field(max_length=64)
    feedback: str | None = Field(None, max_length=20)
    feedback_reason: str | None = Field(None, max_length=2_000)
