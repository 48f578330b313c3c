"""Recall results: candidates, context and prompt of one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from components import row_cards
from components.markdown_escape import plain
from components.page_script import narrow
from components.row_cards import RowCard
from components.shell import page_path
from components.text import t, word
from memory.chat.explain import ExplainedCandidate, Fate, Findings, RecallQuery
from memory.container import Container
from memory.types import ContextItem

VIEWS = ("candidates", "context", "prompt")
HEAD_PX, ROW_PX = 38, 35
_FATE_ICON: Mapping[Fate, str] = {
    Fate.PACKED: ":material/check:",
    Fate.OVER_BUDGET: ":material/data_usage:",
    Fate.NOT_REACHED: ":material/hourglass_empty:",
    Fate.BELOW_CUT: ":material/content_cut:",
}


def show(running: Container, asked: RecallQuery, findings: Findings) -> None:
    """One of the three views, the candidates at first."""
    view = st.segmented_control(
        t("recall.view"),
        VIEWS,
        default="candidates",
        required=True,
        format_func=lambda value: t(f"recall.view_{value}"),
        label_visibility="collapsed",
        key="recall_view",
    )
    if view == "candidates":
        _candidates(asked, findings)
    elif view == "context":
        _context(findings)
    else:
        _prompt(running, findings)


def _candidates(asked: RecallQuery, findings: Findings) -> None:
    if not findings.candidates:
        st.info(t("recall.no_candidates"), icon=":material/search_off:")
        return
    candidates = findings.candidates
    if narrow():
        place = row_cards.choose([_card(c) for c in candidates], "recall_candidates")
        if place is not None:
            _one(asked, candidates[place])
        return
    event = st.dataframe(
        candidate_table(candidates),
        key=f"recall_candidates_{hash(tuple(c.hit.memory.id for c in candidates))}",
        hide_index=True,
        height=min(HEAD_PX + ROW_PX * len(candidates), 560),
        column_config=_columns(),
        on_select="rerun",
        selection_mode="single-row",
        alt=t("recall.candidates_alt", count=len(candidates)),
    )
    chosen = [candidates[row] for row in event.selection.rows if row < len(candidates)]
    if chosen:
        _one(asked, chosen[0])
    else:
        st.caption(t("recall.candidates_hint"))


def candidate_table(candidates: Sequence[ExplainedCandidate]) -> pd.DataFrame:
    """One row a candidate, in its order; no column for what none of them has."""
    table = pd.DataFrame(
        {
            "rank": [c.rank for c in candidates],
            "moved": [_moved(c) for c in candidates],
            "text": [c.hit.memory.text for c in candidates],
            "score": [c.hit.score for c in candidates],
            "words": [c.hit.words for c in candidates],
            "cjk": [c.hit.cjk for c in candidates],
            "dense": [c.hit.dense for c in candidates],
            "boosts": [sum(c.hit.boosts.values()) for c in candidates],
            "fate": [_fate(c) for c in candidates],
        }
    )
    return table.drop(columns=[name for name in ("moved", "dense") if not table[name].any()])


def _card(candidate: ExplainedCandidate) -> RowCard:
    cells = (
        (t("recall.rank"), candidate.rank),
        ("", _moved(candidate)),
        (t("recall.score"), f"{candidate.hit.score:.2f}"),
        ("", _fate(candidate)),
    )
    return RowCard(candidate.hit.memory.text, cells)


def _one(asked: RecallQuery, candidate: ExplainedCandidate) -> None:
    """One candidate in full, with where each part of its score comes from."""
    memory, hit = candidate.hit.memory, candidate.hit
    with st.container(border=True, gap="xsmall", key="recall_one"):
        st.text(memory.text)
        parts = [word("subject", memory.subject), word("category", memory.category)]
        parts += [memory.event_date] if memory.event_date else []
        st.caption(" · ".join(parts))
        found = [f"{word('boost', name)} {value:+.3f}" for name, value in hit.boosts.items()]
        st.markdown(
            t(
                "recall.one_score",
                score=f"{hit.score:.3f}",
                words=f"{hit.words:.3f}",
                cjk=f"{hit.cjk:.3f}",
                dense=f"{hit.dense:.3f}",
                boosts=t("recall.comma").join(found) or t("recall.no_boosts"),
            )
        )
        st.markdown(f"{_FATE_ICON[candidate.fate]} {t(f'recall.fate_{candidate.fate}')}")
        st.page_link(
            page_path("memories"),
            label=t("trace.open"),
            icon=":material/open_in_new:",
            query_params={
                "user": asked.owner.user_id,
                "persona": asked.owner.persona_id,
                "memory": memory.id,
            },
        )


def _context(findings: Findings) -> None:
    context = findings.context
    if not context.items:
        st.info(t("recall.context_empty"), icon=":material/inbox:")
    else:
        st.markdown(f"**{t('recall.inside', count=len(context.items))}**")
        _items(context.items, "inside")
    if context.dropped:
        st.markdown(f"**{t('recall.outside', count=len(context.dropped))}**")
        _items(context.dropped, "outside")


def _items(items: Sequence[ContextItem], name: str) -> None:
    if narrow():
        row_cards.show([_item(item) for item in items], f"recall_{name}")
        return
    table = pd.DataFrame(
        {
            "line": [item.line.removeprefix("- ") for item in items],
            "reason": [word("reason", item.reason) for item in items],
            "tokens": [item.tokens for item in items],
            "score": [item.score for item in items],
        }
    )
    config = st.column_config
    st.dataframe(
        table,
        key=f"recall_{name}",
        hide_index=True,
        height=min(HEAD_PX + ROW_PX * len(items), 460),
        column_config={
            "line": config.TextColumn(t("recall.line"), width="large"),
            "reason": config.TextColumn(t("recall.reason"), width=80),
            "tokens": config.NumberColumn(t("recall.tokens"), width=72),
            "score": config.NumberColumn(t("recall.score"), format="%.2f", width=72),
        },
        placeholder="",
        alt=t(f"recall.{name}", count=len(items)),
    )


def _item(item: ContextItem) -> RowCard:
    score = "" if item.score is None else f"{item.score:.2f}"
    cells = (
        ("", word("reason", item.reason)),
        (t("recall.tokens"), item.tokens),
        (t("recall.score") if score else "", score),
    )
    return RowCard(item.line.removeprefix("- "), cells)


def _prompt(running: Container, findings: Findings) -> None:
    if running.chat_model.is_builtin:
        st.caption(f":material/info: {t('recall.builtin_reads_none')}")
    for place, part in enumerate(findings.prompt):
        st.caption(t("recall.part", role=plain(part.role), tokens=f"{part.tokens:,}"))
        with st.container(key=f"recall_prompt_{place}"):
            st.code(part.content, language=None, wrap_lines=True)


def _moved(candidate: ExplainedCandidate) -> str:
    if candidate.before is None:
        return t("recall.new")
    if candidate.moved:
        return f"{'↑' if candidate.moved > 0 else '↓'} {abs(candidate.moved)}"
    return ""


def _fate(candidate: ExplainedCandidate) -> str:
    said = word("fate", candidate.fate)
    if candidate.reason is None:
        return said
    return t("recall.packed_as", reason=word("reason", candidate.reason))


def _columns() -> dict[str, Any]:
    config = st.column_config
    number: dict[str, Any] = {"format": "%.2f", "width": 72}
    return {
        "rank": config.NumberColumn(t("recall.rank"), width=56),
        "moved": config.TextColumn(t("recall.moved"), width=64, help=t("recall.moved_help")),
        "text": config.TextColumn(t("memories.text"), width="large"),
        "score": config.ProgressColumn(
            t("recall.score"), format="%.2f", min_value=0, max_value=1, width=110
        ),
        "words": config.NumberColumn(t("recall.words"), help=t("recall.words_help"), **number),
        "cjk": config.NumberColumn(t("recall.cjk"), help=t("recall.cjk_help"), **number),
        "dense": config.NumberColumn(t("recall.dense"), help=t("recall.dense_help"), **number),
        "boosts": config.NumberColumn(
            t("recall.boosts"), help=t("recall.boosts_help"), format="%+.2f", width=72
        ),
        "fate": config.TextColumn(t("recall.fate"), width=130),
    }
