"""The trace of a reply in a right-hand drawer: which memories shaped it, and why."""

from __future__ import annotations

import streamlit as st

from components import memory_actions
from components.identity import Identity
from components.plain import plain
from components.text import t, word
from memory.container import Container
from memory.types import Message, Reason, Trace, TraceItem

ORDER = (Reason.PINNED, Reason.RECALL, Reason.PROFILE, Reason.DIARY)


def button(running: Container, me: Identity, message: Message) -> None:
    """The small control under a reply that opens its trace."""
    if st.button(
        t("trace.why"),
        key=f"why_{message.id}",
        type="tertiary",
        icon=":material/lightbulb:",
        help=t("trace.help"),
    ):
        drawer(running, me, message)


def drawer(running: Container, me: Identity, message: Message) -> None:
    """Open the trace of ``message``; its own reruns don't touch the chat."""

    @st.dialog(t("trace.title"), position="right", width=440, on_dismiss="rerun")
    def panel() -> None:
        with st.container(key="trace"):
            trace = running.ledger.get_trace(me.owner, message.id)
            if trace is None:
                st.markdown(t("trace.missing"))
                return
            _figures(trace)
            if not trace.items:
                st.markdown(t("trace.no_memories"))
            for reason in ORDER:
                _group(running, me, reason, [i for i in trace.items if i.reason is reason])

    panel()


def _figures(trace: Trace) -> None:
    lines = (
        t("trace.model", model=plain(trace.model)),
        t(
            "trace.tokens",
            context=trace.context_tokens,
            prompt=trace.prompt_tokens,
            reply=trace.reply_tokens,
        ),
        t(
            "trace.times",
            context=_ms(trace.context_ms),
            first=_ms(trace.first_token_ms),
            total=_ms(trace.total_ms),
        ),
    )
    st.caption("  \n".join(lines))


def _group(running: Container, me: Identity, reason: Reason, items: list[TraceItem]) -> None:
    if not items:
        return
    st.markdown(f"**{word('reason', reason)}** :small[:gray[{t(f'trace.about_{reason}')}]]")
    for item in items:
        key = f"trace_{reason}_{item.memory_id}"
        with st.container(border=True, gap="xsmall", key=key):
            now = memory_actions.find(running, me, item.memory_id)
            st.text(item.text)
            if now is not None and now.text != item.text:
                st.caption(t("trace.now_says", text=plain(now.text)))
            st.caption(_why(item))
            memory_actions.actions(running, me, item.memory_id, key)


def _why(item: TraceItem) -> str:
    parts = [word("subject", item.subject), word("category", item.category)]
    if item.event_date:
        parts.append(item.event_date)
    if item.score is not None:
        parts.append(t("trace.score", score=f"{item.score:.2f}"))
    return " · ".join(parts)


def _ms(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
