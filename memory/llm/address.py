"""Endpoint address: the base URL in what was pasted, and what goes along with a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from memory.llm.profiles import profile_of
from memory.system.pasted import endpoint_url

# What stands behind the base address in the providers' own examples.
_OPERATION = re.compile(
    r"/(?:chat/completions|completions|embeddings|models|responses|messages"
    r"|text/chatcompletion_v2|(?:api/)?(?:chat|generate|tags|embed)|models/[^/]{1,80})/?$"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint is: its base address, and the query of each request."""

    url: str
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def wants_api_key_header(self) -> bool:
        """Whether it is Azure's own API, which takes the key in a header of its own."""
        host = urlsplit(self.url).hostname or ""
        return "api-version" in self.query or host.endswith(".azure.com")


def address_in(pasted: str) -> Address:
    """The base address in what was pasted: without the operation, with the usual path.

    Raises:
        ValueError: no address can be read in it.

    Example:
        >>> address_in("https://api.openai.com/chat/completions").url
        'https://api.openai.com/v1'
    """
    mended = endpoint_url(pasted)
    parts = urlsplit(mended)
    path = _OPERATION.sub("", parts.path.rstrip("/")).rstrip("/")
    profile = profile_of(mended)
    if not path or path in profile.native_paths:
        path = urlsplit(profile.base_url).path
    url = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return Address(url, dict(parse_qsl(parts.query)))
