"""The house: which way imports point, and that one name stands for one thing.

docs/architecture.md draws it.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS = (
    "api",
    "container",
    "studio",
    "transfer",
    "builtin",
    "extraction",
    "memories",
    "chat",
    "auth",
    "vector_store",
    "db",
    "llm",
    "attachments",
    "nlp",
    "config",
    "system",
    "priority",
    "metrics",
    "i18n",
    "errors",
    "types",
)
"""What stands in memory/, from the top down: each may import what stands below it."""

BUILTIN_USERS = {"builtin", "container", "studio"}
"""The companion without a model can be taken out: nothing else knows of it."""

ONE_FILE_ONLY = {
    "mem0": "memory/vector_store/mem0/bridge.py",
    "openai": "memory/llm/transport.py",
}

PRIVATE_WORDS = re.compile(
    r"\b(keeper|ledger|precedence|lanes|uncollected|unchecked|telling|asking|unsaying|retell)\b",
    re.IGNORECASE,
)
"""Words that only made sense to those who coined them; no file and no class is named so."""

SCREEN = {"streamlit", "pages", "components", "app", "server", "tests"}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        path = ROOT / folder
        yield from [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def floor_of(path: Path) -> str:
    return path.relative_to(ROOT / "memory").parts[0].removesuffix(".py")


def parts_of_memory(path: Path) -> Iterator[tuple[str, str]]:
    """The floors that a file imports, each with the module."""
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "memory" and len(parts) > 1 and parts[1] in FLOORS:
            yield parts[1], module


def test_every_part_of_memory_has_its_floor() -> None:
    parts = {
        path.name.removesuffix(".py")
        for path in (ROOT / "memory").iterdir()
        if path.name not in ("__init__.py", "__pycache__")
    }
    assert parts == set(FLOORS)


def test_memory_knows_no_screen() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources("memory")
        for module in imports(path)
        if module.split(".")[0] in SCREEN
    ]
    assert wrong == []


def test_components_know_no_page() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources("components")
        for module in imports(path)
        if module.split(".")[0] in {"pages", "app", "server"}
    ]
    assert wrong == []


def test_inside_memory_imports_point_downwards() -> None:
    wrong = []
    for path in sources("memory"):
        if path.parent == ROOT / "memory" and path.name == "__init__.py":
            continue
        here = FLOORS.index(floor_of(path))
        wrong += [
            f"{name_of(path)} imports {module}"
            for part, module in parts_of_memory(path)
            if FLOORS.index(part) < here
        ]
    assert wrong == []


def test_the_builtin_companion_can_be_taken_out() -> None:
    users = {
        floor_of(path)
        for path in sources("memory")
        if any(part == "builtin" for part, _ in parts_of_memory(path))
    }
    assert users == BUILTIN_USERS


@pytest.mark.parametrize(("library", "home"), ONE_FILE_ONLY.items())
def test_one_file_touches_each_big_dependency(library: str, home: str) -> None:
    users = {
        name_of(path)
        for path in sources("memory", "components", "pages", "app.py", "server.py")
        if any(module.split(".")[0] == library for module in imports(path))
    }
    assert users == {home}


def test_one_file_builds_qdrant_clients() -> None:
    builders = set()
    for path in sources("memory", "components", "pages", "app.py", "server.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "QdrantClient":
                builders.add(name_of(path))
    assert builders == {"memory/vector_store/client.py"}


def test_one_file_holds_cached_resources() -> None:
    holders = {
        name_of(path)
        for path in sources("components", "pages", "app.py", "server.py")
        if "cache_resource" in path.read_text(encoding="utf-8")
    }
    assert holders == {"components/runtime.py"}


def test_a_page_is_short() -> None:
    long = [
        name_of(path)
        for path in sources("pages")
        if len(path.read_text(encoding="utf-8").splitlines()) > 80
    ]
    assert long == [], "a page reads top to bottom; move the pieces to components/"


def test_no_two_classes_share_a_name() -> None:
    classes: dict[str, list[str]] = defaultdict(list)
    for path in sources("memory", "components"):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                classes[node.name].append(name_of(path))
    assert {name: files for name, files in classes.items() if len(files) > 1} == {}


OPEN_ROOTS = {"BaseModel", "BaseSettings", "Exception", "Protocol", "TypedDict"}
"""Models of JSON, errors and ports are lists of fields and names: they may be extended."""


def test_objects_are_made_of_parts() -> None:
    """A call leads to its definition in one step.

    So a class has at most one base of this project, and that base has none itself.
    """
    bases: dict[str, list[str]] = {}
    for path in sources("memory", "components"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                names = (ast.unparse(base).split("[")[0] for base in node.bases)
                bases[node.name] = [name.split(".")[-1] for name in names]

    def is_open(name: str) -> bool:
        return name in OPEN_ROOTS or any(map(is_open, bases.get(name, ())))

    inherited = {
        name: [base for base in above if base in bases]
        for name, above in bases.items()
        if not is_open(name)
    }
    wrong = {
        name: above
        for name, above in inherited.items()
        if len(above) > 1 or any(inherited.get(base) for base in above)
    }
    assert wrong == {}


NOT_OURS = {"self", "cls", "os", "re", "sys"}


def private_references(path: Path) -> Iterator[str]:
    """What a test imports, reads or replaces of a module although it's that module's own."""
    for node in ast.walk(tree(path)):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module not in NOT_OURS:
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) not in NOT_OURS:
            names = [node.attr] if ast.unparse(node.value) != "super()" else []
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setattr":
            named = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
            names = [str(name).split(".")[-1] for name in named]
        for name in names:
            if re.match(r"_(?!_)", name):
                yield f"{name_of(path)}:{node.lineno}: {name}"


def test_tests_use_what_a_module_offers() -> None:
    """What begins with an underscore can be renamed without touching a test."""
    assert [one for path in sources("tests") for one in private_references(path)] == []


def test_nothing_is_named_in_private_words() -> None:
    files = [name_of(path) for path in sources("memory", "components", "pages")]
    wrong = [file for file in files if PRIVATE_WORDS.search(re.sub(r"[_/.]", " ", file))]
    wrong += [
        f"{file}: {node.name}"
        for path, file in zip(sources("memory", "components", "pages"), files, strict=True)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and PRIVATE_WORDS.search(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", node.name))
    ]
    assert wrong == []


def test_no_two_packages_of_one_folder_share_a_module_name() -> None:
    """``memory/a.py`` beside ``memory/a/`` would be two things of one name."""
    names = Counter(
        name_of(path.with_suffix(""))
        for folder in ("memory", "components")
        for path in (ROOT / folder).rglob("*")
        if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())
    )
    assert [name for name, count in names.items() if count > 1] == []
