"""Message catalogue: everything that people read, in Chinese, English and other languages.

``locales/<language>/*.toml`` are merged into one flat catalogue per language;
``[chat] hello = "…"`` is the key ``chat.hello``. Placeholders are written
``{name}``. A key ending in ``_one`` is used instead when ``count`` is 1. The screen
and the API read the same sentences; which language it is, each knows for itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from memory.errors import NiannianError
from memory.types import FALLBACK, RULED, Language

LOCALES = Path(__file__).parent.parent / "locales"


@cache
def languages() -> tuple[Language, ...]:
    """The languages there are sentences for: Chinese, English, and each further folder."""
    folders = {path.name for path in LOCALES.iterdir() if path.is_dir()}
    return (*RULED, *sorted(folders - set(RULED)))


if TYPE_CHECKING:
    KnownLanguage: TypeAlias = Language
    LanguageChoice: TypeAlias = Language
else:
    # For models of JSON and settings: what there are sentences for, and nothing else.
    KnownLanguage = Literal[languages()]
    LanguageChoice = Literal[("auto", *languages())]


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All texts of ``language`` under their dotted keys; what it lacks is in English.

    Raises:
        ValueError: two files define the same key.
    """
    texts: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.toml")):
        for key, value in _flat(tomllib.loads(path.read_text(encoding="utf-8"))).items():
            if key in texts:
                raise ValueError(f"{key} is defined twice in locales/{language}")
            texts[key] = value
    return texts if language in RULED else {**catalogue(FALLBACK), **texts}


def translate(language: Language, key: str, **params: Any) -> str:
    """The text for ``key`` in ``language`` with its placeholders filled in.

    Raises:
        KeyError: no such text.
    """
    texts = catalogue(language)
    if params.get("count") == 1 and f"{key}_one" in texts:
        key = f"{key}_one"
    return texts[key].format(**params) if params else texts[key]


def word(language: Language, group: str, value: str) -> str:
    """The name of a value (``"category", "health"``); itself if it has none.

    Categories are configurable, so a value without a translation is normal.
    """
    return catalogue(language).get(f"word.{group}.{value}", value)


def error_text(language: Language, error: NiannianError) -> str:
    """One sentence for ``error``: cause and remedy."""
    texts = catalogue(language)
    # What a part says of itself, for the codes that several parts have.
    text = texts.get(f"error.{error.code}_{error.params.get('part')}")
    text = text or texts.get(f"error.{error.code}")
    if text is None:
        # A code of its own without a sentence of its own: say what its class says.
        text = texts.get(f"error.{type(error).code}", texts["error.unexpected"])
    params = {
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in error.params.items()
    }
    if "why" in params:
        params["why"] = word(language, "why", str(params["why"]))
    if "setting" in params:
        field = str(params["setting"]).lower().removeprefix("niannian_")
        params["allowed"] = texts.get(f"word.allowed.{field}", params.get("allowed"))
    return text.format_map(_Lenient(params))


def provider_words(language: Language, error: NiannianError) -> str | None:
    """What the provider itself said, for the line beneath :func:`error_text`; or nothing."""
    said = error.params.get("said")
    return translate(language, "app.provider_said", said=said) if said else None


def code_text(language: Language, code: str) -> str:
    """One sentence for an error of which only the code was kept."""
    texts = catalogue(language)
    return texts.get(f"error.{code}", texts["error.unexpected"]).format_map(_Lenient())


class _Lenient(dict[str, Any]):
    """Leaves a placeholder visible rather than fail while reporting an error."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
