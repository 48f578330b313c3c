"""Memory form: the fields of one memory, for adding by hand and for the drawer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import streamlit as st

from components.memories import changes as memory_changes
from components.text import t, word
from memory.container import Container
from memory.types import Kind, Memory, MemoryDraft, Owner, Subject

TEXT_LENGTH = 1000
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")


def fields(key: str, categories: Iterable[str], memory: Memory | None = None) -> MemoryDraft:
    """All editable fields; ``event_date`` is returned as it was typed."""
    text = st.text_area(
        t("memories.text"),
        value=memory.text if memory else "",
        placeholder=t("memories.text_hint"),
        max_chars=TEXT_LENGTH,
        key=f"{key}_text",
    )
    with st.container(horizontal=True):
        subject = st.segmented_control(
            t("memories.subject"),
            [s.value for s in Subject],
            default=(memory.subject if memory else Subject.USER).value,
            format_func=lambda value: word("subject", value),
            required=True,
            key=f"{key}_subject",
        )
        kind = st.segmented_control(
            t("memories.kind"),
            [k.value for k in Kind],
            default=(memory.kind if memory else Kind.CONSTANT).value,
            format_func=lambda value: word("kind", value),
            required=True,
            key=f"{key}_kind",
        )
    left, right = st.columns(2)
    names = list(categories)
    if memory and memory.category not in names:
        names.append(memory.category)
    category = left.selectbox(
        t("memories.category"),
        names,
        index=names.index(memory.category if memory else "other"),
        format_func=lambda value: word("category", value),
        key=f"{key}_category",
    )
    event_date = right.text_input(
        t("memories.event_date"),
        value=(memory.event_date or "") if memory else "",
        placeholder=t("memories.event_date_hint"),
        help=t("memories.event_date_help"),
        max_chars=12,
        key=f"{key}_event_date",
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    importance = left.slider(
        t("memories.importance"),
        min_value=1,
        max_value=5,
        value=memory.importance if memory else 3,
        key=f"{key}_importance",
    )
    pinned = right.checkbox(
        t("memories.pinned"),
        value=memory.pinned if memory else False,
        help=t("memories.pinned_help"),
        key=f"{key}_pinned",
    )
    return MemoryDraft(
        text=text.strip(),
        subject=Subject(subject),
        kind=Kind(kind),
        category=category,
        event_date=event_date.strip() or None,
        importance=importance,
        pinned=pinned,
    )


def problem(draft: MemoryDraft) -> str | None:
    """What has to be put right before the draft can be saved, in one sentence."""
    if not draft.text:
        return t("memories.text_missing")
    if draft.event_date is not None and tidy_date(draft.event_date) is None:
        return t("memories.date_wrong", given=draft.event_date)
    if draft.kind is Kind.TEMPORAL and draft.event_date is None:
        return t("memories.date_missing")
    return None


def tidy_date(text: str | None) -> str | None:
    """``2026/3/4`` or ``2026年3月`` as ``2026-03-04`` or ``2026-03``; None if it is no date."""
    match = _DATE.fullmatch((text or "").strip())
    if match is None:
        return None
    parts = [int(part) for part in match.groups() if part]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return None
    return "-".join([f"{parts[0]:04d}", *(f"{part:02d}" for part in parts[1:])])


def add_dialog(running: Container, owner: Owner) -> None:
    """A window for writing a memory by hand."""

    @st.dialog(t("memories.add"), icon=":material/add:", width="medium")
    def dialog() -> None:
        with st.form("add_memory", border=False):
            draft = fields("add", running.memory_service.categories(owner.user_id))
            saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
        if not saved:
            return
        if wrong := problem(draft):
            st.error(wrong, icon=":material/info:")
            return
        memory_changes.add(running, owner, tidy(draft))
        st.rerun()

    dialog()


def tidy(draft: MemoryDraft) -> MemoryDraft:
    """The draft with its date in the one form that is stored."""
    return MemoryDraft(
        text=draft.text,
        subject=draft.subject,
        kind=draft.kind,
        category=draft.category,
        event_date=tidy_date(draft.event_date),
        importance=draft.importance,
        pinned=draft.pinned,
    )
