"""Settings: read once, at the composition root, and passed down as values.

Precedence, strongest first: environment, ``.env``, Streamlit secrets (handed in
by the screen), what was saved on the settings page (``settings.json`` in the
data folder), defaults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from tzlocal import get_localzone_name

from memory.errors import SettingsError
from memory.i18n import LanguageChoice, catalogue
from memory.system.clock import zone_of
from memory.system.files import FOLDER_MODE, atomic_write
from memory.system.pasted import endpoint_url, mended_key, mended_url
from memory.system.saved_keys import ADDRESSES, keep_keys, with_saved_keys, write_records
from memory.types import User

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


def _blank_is_unset(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _url(value: Any) -> Any:
    value = _blank_is_unset(value)
    if not isinstance(value, str):
        return value
    if not (value := mended_url(value)).startswith(("http://", "https://")):
        raise ValueError("not an http(s) address")
    return value


def _bolt(value: str | None) -> str | None:
    if value is not None and not value.startswith(("bolt://", "bolt+", "neo4j://", "neo4j+")):
        raise ValueError("not a Bolt address")
    return value


def _endpoint(value: Any) -> Any:
    return _url(endpoint_url(value) if isinstance(value, str) else value)


def _key(value: Any) -> Any:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return (mended_key(value) or None) if isinstance(value, str) else value


def _name(value: Any) -> Any:
    return value.strip().strip("\"'`").strip() if isinstance(value, str) else value


def _object(value: Any) -> Any:
    """A JSON object, given as such or as text."""
    value = _blank_is_unset(value)
    if isinstance(value, str):
        value = json.loads(value)
    if value is not None and not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value or {}


@cache
def known_zones() -> frozenset[str]:
    """Names of all time zones; looking them up reads hundreds of files."""
    return frozenset(available_timezones())


def _timezone(value: Any) -> Any:
    value = _blank_is_unset(value) or get_localzone_name() or "UTC"
    if value not in known_zones():
        raise ValueError("unknown time zone")
    return value


def _level(value: Any) -> Any:
    return (
        {"WARN": "WARNING"}.get(value.upper(), value.upper()) if isinstance(value, str) else value
    )


def _limit(value: int) -> int:
    # A handful would archive what was said a minute ago.
    if 0 < value < 10:
        raise ValueError("too few")
    return value


def _several(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _without_blanks(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(value.startswith(("http://", "https://")) for value in values):
        raise ValueError("not an origin")
    return tuple(value.rstrip("/") for value in values)


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        ip_network(value, strict=False)
    return values


# In the environment with commas, in a TOML file as a list too.
Several = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_several), AfterValidator(_without_blanks)
]
Url = Annotated[str | None, BeforeValidator(_url)]
EndpointUrl = Annotated[str | None, BeforeValidator(_endpoint)]
Text = Annotated[str | None, BeforeValidator(_blank_is_unset)]
Name = Annotated[str, BeforeValidator(_name)]
Secret = Annotated[SecretStr | None, BeforeValidator(_key)]


def _azure_url(endpoint: str, deployment: str | None, version: str | None) -> str:
    """The base address of a deployment; without a version, that of Azure's newer API."""
    if "/openai/" in f"{endpoint}/" and endpoint.endswith("/v1"):
        return endpoint
    root = endpoint.removesuffix("/openai")
    if not version or not deployment:
        return f"{root}/openai/v1"
    return f"{root}/openai/deployments/{deployment}?api-version={version}"


def _names(field: str, *others: str) -> AliasChoices:
    """Names of a setting: ours, and what other memory services call it."""
    return AliasChoices(f"NIANNIAN_{field}".upper(), f"niannian_{field}", field, *others)


def _own_names(field: str, *others: str) -> AliasChoices:
    """Names of a setting that has one of its own elsewhere, which comes first."""
    return AliasChoices(field.upper(), f"NIANNIAN_{field}".upper(), field, *others)


