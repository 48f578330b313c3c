"""Keys at rest: in the keyring or the file, and never sent to another address."""

from __future__ import annotations

import json
import logging
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend

from memory.config import fixed_by_environment, load_settings, save_settings
from memory.system import keyring as system_keyring
from memory.system.saved_keys import KEYS_FILE, place_of
from tests.fakes.keyring_backends import (
    ForgetfulKeyring,
    HangingKeyring,
    LockedKeyring,
    MemoryKeyring,
    PlaintextKeyring,
)

KEY, OTHER = "sk-first-4411", "sk-second-9023"
HERE, THERE = "http://127.0.0.1:9/v1", "http://127.0.0.1:10/v1"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[KeyringBackend], KeyringBackend]]:
    """Make a backend the system's keyring for one test."""
    monkeypatch.setenv("NIANNIAN_KEYRING", "auto")
    monkeypatch.setattr(system_keyring, "SECONDS", 0.3)
    before = keyring.get_keyring()

    def set_it(backend: KeyringBackend) -> KeyringBackend:
        keyring.set_keyring(backend)
        return backend

    yield set_it
    keyring.set_keyring(before)
    system_keyring.stuck.clear()


def key(name: str = "openai_api_key") -> str | None:
    found = getattr(load_settings(), name)
    return found.get_secret_value() if found else None


def texts(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.iterdir() if path.is_file())


# --- one address ------------------------------------------------------------


def test_a_changed_address_leaves_the_key_behind(folder: Path) -> None:
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    assert key() == KEY
    save_settings(folder, {"openai_base_url": THERE})
    assert key() is None
    assert KEY not in texts(folder)
    # Going back doesn't bring it back either.
    save_settings(folder, {"openai_base_url": HERE})
    assert key() is None


def test_a_key_that_comes_with_the_address_goes_there(folder: Path) -> None:
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    save_settings(folder, {"openai_base_url": THERE, "openai_api_key": OTHER})
    assert key() == OTHER


@pytest.mark.parametrize("address", [THERE, HERE + "/more", "https://127.0.0.1:9/v1", ""])
def test_every_change_of_the_address_counts(folder: Path, address: str) -> None:
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    save_settings(folder, {"openai_base_url": address})
    assert key() is None


def test_the_same_address_with_a_slash_is_the_same(folder: Path) -> None:
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    save_settings(folder, {"openai_base_url": f"{HERE}/", "chat_model": "m"})
    assert key() == KEY


def test_the_environment_cant_send_a_saved_key_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    monkeypatch.setenv("OPENAI_BASE_URL", THERE)
    assert key() is None
    assert KEY not in caplog.text
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert key() == KEY


def test_a_key_for_the_default_address_stays_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(folder, {"openai_api_key": KEY})
    assert key() == KEY
    monkeypatch.setenv("OPENAI_BASE_URL", THERE)
    assert key() is None


def test_what_is_only_tried_out_doesnt_take_the_key_along(folder: Path) -> None:
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    assert load_settings(openai_base_url=THERE).openai_api_key is None
    assert load_settings(openai_base_url=HERE).openai_api_key is not None


