"""Results of reply trials: replies side by side, ratings, and earlier trials beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import streamlit as st

from components.download import download
from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.reply_text import reply_markdown
from components.studio.difference import difference
from components.text import code_text, t
from memory.container import Container
from memory.transfer.export import rows_to_csv
from memory.types import TRIAL_RATINGS, ReplyTrial, TrialAnswer, TrialRating, TrialSide, TriedReply

SHOWN = "studio_trial"
_BESIDE = "studio_trial_beside"
_SIDES = "AB"


def show(running: Container, me: Identity) -> None:
    """The trial that is open, how its sides did, each situation, and its texts."""
    trials = {trial.id: trial for trial in running.db.reply_trials.of(me.owner)}
    if not trials:
        st.caption(t("studio.trials_none"))
        return
    st.header(t("studio.trials"), anchor=False)
    trial, other, blind = _choose(running, me, trials)
    _tally(trial, blind=blind)
    for answer in trial.answers:
        _situation(running, me, trial, answer, other, blind=blind)
    if not blind:
        _texts(trial)
    with st.container(horizontal=True, key="studio_trial_tools"):
        download(
            t("studio.trial_csv"),
            lambda: _csv(trial),
            f"replies-{trial.created_at.astimezone(running.settings.zone_for(me.user)):%Y-%m-%d}.csv",
            "text/csv",
            key="studio_trial_csv",
        )
        st.button(
            t("studio.trial_forget"),
            key="studio_trial_forget",
            icon=":material/delete:",
            type="tertiary",
            on_click=running.db.reply_trials.delete,
            args=(me.owner, trial.id),
        )


def _choose(
    running: Container, me: Identity, trials: Mapping[str, ReplyTrial]
) -> tuple[ReplyTrial, ReplyTrial | None, bool]:
    zone = running.settings.zone_for(me.user)

    def label(id: str) -> str:
        trial = trials[id]
        sides = " ↔ ".join(shorten(side.label, 40) for side in trial.sides)
        at = f"{trial.created_at.astimezone(zone):%Y-%m-%d %H:%M}"
        said = [f"#{trial.number}", at, sides]
        counts = trial.tally()
        if any(counts.values()):
            said.append(f"{counts['a']} : {counts['b']}")
        return " · ".join(said)

    # A widget's value can't be set once it is there; what was just tried waits for this run.
    wanted = st.session_state.pop(f"{SHOWN}_next", None) or st.session_state.get(SHOWN)
    st.session_state[SHOWN] = wanted if wanted in trials else next(iter(trials))
    with st.container(horizontal=True, vertical_alignment="bottom", key="studio_trial_choice"):
        chosen = st.selectbox(
            t("studio.trial"), list(trials), format_func=label, key=SHOWN, persist_state="session"
        )
        trial = trials[chosen]
        same = {answer.situation_id for answer in trial.answers}
        others = [
            one.id
            for one in trials.values()
            if one.id != chosen and same & {answer.situation_id for answer in one.answers}
        ]
        beside = None
        if others:
            beside = st.selectbox(
                t("studio.trial_beside"),
                others,
                index=None,
                format_func=label,
                placeholder=t("studio.trial_beside_none"),
                key=f"{_BESIDE}_{chosen}",
            )
        blind = st.toggle(t("studio.blind"), help=t("studio.blind_help"), key="studio_blind")
    return trial, trials[beside] if beside else None, blind


def _tally(trial: ReplyTrial, *, blind: bool) -> None:
    counts = trial.tally()
    rated = sum(counts.values())
    with st.container(horizontal=True, gap="small", key="studio_trial_tally"):
        if blind:
            st.badge(t("studio.rated", count=rated, of=len(trial.answers)), color="gray")
            return
        for value in TRIAL_RATINGS:
            ahead = value in ("a", "b") and counts[value] > rated / 2
            said = f"{t(f'studio.rated_{value}')} {counts[value]}"
            st.badge(said, color="green" if ahead else "gray")
        if rated < len(trial.answers):
            st.badge(t("studio.unrated", count=len(trial.answers) - rated), color="gray")


def _situation(
    running: Container,
    me: Identity,
    trial: ReplyTrial,
    answer: TrialAnswer,
    other: ReplyTrial | None,
    *,
    blind: bool,
) -> None:
    key = f"{trial.id}_{answer.number}"
    order = _order(key) if blind else (0, 1)
    with st.container(border=True, key=f"studio_answer_{answer.number}"):
        st.markdown(f"**{plain(shorten(answer.name, 60))}**")
        if " ".join(answer.message.split()) != answer.name:
            with st.chat_message("user", avatar=":material/person:"):
                st.text(answer.message)
        columns = st.columns(len(answer.replies), gap="medium")
        for place, column in zip(order, columns, strict=True):
            with column:
                name = t("studio.blind_side", number=order.index(place) + 1)
                label = name if blind else _name(place, trial.sides[place])
                _reply(answer.replies[place], label, figures=not blind)
        _rating(running, me, trial, answer, order, blind=blind)
        if other is not None and not blind:
            _beside(other, answer)


def _reply(reply: TriedReply, label: str, *, figures: bool = True) -> None:
    st.caption(label)
    if reply.text:
        st.markdown(reply_markdown(reply.text))
    if reply.error:
        st.error(code_text(reply.error), icon=":material/error:")
    elif figures:
        said = [t("studio.figure_ms", ms=f"{reply.milliseconds:,.0f}")]
        if reply.reply_tokens:
            said.append(t("studio.figure_reply", count=f"{reply.reply_tokens:,}"))
        st.caption(" · ".join(said))


def _name(place: int, side: TrialSide) -> str:
    return f"{_SIDES[place]} · {plain(side.label)}"


def _order(key: str) -> tuple[int, int]:
    """Which side stands first where nobody is to know: as if by chance, but always the same."""
    first = hashlib.sha256(key.encode()).digest()[0] % 2
    return (first, 1 - first)


def _rating(
    running: Container,
    me: Identity,
    trial: ReplyTrial,
    answer: TrialAnswer,
    order: tuple[int, int],
    *,
    blind: bool,
) -> None:
    def label(value: TrialRating) -> str:
        if blind and value in ("a", "b"):
            return t("studio.rate_side", side=order.index("ab".index(value)) + 1)
        return t(f"studio.rate_{value}")

    values = [("a", "b")[place] for place in order] + ["same", "neither"]
    key = f"studio_rate_{trial.id}_{answer.number}_{'blind' if blind else 'seen'}"
    st.session_state[key] = answer.rating
    st.segmented_control(
        t("studio.rating_of", name=shorten(answer.name, 40)),
        values,
        format_func=label,
        label_visibility="collapsed",
        key=key,
        on_change=_rated,
        args=(running, me, trial.id, answer.number, key),
    )


def _rated(running: Container, me: Identity, trial: str, number: int, key: str) -> None:
    running.db.reply_trials.rate(me.owner, trial, number, st.session_state.get(key))


def _beside(other: ReplyTrial, answer: TrialAnswer) -> None:
    """What an earlier trial brought in the same situation."""
    found = next((one for one in other.answers if one.situation_id == answer.situation_id), None)
    if found is None:
        st.caption(t("studio.trial_beside_without"))
        return
    st.divider()
    columns = st.columns(len(found.replies), gap="medium")
    for place, (column, reply) in enumerate(zip(columns, found.replies, strict=True)):
        with column:
            _reply(reply, t("studio.trial_earlier", side=_name(place, other.sides[place])))
    if found.rating:
        st.caption(t("studio.trial_rated", rating=t(f"studio.rate_{found.rating}")))


def _texts(trial: ReplyTrial) -> None:
    """What the sides spoke with, as it was then."""
    a, b = trial.sides
    with st.expander(t("studio.trial_texts"), icon=":material/difference:"):
        for what, old, new in (("persona", a.persona, b.persona), ("prompt", a.prompt, b.prompt)):
            if old == new:
                if old:
                    st.caption(t(f"studio.trial_same_{what}"))
                continue
            st.markdown(f"**{t(f'studio.trial_{what}')}**")
            difference(f"studio_trial_{what}_{trial.id}", {_name(0, a): old}, new)


def _csv(trial: ReplyTrial) -> str:
    """One row a situation."""
    columns = ["situation", "message", *(side.label for side in trial.sides), "rating"]
    return rows_to_csv(
        columns,
        (
            [
                answer.name,
                answer.message,
                *(reply.text or reply.error for reply in answer.replies),
                answer.rating or "",
            ]
            for answer in trial.answers
        ),
    )