class Settings(BaseSettings):
    """Every setting, with its default. ``docs/configuration.md`` lists them."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    openai_api_key: Secret = Field(
        None, validation_alias=_own_names("openai_api_key", "MEMORY_SERVICE_OPENAI_API_KEY")
    )
    openai_base_url: EndpointUrl = None
    chat_model: Name = Field(
        "gpt-6-luna", validation_alias=_names("chat_model", "MEMORY_SERVICE_LLM_MODEL")
    )
    extraction_model: Text = Field(None, validation_alias=_names("extraction_model"))
    embedder: Literal["builtin", "openai"] = Field("builtin", validation_alias=_names("embedder"))
    embedding_model: Name = Field(
        "text-embedding-3-small",
        validation_alias=_names("embedding_model", "MEMORY_SERVICE_EMBEDDING_MODEL"),
    )
    embedding_dims: int = Field(1536, ge=8, le=8192, validation_alias=_names("embedding_dims"))
    embedding_base_url: EndpointUrl = Field(None, validation_alias=_names("embedding_base_url"))
    embedding_api_key: Secret = Field(None, validation_alias=_names("embedding_api_key"))
    fallback_base_url: EndpointUrl = Field(None, validation_alias=_names("fallback_base_url"))
    fallback_api_key: Secret = Field(None, validation_alias=_names("fallback_api_key"))
    fallback_model: Text = Field(None, validation_alias=_names("fallback_model"))
    speech_base_url: Url = Field(None, validation_alias=_names("speech_base_url"))
    speech_api_key: Secret = Field(None, validation_alias=_names("speech_api_key"))
    transcription_model: Text = Field(None, validation_alias=_names("transcription_model"))
    speech_model: Text = Field(None, validation_alias=_names("speech_model"))
    speech_voice: Name = Field("alloy", validation_alias=_names("speech_voice"))
    voices: Annotated[dict[str, str], NoDecode, BeforeValidator(_object)] = Field(
        default_factory=dict, validation_alias=_names("voices")
    )
    always_read: Several = Field((), validation_alias=_names("always_read"))
    send_at_once: bool = Field(False, validation_alias=_names("send_at_once"))
    thinking: Literal["off", "on"] = Field("off", validation_alias=_names("thinking"))
    extra_headers: Annotated[dict[str, str], NoDecode, BeforeValidator(_object)] = Field(
        default_factory=dict, validation_alias=_names("extra_headers")
    )
    extra_body: Annotated[dict[str, Any], NoDecode, BeforeValidator(_object)] = Field(
        default_factory=dict, validation_alias=_names("extra_body")
    )
    ca_file: Text = Field(None, validation_alias=_names("ca_file"))
    azure_openai_endpoint: EndpointUrl = Field(
        None, validation_alias=_own_names("azure_openai_endpoint")
    )
    azure_openai_api_key: Secret = Field(None, validation_alias=_own_names("azure_openai_api_key"))
    azure_openai_deployment: Text = Field(
        None, validation_alias=_own_names("azure_openai_deployment")
    )
    azure_openai_api_version: Text = Field(
        None, validation_alias=_own_names("azure_openai_api_version")
    )
    azure_embedding_deployment: Text = Field(
        None, validation_alias=_own_names("azure_embedding_deployment")
    )
    batch_turns: int = Field(10, ge=1, le=100, validation_alias=_names("batch_turns"))
    idle_seconds: int = Field(300, ge=5, le=86400, validation_alias=_names("idle_seconds"))
    context_tokens: int = Field(1500, ge=200, le=100_000, validation_alias=_names("context_tokens"))
    memory_days: int = Field(
        0, ge=0, le=36_500, validation_alias=_names("memory_days", "MEMORY_SERVICE_MEMORY_TTL_DAYS")
    )
    memory_limit: Annotated[int, AfterValidator(_limit)] = Field(
        0,
        ge=0,
        le=1_000_000,
        validation_alias=_names("memory_limit", "MEMORY_SERVICE_MAX_MEMORIES_PER_USER"),
    )
    archive_below: float = Field(0.02, ge=0, le=0.9, validation_alias=_names("archive_below"))
    dense_weight: float = Field(0.3, ge=0, le=1, validation_alias=_names("dense_weight"))
    cjk_weight: float = Field(0.3, ge=0, le=10, validation_alias=_names("cjk_weight"))
    document_tokens: int = Field(
        6000, ge=200, le=1_000_000, validation_alias=_names("document_tokens")
    )
    keep_attachments: bool = Field(True, validation_alias=_names("keep_attachments"))
    vision: Literal["auto", "on", "off"] = Field("auto", validation_alias=_names("vision"))
    fetch_addresses: bool = Field(False, validation_alias=_names("fetch_addresses"))
    request_timeout: float = Field(60, ge=1, le=600, validation_alias=_names("request_timeout"))
    data_dir: Path = Field(Path("data"), validation_alias=_names("data_dir"))
    timezone: Annotated[str, BeforeValidator(_timezone)] = Field(
        "", validate_default=True, validation_alias=_names("timezone")
    )
    language: LanguageChoice = Field("auto", validation_alias=_names("language"))
    accounts: Literal["local", "required"] = Field("local", validation_alias=_names("accounts"))
    designers: Several = Field((), validation_alias=_names("designers"))
    webhooks_private: bool = Field(False, validation_alias=_names("webhooks_private"))
    served_to_others: bool = Field(False, validation_alias=_names("served_to_others"))
    allowed_hosts: Several = Field((), validation_alias=_names("allowed_hosts"))
    cors_origins: Annotated[Several, AfterValidator(_origins)] = Field(
        (), validation_alias=_names("cors_origins")
    )
    # FORWARDED_ALLOW_IPS is uvicorn's own name for it, which was the one to set before.
    trusted_proxies: Annotated[Several, AfterValidator(_networks)] = Field(
        (),
        validation_alias=AliasChoices(
            "NIANNIAN_TRUSTED_PROXIES",
            "niannian_trusted_proxies",
            "trusted_proxies",
            "FORWARDED_ALLOW_IPS",
        ),
    )
    access_log_days: int = Field(0, ge=0, le=36_500, validation_alias=_names("access_log_days"))
    rate_limit: int | None = Field(None, ge=0, le=1_000_000, validation_alias=_names("rate_limit"))
    socket_connections: int | None = Field(
        None, ge=0, le=100_000, validation_alias=_names("socket_connections")
    )
    socket_messages: int | None = Field(
        None, ge=0, le=1_000_000, validation_alias=_names("socket_messages")
    )
    max_body_bytes: int = Field(
        1_000_000, ge=1000, le=1_000_000_000, validation_alias=_names("max_body_bytes")
    )
    keyring: Literal["auto", "off"] = Field("auto", validation_alias=_names("keyring"))
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_level)] = (
        Field("INFO", validation_alias=_names("log_level", "LOG_LEVEL"))
    )
    log_text: bool = Field(False, validation_alias=_names("log_text"))
    log_file: Annotated[Path | None, BeforeValidator(_blank_is_unset)] = Field(
        None, validation_alias=_names("log_file")
    )
    log_days: int = Field(30, ge=1, le=3650, validation_alias=_names("log_days"))
    sentence_encoder: bool = Field(True, validation_alias=_names("sentence_encoder"))
    port: int = Field(8501, ge=1, le=65_535, validation_alias=_names("port", "MEMORY_SERVICE_PORT"))
    qdrant_url: Url = None
    qdrant_host: Text = Field(
        None, validation_alias=_own_names("qdrant_host", "MEMORY_SERVICE_QDRANT_HOST")
    )
    qdrant_port: int = Field(
        6333,
        ge=1,
        le=65_535,
        validation_alias=_own_names("qdrant_port", "MEMORY_SERVICE_QDRANT_PORT"),
    )
    qdrant_timeout: int = Field(
        30,
        ge=1,
        le=600,
        validation_alias=_own_names("qdrant_timeout", "MEMORY_SERVICE_QDRANT_TIMEOUT"),
    )
    qdrant_api_key: Secret = None
    neo4j_uri: Annotated[Text, AfterValidator(_bolt)] = Field(
        None, validation_alias=_own_names("neo4j_uri")
    )
    neo4j_username: Name = Field(
        "neo4j", validation_alias=_own_names("neo4j_username", "NEO4J_USER")
    )
    neo4j_password: Secret = Field(None, validation_alias=_own_names("neo4j_password"))
    neo4j_database: Text = Field(None, validation_alias=_own_names("neo4j_database"))
    database_url: Text = Field(
        None, validation_alias=_own_names("database_url", "MEMORY_SERVICE_DATABASE_URL")
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first; what is handed in comes from weaker sources."""
        return env_settings, dotenv_settings, init_settings

    @model_validator(mode="after")
    def _qdrant(self) -> Settings:
        """A host and a port are an address, where none is given."""
        if self.qdrant_url is None and self.qdrant_host is not None:
            url = f"http://{self.qdrant_host}:{self.qdrant_port}"
            object.__setattr__(self, "qdrant_url", url)
        return self

    @model_validator(mode="after")
    def _azure(self) -> Settings:
        """Azure's own names set up the endpoint where nothing else does."""
        endpoint, deployment = self.azure_openai_endpoint, self.azure_openai_deployment
        if endpoint is None or self.openai_base_url is not None:
            return self
        given = self.model_fields_set
        values: dict[str, Any] = {
            "openai_base_url": _azure_url(endpoint, deployment, self.azure_openai_api_version),
        }
        if self.openai_api_key is None or self.azure_openai_api_key is not None:
            values["openai_api_key"] = self.azure_openai_api_key
        if deployment and "chat_model" not in given:
            values["chat_model"] = deployment
        embedding = self.azure_embedding_deployment
        if embedding and self.embedding_base_url is None:
            values["embedding_base_url"] = _azure_url(
                endpoint, embedding, self.azure_openai_api_version
            )
            values["embedding_api_key"] = self.azure_openai_api_key
            if "embedder" not in given:
                values["embedder"] = "openai"
            if "embedding_model" not in given:
                values["embedding_model"] = embedding
        for name, value in values.items():
            object.__setattr__(self, name, value)
        return self

    @property
    def has_language_model(self) -> bool:
        """Whether an endpoint is configured; otherwise the built-in companion speaks."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def embedded(self) -> bool:
        """Whether storing and finding a memory waits for nothing outside this process."""
        servers = self.qdrant_url is not None or self.database_url is not None
        return self.embedder == "builtin" and not servers

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days begin and end."""
        return ZoneInfo(self.timezone)

    def zone_for(self, user: User) -> ZoneInfo:
        """The time zone in which a user's days begin and end: their own, else this one."""
        return zone_of(user.timezone, self.timezone)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for keeping them out of logs and errors."""
        values = (
            *(self.openai_api_key, self.embedding_api_key, self.qdrant_api_key),
            *(self.azure_openai_api_key, self.speech_api_key, self.neo4j_password),
            *(SecretStr(value) for value in self.extra_headers.values() if len(value) > 15),
        )
        return tuple(v.get_secret_value() for v in values if v and v.get_secret_value())


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


def setting_names() -> frozenset[str]:
    """Every name of an environment variable that means something here, in capitals."""
    names: set[str] = set()
    for field, info in Settings.model_fields.items():
        alias = info.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [field]
        names |= {str(choice).upper() for choice in choices}
    return frozenset(names)


def default_settings() -> Settings:
    """The defaults, whatever the environment says: for what must go on without settings."""
    return _Unaffected()


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
        current: The settings in force; read anew if left out.

    Raises:
        SettingsError: a value isn't allowed; nothing is written then.
    """
    saved, given = read_saved(folder), {k: v for k, v in changes.items() if k in EDITABLE}
    merged = {key: value for key, value in {**saved, **given}.items() if value not in (None, "")}
    try:
        _Unaffected(**merged)
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


class _Unaffected(Settings):
    """Settings that ignore the environment, to check values by themselves."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


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


__all__ = [
    "EDITABLE",
    "Settings",
    "default_settings",
    "fixed_by_environment",
    "load_settings",
    "read_saved",
    "save_settings",
    "setting_names",
]
