"""mem0's own server (its open-source REST API), under ``/mem0``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Receive, Scope, Send

from memory.api import mem0_memories as mem0
from memory.api.dependencies import ForMemory
from memory.api.extraction_settings import Instructions
from memory.api.fields import MemoryPath
from memory.api.json_route import JsonRoute
from memory.api.mem0_adding import add as add_memories
from memory.api.mem0_answers import memory_out
from memory.api.mem0_filters import with_free_keys
from memory.api.mem0_pages import MOST_PAGE
from memory.api.mem0_requests import (
    MOST_FOUND,
    EntityIds,
    Mem0AddRequest,
    Mem0ListRequest,
    Mem0SearchRequest,
    Mem0UpdateRequest,
)
from memory.api.paths import MEM0_SERVER, OWN_PREFIXES
from memory.config import Settings
from memory.errors import BadInput
from memory.i18n import translate
from memory.nlp.language import detect
from memory.vector_store.mem0.bridge import HISTORY_FILE

router = APIRouter(prefix=MEM0_SERVER, tags=["mem0"], route_class=JsonRoute)

PROVIDERS = ("builtin", "openai")
_REDACTED = "[redacted]"
Whose = Annotated[EntityIds, Query()]


class AtRoot:
    """ASGI middleware: the routes of this file without their prefix, alongside all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, under its full path."""
        if scope["type"] == "http":
            path = scope["path"]
            if not any(path == own or path.startswith(f"{own}/") for own in OWN_PREFIXES):
                scope = {**scope, "path": f"{MEM0_SERVER}{path}"}
        await self._app(scope, receive, send)


class _ServerRequest(BaseModel):
    model_config = ConfigDict(extra="ignore")


class ServerAddRequest(EntityIds):
    """A conversation to learn from, or texts to keep word for word (``infer: false``)."""

    messages: str | dict[str, Any] | list[Any]
    metadata: dict[str, Any] | None = None
    expiration_date: str | None = Field(None, max_length=40)
    infer: bool | None = None
    timestamp: Annotated[int | float, Field(ge=0, le=7_258_118_400)] | None = None
    memory_type: str | None = Field(None, max_length=40)
    prompt: Instructions | None = Field(None, description="Instructions to the extraction")


class ServerUpdateRequest(_ServerRequest):
    """New words, metadata or last day of a memory."""

    text: str | None = Field(
        None, max_length=8_000, validation_alias=AliasChoices("text", "data", "memory")
    )
    metadata: dict[str, Any] | None = None
    expiration_date: str | None = Field(None, max_length=40)


class ServerUseCase(_ServerRequest):
    """What a program is for."""

    use_case: str = Field(min_length=1, max_length=2_000, pattern=r"\S")


class ServerSearchRequest(EntityIds):
    """A question to the memories."""

    query: str = Field(min_length=1, max_length=8_000)
    filters: dict[str, Any] | None = None
    top_k: Annotated[int, Field(ge=1, le=MOST_FOUND)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_FOUND)] | None = None
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    show_expired: bool | None = None


@router.get("", include_in_schema=False)
@router.get("/", include_in_schema=False)
@router.get("/docs", include_in_schema=False)
def start() -> RedirectResponse:
    """Whoever types the bare address wants to read."""
    return RedirectResponse("/api/docs")


@router.post("/memories", summary="Add memories, or learn from a conversation")
def add(ask: ForMemory, request: ServerAddRequest) -> Response:
    """With `infer: false` the messages are kept word for word. Needs a `user_id`, `agent_id`,
    `app_id` or `run_id`."""
    given = request.model_dump(exclude_none=True)
    if "prompt" in given:
        given["custom_instructions"] = given.pop("prompt")
    return JSONResponse(add_memories(ask, Mem0AddRequest.model_validate(given)))


@router.get("/memories", summary="List")
def listed(
    ask: ForMemory,
    whose: Whose,
    top_k: Annotated[int | None, Query(ge=0, le=MOST_PAGE)] = None,
    show_expired: bool = False,
    filters: Annotated[
        str | None, Query(max_length=20_000, description="More filters, as a JSON object")
    ] = None,
) -> Response:
    """Newest first; all of them without `top_k`. Without an id: all that you may see, expired
    ones too."""
    entities = whose.named()
    if top_k == 0:
        return JSONResponse({"results": []})
    more = with_free_keys(_object(filters)) if filters else {}
    request = Mem0ListRequest(
        filters={**more, **entities} or {"user_id": "*"},
        show_expired=show_expired or not (entities or more),
    )
    found, _ = mem0.listed(ask, request, None if top_k is None else 1, top_k)
    return JSONResponse({"results": found})


@router.delete("/memories", summary="Delete all memories of a user, agent, app or run")
def delete_all(ask: ForMemory, whose: Whose) -> Response:
    """It can be undone on the page of what changed."""
    count = mem0.delete_entities(ask, whose.named())
    return JSONResponse({"message": "All relevant memories deleted", "deleted": count})


@router.get("/memories/{memory_id}", summary="One memory")
def one(ask: ForMemory, memory_id: MemoryPath) -> Response:
    """By its id, whatever its status."""
    return JSONResponse(memory_out(mem0.one(ask, memory_id)))


@router.put("/memories/{memory_id}", summary="Change a memory")
def update(ask: ForMemory, memory_id: MemoryPath, request: ServerUpdateRequest) -> Response:
    """Its words, metadata (as a whole) or last day (`null` clears it)."""
    given = request.model_dump(exclude_unset=True)
    mem0.update(ask, memory_id, Mem0UpdateRequest.model_validate(given))
    return JSONResponse({"message": "Memory updated successfully!"})


@router.delete("/memories/{memory_id}", summary="Delete a memory")
def delete(ask: ForMemory, memory_id: MemoryPath) -> Response:
    """It can be undone on the page of what changed."""
    mem0.delete(ask, [memory_id])
    return JSONResponse({"message": "Memory deleted successfully"})


@router.get("/memories/{memory_id}/history", summary="Every change of a memory")
def history(ask: ForMemory, memory_id: MemoryPath) -> Response:
    """Oldest first; deleted ones too."""
    lines = mem0.history(ask, memory_id)
    return JSONResponse([{**line, "is_deleted": line["event"] == "DELETE"} for line in lines])


@router.post("/search", summary="Search")
def search(ask: ForMemory, request: ServerSearchRequest) -> Response:
    """Best first; the ids may stand in `filters` or beside them. What isn't a field of a
    memory there is a key of its metadata."""
    given = request.model_dump(exclude_none=True)
    given["filters"] = with_free_keys(given.get("filters", {}))
    return JSONResponse(mem0.search(ask, Mem0SearchRequest.model_validate(given)))


@router.get("/entities", summary="Users, agents, apps and runs")
def entities(ask: ForMemory) -> Response:
    """Those that have memories."""
    return JSONResponse(mem0.entities(ask))


@router.delete("/entities/{type}/{name:path}", summary="Delete an entity's memories")
def delete_entity(ask: ForMemory, type: str, name: str) -> Response:
    """A user's profile and a persona stay."""
    mem0.delete_entity(ask, type, name)
    return JSONResponse({"message": "Entity deleted"})


