"""Personas: three complete characters, and plain words about a broken file."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from memory.chat.personas import PERSONA_FOLDER, USER_AVATAR, avatar_path, load_personas
from memory.errors import SettingsError

CJK = re.compile(r"[\u4e00-\u9fff]")


def test_three_personas_with_the_gentle_listener_first() -> None:
    personas = load_personas()
    assert list(personas) == ["niannian", "qing", "shenyan"]
    assert personas["niannian"].text("zh").name == "念念"
    assert personas["niannian"].text("en").name == "Niannian"


@pytest.mark.parametrize("persona", load_personas().values(), ids=lambda p: p.id)
def test_each_persona_is_complete_in_its_language(persona) -> None:
    zh, en = persona.text("zh"), persona.text("en")
    assert CJK.search(zh.backstory)
    assert not CJK.search(en.backstory + "".join(en.opening_lines))
    for text in (zh, en):
        assert len(text.opening_lines) >= 5
        assert len(text.mood_lines) >= 5
        assert len(set(text.opening_lines)) == len(text.opening_lines)
        assert any("AI" in line for line in text.boundaries)
        for line in text.opening_lines:
            assert len(re.findall("[?？]", line)) <= 1, line


@pytest.mark.parametrize("name", [*(p.avatar for p in load_personas().values()), USER_AVATAR])
def test_avatars_are_small_self_contained_drawings(name: str) -> None:
    path = avatar_path(name)
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    assert (root.get("width"), root.get("height")) == ("96", "96")
    assert path.stat().st_size < 5000
    assert "href" not in path.read_text(encoding="utf-8")


def test_an_avatar_never_leads_outside_its_folder() -> None:
    assert avatar_path("../../secrets.svg").parent == PERSONA_FOLDER


def _copy(folder: Path, **replace: str) -> Path:
    text = (PERSONA_FOLDER / "niannian.toml").read_text(encoding="utf-8")
    for old, new in replace.items():
        text = text.replace(old, new)
    (folder / "niannian.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "test.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_persona_of_ones_own_is_loaded(tmp_path: Path) -> None:
    assert list(load_personas(_copy(tmp_path))) == ["test"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("tagline", "tag", "zh.tagline"),
        ("mood_lines", "moods", "zh.mood_lines"),
        ("[en]", "[fr]", "en"),
        ("niannian.svg", "missing.svg", "avatar"),
    ],
)
def test_a_broken_file_is_named_with_its_field(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_personas(_copy(tmp_path, **{old: new}))
    assert caught.value.params["file"] == "test.toml"
    assert caught.value.params["field"] == field


def test_a_file_that_is_no_toml_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no persona"):
        load_personas(tmp_path)
    (tmp_path / "bad.toml").write_text("= = =", encoding="utf-8")
    with pytest.raises(SettingsError, match="can't be read"):
        load_personas(tmp_path)
