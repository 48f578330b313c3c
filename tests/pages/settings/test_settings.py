"""The settings page: tune, take everything along, erase everything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import runtime
from components.identity import Identity
from components.settings import export as settings_export
from components.settings import extraction_settings
from memory.container import Container
from memory.errors import NotFound
from memory.transfer.export import read_json, to_json
from memory.types import (
    Appearance,
    CustomCategory,
    ExtractionSettings,
    Kind,
    MemoryDraft,
    MemoryFilter,
    Owner,
    Subject,
    User,
)
from tests.pages.settings.form import ZH, OpenApp, said, submit


def test_what_the_environment_decides_is_locked_with_the_reason(
    open_page: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANNIAN_BATCH_TURNS", "7")
    runtime.reload()
    app = open_page()
    field = app.number_input(key="settings_batch_turns")
    assert (field.value, field.disabled, field.help) == (7, True, ZH["settings.fixed"])
    assert ZH["settings.fixed_some"] in said(app)


def test_batch_silence_and_context_are_saved(open_page: OpenApp) -> None:
    app = open_page()
    app.number_input(key="settings_batch_turns").set_value(4)
    app.number_input(key="settings_idle_seconds").set_value(60)
    app.number_input(key="settings_context_tokens").set_value(3000)
    app.selectbox(key="settings_language").select("en")
    submit(app, ZH["app.save"], "remembering_form")
    assert not app.exception
    settings = runtime.container().settings
    assert (settings.batch_turns, settings.idle_seconds) == (4, 60)
    assert (settings.context_tokens, settings.language) == (3000, "en")


def test_the_profile_changes_name_language_zone_and_region(open_page: OpenApp, user: User) -> None:
    app = open_page()
    app.text_input(key="profile_name").set_value("小晴")
    app.selectbox(key="profile_language").select("en")
    app.selectbox(key="profile_timezone").select("Europe/Berlin")
    app.selectbox(key="profile_region").select("US")
    submit(app, ZH["app.save"], "profile_form")
    assert not app.error
    assert not app.exception
    now = runtime.container().db.users.get(user.id)
    assert (now.name, now.language) == ("小晴", "en")
    assert (now.timezone, now.region) == ("Europe/Berlin", "US")
    assert app.title[0].value == "Settings"


def test_a_profile_needs_a_name(open_page: OpenApp, user: User) -> None:
    app = open_page()
    app.text_input(key="profile_name").set_value("  ")
    submit(app, ZH["app.save"], "profile_form")
    assert [e.value for e in app.error] == [ZH["app.name_missing"]]


def test_the_export_holds_everything_and_reads_back(
    running: Container, owner: Owner, user: User, memory_id: str
) -> None:
    running.memory_service.edit(owner, memory_id, importance=5)
    running.memory_service.add(
        Owner(user.id, "qing"), MemoryDraft("青喜欢茶", Subject.AI, Kind.CONSTANT)
    )
    other = running.db.users.create("别人")
    running.memory_service.add(
        Owner(other.id, "niannian"), MemoryDraft("别人的秘密", Subject.USER, Kind.CONSTANT)
    )
    me = Identity(user, running.personas["niannian"], "zh")
    raw = to_json(settings_export.everything(running, me))
    export = read_json(raw)
    assert {memory.text for memory in export.memories} == {"用户对花生过敏", "青喜欢茶"}
    assert [m.text for s in export.sessions for m in s.messages] == ["我对花生过敏"]
    assert [change.action.value for change in export.changes] == ["add", "edit", "add"]
    assert "别人的秘密" not in raw


def test_the_page_offers_three_files(open_page: OpenApp, memory_id: str) -> None:
    app = open_page()
    labels = [b.proto.label for b in app.get("download_button")]
    exports = [ZH[f"settings.export_{ending}"] for ending in ("json", "csv", "md")]
    assert labels == [*exports, ZH["backup.download"]]


def test_erasing_needs_the_name(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    app = open_page()
    app.text_input(key="erase_name").set_value("别人")
    submit(app, ZH["settings.erase"], "erase_form")
    assert ZH["settings.erase_mismatch"] in [e.value for e in app.error]
    assert running.store.reads.count(owner) == 1


def test_erasing_everything_leaves_nothing_and_says_what_is_gone(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    folder = running.settings.data_dir
    app = open_page()
    app.switch_page("pages/insights.py").run()
    app.switch_page("pages/settings.py").run()
    app.text_input(key="erase_name").set_value(" 小雨 ")
    submit(app, ZH["settings.erase"], "erase_form")
    assert not app.exception
    assert ZH["settings.erased"].split("{")[0] in said(app)
    assert "1 条记忆和它们的向量" in said(app)
    with pytest.raises(NotFound):
        running.db.users.get(owner.user_id)
    assert running.store.reads.count(owner, MemoryFilter(statuses=frozenset())) == 0
    assert "花生" not in str(app.session_state.to_dict())
    runtime.reload()
    assert not [path for path in files(folder) if "花生".encode() in path.read_bytes()]


def test_erasing_one_persona_keeps_the_others(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    other = Owner(owner.user_id, "qing")
    running.memory_service.add(other, MemoryDraft("青喜欢茶", Subject.AI, Kind.CONSTANT))
    app = open_page()
    app.radio(key="erase_scope").set_value("persona")
    app.text_input(key="erase_name").set_value("小雨")
    submit(app, ZH["settings.erase"], "erase_form")
    assert not app.exception
    assert (running.store.reads.count(owner), running.store.reads.count(other)) == (0, 1)
    assert running.db.users.get(owner.user_id).name == "小雨"


def test_the_demo_is_loaded_and_removed_in_one_step(
    running: Container, owner: Owner, open_page: OpenApp, memory_id: str
) -> None:
    app = open_page()
    app.button(key="demo_load").click().run()
    assert not app.exception
    assert [user for user in running.db.users.all() if user.demo]
    app = open_page()
    app.button(key="demo_remove").click().run()
    assert not app.exception
    assert [user.id for user in running.db.users.all()] == [owner.user_id]
    assert running.store.reads.owners() == [owner]


def test_a_changed_embedder_is_explained_and_put_right(
    running: Container,
    owner: Owner,
    open_page: OpenApp,
    memory_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Other:
        name, dims = "another-16", 16

        def embed(self, texts: list[str], purpose: str = "passage") -> list[list[float]]:
            return [[1.0] * 16 for _ in texts]

    monkeypatch.setattr(running.store.core, "embedder", Other())
    app = open_page()
    assert not app.exception
    assert any("another-16" in str(w.value) for w in app.warning)
    assert app.sidebar.warning, "every page says so, not only this one"
    app.button(key="reembed").click().run()
    assert not app.exception
    assert not any("another-16" in str(w.value) for w in app.warning)
    assert not app.sidebar.warning
    assert running.store.reads.get(owner, memory_id).text == "用户对花生过敏"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_categories_are_cards_where_a_table_has_no_room(
    open_page: Callable[[], AppTest], running: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = CustomCategory("追星"), CustomCategory("钓鱼", "和水库", "#113355")
    running.db.extraction_settings.set(ExtractionSettings(categories=(first, second)))
    monkeypatch.setattr(extraction_settings, "narrow", lambda: True)
    page = open_page()
    names = [field for field in page.text_input if field.label == ZH["settings.category_name"]]
    assert [field.value for field in names[:3]] == ["追星", "钓鱼", ""]
    names[0].set_value("")
    names[2].set_value("观鸟")
    next(b for b in page.button if b.form_id == "wishes_form").click()
    page.run()
    assert not page.exception
    kept = running.db.extraction_settings.of().categories
    assert kept == (second, CustomCategory("观鸟"))
    names = [field for field in page.text_input if field.label == ZH["settings.category_name"]]
    assert [field.value for field in names[:3]] == ["钓鱼", "观鸟", ""]


def test_a_category_of_ones_own_is_offered_for_memories(
    open_page: Callable[[], AppTest],
    open_page_named: Callable[[str], AppTest],
    running: Container,
    owner: Owner,
) -> None:
    running.db.extraction_settings.set(
        ExtractionSettings(categories=(CustomCategory("追星", "演唱会和偶像", "#aa3377"),))
    )
    page = open_page()
    page.text_area(key="wishes_instructions").set_value("不要记价格。")
    page.text_input(key="wishes_excludes").set_value("工资")
    next(b for b in page.button if b.form_id == "wishes_form").click()
    page.run()
    assert not page.exception
    kept = running.db.extraction_settings.of()
    assert (kept.custom_instructions, kept.excludes) == ("不要记价格。", "工资")
    assert [c.name for c in kept.categories] == ["追星"]
    memory = running.memory_service.add(
        owner, MemoryDraft("用户去看了演唱会", Subject.USER, Kind.CONSTANT, "追星")
    )
    memories = open_page_named("memories")
    assert not memories.exception
    assert memory.category == "追星"


def test_the_look_holds_at_once_and_for_this_user_alone(
    open_page: Callable[[], AppTest], running: Container, owner: Owner
) -> None:
    page = open_page()
    other = running.db.users.create("阿宁")
    # AppTest knows no segmented control; its callback does what a click does.
    page.selectbox(key="appearance_accent_qing").select("sea").run()
    assert not page.exception
    kept = running.db.appearances.of(owner.user_id)
    assert kept == Appearance(accents={"qing": "sea"})
    assert running.db.appearances.of(other.id) == Appearance()
    running.db.appearances.set(owner.user_id, Appearance("dark", "huge", {"niannian": "moss"}))
    page = open_page()
    styles = " ".join(element.proto.body for element in page.get("html"))
    assert "font-size: 21px" in styles
    assert "light-dark(#2F6A4A, #7CC29B)" in styles
