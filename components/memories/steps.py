"""Bulk changes: very many memories changed as one step, with a progress bar.

The work is done in slices of one group: each is written to the journal before
the store, so a crash leaves whole slices, and undo takes back what was done as
one. Whoever clicks elsewhere meanwhile doesn't stop it half way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from components.memories import changes as memory_changes
from components.memories.selection import Selection
from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError, NotFound
from memory.priority import DRAWING_SECONDS
from memory.types import Actor, Owner

SLICE = 2500
"""Memories between two movements of the bar: about half a second."""

Step = Callable[[Sequence[str], str], object]
"""Changes memories by their ids, as part of a group."""


def delete(running: Container, owner: Owner, chosen: Selection) -> None:
    """Forget; closes the drawer if it shows one of them."""

    def step(some: Sequence[str], group: str) -> object:
        if st.query_params.get(memory_changes.OPEN) in some:
            memory_changes.close_drawer()
        return running.memory_service.delete(owner, some, actor=Actor.HAND, group_id=group)

    _carry_out(running, owner, chosen, step, "memories.deleted")


def edit(running: Container, owner: Owner, chosen: Selection, fields: Mapping[str, Any]) -> None:
    """Change the same fields of all."""

    def step(some: Sequence[str], group: str) -> object:
        return running.memory_service.edit_many(
            owner, some, actor=Actor.HAND, group_id=group, **fields
        )

    _carry_out(running, owner, chosen, step, "memories.edited")


def _carry_out(running: Container, owner: Owner, chosen: Selection, step: Step, said: str) -> None:
    group = str(uuid4())
    # The bar first: finding out what all of them are takes a moment too.
    bar = _Bar(chosen.count) if chosen.count > SLICE else None
    ids = chosen.ids()
    failed: NiannianError | None = None
    drawing = DRAWING_SECONDS if bar is not None else 0.0
    for start in range(0, len(ids), SLICE):
        try:
            with running.priority.foreground(after=drawing):
                step(ids[start : start + SLICE], group)
        except NotFound:
            # Somebody else has deleted all of this slice.
            pass
        except NiannianError as error:
            failed = error
            break
        if bar is not None:
            bar.move(min(start + SLICE, chosen.count))
    count = running.db.history.count(owner, group)
    if failed is not None:
        memory_changes.note(error_text(failed), owner, group if count else None, failed=True)
    elif count:
        memory_changes.note(t(said, count=count), owner, group)
    else:
        memory_changes.note(t("memories.nothing_changed"), owner)
    if bar is not None:
        bar.close()


class _Bar:
    """A progress bar that puts off whatever wants to stop the script until the work is done."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._stop: BaseException | None = None
        self._bar = st.progress(0.0, t("bulk.working", done=0, count=total))

    def move(self, done: int) -> None:
        if self._stop is not None:
            return
        try:
            self._bar.progress(done / self._total, t("bulk.working", done=done, count=self._total))
        except (RerunException, StopException) as stop:
            self._stop = stop

    def close(self) -> None:
        if self._stop is not None:
            raise self._stop
        self._bar.empty()
