"""The companion characters: one TOML file each in ``memory/personas/``.

A persona is data, so that designers can add or change one without touching
code. The file name is the id (mem0's ``agent_id``), so renaming a file would
orphan the memories that belong to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from memory.errors import SettingsError
from memory.types import Language, Persona, PersonaText

PERSONA_FOLDER = Path(__file__).parent
DEFAULT_PERSONA = "niannian"
USER_AVATAR = "user.svg"

_PLAIN = ("name", "tagline", "temperament", "speaking_style", "backstory")
_LISTS = ("opening_lines", "boundaries", "mood_lines")


def load_personas(folder: Path = PERSONA_FOLDER) -> dict[str, Persona]:
    """All personas of ``folder`` by id, the default one first, then by id.

    Raises:
        SettingsError: a file can't be read, lacks a field or a language, or
            there is no persona at all; it names the file and the field.
    """
    found = {path.stem: _load(path) for path in sorted(folder.glob("*.toml"))}
    if not found:
        raise SettingsError(f"no persona in {folder}", code="persona_none", folder=str(folder))
    order = sorted(found, key=lambda name: (name != DEFAULT_PERSONA, name))
    return {name: found[name] for name in order}


def avatar_path(avatar: str, folder: Path = PERSONA_FOLDER) -> Path:
    """Where an avatar lies; the plain file name only, so nothing outside is reached."""
    return folder / Path(avatar).name


def _load(path: Path) -> Persona:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path, "-", f"can't be read ({error})") from error
    texts: dict[Language, PersonaText] = {
        language: _text(path, language, data.get(language)) for language in get_args(Language)
    }
    avatar = data.get("avatar")
    if not isinstance(avatar, str) or not avatar_path(avatar, path.parent).is_file():
        raise _broken(path, "avatar", "names no file beside it")
    return Persona(id=path.stem, avatar=avatar, texts=texts)


def _text(path: Path, language: Language, table: Any) -> PersonaText:
    if not isinstance(table, Mapping):
        raise _broken(path, language, "is missing")
    for name in _PLAIN:
        if not isinstance(table.get(name), str) or not table[name].strip():
            raise _broken(path, f"{language}.{name}", "is missing or empty")
    for name in _LISTS:
        lines = table.get(name)
        if not isinstance(lines, list) or not lines:
            raise _broken(path, f"{language}.{name}", "is missing or empty")
        if not all(isinstance(line, str) and line.strip() for line in lines):
            raise _broken(path, f"{language}.{name}", "holds something that is no text")
    plain = {name: str(table[name]).strip() for name in _PLAIN}
    lists = {name: tuple(line.strip() for line in table[name]) for name in _LISTS}
    return PersonaText(
        name=plain["name"],
        tagline=plain["tagline"],
        temperament=plain["temperament"],
        speaking_style=plain["speaking_style"],
        backstory=plain["backstory"],
        opening_lines=lists["opening_lines"],
        boundaries=lists["boundaries"],
        mood_lines=lists["mood_lines"],
    )


def _broken(path: Path, field: str, why: str) -> SettingsError:
    return SettingsError(
        f"persona {path.name}: {field} {why}",
        code="persona_broken",
        file=path.name,
        field=field,
        why=why,
    )
