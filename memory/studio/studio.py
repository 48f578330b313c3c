"""Versioned texts: shipped prompts and personas, overlaid with edited versions.

Every reader asks here at each request, so that a saved text is in use from the next
reply or extraction on. A small value in the database tells whether anything changed;
other processes on the same database see it, too.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from memory.chat.personas import (
    LONGEST,
    PERSONA_FOLDER,
    leading_note,
    load_personas,
    parse_persona,
    persona_text,
    persona_toml,
)
from memory.db import Database
from memory.errors import BadInput, NotFound
from memory.i18n import languages
from memory.llm.prompts import PROMPT_FOLDER, Prompt, check_prompt, parse_prompt, prompt_text
from memory.types import Language, Persona, PersonaText, StudioText, TextKind

log = logging.getLogger(__name__)

PROMPT_KINDS: tuple[TextKind, ...] = ("extract", "chat")
NOTE_LENGTH = 200
FRESH_SECONDS = 0.2
"""How long texts are taken for current before the database is asked again: another process
may have changed them."""

T = TypeVar("T")
_SLUG = re.compile(r"[a-z][a-z0-9_-]{1,39}")


@dataclass(frozen=True)
class _InUse:
    """Everything that was in use at one revision."""

    revision: str | None
    prompts: Mapping[tuple[str, str], Prompt]
    personas: Mapping[str, Persona]
    retired: Mapping[str, Persona]


class Studio:
    """Versions of the four prompts and of all personas. Safe from many threads."""

    def __init__(
        self,
        db: Database,
        prompt_folder: Path = PROMPT_FOLDER,
        persona_folder: Path = PERSONA_FOLDER,
    ) -> None:
        """Reads the shipped files; raises ``SettingsError`` if a persona's is broken."""
        self._db = db
        self._prompt_folder = prompt_folder
        self._persona_folder = persona_folder
        self._shipped = load_personas(persona_folder)
        self._loading = threading.Lock()
        self._cached: _InUse | None = None
        self._asked_at = 0.0

    # --- what is in use ---------------------------------------------------------

    def prompt(self, kind: TextKind, language: Language) -> str:
        """The text of a prompt (``extract`` or ``chat``) that is in use now."""
        return self.text(kind, language)

    def loaded(self, name: str, language: Language) -> Prompt:
        """The prompt in use, ready to be filled in: what models ask for each time."""
        return self._now().prompts[name, language]

    def personas(self) -> Mapping[str, Persona]:
        """Everybody one can talk with now, the shipped ones first."""
        return self._now().personas

    def retired(self) -> Mapping[str, Persona]:
        """Personas that were added and archived: their memories can still be read."""
        return self._now().retired

    def text(self, kind: TextKind, name: str) -> str:
        """The text in use: the active version, else the shipped file.

        Raises:
            NotFound: ``studio_text``: there is neither (an archived persona has none).
        """
        for version in self.versions(kind, name):
            if version.active:
                return version.body
        shipped = self.shipped(kind, name)
        if shipped is None:
            raise NotFound(code="studio_text")
        return shipped

    def shipped(self, kind: TextKind, name: str) -> str | None:
        """The text that came with the program; ``None`` for a persona that was added."""
        if kind == "persona":
            return persona_text(name, self._persona_folder)
        return prompt_text(kind, name, self._prompt_folder)

    # --- versions -----------------------------------------------------------------

    def versions(self, kind: TextKind, name: str) -> list[StudioText]:
        """What was saved of a text, the newest first."""
        return self._db.studio_texts.versions(kind, name)

    def check(self, kind: TextKind, name: str, body: str) -> None:
        """Whether a text could be used.

        Raises:
            BadInput: as :func:`memory.llm.prompts.check_prompt` and
                :func:`memory.chat.personas.parse_persona`.
        """
        if kind == "persona":
            parse_persona(name, body, self._persona_folder)
        else:
            check_prompt(kind, body)

    def save(self, kind: TextKind, name: str, body: str, note: str = "") -> StudioText:
        """Keep a text as a new version and use it from now on.

        Raises:
            BadInput: it can't be used (see :meth:`check`), is no change
                (``studio_unchanged``), or its note is too long (``studio_note``).
            NotFound: there is no such prompt or persona.
        """
        body = body.replace("\r\n", "\n").replace("\x00", "").strip() + "\n"
        note = " ".join(note.split())
        if len(note) > NOTE_LENGTH:
            raise BadInput(code="studio_note", given=len(note), limit=NOTE_LENGTH)
        if kind != "persona" and name not in languages():
            raise NotFound(code="studio_text")
        self.check(kind, name, body)
        if body.strip() == self.text(kind, name).strip():
            raise BadInput(code="studio_unchanged")
        return self._add(kind, name, body, note)

    def restore(self, kind: TextKind, name: str, version_id: str | None = None) -> None:
        """Use an earlier version again, or the shipped text (``None``).

        Raises:
            NotFound: no such version, or nothing was shipped under this name.
            BadInput: the version can't be used any more (see :meth:`check`).
        """
        if version_id is None:
            if self.shipped(kind, name) is None:
                raise NotFound(code="studio_text")
        else:
            version = next((v for v in self.versions(kind, name) if v.id == version_id), None)
            if version is None:
                raise NotFound(code="studio_version")
            self.check(kind, name, version.body)
        self._db.studio_texts.use(kind, name, version_id)
        self._asked_at = 0.0

    # --- personas -----------------------------------------------------------------

    def add_persona(
        self, persona_id: str, copy_of: str, names: Mapping[Language, str], note: str = ""
    ) -> StudioText:
        """A new persona, beginning as a copy of another one under names of its own.

        Raises:
            BadInput: ``persona_id`` (two to 40 of a-z, 0-9, - and _, a letter first),
                ``persona_id_taken``, or a name that can't be used.
            NotFound: ``studio_text``: there is no ``copy_of``.
        """
        if not _SLUG.fullmatch(persona_id):
            raise BadInput(code="persona_id", given=persona_id)
        return self._copy(persona_id, copy_of, names, note)

    def add_agent(self, agent_id: str, copy_of: str) -> StudioText:
        """A new persona for a program's agent, under whatever id the program uses.

        Raises:
            BadInput, NotFound: as :meth:`add_persona`.
        """
        name = " ".join(agent_id.split())[: LONGEST["name"]]
        return self._copy(agent_id, copy_of, dict.fromkeys(languages(), name))

    def _copy(
        self, persona_id: str, copy_of: str, names: Mapping[Language, str], note: str = ""
    ) -> StudioText:
        now = self._now()
        if persona_id in now.personas or persona_id in now.retired:
            raise BadInput(code="persona_id_taken", given=persona_id)
        base = now.personas.get(copy_of)
        if base is None:
            raise NotFound(code="studio_text")
        texts = {
            language: _renamed(text, names.get(language, text.name).strip())
            for language, text in base.texts.items()
        }
        copy = replace(base, id=persona_id, texts=texts)
        body = persona_toml(copy, leading_note(self.text("persona", copy_of)))
        self.check("persona", persona_id, body)
        return self._add("persona", persona_id, body, " ".join(note.split()))

    def archive_persona(self, persona_id: str) -> None:
        """Nobody can talk with it any more; its versions and its memories stay.

        Raises:
            BadInput: ``persona_shipped``: it came with the program.
            NotFound: there is no such persona in use.
        """
        if persona_id in self._shipped:
            raise BadInput(code="persona_shipped")
        if persona_id not in self.personas():
            raise NotFound(code="studio_text")
        self._db.studio_texts.use("persona", persona_id, None)
        self._asked_at = 0.0

    def is_shipped(self, persona_id: str) -> bool:
        """Whether the persona came with the program, edited since or not."""
        return persona_id in self._shipped

    # --- inside -------------------------------------------------------------------

    def _add(self, kind: TextKind, name: str, body: str, note: str) -> StudioText:
        saved = self._db.studio_texts.add(kind, name, body, note)
        self._asked_at = 0.0
        return saved

    def _now(self) -> _InUse:
        cached, now = self._cached, time.monotonic()
        if cached is not None and now - self._asked_at < FRESH_SECONDS:
            return cached
        # Read before the texts: a change in between is then loaded once more, never missed.
        revision = self._db.studio_texts.revision()
        with self._loading:
            self._asked_at = now
            if self._cached is None or self._cached.revision != revision:
                self._cached = self._load(revision)
            return self._cached

    def _load(self, revision: str | None) -> _InUse:
        active = {(t.kind, t.name): t for t in self._db.studio_texts.active()}
        prompts: dict[tuple[str, str], Prompt] = {}
        for kind in PROMPT_KINDS:
            for language in languages():
                edited = active.get((kind, language))
                found = _usable(edited, lambda text: parse_prompt(text.kind, text.body))
                prompts[kind, language] = found or parse_prompt(
                    kind, prompt_text(kind, language, self._prompt_folder)
                )
        edited_personas = {
            name: persona
            for (kind, name), text in reversed(active.items())
            if kind == "persona" and (persona := self._persona(text)) is not None
        }
        personas = {**self._shipped, **edited_personas}
        retired = {
            text.name: persona
            for text in self._db.studio_texts.newest("persona")
            if text.name not in personas and (persona := self._persona(text)) is not None
        }
        return _InUse(revision, prompts, personas, retired)

    def _persona(self, text: StudioText) -> Persona | None:
        return _usable(text, lambda t: parse_persona(t.name, t.body, self._persona_folder))


def _usable(text: StudioText | None, read: Callable[[StudioText], T]) -> T | None:
    """What a stored text says; one that an older program took and this one can't is left out."""
    if text is None:
        return None
    try:
        return read(text)
    except BadInput as error:
        log.warning("%s %s is left out: %s", text.kind, text.name, error.code)
        return None


def _renamed(text: PersonaText, name: str) -> PersonaText:
    """The persona speaks of itself by name in its own texts: there, too."""

    def new(value: str) -> str:
        return value.replace(text.name, name)

    return PersonaText(
        name=name,
        tagline=new(text.tagline),
        temperament=new(text.temperament),
        speaking_style=new(text.speaking_style),
        backstory=new(text.backstory),
        opening_lines=tuple(new(line) for line in text.opening_lines),
        boundaries=tuple(new(line) for line in text.boundaries),
        mood_lines=tuple(new(line) for line in text.mood_lines),
        example_lines=tuple(new(line) for line in text.example_lines),
    )
