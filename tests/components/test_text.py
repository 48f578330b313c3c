"""The two languages say the same things, and everything that is asked for exists."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from components import text
from memory import errors
from memory.errors import BadInput, NiannianError
from memory.types import (
    DEFAULT_CATEGORIES,
    Actor,
    BatchState,
    ChangeAction,
    Kind,
    Language,
    Reason,
    Status,
    Subject,
)

ROOT = Path(__file__).parents[2]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def placeholders(value: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}


def classes(root: type[NiannianError] = NiannianError) -> Iterator[type[NiannianError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from classes(child)


def keys_used() -> Iterator[tuple[str, str]]:
    """Every literal key in ``t("…")`` and ``translate(…, "…")``."""
    for folder in ("components", "pages"):
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                if node.func.id not in {"t", "translate"}:
                    continue
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and "." in str(argument.value):
                        yield path.name, str(argument.value)
                    if isinstance(argument, ast.JoinedStr):
                        first = argument.values[0]
                        assert isinstance(first, ast.Constant), f"{path.name}: key starts unknown"
                        yield path.name, f"{first.value}*"


def test_both_languages_have_the_same_keys() -> None:
    zh, en = text.catalogue("zh"), text.catalogue("en")
    plural = {key for key in en if key.endswith("_one") and key.removesuffix("_one") in en}
    assert set(zh) == set(en) - plural


def test_both_languages_have_the_same_placeholders() -> None:
    zh, en = text.catalogue("zh"), text.catalogue("en")
    assert {k: placeholders(zh[k]) for k in zh} == {k: placeholders(en[k]) for k in zh}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_and_chinese_is_chinese(language: Language) -> None:
    for key, value in text.catalogue(language).items():
        assert value.strip(), key
    chinese = [v for v in text.catalogue("zh").values() if re.search(r"[一-鿿]", v)]
    assert len(chinese) > 0.9 * len(text.catalogue("zh"))


def test_every_key_that_the_screen_asks_for_exists() -> None:
    used = list(keys_used())
    assert len(used) > 20
    known = text.catalogue("zh")
    for where, key in used:
        if key.endswith("*"):
            assert any(k.startswith(key[:-1]) for k in known), f"{where} asks for {key}"
        else:
            assert key in known, f"{where} asks for {key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence(language: Language) -> None:
    for error in classes():
        assert f"error.{error.code}" in text.catalogue(language), error.__name__


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_a_name(language: Language) -> None:
    groups = {
        "subject": Subject,
        "kind": Kind,
        "status": Status,
        "reason": Reason,
        "action": ChangeAction,
        "actor": Actor,
        "batch": BatchState,
        "category": DEFAULT_CATEGORIES,
    }
    for group, values in groups.items():
        for value in values:
            assert f"word.{group}.{value}" in text.catalogue(language)


def test_an_error_becomes_one_sentence_with_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "language", lambda: "en")
    said = text.error_text(BadInput(code="message_too_long", given=20_000, limit=8_000))
    assert "20000" in said
    assert "8000" in said


def test_an_error_code_without_a_sentence_falls_back_to_its_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text, "language", lambda: "en")
    said = text.error_text(BadInput(code="brand_new"))
    assert said == text.catalogue("en")["error.bad_input"]


def test_a_missing_figure_does_not_hide_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "language", lambda: "zh")
    assert "{folder}" in text.error_text(errors.FolderBusy())


def test_one_thing_is_singular() -> None:
    assert text.translate("en", "chat.just_remembered", count=1).endswith("thing")
    assert text.translate("en", "chat.just_remembered", count=3).endswith("things")


def test_a_value_without_a_translation_keeps_its_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text, "language", lambda: "zh")
    assert text.word("category", "钓鱼") == "钓鱼"
    assert text.word("category", "health") == "健康"
