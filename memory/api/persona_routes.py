"""Routes of personas: whom one can talk with, and making, changing and archiving them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from memory.api.dependencies import ForChat, RequestScope
from memory.api.fields import USER_ID, UserId
from memory.api.json_route import JsonRoute
from memory.api.responses.conversations import PersonaOut, PersonasData
from memory.api.responses.envelope import Answer
from memory.chat.personas import LISTS, LONGEST, PLAIN, avatar_path, leading_note, persona_toml
from memory.errors import BadInput, NotFound
from memory.i18n import KnownLanguage
from memory.types import Persona

router = APIRouter(prefix="/api/personas", tags=["conversations"], route_class=JsonRoute)
PersonaPath = Annotated[str, Path(pattern=USER_ID, description="A persona's id")]
Lines = list[Annotated[str, Field(max_length=LONGEST["opening_lines"])]]
_FIELDS = (*PLAIN, *LISTS)


class PersonaFields(BaseModel):
    """What a persona is; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    language: KnownLanguage | None = Field(
        None, description="Which of its texts this is; all of them if left out"
    )
    name: str | None = Field(None, min_length=1, max_length=LONGEST["name"])
    tagline: str | None = Field(None, min_length=1, max_length=LONGEST["tagline"])
    temperament: str | None = Field(None, min_length=1, max_length=LONGEST["temperament"])
    speaking_style: str | None = Field(None, min_length=1, max_length=LONGEST["speaking_style"])
    backstory: str | None = Field(None, min_length=1, max_length=LONGEST["backstory"])
    opening_lines: Lines | None = Field(None, min_length=1)
    boundaries: Lines | None = Field(None, min_length=1)
    mood_lines: Lines | None = Field(None, min_length=1)
    avatar: str | None = Field(None, max_length=100, examples=["qing.svg"])

    def given(self) -> dict[str, Any]:
        """The fields of the text that are named."""
        found = {name: getattr(self, name) for name in _FIELDS}
        return {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in found.items()
            if value is not None
        }


class NewPersonaRequest(PersonaFields):
    """A persona to make: a copy of another one, with what is named changed."""

    persona_id: UserId
    copy_of: UserId | None = Field(None, description="The default one if left out")


@router.get("", summary="Whom one can talk with")
def personas(ask: ForChat) -> Answer[PersonasData]:
    """The default one first, in the language of `Accept-Language`."""
    found = [PersonaOut.of(one, ask.language) for one in ask.running.personas.values()]
    return ask.answer("listed", PersonasData(personas=found), count=len(found))


@router.post("", summary="Make a persona")
def make(ask: ForChat, request: NewPersonaRequest) -> Answer[PersonaOut]:
    """As on the studio page, where its versions are. With accounts, for designers' tokens."""
    ask.require_designer()
    base = ask.persona(request.copy_of)
    if request.persona_id in ask.running.personas:
        raise BadInput(code="persona_id_taken", given=request.persona_id)
    changed = _changed(ask.running.personas[base], request)
    note = leading_note(ask.running.studio.text("persona", base))
    # Checked before there is a copy that nobody asked for.
    ask.running.studio.check("persona", request.persona_id, persona_toml(changed, note))
    ask.running.studio.add_agent(request.persona_id, base)
    if request.given() or request.avatar:
        _save(ask, request.persona_id, request)
    return _answer(ask, request.persona_id)


@router.get("/{persona_id}", summary="One persona")
def persona(ask: ForChat, persona_id: PersonaPath) -> Answer[PersonaOut]:
    """In the language of `Accept-Language`."""
    return _answer(ask, ask.persona(persona_id))


@router.patch("/{persona_id}", summary="Change a persona")
def change(ask: ForChat, persona_id: PersonaPath, request: PersonaFields) -> Answer[PersonaOut]:
    """A new version, in use from the next reply on; earlier ones are on the studio page."""
    ask.require_designer()
    _save(ask, ask.persona(persona_id), request)
    return _answer(ask, persona_id)


@router.delete("/{persona_id}", summary="Archive a persona")
def archive(ask: ForChat, persona_id: PersonaPath) -> Answer[None]:
    """Nobody can talk with it any more; its memories and versions stay. Those that came with
    the program can't be archived."""
    ask.require_designer()
    ask.running.studio.archive_persona(ask.persona(persona_id))
    return ask.answer("persona_archived", None)


@router.get(
    "/{persona_id}/avatar",
    summary="A persona's drawing",
    response_class=FileResponse,
    responses={200: {"content": {"image/svg+xml": {}}}},
)
def avatar(ask: ForChat, persona_id: PersonaPath) -> FileResponse:
    """An SVG picture."""
    found = ask.running.personas[ask.persona(persona_id)]
    return FileResponse(avatar_path(found.avatar), media_type="image/svg+xml")


def _save(ask: RequestScope, persona_id: str, request: PersonaFields) -> None:
    """Keep a new version of a persona.

    Raises:
        BadInput: ``nothing_to_change``, or as :meth:`memory.studio.Studio.save`.
    """
    if not request.given() and not request.avatar:
        raise BadInput(code="nothing_to_change")
    studio = ask.running.studio
    note = leading_note(studio.text("persona", persona_id))
    body = persona_toml(_changed(ask.running.personas[persona_id], request), note)
    studio.save("persona", persona_id, body)


def _changed(persona: Persona, request: PersonaFields) -> Persona:
    given = request.given()
    if request.language is not None and request.language not in persona.texts:
        raise NotFound(code="studio_text")
    texts = {
        language: replace(text, **given) if request.language in (None, language) else text
        for language, text in persona.texts.items()
    }
    return replace(persona, texts=texts, avatar=request.avatar or persona.avatar)


def _answer(ask: RequestScope, persona_id: str) -> Answer[PersonaOut]:
    found = ask.running.personas[persona_id]
    return ask.answer("ok", PersonaOut.of(found, ask.language))


__all__ = ["router"]
