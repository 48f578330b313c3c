"""The docs say what is there: commands, settings, files and references are compared with the code."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
SOURCES = [
    file for name in ("memory", "components", "pages") for file in (ROOT / name).rglob("*.py")
]
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


def test_every_file_named_in_a_docstring_exists() -> None:
    for file in SOURCES:
        text = file.read_text(encoding="utf-8")
        for name in re.findall(
            r"``((?:memory|components|pages|tests|docs|scripts)/[\w./]+)``", text
        ):
            assert (ROOT / name).exists(), f"{file.relative_to(ROOT)} names {name}"


def test_every_reference_in_a_docstring_leads_somewhere() -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in SOURCES}
    defined = {name for text in texts.values() for name in _names(ast.parse(text))}
    found = 0
    for file, text in texts.items():
        for name in re.findall(r":(?:mod|class|func|meth|data|attr):`([\w.]+)`", text):
            found += 1
            if name not in defined:
                package = ".".join(file.parent.relative_to(ROOT).parts)
                try:
                    pkgutil.resolve_name(f"{package}{name}" if name.startswith(".") else name)
                except (ImportError, AttributeError):
                    pytest.fail(f"{file.relative_to(ROOT)} refers to {name}")
    assert found > 100


def _names(tree: ast.AST, owner: str = "") -> Iterator[str]:
    """Names that a file defines, and those of a class also behind its own name and a dot."""
    for node in ast.iter_child_nodes(tree):
        inner = owner
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from (node.name, f"{owner}.{node.name}")
            inner = node.name if isinstance(node, ast.ClassDef) else owner
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            name = node.id if isinstance(node, ast.Name) else node.attr
            yield from (name, f"{owner}.{name}")
        yield from _names(node, inner)


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
