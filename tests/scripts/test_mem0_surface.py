"""Every method of mem0's clients has a case, and all of them work."""

from __future__ import annotations

from memory.container import Container
from scripts.mem0_surface import CASES, methods, surface
from tests.memory.api.conftest import calm_parts, client_of, listening

__all__ = ["calm_parts"]


def test_every_method_has_a_case() -> None:
    assert set(methods()) == CASES.keys()


def test_every_method_works(calm_parts: Container) -> None:
    with listening(client_of(calm_parts).app) as url:  # type: ignore[arg-type]
        found = {one.method: (one.sync, one.asynchronous) for one in surface(url)}
    assert found == dict.fromkeys(CASES, ("", ""))
