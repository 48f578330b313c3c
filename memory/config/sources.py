"""Sources of settings: environment, ``.env``, Streamlit secrets, what was saved, defaults.

Strongest first. Secrets are handed in by the screen; what was saved on the settings page
stands in ``settings.json`` in the data folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from memory.config.settings import Settings, UnaffectedSettings
from memory.errors import SettingsError
from memory.i18n import catalogue
from memory.system.files import FOLDER_MODE, atomic_write
from memory.system.saved_keys import ADDRESSES, keep_keys, with_saved_keys, write_records

SAVED_FILE = "settings.json"

# What may be changed on the settings page; servers and folders may not.
EDITABLE: tuple[str, ...] = (
    "openai_api_key",
    "openai_base_url",
    "chat_model",
    "extraction_model",
    "embedder",
    "embedding_model",
    "embedding_dims",
    "embedding_base_url",
    "embedding_api_key",
    "fallback_base_url",
    "fallback_api_key",
    "fallback_model",
    "speech_base_url",
    "speech_api_key",
    "transcription_model",
    "speech_model",
    "speech_voice",
    "voices",
    "always_read",
    "send_at_once",
    "thinking",
    "extra_headers",
    "extra_body",
    "batch_turns",
    "idle_seconds",
    "context_tokens",
    "dense_weight",
    "cjk_weight",
    "memory_days",
    "memory_limit",
    "archive_below",
    "document_tokens",
    "keep_attachments",
    "vision",
    "timezone",
    "language",
)


def load_settings(secrets: Mapping[str, Any] | None = None, **overrides: Any) -> Settings:
    """Read the settings once.

    Args:
        secrets: Streamlit secrets, weaker than the environment. Names as in the
            environment (``OPENAI_API_KEY``), upper or lower case.
        overrides: Field values for tests; weaker than the environment too.

    Raises:
        SettingsError: naming the setting, what was given, and what is allowed.
    """
    given = _by_field(secrets or {})
    if isinstance((secrets or {}).get("auth"), Mapping):
        # Who set up a login provider wants people to sign in.
        given.setdefault("accounts", "required")
    given.update(overrides)
    try:
        # Wherever the folder is named, what was saved in it is the weakest of all.
        first = Settings(**given)
        saved = read_saved(first.data_dir)
        in_force = Settings(**{**saved, **given}) if saved else first
        keyed = with_saved_keys(
            first.data_dir, saved, in_force.model_dump(), keyring=first.keyring == "auto"
        )
        return Settings(**{**keyed, **given}) if keyed != saved else in_force
    except ValidationError as error:
        raise _settings_error(error) from None


def read_saved(folder: Path) -> dict[str, Any]:
    """What the settings page saved in ``folder``.

    Raises:
        SettingsError: the file isn't a JSON object.
    """
    path = folder / SAVED_FILE
    if not path.exists():
        return {}
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        saved = None
    if not isinstance(saved, dict):
        raise SettingsError(
            f"{path} can't be read: repair or delete it",
            code="settings_file",
            file=str(path),
        )
    return {key: value for key, value in saved.items() if key in EDITABLE}


def save_settings(
    folder: Path, changes: Mapping[str, Any], *, current: Settings | None = None
) -> None:
    """Check ``changes`` and write them to the data folder, readable by the owner only.

    A value of ``None`` or ``""`` removes the setting. Where the address of an endpoint
    changes and no key is given with it, the saved key is removed: it was for the old one.

    Args:
        folder: The data folder.
        changes: Field names and values.
        current: The settings in force; read again if left out.

    Raises:
        SettingsError: a value isn't allowed; nothing is written then.
    """
    saved, given = read_saved(folder), {k: v for k, v in changes.items() if k in EDITABLE}
    merged = {key: value for key, value in {**saved, **given}.items() if value not in (None, "")}
    try:
        UnaffectedSettings(**merged)
        environment = Settings()
        before = current or Settings(**saved)
    except ValidationError as error:
        raise _settings_error(error) from None
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    fixed = {name: getattr(environment, name) for name in environment.model_fields_set}
    was = before.model_dump()
    keys, records = keep_keys(
        folder, saved, given, (was, {**was, **given, **fixed}), keyring=before.keyring == "auto"
    )
    merged = {key: value for key, value in merged.items() if key not in ADDRESSES} | keys
    atomic_write(folder / SAVED_FILE, json.dumps(merged, ensure_ascii=False, indent=2))
    write_records(folder, records)


def fixed_by_environment(secrets: Mapping[str, Any] | None = None) -> frozenset[str]:
    """Editable fields that the environment, ``.env`` or secrets decide, so a page can't.

    With a key that stands there, the address that it is sent to is decided there too.
    """
    decided = Settings().model_fields_set | _by_field(secrets or {}).keys()
    for key, names in ADDRESSES.items():
        if key in decided:
            # Else whoever may change the address on the page could have the key sent there.
            here = next((name for name in names if name in decided), None)
            decided |= set(names[: names.index(here)] if here else names)
    return frozenset(decided & set(EDITABLE))


def _by_field(secrets: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in secrets.items():
        name = key.lower().removeprefix("niannian_")
        if name in Settings.model_fields and not isinstance(value, Mapping):
            found[name] = value
    return found


def _settings_error(error: ValidationError) -> SettingsError:
    first = error.errors(include_context=False, include_url=False)[0]
    name = str(first["loc"][0])
    field = name.lower().removeprefix("niannian_")
    secret = "key" in field or "password" in field
    given = "***" if secret else str(first["input"])
    allowed = catalogue("en").get(f"word.allowed.{field}", str(first["msg"]))
    setting = (
        field.upper()
        if field.startswith(("openai", "azure", "qdrant", "database", "neo4j"))
        else (f"NIANNIAN_{field}".upper())
    )
    return SettingsError(
        f"{setting} is {given!r}; allowed: {allowed}",
        setting=setting,
        given=given,
        allowed=allowed,
    )
