"""The docs say what is there: commands, settings and files are held against the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))


def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_every_make_target_in_the_docs_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z][a-z0-9-]+)", "\n".join(re.findall(r"`[^`]+`", text))))
    assert named <= TARGETS


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_every_file_named_in_the_docs_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(
        r"`((?:memory|components|pages|tests|benchmarks|scripts)/[\w./]+)`", text
    ):
        assert (ROOT / name).exists(), f"{path.name} names {name}"
    for link in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (path.parent / link).exists(), f"{path.name} links to {link}"


@pytest.mark.parametrize(
    "target",
    ["setup", "run", "demo", "test", "lint", "bench", "serve", "screenshots", "help"],
)
def test_make_targets_are_there(target: str) -> None:
    assert target in TARGETS


def test_every_test_that_the_security_model_names_exists() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"`(tests/[\w/.]+)`(?: `(test_\w+)`)?", text)
    assert len(rows) > 15
    for file, name in rows:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in source, f"{file} has no {name}"