@router.post("/generate-instructions", summary="Instructions for what a program is for")
def generate_instructions(ask: ForMemory, request: ServerUseCase) -> Response:
    """By the extraction model; without one, in general words. Nothing is set: to keep them,
    `PUT /api/extraction-settings` or mem0's project settings."""
    use_case = request.use_case.replace("\x00", "").strip()
    writer = ask.running.instructions
    if writer is not None:
        written = writer.write(use_case)
        said = {"custom_instructions": written.text, "test_message": written.test_message}
    else:
        language = detect(use_case)
        said = {
            "custom_instructions": translate(language, "api.instructions", use_case=use_case),
            "test_message": translate(language, "api.instructions_test"),
        }
    return JSONResponse(said)


@router.get("/configure", summary="What is configured, without secrets")
def configured(ask: ForMemory) -> Response:
    """In mem0's words. With accounts, for designers' tokens."""
    ask.require_designer()
    return JSONResponse(_without_secrets(configuration(ask.running.settings)))


@router.get("/configure/providers", summary="Kinds of endpoints")
def providers(ask: ForMemory) -> Response:
    """`openai` is any endpoint that speaks OpenAI's API; `builtin` needs none."""
    return JSONResponse({"llm": PROVIDERS, "embedder": PROVIDERS})


@router.post("/configure", summary="Hold a configuration against what is configured")
def configure(ask: ForMemory, given: dict[str, Any]) -> Response:
    """Nothing is changed: settings are changed on the settings page. What says the same as
    they do is fine; anything else is a 400."""
    ask.require_designer()
    if not _is_within(given, configuration(ask.running.settings)):
        raise BadInput(code="configure_elsewhere")
    return JSONResponse({"message": "Configuration set successfully"})


