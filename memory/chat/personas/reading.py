"""Persona file parser; its errors tell whoever wrote the file how to mend it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memory.errors import BadInput
from memory.i18n import languages
from memory.types import RULED, Language, Persona, PersonaText

PLAIN = ("name", "tagline", "temperament", "speaking_style", "backstory")
LISTS = ("opening_lines", "boundaries", "mood_lines")
OPTIONAL = ("example_lines",)
FIELDS = (*PLAIN, *LISTS, *OPTIONAL)
EXAMPLE_MARK = "=>"
"""Between what somebody says and what the persona answers, in an example line."""
LONGEST: Mapping[str, int] = {
    "name": 40,
    "tagline": 120,
    "temperament": 1000,
    "speaking_style": 1000,
    "backstory": 4000,
    # Of one line each.
    "opening_lines": 300,
    "boundaries": 300,
    "mood_lines": 80,
    "example_lines": 300,
}
"""Characters of a field: all of it goes along with every request to a language model."""
MOST_LINES = 40

_FOLDER = Path(__file__).parent
_NOT_A_PERSONA = "user.svg"
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def avatar_path(avatar: str, folder: Path = _FOLDER) -> Path:
    """Where an avatar lies; the plain file name only, so nothing outside is reached."""
    return folder / Path(avatar).name


def avatars(folder: Path = _FOLDER) -> list[str]:
    """The drawings that a persona can have, by file name."""
    return sorted(p.name for p in folder.glob("*.svg") if p.name != _NOT_A_PERSONA)


def parse_persona(persona_id: str, text: str, folder: Path = _FOLDER) -> Persona:
    """A persona from the text of its file.

    Args:
        persona_id: What its memories are filed under.
        text: TOML with ``avatar`` and a table per language.
        folder: Where the drawings lie.

    Raises:
        BadInput: ``persona_syntax`` (``line``, ``column``), ``persona_missing``,
            ``persona_empty``, ``persona_type`` (``wanted``: ``text`` or ``lines``),
            ``persona_line_empty`` (``number``), ``persona_too_long`` (``given``,
            ``limit``), ``persona_lines_many``, ``persona_unknown`` or ``persona_avatar``
            (``allowed``); ``field`` names what is wrong, such as ``zh.tagline``.
    """
    data = _toml(text)
    known = languages()
    texts = {
        language: _text(language, data.get(language))
        for language in known
        if language in RULED or language in data
    }
    avatar = data.get("avatar")
    if not isinstance(avatar, str) or not avatar_path(avatar, folder).is_file():
        raise BadInput(
            f"avatar {avatar!r}", code="persona_avatar", field="avatar", allowed=avatars(folder)
        )
    _known("", data, {"avatar", *known})
    return Persona(id=persona_id, avatar=avatar_path(avatar).name, texts=texts)


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        lines = text.rstrip().count("\n") + 1
        line, column = (int(place[1]), int(place[2])) if place else (lines, 1)
        raise BadInput(str(error), code="persona_syntax", line=line, column=column) from error


def _text(language: Language, table: Any) -> PersonaText:
    if not isinstance(table, Mapping):
        raise BadInput(f"{language} is missing", code="persona_missing", field=language)
    plain = {name: _plain(f"{language}.{name}", name, table.get(name)) for name in PLAIN}
    lists = {name: _lines(f"{language}.{name}", name, table.get(name)) for name in LISTS}
    examples: tuple[str, ...] = ()
    if table.get("example_lines"):
        examples = _lines(f"{language}.example_lines", "example_lines", table["example_lines"])
    _known(f"{language}.", table, set(FIELDS))
    return PersonaText(
        name=plain["name"],
        tagline=plain["tagline"],
        temperament=plain["temperament"],
        speaking_style=plain["speaking_style"],
        backstory=plain["backstory"],
        opening_lines=lists["opening_lines"],
        boundaries=lists["boundaries"],
        mood_lines=lists["mood_lines"],
        example_lines=examples,
    )


def _plain(field: str, name: str, value: Any) -> str:
    if value is None:
        raise BadInput(f"{field} is missing", code="persona_missing", field=field)
    if not isinstance(value, str):
        raise BadInput(f"{field} is no text", code="persona_type", field=field, wanted="text")
    text = value.strip()
    if not text:
        raise BadInput(f"{field} is empty", code="persona_empty", field=field)
    return _fitting(field, name, text)


def _lines(field: str, name: str, value: Any) -> tuple[str, ...]:
    if value is None:
        raise BadInput(f"{field} is missing", code="persona_missing", field=field)
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise BadInput(f"{field} is no list", code="persona_type", field=field, wanted="lines")
    if not value:
        raise BadInput(f"{field} is empty", code="persona_empty", field=field)
    if len(value) > MOST_LINES:
        raise BadInput(code="persona_lines_many", field=field, given=len(value), limit=MOST_LINES)
    for number, line in enumerate(value, 1):
        if not line.strip():
            raise BadInput(code="persona_line_empty", field=field, number=number)
    return tuple(_fitting(field, name, line.strip()) for line in value)


def _fitting(field: str, name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        raise BadInput(code="persona_too_long", field=field, given=len(text), limit=LONGEST[name])
    return text


def _known(prefix: str, table: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise BadInput(
            code="persona_unknown", field=f"{prefix}{unknown[0]}", allowed=sorted(allowed)
        )
