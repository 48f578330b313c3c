"""Journal block: what was done in one go, line by line, each with its undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from components.changes import lines as change_lines
from components.changes.filters import Chosen
from components.chat import deep_link as chat_arrival
from components.identity import Identity, address
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.memories.spoken import spoken
from components.shell import page_path
from components.text import error_text, t, word
from memory.container import Container
from memory.db import Block
from memory.errors import NotUndoable
from memory.memories.undo import why_not
from memory.types import Actor, Change, ChangeAction, Memory, Owner

PLACE = "changes"
LINES = 4
MORE = 25
_ICONS = {
    Actor.EXTRACTION: ":material/bookmark_added:",
    Actor.HAND: ":material/edit:",
    Actor.API: ":material/api:",
    Actor.IMPORT: ":material/upload_file:",
    Actor.UNDO: ":material/undo:",
    Actor.DEMO: ":material/theater_comedy:",
    Actor.SYSTEM: ":material/settings:",
}


def memories_now(running: Container, blocks: Sequence[Block]) -> dict[str, Memory]:
    """The memories of these blocks as they are now; one read an owner."""
    wanted: dict[Owner, set[str]] = defaultdict(set)
    for block in blocks:
        for change in block.shown:
            wanted[change.owner] |= {change.memory_id}
    return {
        memory.id: memory
        for owner, ids in wanted.items()
        for memory in running.store.reads.get_many(owner, sorted(ids))
    }


def show(
    running: Container,
    me: Identity,
    zone: ZoneInfo,
    chosen: Chosen,
    block: Block,
    now: Mapping[str, Memory],
) -> None:
    """One block with its head, its lines, and the way to the rest of them."""
    changes = list(block.shown)
    name = block.group_id or changes[0].id
    more_key = f"changes_more_{name}"
    if block.group_id and st.session_state.get(more_key):
        limit = int(st.session_state[more_key])
        changes = running.db.changelog.of_block(
            chosen.who, block.group_id, chosen.filter, limit=limit
        )
        rest = [change for change in changes if change.memory_id not in now]
        late = Block(block.mark, block.group_id, tuple(rest), 0, 0)
        now = {**now, **memories_now(running, [late])}
    with st.container(border=True, gap="xsmall", key=f"block_{name}"):
        if block.size > 1:
            _head(running, me, zone, block, changes)
        replaced = _replaced(changes)
        for change in changes:
            if not _told_already(change, changes):
                head = _title(running, me, zone, block, change) if block.size == 1 else None
                _line(running, me, change, now, replaced.get(change.memory_id), head)
        left = block.matching - len(changes)
        if left > 0:
            st.button(
                t("changes.show_all", count=left),
                key=f"{more_key}_button",
                type="tertiary",
                icon=":material/expand_more:",
                on_click=lambda: st.session_state.update({more_key: len(changes) + MORE}),
            )


def _head(
    running: Container, me: Identity, zone: ZoneInfo, block: Block, changes: Sequence[Change]
) -> None:
    first = changes[0]
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"changes_head_{block.group_id or first.id}",
    ):
        st.markdown(_title(running, me, zone, block, first), width="content")
        with st.container(
            horizontal=True, width="content", key=f"together_{block.group_id or first.id}_actions"
        ):
            _to_chat(running, me, changes)
            if block.size > 1 and block.group_id:
                _undo_all(running, block, first)


def _undo_all(running: Container, block: Block, first: Change) -> None:
    if block.matching == len(block.shown) and all(change.undone_by for change in block.shown):
        st.caption(t("changes.all_undone"), width="content")
        return
    st.button(
        t("changes.undo_all"),
        key=f"undo_group_{block.group_id}",
        type="tertiary",
        icon=":material/undo:",
        on_click=memory_changes.undo_group,
        args=(running, first.owner, block.group_id, PLACE),
    )


def _title(running: Container, me: Identity, zone: ZoneInfo, block: Block, first: Change) -> str:
    actor = word("actor", first.actor.value)
    if block.size == 1:
        said = t("changes.one", action=word("action", first.action.value), actor=actor)
    elif block.matching < block.size:
        said = t("changes.some_of_block", actor=actor, count=block.matching, size=block.size)
    else:
        said = t("changes.block", actor=actor, count=block.size)
    when = f"{first.at.astimezone(zone):%H:%M}"
    if first.owner != me.owner and first.owner.persona_id in running.personas:
        when += f" · {plain(running.personas[first.owner.persona_id].text(me.language).name)}"
    return f"{_ICONS[first.actor]} **{said}** :small[:gray[{when}]]"


def _to_chat(running: Container, me: Identity, changes: Sequence[Change]) -> None:
    """The way to what was said when this was learnt."""
    if changes[0].actor is not Actor.EXTRACTION or changes[0].owner != me.owner:
        return
    ids = [id for c in changes if c.after is not None for id in c.after.source.message_ids[-1:]]
    for message in running.db.messages.by_ids(me.owner, ids[-1:]):
        chat_arrival.link_to(message, t("changes.see_chat"))


def _replaced(changes: Sequence[Change]) -> dict[str, Memory]:
    """What was replaced in this block, by the id of what took its place."""
    return {
        change.after.superseded_by: change.before
        for change in changes
        if change.action is ChangeAction.SUPERSEDE
        and change.before is not None
        and change.after is not None
        and change.after.superseded_by
    }


def _told_already(change: Change, changes: Sequence[Change]) -> bool:
    """A memory that gave way is told of in the line of what took its place."""
    return (
        change.action is ChangeAction.SUPERSEDE
        and change.after is not None
        and any(
            other.memory_id == change.after.superseded_by and other.after is not None
            for other in changes
            if other is not change
        )
    )


def _line(
    running: Container,
    me: Identity,
    change: Change,
    now: Mapping[str, Memory],
    replaced: Memory | None,
    head: str | None,
) -> None:
    current = now.get(change.memory_id)
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="top",
        gap="small",
        key=f"change_{change.id}",
    ):
        with st.container(gap=None, width="stretch", key=f"change_words_{change.id}"):
            told = change_lines.sentence(change, replaced, partial(spoken, me))
            if head is not None:
                st.markdown(head)
            elif replaced is None:
                told = f":gray[{word('action', change.action.value)}] {told}"
            st.markdown(change_lines.struck(told) if change.undone_by else told)
            if change.before is not None and change.after is not None:
                details = change_lines.differences(change.before, change.after, {"text"})
                if details:
                    st.caption("  \n".join(details))
        with st.container(horizontal=True, width="content", key=f"change_{change.id}_actions"):
            if head is not None:
                _to_chat(running, me, [change])
            if current is not None and change.owner == me.owner:
                st.page_link(
                    page_path("memories"),
                    label=t("changes.open_memory"),
                    icon=":material/open_in_new:",
                    query_params={**address(me), memory_changes.OPEN: change.memory_id},
                )
            if change.undone_by is None:
                why = why_not(change, current)
                st.button(
                    t("app.undo"),
                    key=f"undo_{change.id}",
                    type="tertiary",
                    icon=":material/undo:",
                    disabled=why is not None,
                    help=error_text(NotUndoable(code=why, why=why)) if why else None,
                    on_click=memory_changes.undo,
                    args=(running, change.owner, change.id, PLACE),
                )
