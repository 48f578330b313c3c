"""Versions of edited texts: one in use, none lost."""

from __future__ import annotations

import pytest

from memory.db import Database
from memory.errors import NotFound
from tests.memory.db_fakes import StandingClock


def test_the_newest_version_is_in_use_and_the_others_are_kept(
    db: Database, clock: StandingClock
) -> None:
    first = db.studio_texts.add("extract", "zh", "一", "第一版")
    second = db.studio_texts.add("extract", "zh", "二")
    db.studio_texts.add("extract", "en", "one")
    versions = db.studio_texts.versions("extract", "zh")
    assert [(v.body, v.note, v.active) for v in versions] == [
        ("二", "", True),
        ("一", "第一版", False),
    ]
    assert versions[0].created_at == clock()
    assert {t.body for t in db.studio_texts.active()} == {"二", "one"}

    db.studio_texts.use("extract", "zh", first.id)
    assert {t.body for t in db.studio_texts.active()} == {"一", "one"}
    db.studio_texts.use("extract", "zh", None)
    assert {t.body for t in db.studio_texts.active()} == {"one"}
    assert len(db.studio_texts.versions("extract", "zh")) == 2
    assert second.active


def test_a_version_of_another_text_is_not_found_and_nothing_changes(db: Database) -> None:
    english = db.studio_texts.add("chat", "en", "hello")
    db.studio_texts.add("chat", "zh", "你好")
    revision = db.studio_texts.revision()
    with pytest.raises(NotFound):
        db.studio_texts.use("chat", "zh", english.id)
    assert {t.body for t in db.studio_texts.active()} == {"hello", "你好"}
    assert db.studio_texts.revision() == revision


def test_every_change_has_a_revision_of_its_own(db: Database) -> None:
    seen = [db.studio_texts.revision()]
    text = db.studio_texts.add("persona", "mimi", "…")
    seen.append(db.studio_texts.revision())
    db.studio_texts.use("persona", "mimi", None)
    seen.append(db.studio_texts.revision())
    db.studio_texts.use("persona", "mimi", text.id)
    seen.append(db.studio_texts.revision())
    assert seen[0] is None
    assert len(set(seen)) == 4
    assert [t.name for t in db.studio_texts.newest("persona")] == ["mimi"]
