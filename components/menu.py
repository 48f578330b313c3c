"""Page registry: each file of ``pages/`` with a ``PAGE`` is a page of the navigation."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from components.text import catalogue, language

PAGES_FOLDER = Path(__file__).parent.parent / "pages"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """How a page stands in the navigation.

    Attributes:
        name: That of its file, and its address.
        order: Where it stands, from the top.
        icon: A Material symbol.
        wide: Tables and charts need room; talking and reading need a column.
        designers: With accounts it is for designers alone.
    """

    name: str
    order: int
    icon: str
    wide: bool = False
    designers: bool = False


def names() -> list[str]:
    """The names of all pages, from the top."""
    return [entry.name for entry in entries()]


def title(name: str) -> str:
    """What a page is called; an added one may have no words of its own."""
    return catalogue(language()).get(f"app.page_{name}", name.title())


@cache
def entries() -> tuple[MenuEntry, ...]:
    """All pages, from the top.

    A page's file does what it says as soon as it is imported, so its ``PAGE`` is read
    from the text.
    """
    found = []
    for path in PAGES_FOLDER.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PAGE":
                found.append(MenuEntry(path.stem, **ast.literal_eval(node.value)))
    return tuple(sorted(found, key=lambda entry: (entry.order, entry.name)))
