"""Data of our custom elements, packed so that Streamlit sends it as JSON at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def packed(**values: Any) -> list[Mapping[str, Any]]:
    """The ``data`` of an element; its script reads ``data[0]``.

    In a dictionary Streamlit looks for tables, and imports pandas for that: half a second of
    the first page after a start, and some of every run.
    """
    return [values]
