"""Routes that read memories."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response

from memory.api.change_responses import change_out
from memory.api.cursors import page
from memory.api.dependencies import ForMemory, RequestScope
from memory.api.diary_stats import diary_data, figures
from memory.api.fields import (
    USER_ID,
    CategoryQuery,
    Day,
    KindQuery,
    LimitQuery,
    MemoryPath,
    Moment,
    OwnerQuery,
    PersonaQuery,
    StatusQuery,
    SubjectQuery,
    UserPath,
)
from memory.api.ingest import moment, process
from memory.api.json_route import JsonRoute, quick
from memory.api.requests import Filters, SearchRequest
from memory.api.responses.chat import UsedOut
from memory.api.responses.envelope import Answer
from memory.api.responses.extraction import ProcessData
from memory.api.responses.memories import FoundData, FoundOut, HistoryData, MemoryOut, PageData
from memory.api.responses.users import ContextData, DiaryData, StatsData
from memory.chat.companion import MAX_MESSAGE
from memory.errors import BadInput, NotFound
from memory.transfer import everything, owners_of
from memory.transfer.export import to_csv, to_json
from memory.types import (
    EVERYTHING,
    ContextItem,
    MemoryFilter,
    Opinion,
    Owner,
    Status,
    TraceItem,
)

router = APIRouter(prefix="/api/memory", tags=["memory"], route_class=JsonRoute)
DAY = Annotated[Day | None, Query()]
MOMENT = Annotated[Moment | None, Query()]


@router.post("/search", summary="Search by meaning, words, dates")
@quick
def search(ask: ForMemory, request: SearchRequest) -> Answer[FoundData]:
    """Hybrid search in Chinese and English, best first, with score and reason."""
    owner = ask.owner(request.user_id, request.persona_id)
    return found(ask, owner, request)


@router.get("/search", summary="Search by meaning, words, dates")
@quick
def search_by_address(
    ask: ForMemory,
    query: Annotated[str, Query(min_length=1, max_length=MAX_MESSAGE)],
    user_id: Annotated[str | None, Query(pattern=USER_ID, description="Whose")] = None,
    persona_id: PersonaQuery = None,
    limit: LimitQuery = 20,
    threshold: Annotated[
        float | None,
        Query(ge=0, le=1, description="Leave out what scores less; finds what hardly fits too"),
    ] = None,
    subject: SubjectQuery = [],  # noqa: B006
    kind: KindQuery = [],  # noqa: B006
    category: CategoryQuery = [],  # noqa: B006
) -> Answer[FoundData]:
    """As `POST`, for what can be said in an address."""
    owner = ask.owner(user_id, persona_id)
    filters = Filters(subject=subject, kind=kind, category=category)
    request = SearchRequest(
        user_id=owner.user_id, query=query, limit=limit, threshold=threshold, filters=filters
    )
    return found(ask, owner, request)


@router.get("/user/{user_id}", summary="A user's memories, page by page")
@quick
def listed(
    ask: ForMemory,
    user_id: UserPath,
    persona_id: PersonaQuery = None,
    limit: LimitQuery = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    subject: SubjectQuery = [],  # noqa: B006 (FastAPI copies defaults)
    kind: KindQuery = [],  # noqa: B006
    category: CategoryQuery = [],  # noqa: B006
    status: StatusQuery = [Status.ACTIVE],  # noqa: B006
    event_from: DAY = None,
    event_to: DAY = None,
    stored_from: MOMENT = None,
    stored_to: MOMENT = None,
    importance_min: Annotated[int | None, Query(ge=1, le=5)] = None,
    pinned: bool | None = None,
    safety: bool | None = None,
    feedback: Annotated[list[Opinion], Query()] = [],  # noqa: B006
) -> Answer[PageData]:
    """Newest first. `total` counts all that match; go on with `next_cursor` until it is
    null: nothing comes twice and nothing is left out, even while memories are added."""
    owner = ask.owner(user_id, persona_id)
    filters = Filters(
        subject=subject,
        kind=kind,
        category=category,
        status=status,
        event_from=event_from,
        event_to=event_to,
        stored_from=stored_from,
        stored_to=stored_to,
        importance_min=importance_min,
        pinned=pinned,
        safety=safety,
        feedback=feedback,
    )
    return paged(ask, owner, limit, cursor, filters)


@router.get("/memory/{memory_id}", summary="One memory")
@quick
def one(ask: ForMemory, memory_id: MemoryPath, user_id: OwnerQuery = None) -> Answer[MemoryOut]:
    """By its id, whatever its status."""
    owner = ask.owner_of_memory(memory_id, user_id)
    found = ask.running.store.reads.get_many(owner, [memory_id])
    if not found:
        raise NotFound(code="memory_not_found")
    return ask.answer("ok", MemoryOut.of(found[0]))


@router.get("/history/{memory_id}", summary="Every change of a memory")
@quick
def history(
    ask: ForMemory, memory_id: MemoryPath, user_id: OwnerQuery = None
) -> Answer[HistoryData]:
    """Newest first, with the whole memory before and after; deleted ones too."""
    owner = ask.owner_of_memory(memory_id, user_id)
    made = ask.running.memory_service.history(owner, memory_id)
    data = HistoryData(memory_id=memory_id, changes=[change_out(change) for change in made])
    return ask.answer("listed", data, count=len(made))


@router.get("/stats/{user_id}", summary="The memories in figures")
@quick
def stats(ask: ForMemory, user_id: UserPath, persona_id: PersonaQuery = None) -> Answer[StatsData]:
    """Memories in force by day stored, day they happened, category, subject and kind."""
    owner = ask.owner(user_id, persona_id)
    return ask.answer("ok", figures(ask.running, owner, ask.zone(owner.user_id)))


@router.get("/context/{user_id}", summary="What a model would read for a message")
@quick
def context(
    ask: ForMemory,
    user_id: UserPath,
    message: Annotated[str, Query(max_length=MAX_MESSAGE)] = "",
    persona_id: PersonaQuery = None,
    budget: Annotated[int | None, Query(ge=200, le=100_000, description="Tokens")] = None,
) -> Answer[ContextData]:
    """Profile, diary and what the message recalls, packed into a token budget, as quoted
    data that you can put in front of any model."""
    return ask.answer("ok", context_for(ask, ask.owner(user_id, persona_id), message, budget))


@router.get("/diary/{user_id}", summary="Profile and diary as readable texts")
def diary(ask: ForMemory, user_id: UserPath, persona_id: PersonaQuery = None) -> Answer[DiaryData]:
    """Lasting facts by category and events by date, also as one Markdown text."""
    owner = ask.owner(user_id, persona_id)
    return ask.answer("ok", diary_data(ask.running, owner, ask.language))


@router.get(
    "/export/{user_id}",
    summary="Everything about a user, to take along",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/csv": {}, "text/markdown": {}}}},
)
def export(
    ask: ForMemory,
    user_id: UserPath,
    format: Annotated[Literal["json", "csv", "markdown"], Query()] = "json",
) -> Response:
    """With every persona. `json` holds all that is kept and can be imported again; `csv`
    and `markdown` are for people."""
    owner = ask.owner(user_id)
    day = ask.running.clock().date().isoformat()
    if format == "markdown":
        media_type, ending = "text/markdown; charset=utf-8", "md"
        text = diary_data(ask.running, owner, ask.language).text
    else:
        running = ask.running
        user = running.db.users.get(owner.user_id)
        whose = owners_of(running.store, user.id, running.personas)
        whole = everything(
            running.db, running.store, user, whose, running.clock(), running.attachment_files
        )
        media_type, ending, text = (
            ("application/json", "json", to_json(whole))
            if format == "json"
            else ("text/csv; charset=utf-8", "csv", to_csv(whole.memories))
        )
    headers = {"content-disposition": f'attachment; filename="niannian-{day}.{ending}"'}
    return Response(text.encode("utf-8", "replace"), media_type=media_type, headers=headers)


@router.post("/process/{user_id}", summary="Extract what is pending, now, and wait")
def process_now(
    ask: ForMemory,
    user_id: UserPath,
    persona_id: PersonaQuery = None,
    timeout: Annotated[float, Query(ge=0, le=120, description="Most seconds to wait")] = 30,
    retry: Annotated[
        bool, Query(description="Also what failed or was set aside, with all its tries")
    ] = False,
) -> Answer[ProcessData]:
    """Every turn that no extraction has seen yet is handed over. With `done: false` the
    work goes on in the background, a batch waits for its next try or failed (`phase` and
    `error` say which), or a message waits for the end of its reply."""
    owner = ask.owner(user_id, persona_id)
    data = process(ask.running, owner, timeout, retry=retry)
    return ask.answer("processed" if data.done else "processing", data, count=data.added)


def found(ask: RequestScope, owner: Owner, request: SearchRequest) -> Answer[FoundData]:
    """What is remembered for a query.

    Raises:
        BadInput: ``memory_category``.
    """
    _check_categories(ask, owner, request.filters)
    running, zone = ask.running, ask.zone(owner.user_id)
    now = running.clock()
    hits = running.store.reads.search(
        owner,
        request.query.replace("\x00", ""),
        filter=filter_of(ask, owner, request.filters, zone),
        limit=request.limit,
        today=now.astimezone(zone).date(),
        now=now,
        gated=request.threshold is None,
    )
    fitting = [FoundOut.hit(hit) for hit in hits if hit.score >= (request.threshold or 0.0)]
    data = FoundData(memories=fitting, total=len(fitting))
    return ask.answer("found", data, count=data.total)


def paged(
    ask: RequestScope, owner: Owner, limit: int, cursor: str | None, filters: Filters
) -> Answer[PageData]:
    """A page of memories.

    Raises:
        BadInput: ``memory_category`` or ``cursor``.
    """
    _check_categories(ask, owner, filters)
    which = filter_of(ask, owner, filters, ask.zone(owner.user_id))
    memories, following = page(ask.running, owner, which, limit, cursor)
    data = PageData(
        memories=[MemoryOut.of(memory) for memory in memories],
        total=ask.running.store.reads.count(owner, which),
        next_cursor=following,
    )
    return ask.answer("listed", data, count=data.total)


def context_for(ask: RequestScope, owner: Owner, message: str, budget: int | None) -> ContextData:
    """Profile, diary and recall for a message."""
    running, zone = ask.running, ask.zone(owner.user_id)
    now = running.clock()
    built = running.contexts.build(
        owner,
        message.replace("\x00", ""),
        today=now.astimezone(zone).date(),
        language=ask.language,
        budget=budget or running.settings.context_tokens,
        now=now,
    )
    return ContextData(
        context=built.text,
        tokens=built.tokens,
        budget=built.budget,
        complete=built.complete,
        memories=[used(item) for item in built.items],
    )


def used(item: ContextItem) -> UsedOut:
    """A memory in a context."""
    return UsedOut.of(TraceItem.of(item.memory, item.reason, item.score))


def filter_of(ask: RequestScope, owner: Owner, filters: Filters, zone: ZoneInfo) -> MemoryFilter:
    """The filters of a request as the store takes them."""

    def at(given: datetime | None) -> datetime | None:
        return moment(given, zone)

    values: dict[str, Any] = {
        "subjects": frozenset(filters.subject),
        "kinds": frozenset(filters.kind),
        "categories": frozenset(filters.category),
        "statuses": frozenset(filters.status),
        "event_from": filters.event_from,
        "event_to": filters.event_to,
        "created_from": at(filters.stored_from),
        "created_to": at(filters.stored_to),
        "importance_min": filters.importance_min,
        "pinned": filters.pinned,
        "safety": filters.safety,
    }
    if filters.feedback:
        values["ids"] = ask.running.db.feedback.ids(owner, filters.feedback)
    return MemoryFilter(**values)


def _check_categories(ask: RequestScope, owner: Owner, filters: Filters) -> None:
    """A misspelt category is a mistake to hear of, not zero memories."""
    categories = ask.running.memory_service.categories(owner.user_id)
    unknown = [category for category in filters.category if category not in categories]
    # Another client may have written other ones; those can be asked for.
    if unknown and set(unknown).difference(
        ask.running.store.reads.facets(owner, "category", EVERYTHING)
    ):
        raise BadInput(code="memory_category", allowed=", ".join(categories))
