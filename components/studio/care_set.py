"""Care evaluation in the playground: a set of conversations put to the configured model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from components import row_cards
from components.identity import Identity
from components.page_script import narrow
from components.row_cards import RowCard
from components.text import code_text, error_text, t
from memory.container import Container
from memory.errors import BadInput
from memory.studio.care_set import (
    EXPECTED,
    MOST_CASES,
    MOST_MESSAGES,
    CareAnswer,
    CareCase,
    CareRow,
    figures,
    read_cases,
    say_cases,
)

_SAID = "studio_care_said"
_MEGABYTES = 2
_COUNTS = ("answers", "helped", "cheered", "failed")


@dataclass(frozen=True)
class CareTrial:
    """Results of the latest care evaluation, and the model that was evaluated."""

    user_id: str
    model: str
    answers: tuple[CareAnswer, ...]


def show(running: Container, me: Identity) -> None:
    """A file, a button, and what came of each kind and each message."""
    st.caption(t("studio.care_about"))
    cases = _cases()
    model = running.chat_model
    name = t("studio.care_builtin") if model.is_builtin else model.name
    if cases:
        said = sum(len(case.messages) for case in cases)
        st.caption(t("studio.care_read", cases=len(cases), messages=said, model=name))
    if st.button(
        t("studio.care_run"),
        key="studio_care_run",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not cases,
    ):
        _run(running, me, cases, name)
    trial: CareTrial | None = st.session_state.get(_SAID)
    if trial is not None and trial.user_id == me.user.id:
        _results(trial)


def _cases() -> list[CareCase]:
    file = st.file_uploader(
        t("studio.care_file"),
        type=["jsonl", "json", "txt"],
        max_upload_size=_MEGABYTES,
        key="studio_care_file",
        help=t("studio.care_file_help"),
    )
    if file is None:
        return []
    try:
        cases = read_cases(_text(file.getvalue()))
        _not_too_many(cases)
    except BadInput as error:
        st.error(error_text(error), icon=":material/error:")
        return []
    return cases


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(code="import_encoding") from error


def _not_too_many(cases: Sequence[CareCase]) -> None:
    if not cases:
        raise BadInput(code="care_set_empty")
    messages = sum(len(case.messages) for case in cases)
    if len(cases) > MOST_CASES or messages > MOST_MESSAGES:
        raise BadInput(code="care_set_long", cases=MOST_CASES, messages=MOST_MESSAGES)


def _run(running: Container, me: Identity, cases: Sequence[CareCase], name: str) -> None:
    total = sum(len(case.messages) for case in cases)
    bar = st.progress(0.0, t("studio.care_running", done=0, total=total))
    answers: list[CareAnswer] = []
    zone = str(running.settings.zone_for(me.user))
    for answer in say_cases(cases, running.chat_model, me.persona, running.clock, zone):
        answers.append(answer)
        done = len(answers)
        bar.progress(done / total, t("studio.care_running", done=done, total=total))
    bar.empty()
    st.session_state[_SAID] = CareTrial(me.user.id, name, tuple(answers))


def _results(trial: CareTrial) -> None:
    rows = figures(trial.answers)
    st.markdown(f"**{t('studio.care_figures')}**")
    for expect in EXPECTED:
        some = [row for row in rows if row.expect == expect]
        if some:
            st.caption(_summary(expect, some))
    _figures(rows)
    st.markdown(f"**{t('studio.care_replies')}**")
    amiss_only = st.toggle(
        t("studio.care_amiss_only"), value=False, key="studio_care_amiss", persist_state="session"
    )
    shown = [one for one in trial.answers if one.amiss or not amiss_only]
    if not shown:
        st.caption(t("studio.care_nothing_amiss"))
        return
    _answers(shown)


def _figures(rows: Sequence[CareRow]) -> None:
    if narrow():
        cards = [
            RowCard(
                row.kind,
                (
                    ("", t(f"studio.care_{row.expect}")),
                    *((t(f"studio.care_{name}"), getattr(row, name)) for name in _COUNTS),
                ),
            )
            for row in rows
        ]
        row_cards.show(cards, "care_rows")
        return
    st.dataframe(
        pd.DataFrame(
            {
                t("studio.care_kind"): [row.kind for row in rows],
                t("studio.care_expected"): [t(f"studio.care_{row.expect}") for row in rows],
                t("studio.care_answers"): [row.answers for row in rows],
                t("studio.care_helped"): [row.helped for row in rows],
                t("studio.care_cheered"): [row.cheered for row in rows],
                t("studio.care_language"): [row.in_language for row in rows],
                t("studio.care_failed"): [row.failed for row in rows],
            }
        ),
        hide_index=True,
        width="stretch",
        key="studio_care_rows",
    )


def _answers(shown: Sequence[CareAnswer]) -> None:
    if narrow():
        row_cards.show([_card(one) for one in shown], "care_answers")
        return
    st.dataframe(
        pd.DataFrame(
            {
                t("studio.care_amiss"): [one.amiss for one in shown],
                t("studio.care_kind"): [one.case.kind for one in shown],
                t("studio.care_said"): [one.said for one in shown],
                t("studio.care_reply"): [_reply(one) for one in shown],
                t("studio.care_helped"): [one.helped for one in shown],
            }
        ),
        hide_index=True,
        width="stretch",
        row_height=72,
        key="studio_care_answers",
    )


def _card(one: CareAnswer) -> RowCard:
    return RowCard(
        one.said,
        (
            (t("studio.care_reply"), _reply(one)),
            ("", one.case.kind),
            ("", t("studio.care_help") if one.helped else ""),
            ("", t("studio.care_amiss") if one.amiss else ""),
        ),
    )


def _reply(one: CareAnswer) -> str:
    return code_text(one.error) if one.error else one.reply


def _summary(expect: str, rows: Sequence[CareRow]) -> str:
    answers = sum(row.answers for row in rows)
    return t(
        f"studio.care_summary_{expect}",
        answers=answers,
        helped=sum(row.helped for row in rows),
        cheered=sum(row.cheered for row in rows),
    )
