"""The direction of imports, held by a test (docs/architecture.md draws it)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Inside memory/, who may import whom. Anything may import the ground floor.
GROUND = {
    "types",
    "errors",
    "config",
    "language",
    "dates",
    "tokens",
    "wording",
    "metrics",
    "lazy_imports",
    "worker_process",
    "files",
    "saved_keys",
    "system_keyring",
    "endings",
    "glosses",
    "checksums",
    "backup",
}
ALLOWED: dict[str, set[str]] = {
    "models": {"prompting", "care", "personas", "retell", "models"},
    "store": {"models", "store", "forgetting"},
    "ledger": {"ledger"},
    "personas": set(),
    "care": set(),
    "retell": set(),
    "precedence": set(),
    "warm_up": {"precedence"},
    "prompting": set(),
    "opening": {"retell"},
    "notices": set(),
    "plans": {"opening"},
    "accounts": {"ledger"},
    "marking": {"extraction", "keeper", "ledger", "precedence", "store"},
    "moving": {"store", "ledger"},
    "keeper": {"care", "store", "ledger"},
    "context": {"context_text", "store"},
    "context_text": set(),
    "debugging": {"context", "store", "models", "prompting"},
    "extraction": {
        "care",
        "extraction",
        "keeper",
        "store",
        "ledger",
        "models",
        "prompting",
        "personas",
        "precedence",
    },
    "inbox": {"extraction", "keeper", "store", "ledger", "precedence"},
    "writer": {"ledger", "extraction", "keeper"},
    "stats": {"store", "ledger"},
    "portrait": {"portrait_people"},
    "portrait_people": set(),
    "portrait_text": {"portrait"},
    "studio": {"ledger", "personas", "prompting", "extraction", "keeper", "store", "transfer"},
    "forgetting": set(),
    "life_cycle": {"forgetting", "store", "ledger", "keeper"},
    "integrity": {"store", "ledger", "keeper"},
    "export": {"ledger", "store"},
    "transfer": {"care", "export", "extraction", "inbox", "keeper", "ledger", "store"},
    "demo": {"keeper", "ledger", "personas", "writer"},
}
TOP = {"companion", "container", "maintenance", "api"}
ONE_FILE_ONLY = {
    "mem0": "memory/vector_store/mem0/bridge.py",
    "openai": "memory/llm/openai_client.py",
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        path = ROOT / folder
        yield from [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part_of_memory(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "memory" and len(parts) > 1 else None


@pytest.mark.parametrize("path", list(sources("memory")), ids=name_of)
def test_memory_knows_no_screen(path: Path) -> None:
    for module in imports(path):
        root = module.split(".")[0]
        assert root not in {"streamlit", "pages", "components", "app", "server", "tests"}, module


@pytest.mark.parametrize("path", list(sources("components")), ids=name_of)
def test_components_know_no_page(path: Path) -> None:
    assert not [m for m in imports(path) if m.split(".")[0] in {"pages", "app", "server"}]


@pytest.mark.parametrize("path", list(sources("memory")), ids=name_of)
def test_inside_memory_imports_point_downwards(path: Path) -> None:
    part = path.relative_to(ROOT / "memory").parts[0].removesuffix(".py")
    if part in TOP or part == "__init__":
        return
    known = {p.stem for p in (ROOT / "memory").iterdir()}
    for module in imports(path):
        target = part_of_memory(module)
        if target is None or target not in known or target == part:
            continue
        if part in GROUND:
            assert target in GROUND, f"{name_of(path)} imports {module}"
        else:
            assert part in ALLOWED, f"say in this test what memory/{part} may import"
            assert target in GROUND | ALLOWED[part], f"{name_of(path)} imports {module}"


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
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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


@pytest.mark.parametrize("path", list(sources("pages")), ids=name_of)
def test_a_page_is_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 80, "a page reads top to bottom; move the pieces to components/"
