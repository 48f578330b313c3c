"""Scopes of mem0's requests: whose memories they name, and whose the caller may reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from memory.api.dependencies import RequestScope
from memory.api.mem0_filters import ENTITIES, condition_of, named_user
from memory.api.mem0_requests import EntityIds
from memory.db import Reach
from memory.errors import BadInput
from memory.types import AllOf, FieldComparison, Memory, MemoryFilter, NoneOf


def asked_for(
    ask: RequestScope,
    ids: EntityIds,
    filters: Mapping[str, Any],
    categories: Sequence[str] = (),
    *,
    expired: bool,
) -> tuple[MemoryFilter, str | None]:
    """The memories that a request asks for, and the one user that it names.

    Raises:
        BadInput: ``entity_missing``, or a filter that can't be used (see
            :func:`memory.api.mem0_filters.condition_of`).
    """
    where = condition_of({**filters, **ids.named()})
    if not where.parts:
        raise BadInput(code="entity_missing")
    user_id = named_user(where)
    where = within_tenant(ask, where)
    if not expired:
        over = FieldComparison(("expiration_date",), "lt", today_of(ask).isoformat())
        where = AllOf((where, NoneOf((over,))))
    return MemoryFilter(categories=frozenset(categories), where=where), user_id


def within_tenant(ask: RequestScope, where: AllOf) -> AllOf:
    """A condition, limited to the users of the tenant that the request names."""
    if ask.tenant is None:
        return where
    theirs = tuple(ask.running.db.users.of_tenant(ask.tenant))
    return AllOf((FieldComparison(("user_id",), "in", theirs), where))


def reach_of(ask: RequestScope, user_id: str | None) -> str | None:
    """Whose memories a request may reach: one user's, or (``None``) everybody's."""
    if ask.token is not None and "designer" not in ask.token.scopes:
        return ask.token.user_id
    return user_id


def reach_in_db(ask: RequestScope) -> Reach:
    """Whose rows of the database a request may reach that names nobody."""
    return Reach(user_id=reach_of(ask, None), tenant_id=ask.tenant)


def note_seen(ask: RequestScope, memories: Iterable[Memory]) -> None:
    """Write into the access log whose memories were read."""
    for owner in dict.fromkeys(memory.owner for memory in memories):
        ask.noting(owner)


def entities_in(filters: Mapping[str, Any]) -> dict[str, str]:
    """The entities that filters of an ``add`` name: plain or under ``AND``."""
    named = EntityIds.model_validate(
        {name: filters[name] for name in ENTITIES if isinstance(filters.get(name), str)}
    ).named()
    for part in filters.get("AND", []) if isinstance(filters.get("AND"), list) else []:
        if isinstance(part, dict):
            named |= {n: part[n] for n in ENTITIES if isinstance(part.get(n), str)}
    return EntityIds.model_validate(named).named()


def today_of(ask: RequestScope) -> date:
    """The day it is where the installation is."""
    return ask.running.clock().astimezone(ask.running.settings.zone).date()
