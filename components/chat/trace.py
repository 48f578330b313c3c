"""The trace of a reply in a right-hand drawer: which memories shaped it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from components.chat import attachments as chat_attachments
from components.identity import Identity
from components.markdown_escape import plain
from components.memories import actions as memory_actions
from components.memories.moments import day_name
from components.memories.spoken import sentence
from components.recall.from_reply import link_to_recall
from components.text import t, word
from memory.chat import bearing
from memory.container import Container
from memory.nlp.rephrase import retell
from memory.types import Memory, Message, Reason, Subject, Trace, TraceItem

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
            ids = [item.memory_id for item in trace.items]
            now = {memory.id: memory for memory in running.store.reads.get_many(me.owner, ids)}
            named = _because(running, me, message, trace, now)
            rest = [item for item in trace.items if item not in named]
            if trace.summary:
                with st.expander(t("summary.in_trace"), icon=":material/history_edu:"):
                    st.text(trace.summary)
            if me.designer:
                link_to_recall(message)
            if not trace.items:
                _figures(trace)
                return
            with st.expander(t("trace.all", count=len(rest)), key="trace_rest"):
                _figures(trace)
                for reason in ORDER:
                    items = [item for item in rest if item.reason is reason]
                    if items:
                        _group(running, me, reason, items, now)

    panel()


def _because(
    running: Container,
    me: Identity,
    message: Message,
    trace: Trace,
    now: Mapping[str, Memory],
) -> list[TraceItem]:
    """First and plainly: what the reply speaks from, and who said that when."""
    asked = running.db.messages.by_ids(me.owner, [message.reply_to] if message.reply_to else [])
    said = asked[0].text if asked else ""
    # An opening line is made of nothing but what it names.
    named = (
        list(trace.items) if message.opening else bearing.bearing(trace.items, said, message.text)
    )
    if not named:
        st.markdown(t("trace.no_memories" if not trace.items else "trace.nothing_named"))
    sources = _sources(running, me, [now[i.memory_id] for i in named if i.memory_id in now])
    told_at = {id: min(m.created_at for m in said) for id, said in sources.items()}
    zone = running.settings.zone_for(me.user)
    today = running.clock().astimezone(zone).date()
    for item in named:
        memory = now.get(item.memory_id)
        key = f"trace_{item.reason}_{item.memory_id}"
        with st.container(border=True, gap="xsmall", key=key):
            if memory is None:
                st.text(item.text)
            else:
                at = told_at.get(memory.id)
                day = day_name((at or memory.created_at).astimezone(zone).date(), today)
                who = "told" if at is not None and memory.subject is Subject.USER else "kept"
                st.caption(t(f"trace.{who}", day=day))
                # As it was when it was used; corrected since, it is said below.
                st.markdown(plain(sentence(retell(replace(memory, text=item.text), me.persona))))
                if memory.text != item.text:
                    st.caption(t("trace.now_says", text=plain(memory.text)))
                elif me.designer:
                    st.caption(plain(item.text))
                chat_attachments.thumbnails(running, me, sources.get(memory.id, ()))
            memory_actions.actions(running, me, item.memory_id, memory, key)
    return named


def _sources(
    running: Container, me: Identity, memories: Sequence[Memory]
) -> Mapping[str, Sequence[Message]]:
    """What the user said that these memories come from, by memory."""
    ids = [id for memory in memories for id in memory.source.message_ids]
    said = {message.id: message for message in running.db.messages.by_ids(me.owner, ids)}
    found = {
        memory.id: [said[id] for id in memory.source.message_ids if id in said]
        for memory in memories
    }
    return {id: messages for id, messages in found.items() if messages}


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
    if trace.document_tokens or trace.picture_tokens:
        lines.append(
            t(
                "trace.attached",
                documents=trace.document_tokens,
                pictures=trace.picture_tokens,
            )
        )
    if trace.audio_seconds:
        lines.append(t("trace.audio", seconds=f"{trace.audio_seconds:.0f}"))
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
