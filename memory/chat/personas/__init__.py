"""Personas: the companion characters, one TOML file each in ``memory/chat/personas/``.

A persona is data, so that designers can add or change one without touching
code. The file name is the id (mem0's ``agent_id``), so renaming a file would
orphan the memories that belong to it. ``niannian.fr.toml`` adds the table ``[fr]`` to
``niannian.toml``. ``reading.py`` says what a file must
hold, ``writing.py`` writes one.
"""

from __future__ import annotations

from pathlib import Path

from memory.chat.personas.reading import (
    FIELDS,
    LISTS,
    LONGEST,
    MOST_LINES,
    OPTIONAL,
    PLAIN,
    avatar_path,
    avatars,
    parse_persona,
)
from memory.chat.personas.writing import leading_note, persona_toml
from memory.errors import BadInput, SettingsError
from memory.i18n import languages
from memory.types import Persona

PERSONA_FOLDER = Path(__file__).parent
DEFAULT_PERSONA = "niannian"
USER_AVATAR = "user.svg"

_WHY = {
    "persona_syntax": "can't be read",
    "persona_missing": "is missing",
    "persona_empty": "is missing or empty",
    "persona_avatar": "names no file beside it",
}


def load_personas(folder: Path = PERSONA_FOLDER) -> dict[str, Persona]:
    """All personas of ``folder`` by id, the default one first, then by id.

    Raises:
        SettingsError: a file can't be read, lacks a field or a language, or
            there is no persona at all; it names the file and the field.
    """
    files = sorted(path for path in folder.glob("*.toml") if "." not in path.stem)
    found = {path.stem: _load(path) for path in files}
    if not found:
        raise SettingsError(f"no persona in {folder}", code="persona_none", folder=str(folder))
    order = sorted(found, key=lambda name: (name != DEFAULT_PERSONA, name))
    return {name: found[name] for name in order}


def persona_text(persona_id: str, folder: Path = PERSONA_FOLDER) -> str | None:
    """The text of a shipped persona's file; ``None`` if there is no such file."""
    name = Path(persona_id).name
    path = folder / f"{name}.toml"
    if not path.is_file():
        return None
    # Further languages have files of their own, so that they can be added.
    more = [folder / f"{name}.{language}.toml" for language in languages()]
    texts = [file.read_text(encoding="utf-8") for file in (path, *more) if file.is_file()]
    return "\n".join(texts)


def _load(path: Path) -> Persona:
    try:
        return parse_persona(path.stem, persona_text(path.stem, path.parent) or "", path.parent)
    except BadInput as error:
        why = _WHY.get(error.code, "can't be used")
        raise _broken(path, str(error.params.get("field", "-")), why) from error
    except (OSError, ValueError) as error:
        raise _broken(path, "-", f"can't be read ({error})") from error


def _broken(path: Path, field: str, why: str) -> SettingsError:
    return SettingsError(
        f"persona {path.name}: {field} {why}",
        code="persona_broken",
        file=path.name,
        field=field,
        why=why,
    )


__all__ = [
    "DEFAULT_PERSONA",
    "FIELDS",
    "LISTS",
    "LONGEST",
    "MOST_LINES",
    "OPTIONAL",
    "PERSONA_FOLDER",
    "PLAIN",
    "USER_AVATAR",
    "avatar_path",
    "avatars",
    "leading_note",
    "load_personas",
    "parse_persona",
    "persona_text",
    "persona_toml",
]
