"""The trace of a reply in a right-hand drawer: which memories shaped it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.memories import actions as memory_actions
from components.text import t, word
from memory.container import Container
from memory.types import Memory, Message, Reason, Trace, TraceItem

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
            trace = running.db.traces.get(me.owner, message.id)
            if trace is None:
                st.markdown(t("trace.missing"))
                return
            _figures(trace)
            if not trace.items:
                st.markdown(t("trace.no_memories"))
            ids = [item.memory_id for item in trace.items]
            now = {memory.id: memory for memory in running.store.reads.get_many(me.owner, ids)}
            for reason in ORDER:
                items = [item for item in trace.items if item.reason is reason]
                if items:
                    _group(running, me, reason, items, now)

    panel()


def _figures(trace: Trace) -> None:
    if not trace.model:
        # An opening line comes from what is remembered, without a model.
        return
    lines = [t("trace.model", model=plain(trace.model))]
    if trace.prompt_tokens:
        lines.append(
            t(
                "trace.tokens",
                context=trace.context_tokens,
                prompt=trace.prompt_tokens,
                reply=trace.reply_tokens,
            )
        )
    if trace.total_ms:
        # Neither is known of a reply that was read in or told by the demo story.
        lines.append(
            t(
                "trace.times",
                context=_ms(trace.context_ms),
                first=_ms(trace.first_token_ms),
                total=_ms(trace.total_ms),
            )
        )
    st.caption("  \n".join(lines))


def _group(
    running: Container,
    me: Identity,
    reason: Reason,
    items: Sequence[TraceItem],
    now: Mapping[str, Memory],
) -> None:
    st.markdown(f"**{word('reason', reason)}** :small[:gray[{t(f'trace.about_{reason}')}]]")
    for item in items:
        key = f"trace_{reason}_{item.memory_id}"
        memory = now.get(item.memory_id)
        with st.container(border=True, gap="xsmall", key=key):
            st.text(item.text)
            if memory is not None and memory.text != item.text:
                st.caption(t("trace.now_says", text=plain(memory.text)))
            st.caption(_why(item))
            memory_actions.actions(running, me, item.memory_id, memory, key)


def _why(item: TraceItem) -> str:
    parts = [word("subject", item.subject), word("category", item.category)]
    if item.event_date:
        parts.append(item.event_date)
    if item.score is not None:
        parts.append(t("trace.score", score=f"{item.score:.2f}"))
    return " · ".join(parts)


def _ms(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