@router.post("/reset", summary="Delete all memories of everybody")
def reset(ask: ForMemory) -> Response:
    """It can be undone on the page of what changed. With accounts, for designers' tokens."""
    ask.require_designer()
    mem0.delete_entities(ask, {"user_id": "*"})
    return JSONResponse({"message": "All memories reset"})


def _object(text: str) -> dict[str, Any]:
    """A JSON object in an address.

    Raises:
        BadInput: ``filter_shape``.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput(code="filter_shape", field="filters", allowed="JSON")
    return found


def configuration(settings: Settings) -> dict[str, Any]:
    """The settings in mem0's words; keys are in it, so it is for comparing only.

    >>> configuration(Settings(embedder="builtin"))["embedder"]["provider"]
    'builtin'
    """
    vectors: dict[str, Any] = {"on_disk": True, "path": str(settings.data_dir)}
    if settings.qdrant_url:
        vectors = {"url": _address(settings.qdrant_url), "api_key": _key(settings.qdrant_api_key)}
    model, embedder = {}, {}
    if settings.has_language_model:
        model = {
            "model": settings.extraction_model or settings.chat_model,
            "openai_base_url": _address(settings.openai_base_url),
            "api_key": _key(settings.openai_api_key),
        }
    if settings.embedder == "openai":
        embedder = {
            "model": settings.embedding_model,
            "embedding_dims": settings.embedding_dims,
            "openai_base_url": _address(settings.embedding_base_url or settings.openai_base_url),
            "api_key": _key(settings.embedding_api_key or settings.openai_api_key),
        }
    return {
        "version": "v1.1",
        "vector_store": {"provider": "qdrant", "config": vectors},
        "llm": {"provider": "openai" if model else "builtin", "config": model},
        "embedder": {"provider": settings.embedder, "config": embedder},
        "history_db_path": str(settings.data_dir / "mem0" / HISTORY_FILE),
    }


def _key(secret: Any) -> str | None:
    return secret.get_secret_value() if secret else None


def _address(url: str | None) -> str | None:
    """An address without a name and password in it."""
    if url is None:
        return None
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _without_secrets(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    return {
        name: _REDACTED if name == "api_key" and value else _without_secrets(value)
        for name, value in given.items()
    }


def _is_within(given: Any, whole: Any) -> bool:
    """Whether ``given`` says nothing that ``whole`` doesn't."""
    if isinstance(given, Mapping):
        return isinstance(whole, Mapping) and all(
            name in whole
            and ((name == "api_key" and part == _REDACTED) or _is_within(part, whole[name]))
            for name, part in given.items()
        )
    return bool(given == whole)


__all__ = ["AtRoot", "configuration", "router"]
