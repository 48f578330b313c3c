"""Capability profiles: what each provider of an OpenAI-compatible endpoint takes.

``profiles.toml`` holds one table for each provider; :func:`profile_of` finds the one for an
address and a model. An address that no table names gets the careful defaults of
:class:`ProviderProfile`; what such an endpoint refuses is learned while talking to it
(:mod:`memory.llm.learned`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from memory.system.loopback import is_loopback

PROFILES_FILE = Path(__file__).parent / "profiles.toml"


@dataclass(frozen=True, slots=True)
class ProviderProfile:
    """What a provider, or one of its model families, takes.

    ``base_url`` and the models are empty where there is nothing to begin with: a server on
    this machine has the models that somebody put there. Below ``native_paths`` the provider
    speaks an interface of its own, which isn't this one. ``context`` counts tokens of prompt
    and reply together, ``embed_chars`` characters of one text; 0 stands for unknown.

    Example:
        >>> profile_of("https://api.deepseek.com", "deepseek-flash").json
        'object'
    """

    id: str = "unknown"
    name: str = ""
    base_url: str = ""
    native_paths: Sequence[str] = ()
    preset: int = 0
    chat_model: str = ""
    embedding_model: str = ""
    embedding_dims: int = 0
    temperature: bool = True
    json: Literal["schema", "object", "text"] = "object"
    system_role: bool = True
    first_role: Literal["any", "user"] = "any"
    stream_usage: bool = True
    thoughts: Literal["field", "inline"] = "inline"
    thinking_off: Mapping[str, Any] = field(default_factory=dict)
    thinking_low: Mapping[str, Any] = field(default_factory=dict)
    dims_param: bool = True
    embed_batch: int = 64
    embed_chars: int = 0
    context: int = 0
    vision: bool = False


UNKNOWN = ProviderProfile()
_OWN = frozenset(field.name for field in fields(ProviderProfile)) - {"id"}
_PLACES = frozenset({"hosts", "ports", "families"})


def profile_of(url: str | None, model: str = "") -> ProviderProfile:
    """The profile for an address and a model; :data:`UNKNOWN` for one that no table names.

    Args:
        url: The base address; none is OpenAI's own.
        model: The model's name; families of a provider may differ.
    """
    table = _place(url) or UNKNOWN.id
    # Names of models say the same whoever serves them.
    values = {**_family(UNKNOWN.id, model), **_family(table, model)}
    profile = _profiles()[table]
    return replace(profile, **values) if values else profile


def _family(table: str, model: str) -> dict[str, Any]:
    """What the first family that ``model`` belongs to says; nothing if there is none."""
    for family in _tables()[table].get("families", ()):
        if re.search(family["match"], model, re.IGNORECASE):
            return {name: value for name, value in family.items() if name != "match"}
    return {}


def presets() -> Mapping[str, ProviderProfile]:
    """The profiles that the settings page offers, in their order."""
    offered = [profile for profile in _profiles().values() if profile.preset]
    return {profile.id: profile for profile in sorted(offered, key=lambda found: found.preset)}


def _place(url: str | None) -> str | None:
    if url is None:
        return "openai"
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    for name, table in _tables().items():
        if any(host == end or host.endswith(f".{end}") for end in table.get("hosts", ())):
            return name
        if is_loopback(host) and port in table.get("ports", ()):
            return name
    return None


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(PROFILES_FILE.read_text(encoding="utf-8"))


@cache
def _profiles() -> Mapping[str, ProviderProfile]:
    """Every provider's own profile.

    Raises:
        ValueError: a table has a key that no profile has.
    """
    found = {}
    for name, table in _tables().items():
        for part in (table, *table.get("families", ())):
            if odd := part.keys() - _OWN - _PLACES - {"match"}:
                raise ValueError(f"profiles.toml, {name}: unknown {sorted(odd)}")
        found[name] = ProviderProfile(
            id=name, **{key: value for key, value in table.items() if key in _OWN}
        )
    return found
