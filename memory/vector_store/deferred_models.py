"""Deferred building of the qdrant client's pydantic models; imported before the client is.

``import qdrant_client`` builds the validators of all its 470 models one after another,
which is half of the second that it takes. Few of them are ever used, and pydantic builds
what a class still lacks at its first use. So while the client is imported, rebuilding is
put off. Where the client was imported before, nothing happens.
"""

from __future__ import annotations

import sys
from typing import Any

from pydantic import BaseModel


def _put_off(cls: type[BaseModel], *_: Any, **__: Any) -> None:
    """Stands for ``model_rebuild``: what is missing is built at first use."""


def import_client() -> None:
    """Import ``qdrant_client`` without building its models."""
    if "qdrant_client" in sys.modules:
        return
    really = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(_put_off)  # type: ignore[method-assign, assignment]
    try:
        import qdrant_client  # noqa: F401 (for those that import it next)
    finally:
        BaseModel.model_rebuild = really  # type: ignore[method-assign]


import_client()
