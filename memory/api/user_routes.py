"""Routes about people: who there is, what they are like, cleaning up, erasing."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from memory.api.change_responses import changed
from memory.api.dependencies import ForMemory
from memory.api.fields import USER_ID, LimitQuery, PersonaQuery, UserId, UserPath
from memory.api.json_route import JsonRoute
from memory.api.profile import profile_of, user_out
from memory.api.responses.envelope import Answer
from memory.api.responses.memories import CleanupData, MemoryOut
from memory.api.responses.users import (
    AccessData,
    AccessOut,
    ErasedData,
    ProfileData,
    UserOut,
    UsersData,
)
from memory.api.tenants import FIELD, OfTenant
from memory.errors import BadInput
from memory.transfer import owners_of
from memory.types import EVERYTHING, Actor
from memory.types.conversation import NAME_LENGTH

router = APIRouter(prefix="/api/users", tags=["users"], route_class=JsonRoute)
SHOWN = 50
Name = Annotated[str, Field(max_length=NAME_LENGTH, examples=["小雨"])]
Zone = Annotated[str, Field(max_length=64, examples=["Asia/Shanghai"])]
Region = Annotated[str, Field(max_length=2, description="ISO 3166", examples=["CN"])]
UserLanguage = Annotated[str, Field(max_length=16, description="auto, zh or en")]


class UserChangeRequest(OfTenant):
    """The fields of a profile."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    language: UserLanguage | None = None
    timezone: Zone | None = None
    region: Region | None = None


class NewUserRequest(UserChangeRequest):
    """A profile to make."""

    user_id: UserId | None = Field(None, description="A new id if left out")
    language: UserLanguage = "auto"


@router.get("", summary="The users whom you may see")
def users(
    ask: ForMemory,
    limit: LimitQuery = 50,
    cursor: Annotated[str | None, Query(pattern=USER_ID)] = None,
) -> Answer[UsersData]:
    """Oldest first. With accounts, a token sees its own user; a designer's sees all."""
    everybody = [user for user in ask.running.db.users.all() if ask.may_see(user.id)]
    ids = [user.id for user in everybody]
    start = ids.index(cursor) + 1 if cursor in ids else 0
    shown = everybody[start : start + limit]
    more = start + limit < len(everybody)
    data = UsersData(
        users=[user_out(user) for user in shown],
        total=len(everybody),
        next_cursor=shown[-1].id if more else None,
    )
    return ask.answer("listed", data, count=data.total)


@router.post("", summary="Make a user")
def make(ask: ForMemory, request: NewUserRequest) -> Answer[UserOut]:
    """With accounts, for designers' tokens: everybody else is there with the first sign-in.
    With a `tenant_id` the user is that tenant's."""
    ask.require_designer()
    user = ask.running.db.users.create(
        request.name or request.user_id or "",
        id=request.user_id,
        tenant_id=ask.tenant,
        **request.model_dump(include={"language", "timezone", "region"}),
    )
    ask.noting(user.id)
    return ask.answer("ok", user_out(user))


@router.get("/{user_id}", summary="One user")
def user(ask: ForMemory, user_id: UserPath) -> Answer[UserOut]:
    """Name, language, time zone and region."""
    return ask.answer("ok", user_out(ask.person(user_id)))


@router.patch("/{user_id}", summary="Change a user")
def change(ask: ForMemory, user_id: UserPath, request: UserChangeRequest) -> Answer[UserOut]:
    """What is left out stays; `null` clears the time zone or the region."""
    whom = ask.person(user_id)
    fields = {
        name: value
        for name, value in request.model_dump(exclude_unset=True, exclude={FIELD}).items()
        if value is not None or name in ("timezone", "region")
    }
    if not fields:
        raise BadInput(code="nothing_to_change")
    return ask.answer("user_changed", user_out(ask.running.db.users.update(whom.id, **fields)))


@router.get("/{user_id}/profile", summary="A person as their memories show them")
def profile(
    ask: ForMemory, user_id: UserPath, persona_id: PersonaQuery = None
) -> Answer[ProfileData]:
    """Summary, key interests, when and how much they talk, and counts."""
    owner = ask.owner(user_id, persona_id)
    return ask.answer("ok", profile_of(ask.running, owner, ask.language))


@router.delete("/{user_id}/memories/cleanup", summary="Delete old memories")
def cleanup(
    ask: ForMemory,
    user_id: UserPath,
    days_old: Annotated[
        int, Query(ge=0, le=36_500, description="Stored longer ago than so many days")
    ] = 90,
    dry_run: Annotated[bool, Query(description="true: only say what would be deleted")] = False,
    persona_id: PersonaQuery = None,
) -> Answer[CleanupData]:
    """Pinned memories stay. One group that can be undone: `POST /api/memory/undo/{group_id}`."""
    owner = ask.owner(user_id, persona_id)
    running = ask.running
    before = running.clock() - timedelta(days=days_old)
    old = [m for m in running.store.reads.matching(owner, EVERYTHING) if m.created_at < before]
    chosen = [memory for memory in old if not memory.pinned]
    group = None
    if chosen and not dry_run:
        ids = [memory.id for memory in chosen]
        group = running.memory_service.delete(owner, ids, actor=Actor.API)
    done = changed(running, owner, group)
    data = CleanupData(
        **{**done.model_dump(), "changed": len(chosen) if dry_run else done.changed},
        dry_run=dry_run,
        days_old=days_old,
        kept_pinned=len(old) - len(chosen),
        memories=[MemoryOut.of(memory) for memory in chosen[:SHOWN]],
    )
    if dry_run:
        return ask.answer("would_clean", data, count=data.changed)
    if not data.changed:
        return ask.answer("nothing_deleted", data)
    return ask.answer("cleaned", data, count=data.changed)


@router.get("/{user_id}/access", summary="Who viewed, changed, talked as or erased this person")
def access(
    ask: ForMemory,
    user_id: UserPath,
    limit: LimitQuery = 50,
    cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Answer[AccessData]:
    """What others did, and every erasure; ids only, newest first. It is kept when the person
    is erased, and then open to designers' tokens and to whoever may use the id again."""
    entries = ask.access_log(user_id, limit + 1, cursor)
    shown = entries[:limit]
    data = AccessData(
        user_id=user_id,
        entries=[
            AccessOut(
                at=entry.at,
                action=entry.action,
                by_user_id=entry.by_user_id,
                by_token_id=entry.token_id,
                persona_id=entry.persona_id,
                what=entry.what,
            )
            for entry in shown
        ],
        next_cursor=shown[-1].seq if len(entries) > limit else None,
    )
    return ask.answer("ok", data)


@router.delete("/{user_id}", summary="Erase everything about a user, for good")
def erase(ask: ForMemory, user_id: UserPath) -> Answer[ErasedData]:
    """Memories, sessions, messages, journal and profile, with every persona, from memory
    and disk. Can't be undone."""
    user = ask.user(user_id)
    running = ask.running
    ask.erasing(user.id)
    whose = owners_of(running.store, user.id, running.personas)
    number = sum(running.store.reads.count(owner, EVERYTHING) for owner in whose)
    running.erase_user(user.id)
    return ask.answer("erased", ErasedData(user_id=user.id, memories=number), count=number)


__all__ = ["router"]
