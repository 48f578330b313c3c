from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from memory.config import (
    Settings,
    fixed_by_environment,
    load_settings,
    read_saved,
    save_settings,
    setting_names,
)
from memory.errors import SettingsError
from memory.i18n import error_text
from memory.system.foreign_settings import environment, foreign_settings


def test_defaults_are_the_embedded_companion() -> None:
    settings = load_settings()
    assert not settings.has_language_model
    assert settings.embedder == "builtin"
    assert settings.qdrant_url is None
    assert settings.batch_turns == 10


def test_environment_beats_secrets_beats_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    save_settings(tmp_path, {"batch_turns": 3, "context_tokens": 900, "language": "en"})
    monkeypatch.setenv("NIANNIAN_BATCH_TURNS", "5")
    settings = load_settings({"NIANNIAN_BATCH_TURNS": 4, "NIANNIAN_CONTEXT_TOKENS": 800})
    assert (settings.batch_turns, settings.context_tokens, settings.language) == (5, 800, "en")
    assert "batch_turns" in fixed_by_environment()
    assert "context_tokens" not in fixed_by_environment()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("NIANNIAN_BATCH_TURNS", "ten"),
        ("NIANNIAN_BATCH_TURNS", "0"),
        ("NIANNIAN_EMBEDDER", "minilm"),
        ("NIANNIAN_TIMEZONE", "Mars/Base"),
        ("NIANNIAN_LANGUAGE", "fr"),
        ("OPENAI_BASE_URL", "my server"),
        ("QDRANT_URL", "localhost:6333"),
        ("NIANNIAN_CONTEXT_TOKENS", "5"),
    ],
)
def test_a_wrong_value_names_setting_given_and_allowed(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.params["setting"] == setting
    assert caught.value.params["given"] == value
    assert caught.value.params["allowed"]
    assert setting in str(caught.value)


def test_what_is_allowed_is_said_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANNIAN_BATCH_TURNS", "many")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "1 到 100 的整数" in error_text("zh", caught.value)
    assert "a whole number from 1 to 100" in error_text("en", caught.value)


def test_blank_means_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    monkeypatch.setenv("NIANNIAN_EXTRACTION_MODEL", " ")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("QDRANT_API_KEY", "")
    settings = load_settings()
    assert settings.openai_base_url is None
    assert settings.extraction_model is None
    assert settings.qdrant_api_key is None
    assert not settings.has_language_model


def test_keys_never_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    settings = load_settings()
    assert settings.has_language_model
    assert "sk-very-secret" not in repr(settings) + str(settings)
    assert settings.secrets == ("sk-very-secret",)
    monkeypatch.setenv("NIANNIAN_FALLBACK_API_KEY", "sk-of-the-other")
    assert set(load_settings().secrets) == {"sk-very-secret", "sk-of-the-other"}
    monkeypatch.setenv("NIANNIAN_SPEECH_BASE_URL", "https://me:pass-for-speech@speech.example/v1")
    monkeypatch.setenv(
        "NIANNIAN_FALLBACK_BASE_URL", "https://other.example/v1?api-key=in-the-query"
    )
    monkeypatch.setenv("NIANNIAN_DATABASE_URL", "postgresql://me:pass-for-sql@127.0.0.1/niannian")
    assert {"pass-for-speech", "in-the-query", "pass-for-sql"} <= set(load_settings().secrets)


def test_saved_settings_are_for_the_owner_only_and_can_be_removed(tmp_path: Path) -> None:
    save_settings(tmp_path, {"openai_api_key": "sk-1", "batch_turns": 3, "data_dir": "/elsewhere"})
    path = tmp_path / "settings.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == {"openai_api_key": "sk-1", "batch_turns": 3}
    save_settings(tmp_path, {"openai_api_key": ""})
    assert read_saved(tmp_path) == {"batch_turns": 3}


def test_a_wrong_value_is_not_saved(tmp_path: Path) -> None:
    save_settings(tmp_path, {"batch_turns": 3})
    with pytest.raises(SettingsError):
        save_settings(tmp_path, {"batch_turns": "many"})
    assert read_saved(tmp_path) == {"batch_turns": 3}


def test_what_was_saved_is_found_wherever_the_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NIANNIAN_DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    save_settings(tmp_path / "elsewhere", {"batch_turns": 3})
    (tmp_path / ".env").write_text("NIANNIAN_DATA_DIR=elsewhere\n")
    assert load_settings().batch_turns == 3
    (tmp_path / ".env").unlink()
    assert load_settings({"NIANNIAN_DATA_DIR": "elsewhere"}).batch_turns == 3


def test_a_blank_variable_leaves_what_was_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    save_settings(tmp_path, {"chat_model": "kept"})
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NIANNIAN_CHAT_MODEL", "")
    assert load_settings().chat_model == "kept"
    assert "chat_model" not in fixed_by_environment()


@pytest.mark.parametrize("content", ["{", "[]", "\x00\x01"])
def test_a_corrupt_settings_file_is_said_plainly_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    path = tmp_path / "settings.json"
    path.write_text(content)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.code == "settings_file"
    assert path.read_text() == content


def test_every_setting_can_be_set_by_its_documented_name() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text("utf-8")
    for field in Settings.model_fields:
        plain = field.startswith(("openai", "qdrant", "database", "neo4j"))
        name = field.upper() if plain else f"NIANNIAN_{field.upper()}"
        assert f"`{name}`" in documented


def test_a_login_provider_in_the_secrets_means_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().accounts == "local"
    assert load_settings({"auth": {"client_id": "x"}}).accounts == "required"
    monkeypatch.setenv("NIANNIAN_ACCOUNTS", "local")
    assert load_settings({"auth": {"client_id": "x"}}).accounts == "local"


def test_lists_are_given_with_commas_or_as_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANNIAN_DESIGNERS", "lin@example.org, ,mei@example.org,")
    assert load_settings().designers == ("lin@example.org", "mei@example.org")
    monkeypatch.delenv("NIANNIAN_DESIGNERS")
    assert load_settings({"NIANNIAN_ALLOWED_HOSTS": ["a.org", "b.org"]}).allowed_hosts == (
        "a.org",
        "b.org",
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("NIANNIAN_ACCOUNTS", "open"),
        ("NIANNIAN_CORS_ORIGINS", "*"),
        ("NIANNIAN_RATE_LIMIT", "-1"),
        ("NIANNIAN_MAX_BODY_BYTES", "10"),
    ],
)
def test_a_wrong_value_of_accounts_is_named(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.params["setting"] == setting


def test_names_of_other_memory_services(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "MEMORY_SERVICE_PORT": "8005",
        "MEMORY_SERVICE_DATABASE_URL": "postgresql://memory@127.0.0.1/memories",
        "MEMORY_SERVICE_QDRANT_HOST": "vectors",
        "MEMORY_SERVICE_QDRANT_PORT": "7333",
        "MEMORY_SERVICE_QDRANT_TIMEOUT": "12",
        "MEMORY_SERVICE_OPENAI_API_KEY": "sk-there",
        "MEMORY_SERVICE_LLM_MODEL": "warm-1",
        "MEMORY_SERVICE_EMBEDDING_MODEL": "vectors-1",
        "MEMORY_SERVICE_MAX_MEMORIES_PER_USER": "900",
        "MEMORY_SERVICE_MEMORY_TTL_DAYS": "400",
        "LOG_LEVEL": "debug",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert (settings.port, settings.qdrant_url, settings.qdrant_timeout) == (
        8005,
        "http://vectors:7333",
        12,
    )
    assert settings.database_url == "postgresql://memory@127.0.0.1/memories"
    assert settings.secrets == ("sk-there",)
    assert (settings.chat_model, settings.embedding_model) == ("warm-1", "vectors-1")
    assert (settings.memory_limit, settings.memory_days) == (900, 400)
    assert settings.log_level == "DEBUG"
    # Names of our own come first.
    monkeypatch.setenv("QDRANT_URL", "http://127.0.0.1:6333")
    monkeypatch.setenv("NIANNIAN_MEMORY_DAYS", "7")
    monkeypatch.setenv("NIANNIAN_PORT", "8502")
    settings = load_settings()
    assert (settings.qdrant_url, settings.memory_days, settings.port) == (
        "http://127.0.0.1:6333",
        7,
        8502,
    )
    assert list(foreign_settings(setting_names(), environment())) == []


def test_what_changes_nothing_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("QDRANT_COLLECTION=very-secret\nCHAT_THEME=dark\n")
    monkeypatch.setenv("MEMORY_SERVICE_WORKERS", "4")
    monkeypatch.setenv("MEMORY_SERVICE_SOMETHING", "x")
    monkeypatch.setenv("REDIS_URL", "redis://:very-secret@127.0.0.1")
    monkeypatch.setenv("MEM0_API_KEY", "")
    named = list(foreign_settings(setting_names(), environment()))
    assert [line.split(" ")[0] for line in named] == [
        "MEMORY_SERVICE_SOMETHING",
        "MEMORY_SERVICE_WORKERS",
        "QDRANT_COLLECTION",
        "REDIS_URL",
    ]
    assert "secret" not in str(named)


def test_what_is_kept_out_of_logs() -> None:
    settings = load_settings(
        fallback_api_key="fallback-1",
        extra_headers={"X-Auth": "t-5512", "X-Title": "Niannian"},
        extra_body={"user": {"token": "tok-901"}},
    )
    assert set(settings.secrets) == {"fallback-1", "t-5512", "tok-901"}
