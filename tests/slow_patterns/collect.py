"""Every regular expression of a package: compiled, written in its source, or in its data."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from tests.slow_patterns.attacks import Compiled

ANYWHERE = ("search", "fullmatch")


@dataclass(frozen=True)
class Found:
    """A pattern, where it is compiled and how it is used."""

    pattern: Compiled
    where: str
    methods: tuple[str, ...] = ANYWHERE


class Collector:
    """Notes each pattern that ``re`` compiles for code under ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.found: dict[tuple[str, int], Found] = {}

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While this lasts, patterns are noted."""
        compile_ = re._compile  # type: ignore[attr-defined]

        def noted(pattern: Any, flags: Any) -> Any:
            compiled = compile_(pattern, flags)
            if isinstance(compiled.pattern, str):
                self.note(compiled, _caller())
            return compiled

        re._compile = noted  # type: ignore[attr-defined]
        try:
            yield
        finally:
            re._compile = compile_  # type: ignore[attr-defined]

    def note(self, pattern: Compiled, frame: FrameType | None) -> None:
        """``pattern``, if the code of ``frame`` is of the package."""
        key = (pattern.pattern, pattern.flags)
        if frame is None or key in self.found:
            return
        file = frame.f_code.co_filename
        if file.startswith(self.root) and "/.venv/" not in file:
            where = f"{Path(file).relative_to(self.root)}:{frame.f_lineno}"
            self.found[key] = Found(pattern, where)


def _of_text(pattern: Compiled | re.Pattern[bytes]) -> Compiled:
    """A pattern of bytes as one of the characters that stand for them."""
    if isinstance(pattern.pattern, bytes):
        return re.compile(pattern.pattern.decode("latin-1"), pattern.flags | re.ASCII)
    return pattern  # type: ignore[return-value]


def _caller() -> FrameType | None:
    frame: FrameType | None = sys._getframe(2)
    while frame and (frame.f_code.co_filename in (__file__, re.__file__)):
        frame = frame.f_back
    return frame


def modules_of(*packages: str) -> list[ModuleType]:
    """Every module of ``packages``, imported."""
    modules = []
    for name in packages:
        package = importlib.import_module(name)
        modules.append(package)
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            # Alembic's environment runs a migration when it is imported.
            if not info.name.endswith(".env"):
                modules.append(importlib.import_module(info.name))
    return modules


def written_in(modules: Sequence[ModuleType], root: Path) -> Iterator[Found]:
    """Patterns of calls such as ``re.sub(r"…", …)``, also in functions that weren't called."""
    for module in modules:
        file = Path(module.__file__ or "")
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and _is_re(call.func) and call.args):
                continue
            try:
                pattern = re.compile(_value(call.args[0], module), _flags(call, module))
            except (NameError, TypeError, AttributeError, KeyError, re.error):
                # Made of what is only known when the function runs.
                continue
            method = getattr(call.func, "attr", "")
            methods = {"compile": ANYWHERE, "match": ("match",), "fullmatch": ("fullmatch",)}
            where = f"{file.relative_to(root)}:{call.lineno}"
            yield Found(pattern, where, methods.get(method, ("search",)))


def in_data(modules: Sequence[ModuleType], root: Path) -> Iterator[Found]:
    """Texts in tables of the modules and in data files that look like patterns."""
    for module in modules:
        file = Path(module.__file__ or "")
        for name, value in vars(module).items():
            if not name.startswith("__") and "re" in vars(module):
                for text in _texts(value):
                    yield from _as_pattern(text, f"{file.relative_to(root)}, {name}")
    for folder in {Path(module.__file__ or "").parent for module in modules}:
        for file in folder.rglob("*.toml"):
            for text in _texts(tomllib.loads(file.read_text("utf-8"))):
                yield from _as_pattern(text, str(file.relative_to(root)))


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth > 5:
        return
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _texts(each, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _texts(getattr(value, each.name, None), depth + 1)


def _as_pattern(text: str, where: str) -> Iterator[Found]:
    if not re.search(r"\(\?|\\[bdsw]|[\])}.\w][*+]|\{\d*,\d*\}", text):
        return
    with suppress(re.error):
        yield Found(re.compile(text), where, ("search",))


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))


def _is_re(func: ast.expr) -> bool:
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "re"
        and func.attr not in ("escape", "purge")
    )


def _flags(call: ast.Call, module: ModuleType) -> int:
    given = [word.value for word in call.keywords if word.arg == "flags"]
    places = {"compile": 1, "sub": 4, "subn": 4, "split": 3}
    place = places.get(getattr(call.func, "attr", ""), 2)
    given += call.args[place : place + 1]
    return int(_value(given[0], module)) if given else 0


def methods_by_pattern(modules: Sequence[ModuleType]) -> dict[tuple[str, int], tuple[str, ...]]:
    """How patterns with a name are used, as far as that name is only used directly."""
    ways: dict[tuple[str, int], set[str]] = {}
    for module in modules:
        uses = _uses(Path(module.__file__ or ""))
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found = uses.get(name, set()) - {"pattern", "flags", "groups"}
                # A name that is not used in its own module is used in another one.
                ways.setdefault((value.pattern, value.flags), set()).update(found)
    return {
        key: tuple(sorted({use if use in ("match", "fullmatch") else "search" for use in uses}))
        for key, uses in ways.items()
        if uses and "?" not in uses
    }


def _uses(file: Path) -> dict[str, set[str]]:
    """The attributes that are asked of each name in a file; "?" where it is handed on."""
    uses: dict[str, set[str]] = {}
    direct = set()
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(node.attr)
            direct.add(id(node.value))
    for node in ast.walk(tree):
        loaded = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if loaded and id(node) not in direct:
            uses.setdefault(node.id, set()).add("?")
    return uses


def all_patterns(root: Path, *packages: str, exercise: Callable[[], object] = bool) -> list[Found]:
    """Every pattern of ``packages``, once.

    Args:
        root: The folder of the packages.
        packages: Names of packages, their modules and data files included.
        exercise: Runs code of them, for patterns that are made as they are needed.
    """
    collector = Collector(root)
    with collector.listening():
        modules = modules_of(*packages)
        exercise()
    known = methods_by_pattern(modules)
    written = list(written_in(modules, root))
    for each in written:
        key = (each.pattern.pattern, each.pattern.flags)
        known.setdefault(key, each.methods)
    found = {}
    for each in (*collector.found.values(), *written):
        methods = known.get((each.pattern.pattern, each.pattern.flags), each.methods)
        pattern = _of_text(each.pattern)
        key = (pattern.pattern, pattern.flags)
        found.setdefault(key, replace(each, pattern=pattern, methods=methods))
    whole = "\0".join(pattern for pattern, _ in found)
    for each in in_data(modules, root):
        # Parts of a pattern that is tested as a whole are not patterns.
        if each.pattern.pattern not in whole:
            found.setdefault((each.pattern.pattern, each.pattern.flags), each)
    return list(found.values())
