"""Import preview: how much is new, there already or wrong, and every row of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from components import row_cards
from components.identity import Identity
from components.page_script import narrow
from components.row_cards import RowCard
from components.text import catalogue, error_text, language, t, word
from memory.container import Container
from memory.errors import BadInput
from memory.transfer import Format, Preview, PreviewRow, RowVerdict

ALL = "all"
_ORDER = (RowVerdict.WRONG, RowVerdict.DUPLICATE, RowVerdict.ADDED)
_ICONS = {
    RowVerdict.ADDED: ":material/add_circle:",
    RowVerdict.DUPLICATE: ":material/content_copy:",
    RowVerdict.WRONG: ":material/error:",
}
_ROW_HEIGHT = 35
_MOST_HEIGHT = 420


def summary(preview: Preview) -> None:
    """One sentence: what kind of file, and how much of it comes in."""
    counts = preview.counts
    lines = [t("transfer.is", format=_name(preview.format))]
    if counts["memory_added"] or preview.format in (Format.MEM0, Format.CSV):
        lines.append(t("transfer.adds_memories", count=counts["memory_added"]))
    if counts["session_added"] or preview.parsed.talks:
        lines.append(
            t(
                "transfer.adds_sessions",
                count=counts["session_added"],
                messages=counts["message_added"],
            )
        )
    if preview.parsed.talks and preview.options.extract and counts["session_added"]:
        told = "learnt_more" if preview.more_learnt and counts["learnt"] else "learnt"
        told = "learnt_later" if preview.more_learnt and not counts["learnt"] else told
        lines.append(t(f"transfer.{told}", count=counts["learnt"]))
    if preview.format == Format.NIANNIAN:
        lines.append(t("transfer.with_history"))
    st.markdown(" ".join(lines))


def table(running: Container, me: Identity, preview: Preview, key: str) -> None:
    """Every row with what becomes of it; those that need a look come first."""
    sizes = {verdict: sum(row.verdict is verdict for row in preview.rows) for verdict in _ORDER}
    chosen = st.segmented_control(
        t("transfer.show"),
        (ALL, RowVerdict.ADDED.value, RowVerdict.DUPLICATE.value, RowVerdict.WRONG.value),
        default=ALL,
        required=True,
        format_func=lambda value: (
            t("transfer.all", count=len(preview.rows))
            if value == ALL
            else _counted(RowVerdict(value), sizes)
        ),
        label_visibility="collapsed",
        key=f"{key}_verdict",
    )
    rows = [row for row in preview.rows if chosen in (ALL, row.verdict.value)]
    if not rows:
        st.caption(t("transfer.no_rows"))
        return
    rows.sort(key=lambda row: (_ORDER.index(row.verdict), row.learnt, row.row))
    if narrow():
        row_cards.show([_card(running, me, row) for row in rows], f"{key}_{chosen}")
        return
    frame = _frame(running, me, rows)
    config = st.column_config
    st.dataframe(
        frame,
        hide_index=True,
        height=min(_MOST_HEIGHT, _ROW_HEIGHT * (len(frame) + 1) + 3),
        column_config={
            "row": config.NumberColumn(t("transfer.row"), width=50),
            "verdict": config.TextColumn(t("transfer.verdict"), width=115),
            "text": config.TextColumn(t("transfer.what"), width=420),
            "subject": config.TextColumn(t("memories.subject"), width=70),
            "category": config.TextColumn(t("memories.category"), width=90),
            "event_date": config.TextColumn(t("memories.event_date"), width=110),
            "persona": config.TextColumn(t("app.persona"), width=90),
        },
        column_order=[str(name) for name in frame if name == "row" or frame[name].any()],
        key=f"{key}_rows_{chosen}",
        alt=t("transfer.table_alt", count=len(frame)),
    )


def _counted(verdict: RowVerdict, sizes: Mapping[RowVerdict, int]) -> str:
    return f"{_ICONS[verdict]} {t(f'transfer.{verdict.value}', count=sizes[verdict])}"


def _frame(running: Container, me: Identity, rows: Sequence[PreviewRow]) -> pd.DataFrame:
    memories = [row.memory for row in rows]
    return pd.DataFrame(
        {
            "row": [row.row or None for row in rows],
            "verdict": [_verdict(row) for row in rows],
            "text": [_text(row) for row in rows],
            "subject": [word("subject", m.subject.value) if m else "" for m in memories],
            "category": [word("category", m.category) if m else "" for m in memories],
            "event_date": [(m.event_date or "") if m else "" for m in memories],
            "persona": [_persona(running, me, m.owner.persona_id) if m else "" for m in memories],
        }
    )


def _card(running: Container, me: Identity, row: PreviewRow) -> RowCard:
    memory = row.memory
    cells: list[tuple[str, object]] = [("", _verdict(row))]
    if memory is not None:
        cells += [
            ("", word("subject", memory.subject.value)),
            ("", word("category", memory.category)),
            ("", memory.event_date),
            ("", _persona(running, me, memory.owner.persona_id)),
        ]
    return RowCard(_text(row), ((t("transfer.row") if row.row else "", row.row or ""), *cells))


def _verdict(row: PreviewRow) -> str:
    return t("transfer.is_learnt") if row.learnt else t(f"transfer.is_{row.verdict.value}")


def _text(row: PreviewRow) -> str:
    if row.part == "session" and row.count:
        return t("transfer.session", title=row.text, count=row.count)
    if row.code:
        why = error_text(BadInput(code=row.code, **row.params))
        part = t(f"transfer.part_{row.part}")
        return f"{t('transfer.reason', part=part, why=why)} {row.text}".strip()
    return row.text


def _persona(running: Container, me: Identity, persona_id: str) -> str:
    persona = running.personas.get(persona_id)
    return persona.text(me.language).name if persona else persona_id


def _name(format: str) -> str:
    """The name of an import format; a format that was added may have none."""
    return catalogue(language()).get(f"transfer.format_{format}", format)
