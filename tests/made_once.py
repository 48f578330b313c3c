"""What is the same for every test, and takes long to make."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from qdrant_client import qdrant_client


@pytest.fixture(scope="session", autouse=True)
def inspector_made_once() -> Iterator[None]:
    """Each client copies the schema of the whole API: a fifth of what a container takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(qdrant_client, "Inspector", functools.cache(qdrant_client.Inspector))
        yield
