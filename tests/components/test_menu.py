"""A page is one file that is picked up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from components import menu


def test_pages_from_the_top() -> None:
    names = [entry.name for entry in menu.entries()]
    assert names == ["chat", "memories", "inbox", "changes", "insights", "studio", "settings"]
    assert [entry.name for entry in menu.entries() if entry.designers] == ["studio"]


def test_a_file_more_is_a_page_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pages"
    shutil.copytree(menu.PAGES_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = 'raise SystemExit\n\nPAGE = {"order": 15, "icon": ":material/star:", "wide": True}\n'
    (folder / "stars.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(menu, "PAGES_FOLDER", folder)
    menu.entries.cache_clear()
    try:
        assert menu.entries()[1] == menu.MenuEntry("stars", 15, ":material/star:", wide=True)
    finally:
        menu.entries.cache_clear()
