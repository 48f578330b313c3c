"""Trial results: memories side by side, figures, refusals, repairs, the raw reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from components.markdown_escape import plain, shorten
from components.studio.difference import words
from components.text import error_text, t, word
from memory.extraction.result import Extracted
from memory.studio import memory_diff as compare
from memory.studio.dry_run import DryRunResult, fate
from memory.studio.memory_diff import DiffPair
from memory.types import Action, Operation

SIDES = "AB"


def show(tried: Sequence[DryRunResult], labels: Sequence[str]) -> None:
    """Figures of each side, what they propose side by side, and each side's inside."""
    with st.container(key="studio_results"):
        columns = st.columns(len(tried), gap="medium")
        for place, (column, side) in enumerate(zip(columns, tried, strict=True)):
            with column:
                _figures(place, side, labels[place])
        runs = [side.extracted for side in tried]
        if all(run is None for run in runs):
            return
        st.html(_table(runs))
        columns = st.columns(len(tried), gap="medium")
        for place, (column, run) in enumerate(zip(columns, runs, strict=True)):
            if run is not None:
                with column:
                    # Below each other on a phone, they must say whose they are.
                    _inside(f"{SIDES[place]} · " if len(runs) > 1 else "", run)


def _figures(place: int, tried: DryRunResult, label: str) -> None:
    st.markdown(f"**{SIDES[place]}** · {plain(label)}")
    if tried.error is not None:
        st.error(error_text(tried.error), icon=":material/error:")
        return
    run = tried.extracted
    if run is None:
        return
    with st.container(horizontal=True, gap="small", key=f"studio_figures_{place}"):
        for figure in _said(run):
            st.badge(figure, color="gray")
    st.caption(plain(run.reply.model))


def _said(run: Extracted) -> list[str]:
    usage = run.reply.usage
    about = "~" if usage.estimated else ""
    figures = [
        t("studio.figure_kept", count=len(run.guarded.kept)),
        t("studio.figure_refused", count=len(run.guarded.refused)),
        t("studio.figure_ms", ms=f"{run.milliseconds:,.0f}"),
    ]
    if run.reply.mood is not None:
        mood = run.reply.mood
        figures.append(t("studio.figure_mood", word=mood.word, score=f"{mood.score:+d}"))
    if run.reply.calls:
        figures += [
            t("studio.figure_prompt", count=f"{about}{usage.prompt_tokens:,}"),
            t("studio.figure_reply", count=f"{about}{usage.reply_tokens:,}"),
            t("studio.figure_calls", count=run.reply.calls),
        ]
    return figures


def _table(runs: Sequence[Extracted | None]) -> str:
    kept = [() if run is None else run.guarded.kept for run in runs]
    if len(runs) == 1:
        rows = "".join(f"<tr>{_cell(op, runs[0], {})}</tr>" for op in kept[0])
        none = "" if kept[0] else f"<tr><td>{escape(t('studio.nothing'))}</td></tr>"
        return f'<table class="nn-pairs one"><tbody>{rows}{none}</tbody></table>'
    pairs = compare.proposals(kept[0], kept[1])
    rows = "".join(_row(pair, runs) for pair in pairs)
    if not pairs:
        rows = f'<tr><td colspan="3">{escape(t("studio.nothing"))}</td></tr>'
    return (
        f'<table class="nn-pairs"><thead><tr><td></td><th>A</th><th>B</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(pair: DiffPair[Operation], runs: Sequence[Extracted | None]) -> str:
    texts: list[str | None] = [None, None]
    if pair.a is not None and pair.b is not None and pair.a.text != pair.b.text:
        texts = list(words(pair.a.text, pair.b.text))
    fields = dict.fromkeys(pair.fields, True)
    return (
        f'<tr class="{pair.what}"><td class="what">{escape(t(f"studio.{pair.what}"))}</td>'
        f"{_cell(pair.a, runs[0], fields, texts[0])}{_cell(pair.b, runs[1], fields, texts[1])}</tr>"
    )


def _cell(
    operation: Operation | None,
    run: Extracted | None,
    marked: Mapping[str, bool],
    text: str | None = None,
) -> str:
    if operation is None or run is None:
        return '<td class="none">–</td>'
    meta = _meta(operation, run, marked)
    return f"<td>{text or escape(said(operation, run))}<small>{meta}</small></td>"


def said(operation: Operation, run: Extracted) -> str:
    """The words of a proposal; of a deletion, those of the memory that it is about."""
    if operation.action is Action.DELETE and operation.id and run.request is not None:
        known = run.request.known[operation.id - 1 : operation.id]
        return t("studio.delete_of", text=known[0].text) if known else f"#{operation.id}"
    return operation.text


def _meta(operation: Operation, run: Extracted, marked: Mapping[str, bool]) -> str:
    parts = [
        ("fate", word("would", fate(run, operation))),
        ("subject", word("subject", operation.subject.value) if operation.subject else ""),
        ("kind", word("kind", operation.kind.value) if operation.kind else ""),
        ("category", word("category", operation.category) if operation.category else ""),
        ("event_date", operation.event_date or ""),
        ("importance", t("studio.importance", number=operation.importance or 3)),
    ]
    if operation.action is Action.DELETE:
        parts = parts[:1]
    return " · ".join(
        f"<mark>{escape(value)}</mark>" if name in marked else escape(value)
        for name, value in parts
        if value
    )


def _inside(whose: str, run: Extracted) -> None:
    """What was refused and repaired, and the reply as it came."""
    refused = run.guarded.refused
    if refused:
        label = whose + t("studio.refused", count=len(refused))
        with st.expander(label, icon=":material/block:", expanded=True):
            for one in refused:
                st.markdown(
                    f"{plain(shorten(said(one.operation, run), 160))}  \n"
                    f":gray[{plain(word('refusal', one.reason))}]"
                )
    repairs = [word("repair", name) for name in run.reply.repairs]
    corrected = [
        f"{word('corrected', name)} × {count}" for name, count in run.guarded.corrected.items()
    ]
    if repairs or corrected:
        label = whose + t("studio.repaired", count=len(repairs) + len(corrected))
        with st.expander(label, icon=":material/build:"):
            for line in (*repairs, *corrected):
                st.markdown(f"- {plain(line)}")
    if run.reply.raw:
        with st.expander(whose + t("studio.raw"), icon=":material/code:"):
            st.code(run.reply.raw, language="json", wrap_lines=True)
