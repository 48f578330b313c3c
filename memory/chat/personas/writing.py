"""Persona file writer: a persona as the file that it could have come from."""

from __future__ import annotations

import json
from collections.abc import Mapping

from memory.types import Language, Persona

_ORDER = ("name", "tagline", "temperament", "speaking_style", "backstory")
_LISTS = ("opening_lines", "boundaries", "mood_lines")


def persona_toml(persona: Persona, note: str = "") -> str:
    """The TOML text of ``persona``, in the layout of the shipped files.

    Args:
        persona: What to write; reading the text again gives the same.
        note: Comment lines for the top, as :func:`leading_note` finds them.
    """
    head = f"{note.rstrip()}\n" if note.strip() else ""
    parts = [f"{head}avatar = {_quoted(persona.avatar)}\n"]
    parts += [_table(language, persona) for language in persona.texts]
    return "\n".join(parts)


def leading_note(text: str) -> str:
    """The comment lines at the top of a persona's file."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line)
    return "\n".join(lines)


def _table(language: Language, persona: Persona) -> str:
    text = persona.texts[language]
    values: Mapping[str, str] = {name: getattr(text, name) for name in _ORDER}
    lines = [f"[{language}]"]
    for name, value in values.items():
        written = _long(value) if name == "backstory" else _quoted(value)
        lines.append(f"{name} = {written}")
    for name in _LISTS:
        items = "".join(f"  {_quoted(item)},\n" for item in getattr(text, name))
        lines.append(f"{name} = [\n{items}]")
    if text.example_lines:
        items = "".join(f"  {_quoted(item)},\n" for item in text.example_lines)
        lines.append(f"example_lines = [\n{items}]")
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    # JSON's escapes are TOML's too, but for the delete character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _long(value: str) -> str:
    """Over several lines, where that can be read back as it is."""
    if all(line.isprintable() for line in value.split("\n")):
        body = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return f'"""\n{body}\n"""'
    return _quoted(value)
