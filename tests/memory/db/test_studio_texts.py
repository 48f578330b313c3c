"""Versions of edited texts: one in use, none lost."""

from __future__ import annotations

import pytest

from memory.db import Ledger
from memory.errors import NotFound
from tests.memory.db_fakes import StandingClock


def test_the_newest_version_is_in_use_and_the_others_are_kept(
    ledger: Ledger, clock: StandingClock
) -> None:
    first = ledger.add_studio_text("extract", "zh", "一", "第一版")
    second = ledger.add_studio_text("extract", "zh", "二")
    ledger.add_studio_text("extract", "en", "one")
    versions = ledger.studio_versions("extract", "zh")
    assert [(v.body, v.note, v.active) for v in versions] == [
        ("二", "", True),
        ("一", "第一版", False),
    ]
    assert versions[0].created_at == clock()
    assert {t.body for t in ledger.active_studio_texts()} == {"二", "one"}

    ledger.use_studio_text("extract", "zh", first.id)
    assert {t.body for t in ledger.active_studio_texts()} == {"一", "one"}
    ledger.use_studio_text("extract", "zh", None)
    assert {t.body for t in ledger.active_studio_texts()} == {"one"}
    assert len(ledger.studio_versions("extract", "zh")) == 2
    assert second.active


def test_a_version_of_another_text_is_not_found_and_nothing_changes(ledger: Ledger) -> None:
    english = ledger.add_studio_text("chat", "en", "hello")
    ledger.add_studio_text("chat", "zh", "你好")
    revision = ledger.studio_revision()
    with pytest.raises(NotFound):
        ledger.use_studio_text("chat", "zh", english.id)
    assert {t.body for t in ledger.active_studio_texts()} == {"hello", "你好"}
    assert ledger.studio_revision() == revision


def test_every_change_has_a_revision_of_its_own(ledger: Ledger) -> None:
    seen = [ledger.studio_revision()]
    text = ledger.add_studio_text("persona", "mimi", "…")
    seen.append(ledger.studio_revision())
    ledger.use_studio_text("persona", "mimi", None)
    seen.append(ledger.studio_revision())
    ledger.use_studio_text("persona", "mimi", text.id)
    seen.append(ledger.studio_revision())
    assert seen[0] is None
    assert len(set(seen)) == 4
    assert [t.name for t in ledger.newest_studio_texts("persona")] == ["mimi"]
