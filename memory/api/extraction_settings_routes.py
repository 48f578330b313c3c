"""Routes of extraction settings: categories and instructions, for everybody or one user."""

from __future__ import annotations

from fastapi import APIRouter

from memory.api.dependencies import ForMemory
from memory.api.extraction_settings import ExtractionSettingsModel
from memory.api.fields import UserPath
from memory.api.json_route import JsonRoute
from memory.api.responses.envelope import Answer

router = APIRouter(prefix="/api", tags=["memory"], route_class=JsonRoute)


@router.get("/extraction-settings", summary="What is wanted of the making of memories")
def general(ask: ForMemory) -> Answer[ExtractionSettingsModel]:
    """What holds for everybody who has no wishes of their own."""
    return ask.answer("ok", ExtractionSettingsModel.of(ask.running.db.extraction_settings.of()))


@router.put("/extraction-settings", summary="Set it for everybody")
def set_general(
    ask: ForMemory, request: ExtractionSettingsModel
) -> Answer[ExtractionSettingsModel]:
    """Replaces all of it. With accounts this takes a designer's token."""
    ask.require_designer()
    ask.running.db.extraction_settings.set(request.settings())
    return general(ask)


@router.get("/users/{user_id}/extraction-settings", summary="What a user wants of it")
def personal(ask: ForMemory, user_id: UserPath) -> Answer[ExtractionSettingsModel]:
    """Their own wishes; where there are none, what is set for everybody holds."""
    user = ask.person(user_id)
    settings = ask.running.db.extraction_settings.of(user.id)
    return ask.answer("ok", ExtractionSettingsModel.of(settings))


@router.put("/users/{user_id}/extraction-settings", summary="Set it for a user")
def set_personal(
    ask: ForMemory, user_id: UserPath, request: ExtractionSettingsModel
) -> Answer[ExtractionSettingsModel]:
    """Replaces all of it."""
    user = ask.person(user_id)
    ask.running.db.extraction_settings.set(request.settings(), user.id)
    return personal(ask, user.id)
