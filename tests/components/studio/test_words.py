"""Everything that the studio says of an extraction or a refusal has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.studio.difference import beside, words
from components.studio.editor import problem
from components.text import catalogue
from memory.errors import BadInput
from memory.extraction.validation import REASONS
from memory.llm.prompts import PLACEHOLDERS
from memory.studio import PROMPT_KINDS
from memory.studio import text_diff as diff
from memory.types import Language

ROOT = Path(__file__).parents[3] / "memory"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
NOTED = re.compile(r'(?:repairs\.append|\.note)\("([a-z_]+)"\)')
CORRECTED = re.compile(r'_note\("([a-z_]+)"\)')
CODES = re.compile(r'code="([a-z_]+)"')


def named(folder: str, pattern: re.Pattern[str]) -> set[str]:
    paths = [ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py")
    return {name for path in paths for name in pattern.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_repair_and_correction_has_words(language: Language) -> None:
    known = catalogue(language)
    repairs = named("extraction/parsing", NOTED) | {
        *(
            "double_encoded",
            "entities",
            "missing_subject",
            "odd_subject",
            "missing_kind",
            "odd_kind",
        )
    }
    corrected = named("extraction/validation", CORRECTED)
    assert len(repairs) > 15
    assert {"subject", "date", "split"} <= corrected
    for group, values in (("refusal", REASONS), ("repair", repairs), ("corrected", corrected)):
        assert not [v for v in values if f"word.{group}.{v}" not in known]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_not_saving_has_a_sentence(language: Language) -> None:
    codes = named("studio", CODES) | named("chat/personas/reading.py", CODES)
    codes |= named("llm/prompts.py", CODES) | {
        "prompt_unknown",
        "prompt_missing",
        "prompt_unclosed",
    }
    assert len(codes) > 20
    assert not [code for code in codes if f"error.{code}" not in catalogue(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_placeholder_is_explained(language: Language) -> None:
    for kind in PROMPT_KINDS:
        for name in PLACEHOLDERS[kind]:
            assert f"studio.placeholder_{kind}_{name}" in catalogue(language)


REFUSALS = [
    ("zh", BadInput(code="persona_empty", field="zh.tagline"), "“中文 · 一句话介绍”是空的，请填上。"),
    (
        "en",
        BadInput(code="persona_type", field="en.opening_lines", wanted="lines"),
        "“English · Opening lines” should be a list of texts.",
    ),
    (
        "en",
        BadInput(code="persona_syntax", line=3, column=7),
        "Line 3, column 7 can't be read; check quotes, brackets and equals signs.",
    ),
    ("zh", BadInput(code="prompt_missing", names=["known", "messages"]), "缺少必须有的占位符：known, messages。"),
    ("zh", BadInput(code="persona_missing", field="en"), "缺少“English”，请补上。"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "error", "said"), REFUSALS)
def test_a_refusal_names_the_field_in_the_reader_s_words(
    monkeypatch: pytest.MonkeyPatch, language: Language, error: BadInput, said: str
) -> None:
    for module in ("components.text", "components.studio.editor"):
        monkeypatch.setattr(f"{module}.language", lambda: language)
    assert problem(error) == said


def test_texts_are_shown_as_they_are_never_as_markup() -> None:
    table = beside(diff.side_by_side("<b>a</b>", "<script>x</script>"))
    assert "<script>" not in table
    assert "&lt;b&gt;" in table
    assert words("用户喜欢<猫>", "用户喜欢<狗>") == (
        "用户喜欢&lt;<del>猫</del>&gt;",
        "用户喜欢&lt;<ins>狗</ins>&gt;",
    )
