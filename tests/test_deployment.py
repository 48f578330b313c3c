"""Dockerfile and compose.yaml, as far as they can be held against the code without Docker."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.transfer.opened import MOST_MEGABYTES
from memory.config import Settings, load_settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its arguments on one line."""
    joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def test_the_services_are_there() -> None:
    assert set(SERVICES) == {"app", "qdrant", "postgres"}


@pytest.mark.parametrize("name", ["qdrant", "postgres"])
def test_servers_have_a_health_check_and_the_app_waits_for_it(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES["app"]["depends_on"][name] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", list(SERVICES))
def test_what_is_kept_is_kept_in_a_volume(name: str) -> None:
    kept = {volume.split(":")[0] for volume in SERVICES[name]["volumes"]}
    assert kept & set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", list(SERVICES))
def test_nobody_is_root_and_nobody_may_become_it(name: str) -> None:
    service = SERVICES[name]
    unprivileged = "user" in service or "unprivileged" in service.get("image", "")
    assert unprivileged or "build" in service
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_every_image_is_named_by_its_digest() -> None:
    """A tag can be pointed elsewhere; a digest names the bytes."""
    images = [what for name, what in instructions() if name == "FROM"]
    images += [service["image"] for service in SERVICES.values() if "build" not in service]
    assert len(images) == len(SERVICES)
    for image in images:
        assert re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", image), image


def test_only_the_app_has_a_port_and_only_on_this_machine() -> None:
    ports = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert ports == {"app": ["127.0.0.1:8501:8501"], "qdrant": [], "postgres": []}


def test_no_password_is_written_down() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for name, value in re.findall(r"(\w*(?:PASSWORD|API_KEY)\w*): (.+)", text):
        assert value.startswith("${"), name


def test_the_settings_exist_and_are_ones_the_app_starts_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = SERVICES["app"]["environment"]
    for name, value in given.items():
        assert name.lower().removeprefix("niannian_") in Settings.model_fields
        plain = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", re.sub(r"\$\{\w+:\?[^}]*\}", "secret", value))
        monkeypatch.setenv(name, plain)
    settings = load_settings()
    assert settings.accounts == "required"
    assert not settings.has_language_model
    assert settings.chat_model == Settings.model_fields["chat_model"].default


def test_the_image_runs_as_somebody_without_rights() -> None:
    order = [name for name, _ in instructions()]
    assert order.count("USER") == 1
    assert order.index("USER") > max(n for n, name in enumerate(order) if name == "RUN")
    assert dict(instructions())["USER"] not in {"root", "0"}


def test_the_image_holds_what_the_program_imports() -> None:
    copied = {
        source for name, what in instructions() if name == "COPY" for source in what.split()[:-1]
    }
    for source in copied:
        assert (ROOT / source).exists(), source
    assert {"app.py", "server.py", "components", "locales", "memory", "pages"} <= copied
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for source in copied:
        assert f"!{source}" in ignored, f"{source} isn't in the build context"


def test_the_image_says_how_it_is() -> None:
    found = dict(instructions())
    assert "/health" in found["HEALTHCHECK"]
    assert json.loads(found["CMD"])[:2] == ["python", "server.py"]
    assert found["VOLUME"] == "/data"


def test_the_server_takes_files_as_large_as_an_import_may_be() -> None:
    streamlit = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert streamlit["server"]["maxUploadSize"] == MOST_MEGABYTES


@pytest.mark.parametrize("name", ["", "-dev", "-audit", "-voice"])
def test_everything_is_installed_by_its_hash(name: str) -> None:
    text = (ROOT / f"requirements{name}.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"^[a-z0-9].*(?:\n .*)*", text, re.MULTILINE | re.IGNORECASE)
    assert len(blocks) > 20
    for block in blocks:
        assert re.match(r"[\w.\[\]-]+==[\w.]+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]
    assert not re.search(r"https?://|--(?:extra-)?index|--find-links|@ ", text)


def test_whoever_installs_asks_for_the_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(r"^(?:INSTALL = |\t\S+ -m pip install).*", makefile, re.MULTILINE)
    assert [line for line in installs if "--require-hashes" not in line] == [
        "\t.lock/bin/python -m pip install --quiet --disable-pip-version-check uv"
    ]
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
