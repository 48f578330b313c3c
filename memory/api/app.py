"""The FastAPI application: every route under its full path, and the OpenAPI document."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from memory.api.audio_routes import router as audio
from memory.api.chat_routes import router as chat
from memory.api.dependencies import Services
from memory.api.docs_page import router as docs
from memory.api.errors import handle_errors
from memory.api.extract_route import router as extract
from memory.api.extraction_settings_routes import router as settings_of_extraction
from memory.api.graph_routes import router as graphs
from memory.api.import_route import router as imports
from memory.api.mem0_export_routes import router as mem0_exports
from memory.api.mem0_overview_routes import router as mem0_overviews
from memory.api.mem0_project_routes import router as mem0_project
from memory.api.mem0_routes import router as mem0
from memory.api.mem0_server_routes import router as mem0_server
from memory.api.persona_routes import router as personas
from memory.api.reading_routes import router as reading
from memory.api.responses.envelope import Problem
from memory.api.safety_routes import router as care
from memory.api.session_routes import router as sessions
from memory.api.summary_routes import router as summaries
from memory.api.system_routes import Probe
from memory.api.system_routes import router as system
from memory.api.user_routes import router as users
from memory.api.v1_routes import router as v1
from memory.api.version import VERSION
from memory.api.writing_routes import router as writing

DESCRIPTION = """
The memories and the companion of Niannian, for other programs. They share one process
and one set of memories with the page: what one changes, the other sees at once.

**Who.** `user_id` is yours to choose; a new one makes a profile. A memory belongs to a
user with one persona (`persona_id`, the default one if left out). **Accounts.** Without
accounts (the default) the API needs no token and answers this machine only. With accounts
every request carries `Authorization: Bearer <token>`; a token sees its own user, and what
belongs to others is "not found".

**Errors** have one shape: `success: false`, one sentence in `message` (Chinese or English
by `Accept-Language`), a code in `error`. Every answer carries `X-Request-ID`.
"""
TAGS = [
    {"name": "chat", "description": "Talk to the companion."},
    {"name": "conversations", "description": "Sessions, messages, traces, personas."},
    {"name": "memory", "description": "Memories: add, search, change, undo, export."},
    {"name": "users", "description": "People and their profiles."},
    {"name": "care", "description": "For operators who serve others."},
    {"name": "mem0", "description": "For programs written for mem0: point `host` here."},
    {"name": "system", "description": "Health and figures."},
]
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "Something in it can't be used"},
    401: {"model": Problem, "description": "No token, or a wrong one"},
    403: {"model": Problem, "description": "The token isn't for this"},
    404: {"model": Problem, "description": "No such thing, or somebody else's"},
    409: {"model": Problem, "description": "Can't be undone (any more)"},
    413: {"model": Problem, "description": "The request is too large"},
    422: {"model": Problem, "description": "A field is missing or wrong"},
    429: {
        "model": Problem,
        "description": "Too many requests",
        "headers": {
            "Retry-After": {
                "description": "After so many seconds one may",
                "schema": {"type": "integer", "minimum": 1},
            }
        },
    },
    502: {"model": Problem, "description": "The language model's endpoint failed"},
    503: {"model": Problem, "description": "Not available at the moment"},
    504: {"model": Problem, "description": "The language model took too long to answer"},
}


def create_app(parts: Services) -> FastAPI:
    """The API over the running parts that ``parts`` gives."""
    app = FastAPI(
        title="Niannian 念念",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        responses=_PROBLEMS,
    )
    app.state.parts = parts
    app.state.probe = Probe()
    handle_errors(app)
    # A router's routes are built when a request first reaches it: what asks whether the
    # process is well must not wait for all the others.
    routers = (
        *(
            system,
            chat,
            summaries,
            audio,
            writing,
            reading,
            extract,
            imports,
            users,
            v1,
            care,
            docs,
            mem0,
        ),
        *(graphs, settings_of_extraction, mem0_exports, mem0_project, mem0_overviews),
        *(mem0_server, sessions, personas),
    )
    for router in routers:
        app.include_router(router)
    # For the sentence about a path that lacks its id.
    routes = [route for router in routers for route in router.routes]
    app.state.paths = tuple(route.path for route in routes if isinstance(route, APIRoute))
    return app