def test_a_file_of_an_older_version_is_held_to_its_own_address(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {"openai_base_url": HERE, "openai_api_key": KEY}
    (folder / "settings.json").write_text(json.dumps(old))
    assert key() == KEY
    assert load_settings(openai_base_url=THERE).openai_api_key is None
    monkeypatch.setenv("OPENAI_BASE_URL", THERE)
    assert key() is None
    monkeypatch.delenv("OPENAI_BASE_URL")
    save_settings(folder, {"openai_base_url": THERE})
    assert key() is None


def test_an_old_key_without_an_address_stays_with_the_environment_s(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed on the page while the environment decided the address."""
    (folder / "settings.json").write_text(json.dumps({"openai_api_key": KEY}))
    monkeypatch.setenv("OPENAI_BASE_URL", HERE)
    assert key() == KEY
    save_settings(folder, {"chat_model": "m"})
    assert key() == KEY
    monkeypatch.setenv("OPENAI_BASE_URL", THERE)
    assert key() is None


def test_the_key_for_embeddings_follows_its_own_address(folder: Path) -> None:
    save_settings(folder, {"openai_base_url": HERE, "embedding_api_key": KEY})
    assert key("embedding_api_key") == KEY
    # Without an address of its own it would go where the chat goes.
    save_settings(folder, {"openai_base_url": THERE})
    assert key("embedding_api_key") is None
    save_settings(folder, {"embedding_base_url": HERE, "embedding_api_key": KEY})
    save_settings(folder, {"openai_base_url": HERE + "/other"})
    assert key("embedding_api_key") == KEY


def test_a_key_of_the_environment_locks_the_address(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert "openai_base_url" in fixed_by_environment()
    assert "embedding_base_url" not in fixed_by_environment()
    monkeypatch.setenv("NIANNIAN_EMBEDDING_API_KEY", OTHER)
    assert "embedding_base_url" in fixed_by_environment()


def test_a_record_that_cant_be_read_lets_no_key_out(folder: Path) -> None:
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    (folder / KEYS_FILE).write_text("{")
    assert key() is None


# --- the keyring ------------------------------------------------------------


def test_the_keyring_holds_the_key_and_no_file_does(folder: Path, use) -> None:
    backend = use(MemoryKeyring())
    save_settings(folder, {"openai_base_url": HERE, "openai_api_key": KEY})
    assert KEY not in texts(folder)
    assert list(backend.kept.values()) == [KEY]
    assert (key(), place_of(folder, "openai_api_key")) == (KEY, "keyring")
    assert stat.S_IMODE((folder / KEYS_FILE).stat().st_mode) == 0o600
    save_settings(folder, {"openai_base_url": THERE})
    assert (key(), backend.kept) == (None, {})


def test_a_key_in_the_file_moves_at_the_next_save(folder: Path, use) -> None:
    (folder / "settings.json").write_text(json.dumps({"openai_api_key": KEY, "batch_turns": 4}))
    backend = use(MemoryKeyring())
    assert key() == KEY
    save_settings(folder, {"batch_turns": 5})
    assert KEY not in texts(folder)
    assert list(backend.kept.values()) == [KEY]
    assert (key(), load_settings().batch_turns) == (KEY, 5)


def test_removing_a_key_removes_it_from_the_keyring(folder: Path, use) -> None:
    backend = use(MemoryKeyring())
    save_settings(folder, {"openai_api_key": KEY})
    save_settings(folder, {"openai_api_key": None})
    assert (key(), backend.kept, place_of(folder, "openai_api_key")) == (None, {}, None)
    assert not (folder / KEYS_FILE).exists()


def test_two_folders_of_one_person_have_their_own_keys(folder: Path, use, monkeypatch) -> None:
    use(MemoryKeyring())
    save_settings(folder, {"openai_api_key": KEY})
    other = folder / "other"
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(other))
    save_settings(other, {"openai_api_key": OTHER})
    assert key() == OTHER
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(folder))
    assert key() == KEY


@pytest.mark.parametrize(
    "backend",
    [fail.Keyring(), null.Keyring(), PlaintextKeyring(), ForgetfulKeyring(), LockedKeyring()],
    ids=lambda backend: f"{type(backend).__module__}.{type(backend).__name__}",
)
def test_a_keyring_that_is_none_leaves_the_key_in_the_file(
    folder: Path, use, backend: KeyringBackend, caplog: pytest.LogCaptureFixture
) -> None:
    use(backend)
    save_settings(folder, {"openai_api_key": KEY})
    assert json.loads((folder / "settings.json").read_text()) == {"openai_api_key": KEY}
    assert (key(), place_of(folder, "openai_api_key")) == (KEY, "file")
    assert KEY not in caplog.text


def test_a_keyring_that_hangs_costs_its_time_limit_once(
    folder: Path, use, caplog: pytest.LogCaptureFixture
) -> None:
    use(HangingKeyring())
    started = time.monotonic()
    with caplog.at_level(logging.WARNING):
        save_settings(folder, {"openai_api_key": KEY})
        save_settings(folder, {"openai_api_key": OTHER})
    assert time.monotonic() - started < 5
    assert (key(), caplog.text.count("didn't answer")) == (OTHER, 1)


def test_of_several_keyrings_the_first_usable_one_counts(
    folder: Path, use, monkeypatch: pytest.MonkeyPatch
) -> None:
    usable = MemoryKeyring()
    chain = ChainerBackend()
    monkeypatch.setattr(
        ChainerBackend, "backends", [PlaintextKeyring(), null.Keyring(), usable], raising=True
    )
    use(chain)
    save_settings(folder, {"openai_api_key": KEY})
    assert list(usable.kept.values()) == [KEY]


def test_switched_off_the_keyring_isnt_asked(
    folder: Path, use, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = use(MemoryKeyring())
    monkeypatch.setenv("NIANNIAN_KEYRING", "off")
    save_settings(folder, {"openai_api_key": KEY})
    assert (key(), backend.kept) == (KEY, {})


def test_a_keyring_that_is_gone_leaves_everything_else_working(folder: Path, use) -> None:
    use(MemoryKeyring())
    save_settings(folder, {"openai_api_key": KEY, "batch_turns": 7})
    use(fail.Keyring())
    assert (key(), load_settings().batch_turns) == (None, 7)
