"""Every method of mem0's clients has a case, and those about memories work."""

from __future__ import annotations

from memory.container import Container
from scripts.mem0_surface import CASES, methods, surface
from tests.memory.api.conftest import calm_parts, client_of, listening

__all__ = ["calm_parts"]
ABOUT_MEMORIES = {
    *("add", "get", "get_all", "search", "update", "delete", "delete_all", "history", "users"),
    *("delete_users", "batch_update", "batch_delete", "feedback", "reset"),
}


def test_every_method_has_a_case() -> None:
    assert set(methods()) == CASES.keys()


def test_what_is_about_memories_works(calm_parts: Container) -> None:
    with listening(client_of(calm_parts).app) as url:  # type: ignore[arg-type]
        found = {one.method: (one.sync, one.asynchronous) for one in surface(url)}
    assert {name: found[name] for name in ABOUT_MEMORIES} == dict.fromkeys(ABOUT_MEMORIES, ("", ""))
