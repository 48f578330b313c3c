"""Inbox actions: what its buttons do; each leaves a notice with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.memories import changes as memory_changes
from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError
from memory.memories.review import Finding
from memory.types import Kind, Memory, Owner

PLACE = "inbox"
"""Where the notices of this page are shown."""


def fix(running: Container, owner: Owner, finding: Finding, right: str | None = None) -> None:
    """Do what the finding proposes (a callback)."""
    _do(owner, "inbox.fixed", lambda: running.review.decisions.fix(owner, finding, right=right))


def fix_all(running: Container, owner: Owner, findings: Sequence[Finding]) -> None:
    """Do what each of them proposes, as one step (a callback)."""
    _do(
        owner,
        "inbox.fixed_all",
        lambda: running.review.decisions.fix_all(owner, findings),
        len(findings),
    )


def set_date(running: Container, owner: Owner, finding: Finding, key: str) -> None:
    """Give the memory the day chosen in the calendar ``key`` (a callback)."""
    day = st.session_state.get(key)
    if day is None:
        memory_changes.note(t("inbox.no_day"), owner, place=PLACE)
        return
    fields = {"kind": Kind.TEMPORAL, "event_date": day.isoformat()}
    _do(owner, "inbox.fixed", lambda: running.review.decisions.fix(owner, finding, fields=fields))


def make_constant(running: Container, owner: Owner, finding: Finding) -> None:
    """It is no event but a lasting fact (a callback)."""
    fields = {"kind": Kind.CONSTANT}
    _do(owner, "inbox.fixed", lambda: running.review.decisions.fix(owner, finding, fields=fields))


def rewrite(running: Container, owner: Owner, memory: Memory, texts: Sequence[str]) -> None:
    """Give the memory another text, or several memories in its place."""
    _do(owner, "inbox.fixed", lambda: running.review.decisions.rewrite(owner, memory, texts))


def keep(running: Container, owner: Owner, finding: Finding) -> None:
    """It is all right as it is (a callback)."""
    _do(owner, "inbox.kept", lambda: running.review.decisions.settle(owner, finding))


def look_again(running: Container, owner: Owner) -> None:
    """Show again what was kept as it is (a callback)."""
    count = running.review.decisions.unsettle(owner)
    memory_changes.note(t("inbox.looked_again", count=count), owner, place=PLACE)


def _do(owner: Owner, said: str, act: Callable[[], str | None], count: int = 1) -> None:
    try:
        group = act()
    except NiannianError as error:
        memory_changes.note(error_text(error), owner, place=PLACE, failed=True)
        return
    memory_changes.note(t(said, count=count), owner, group, place=PLACE)
