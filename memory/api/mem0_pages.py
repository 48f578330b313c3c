"""mem0's pages: numbered, with the addresses of the next and the previous one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request

MOST_PAGE = 1000
PageQuery = Annotated[int | None, Query(ge=1, le=1_000_000)]
SizeQuery = Annotated[int | None, Query(ge=1, le=MOST_PAGE)]


def paged(
    http: Request,
    found: Sequence[Any],
    count: int,
    page: int,
    size: int,
    *,
    size_name: str = "page_size",
) -> dict[str, Any]:
    """A page as mem0's clients read it.

    Args:
        http: The request, for the addresses of other pages.
        found: What is on this page.
        count: How many there are in all.
        page: Its number, from 1.
        size: At most so many on one.
        size_name: What the query calls it.
    """

    def address(number: int) -> str:
        return str(http.url.include_query_params(**{"page": number, size_name: size}))

    return {
        "count": count,
        "next": address(page + 1) if page * size < count else None,
        "previous": address(page - 1) if page > 1 else None,
        "results": list(found),
    }
