"""Metadata editor: JSON, last day, immutable, app and run."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from components.markdown_escape import plain
from components.text import t
from memory.errors import BadInput
from memory.memories.edits import checked
from memory.memories.metadata import METADATA_BYTES
from memory.types import Memory


def fields(key: str, memory: Memory) -> dict[str, Any]:
    """The fields as they were typed; folded where a memory has none of them."""
    there = bool(memory.metadata or memory.expiration_date or memory.immutable)
    with st.expander(t("memories.for_programs"), expanded=there, icon=":material/data_object:"):
        metadata = st.text_area(
            t("memories.metadata"),
            value=written(memory) if memory.metadata else "",
            placeholder='{"topic": "food"}',
            help=t("memories.metadata_help"),
            max_chars=METADATA_BYTES,
            key=f"{key}_metadata",
        )
        left, right = st.columns(2, vertical_alignment="bottom")
        expiration_date = left.text_input(
            t("memories.expiration_date"),
            value=memory.expiration_date or "",
            placeholder="2031-02-28",
            help=t("memories.expiration_date_help"),
            max_chars=10,
            key=f"{key}_expiration_date",
        )
        immutable = right.checkbox(
            t("memories.immutable"),
            value=memory.immutable,
            help=t("memories.immutable_help"),
            key=f"{key}_immutable",
        )
        scopes = [
            f"{t(f'memories.{name}')}: {plain(value)}"
            for name, value in (("app_id", memory.app_id), ("run_id", memory.run_id))
            if value
        ]
        if scopes:
            st.caption(" · ".join(scopes))
    return {
        "metadata": metadata.strip(),
        "expiration_date": expiration_date.strip(),
        "immutable": immutable,
    }


def read(typed: dict[str, Any]) -> dict[str, Any]:
    """The fields in the form in which they are stored.

    Raises:
        BadInput: ``memory_metadata_json``: it is no JSON; or as
            :func:`memory.memories.edits.checked`.
    """
    try:
        metadata = json.loads(typed["metadata"]) if typed["metadata"] else {}
    except (ValueError, RecursionError):
        raise BadInput(code="memory_metadata_json") from None
    return checked({**typed, "metadata": metadata}, ())


def differences(memory: Memory, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the fields that differ from what the memory has."""
    return {name: value for name, value in values.items() if getattr(memory, name) != value}


def in_short(memory: Memory) -> str:
    """What programs keep with a memory, in one line; empty if nothing."""
    pairs = (f"{key}={_plain_value(value)}" for key, value in memory.metadata.items())
    return ", ".join([*filter(None, (memory.app_id, memory.run_id)), *pairs])


def _plain_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def written(memory: Memory) -> str:
    """Metadata as people read and edit it."""
    return json.dumps(dict(memory.metadata), ensure_ascii=False, indent=2)
