"""Secret values among the headers, body fields and addresses that somebody adds to requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SHORTEST = 4
"""Characters of a value that is hidden; shorter ones would hide half of every sentence."""
OPAQUE = 16
"""Characters from which a value without blanks is taken for a secret, whatever its name."""

_SECRET = re.compile(
    r"auth(?!ors?\b)|(?:^|[-_.])key|apikey|token(?!s)|secret|passw|pwd|credential|cookie|signature",
    re.IGNORECASE,
)
_OPAQUE = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[^\s/]+")


def secret_values(
    headers: Mapping[str, str], body: Mapping[str, Any], *urls: str
) -> tuple[str, ...]:
    """The values that may not be shown to anybody, longest first.

    A value counts by its name, or because it is long and looks like nothing that is read.

    Args:
        headers: Of each request.
        body: What is added to the body of each request.
        urls: Addresses, which may have a password or a key in them.

    Example:
        >>> secret_values({"X-Api-Key": "Bearer abcd1"}, {"user": {"token": "wxyz"}})
        ('Bearer abcd1', 'abcd1', 'wxyz')
    """
    found: dict[str, None] = {}
    in_addresses = (part for url in urls for part in _in_address(url))
    for name, value in (*headers.items(), *_leaves(body), *in_addresses):
        named = _SECRET.search(name) is not None
        if named or (len(value) >= OPAQUE and _OPAQUE.fullmatch(value)):
            for secret in (value, *value.split()[1:]):
                if len(secret) >= SHORTEST:
                    found[secret] = None
    return tuple(sorted(found, key=len, reverse=True))


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text below ``value``, with the name that it has."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, name)
    elif isinstance(value, str):
        yield name, value


def _in_address(url: str) -> Iterator[tuple[str, str]]:
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError:
        return
    if password:
        yield "password", unquote(password)
        yield "password", password
    yield from parse_qsl(parts.query)
