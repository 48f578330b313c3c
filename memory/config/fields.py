"""Kinds of settings: how each is read from text, mended where it was pasted, and named."""

from __future__ import annotations

import json
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, AliasChoices, BeforeValidator, SecretStr
from pydantic_settings import NoDecode
from tzlocal import get_localzone_name

from memory.system.pasted import endpoint_url, mended_key, mended_url


def _blank_is_unset(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _url(value: Any) -> Any:
    value = _blank_is_unset(value)
    if not isinstance(value, str):
        return value
    if not (value := mended_url(value)).startswith(("http://", "https://")):
        raise ValueError("not an http(s) address")
    return value


def _bolt(value: str | None) -> str | None:
    if value is not None and not value.startswith(("bolt://", "bolt+", "neo4j://", "neo4j+")):
        raise ValueError("not a Bolt address")
    return value


def _endpoint(value: Any) -> Any:
    return _url(endpoint_url(value) if isinstance(value, str) else value)


def _key(value: Any) -> Any:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return (mended_key(value) or None) if isinstance(value, str) else value


def _name(value: Any) -> Any:
    return value.strip().strip("\"'`").strip() if isinstance(value, str) else value


def _object(value: Any) -> Any:
    """A JSON object, given as such or as text."""
    value = _blank_is_unset(value)
    if isinstance(value, str):
        value = json.loads(value)
    if value is not None and not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value or {}


@cache
def known_zones() -> frozenset[str]:
    """Names of all time zones; looking them up reads hundreds of files."""
    return frozenset(available_timezones())


def _timezone(value: Any) -> Any:
    value = _blank_is_unset(value) or get_localzone_name() or "UTC"
    if value not in known_zones():
        raise ValueError("unknown time zone")
    return value


def _level(value: Any) -> Any:
    return (
        {"WARN": "WARNING"}.get(value.upper(), value.upper()) if isinstance(value, str) else value
    )


def _limit(value: int) -> int:
    # A handful would archive what was said a minute ago.
    if 0 < value < 10:
        raise ValueError("too few")
    return value


def _several(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _without_blanks(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(value.startswith(("http://", "https://")) for value in values):
        raise ValueError("not an origin")
    return tuple(value.rstrip("/") for value in values)


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        ip_network(value, strict=False)
    return values


# In the environment with commas, in a TOML file as a list too.
Several = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_several), AfterValidator(_without_blanks)
]
Url = Annotated[str | None, BeforeValidator(_url)]
EndpointUrl = Annotated[str | None, BeforeValidator(_endpoint)]
Text = Annotated[str | None, BeforeValidator(_blank_is_unset)]
BoltUrl = Annotated[Text, AfterValidator(_bolt)]
FilePath = Annotated[Path | None, BeforeValidator(_blank_is_unset)]
Name = Annotated[str, BeforeValidator(_name)]
Secret = Annotated[SecretStr | None, BeforeValidator(_key)]
Texts = Annotated[dict[str, str], NoDecode, BeforeValidator(_object)]
Values = Annotated[dict[str, Any], NoDecode, BeforeValidator(_object)]
TimeZone = Annotated[str, BeforeValidator(_timezone)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_level)]
MemoryLimit = Annotated[int, AfterValidator(_limit)]
Origins = Annotated[Several, AfterValidator(_origins)]
Networks = Annotated[Several, AfterValidator(_networks)]


def azure_url(endpoint: str, deployment: str | None, version: str | None) -> str:
    """The base address of a deployment; without a version, that of Azure's newer API."""
    if "/openai/" in f"{endpoint}/" and endpoint.endswith("/v1"):
        return endpoint
    root = endpoint.removesuffix("/openai")
    if not version or not deployment:
        return f"{root}/openai/v1"
    return f"{root}/openai/deployments/{deployment}?api-version={version}"


def names(field: str, *others: str) -> AliasChoices:
    """Names of a setting: ours, and what other memory services call it."""
    return AliasChoices(f"NIANNIAN_{field}".upper(), f"niannian_{field}", field, *others)


def own_names(field: str, *others: str) -> AliasChoices:
    """Names of a setting that has one of its own elsewhere, which comes first."""
    return AliasChoices(field.upper(), f"NIANNIAN_{field}".upper(), field, *others)
