"""Tenants: which of several that a program serves a request is for.

A user belongs to the tenant under which they were made, and a request that names a tenant
finds only its users. It is a scope, no right: rights come with tokens.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Header, Query, Request
from pydantic import BaseModel, Field

from memory.api.fields import USER_ID
from memory.errors import BadInput

HEADER = "x-tenant-id"
FIELD = "tenant_id"

TenantId = Annotated[
    str, Field(pattern=USER_ID, description="Only users of this tenant; a new one is theirs")
]


class OfTenant(BaseModel):
    """A body that may name a tenant, as the header and the address may."""

    tenant_id: TenantId | None = None


async def documented(
    x_tenant_id: Annotated[
        str | None, Header(description="Only users of this tenant; a new one is theirs")
    ] = None,
    tenant_id: Annotated[str | None, Query(description="The same, in the address")] = None,
) -> None:
    """Puts both into the OpenAPI document; they are read by :func:`tenant_of`."""


async def tenant_of(request: Request, *, in_body: bool = False) -> str | None:
    """The tenant that a request names in a header, its address or (``in_body``) its body.

    Raises:
        BadInput: ``tenant_id``: it can't be one, or two different ones are named.
    """
    named: list[Any] = [request.headers.get(HEADER), request.query_params.get(FIELD)]
    if in_body:
        named.append(await _in_body(request))
    tenant: str | None = None
    for one in named:
        if one is None or one == "":
            continue
        if not isinstance(one, str) or not re.fullmatch(USER_ID, one) or tenant not in (None, one):
            raise BadInput(code="tenant_id")
        tenant = one
    return tenant


async def _in_body(request: Request) -> Any:
    try:
        said = await request.json()
    except (ValueError, RecursionError):
        return None  # there is none, or it can't be read: the route itself says so
    return said.get(FIELD) if isinstance(said, dict) else None
