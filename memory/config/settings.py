"""Settings: every one with its type, its default and its names.

Read once, at the composition root, and passed down as values.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from memory.config.fields import (
    BoltUrl,
    EndpointUrl,
    FilePath,
    LogLevel,
    MemoryLimit,
    Name,
    Networks,
    Origins,
    Secret,
    Several,
    Text,
    Texts,
    TimeZone,
    Url,
    Values,
    azure_url,
    names,
    own_names,
)
from memory.i18n import LanguageChoice
from memory.system.clock import zone_of
from memory.system.secret_values import secret_values
from memory.types import User


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
        None, validation_alias=own_names("openai_api_key", "MEMORY_SERVICE_OPENAI_API_KEY")
    )
    openai_base_url: EndpointUrl = None
    chat_model: Name = Field(
        "gpt-6-luna", validation_alias=names("chat_model", "MEMORY_SERVICE_LLM_MODEL")
    )
    extraction_model: Text = Field(None, validation_alias=names("extraction_model"))
    embedder: Literal["builtin", "openai"] = Field("builtin", validation_alias=names("embedder"))
    embedding_model: Name = Field(
        "text-embedding-3-small",
        validation_alias=names("embedding_model", "MEMORY_SERVICE_EMBEDDING_MODEL"),
    )
    embedding_dims: int = Field(1536, ge=8, le=8192, validation_alias=names("embedding_dims"))
    embedding_base_url: EndpointUrl = Field(None, validation_alias=names("embedding_base_url"))
    embedding_api_key: Secret = Field(None, validation_alias=names("embedding_api_key"))
    fallback_base_url: EndpointUrl = Field(None, validation_alias=names("fallback_base_url"))
    fallback_api_key: Secret = Field(None, validation_alias=names("fallback_api_key"))
    fallback_model: Text = Field(None, validation_alias=names("fallback_model"))
    speech_base_url: Url = Field(None, validation_alias=names("speech_base_url"))
    speech_api_key: Secret = Field(None, validation_alias=names("speech_api_key"))
    transcription_model: Text = Field(None, validation_alias=names("transcription_model"))
    speech_model: Text = Field(None, validation_alias=names("speech_model"))
    speech_voice: Name = Field("alloy", validation_alias=names("speech_voice"))
    voices: Texts = Field(default_factory=dict, validation_alias=names("voices"))
    always_read: Several = Field((), validation_alias=names("always_read"))
    send_at_once: bool = Field(False, validation_alias=names("send_at_once"))
    thinking: Literal["off", "on"] = Field("off", validation_alias=names("thinking"))
    extra_headers: Texts = Field(default_factory=dict, validation_alias=names("extra_headers"))
    extra_body: Values = Field(default_factory=dict, validation_alias=names("extra_body"))
    ca_file: Text = Field(None, validation_alias=names("ca_file"))
    azure_openai_endpoint: EndpointUrl = Field(
        None, validation_alias=own_names("azure_openai_endpoint")
    )
    azure_openai_api_key: Secret = Field(None, validation_alias=own_names("azure_openai_api_key"))
    azure_openai_deployment: Text = Field(
        None, validation_alias=own_names("azure_openai_deployment")
    )
    azure_openai_api_version: Text = Field(
        None, validation_alias=own_names("azure_openai_api_version")
    )
    azure_embedding_deployment: Text = Field(
        None, validation_alias=own_names("azure_embedding_deployment")
    )
    batch_turns: int = Field(10, ge=1, le=100, validation_alias=names("batch_turns"))
    idle_seconds: int = Field(300, ge=5, le=86400, validation_alias=names("idle_seconds"))
    context_tokens: int = Field(1500, ge=200, le=100_000, validation_alias=names("context_tokens"))
    memory_days: int = Field(
        0, ge=0, le=36_500, validation_alias=names("memory_days", "MEMORY_SERVICE_MEMORY_TTL_DAYS")
    )
    memory_limit: MemoryLimit = Field(
        0,
        ge=0,
        le=1_000_000,
        validation_alias=names("memory_limit", "MEMORY_SERVICE_MAX_MEMORIES_PER_USER"),
    )
    archive_below: float = Field(0.02, ge=0, le=0.9, validation_alias=names("archive_below"))
    dense_weight: float = Field(0.45, ge=0, le=1, validation_alias=names("dense_weight"))
    cjk_weight: float = Field(0.3, ge=0, le=10, validation_alias=names("cjk_weight"))
    document_tokens: int = Field(
        6000, ge=200, le=1_000_000, validation_alias=names("document_tokens")
    )
    keep_attachments: bool = Field(True, validation_alias=names("keep_attachments"))
    vision: Literal["auto", "on", "off"] = Field("auto", validation_alias=names("vision"))
    fetch_addresses: bool = Field(False, validation_alias=names("fetch_addresses"))
    request_timeout: float = Field(60, ge=1, le=600, validation_alias=names("request_timeout"))
    data_dir: Path = Field(Path("data"), validation_alias=names("data_dir"))
    timezone: TimeZone = Field("", validate_default=True, validation_alias=names("timezone"))
    language: LanguageChoice = Field("auto", validation_alias=names("language"))
    accounts: Literal["local", "required"] = Field("local", validation_alias=names("accounts"))
    designers: Several = Field((), validation_alias=names("designers"))
    webhooks_private: bool = Field(False, validation_alias=names("webhooks_private"))
    served_to_others: bool = Field(False, validation_alias=names("served_to_others"))
    allowed_hosts: Several = Field((), validation_alias=names("allowed_hosts"))
    cors_origins: Origins = Field((), validation_alias=names("cors_origins"))
    # FORWARDED_ALLOW_IPS is uvicorn's own name for it, which was the one to set before.
    trusted_proxies: Networks = Field(
        (),
        validation_alias=AliasChoices(
            "NIANNIAN_TRUSTED_PROXIES",
            "niannian_trusted_proxies",
            "trusted_proxies",
            "FORWARDED_ALLOW_IPS",
        ),
    )
    access_log_days: int = Field(0, ge=0, le=36_500, validation_alias=names("access_log_days"))
    rate_limit: int | None = Field(None, ge=0, le=1_000_000, validation_alias=names("rate_limit"))
    socket_connections: int | None = Field(
        None, ge=0, le=100_000, validation_alias=names("socket_connections")
    )
    socket_messages: int | None = Field(
        None, ge=0, le=1_000_000, validation_alias=names("socket_messages")
    )
    max_body_bytes: int = Field(
        1_000_000, ge=1000, le=1_000_000_000, validation_alias=names("max_body_bytes")
    )
    keyring: Literal["auto", "off"] = Field("auto", validation_alias=names("keyring"))
    log_level: LogLevel = Field("INFO", validation_alias=names("log_level", "LOG_LEVEL"))
    log_text: bool = Field(False, validation_alias=names("log_text"))
    log_file: FilePath = Field(None, validation_alias=names("log_file"))
    log_days: int = Field(30, ge=1, le=3650, validation_alias=names("log_days"))
    sentence_encoder: bool = Field(True, validation_alias=names("sentence_encoder"))
    port: int = Field(8501, ge=1, le=65_535, validation_alias=names("port", "MEMORY_SERVICE_PORT"))
    qdrant_url: Url = None
    qdrant_host: Text = Field(
        None, validation_alias=own_names("qdrant_host", "MEMORY_SERVICE_QDRANT_HOST")
    )
    qdrant_port: int = Field(
        6333,
        ge=1,
        le=65_535,
        validation_alias=own_names("qdrant_port", "MEMORY_SERVICE_QDRANT_PORT"),
    )
    qdrant_timeout: int = Field(
        30,
        ge=1,
        le=600,
        validation_alias=own_names("qdrant_timeout", "MEMORY_SERVICE_QDRANT_TIMEOUT"),
    )
    qdrant_api_key: Secret = None
    neo4j_uri: BoltUrl = Field(None, validation_alias=own_names("neo4j_uri"))
    neo4j_username: Name = Field(
        "neo4j", validation_alias=own_names("neo4j_username", "NEO4J_USER")
    )
    neo4j_password: Secret = Field(None, validation_alias=own_names("neo4j_password"))
    neo4j_database: Text = Field(None, validation_alias=own_names("neo4j_database"))
    database_url: Text = Field(
        None, validation_alias=own_names("database_url", "MEMORY_SERVICE_DATABASE_URL")
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
            "openai_base_url": azure_url(endpoint, deployment, self.azure_openai_api_version),
        }
        if self.openai_api_key is None or self.azure_openai_api_key is not None:
            values["openai_api_key"] = self.azure_openai_api_key
        if deployment and "chat_model" not in given:
            values["chat_model"] = deployment
        embedding = self.azure_embedding_deployment
        if embedding and self.embedding_base_url is None:
            values["embedding_base_url"] = azure_url(
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
        values = {field: getattr(self, field) for field in type(self).model_fields}
        keys = [one.get_secret_value() for one in values.values() if isinstance(one, SecretStr)]
        addresses = [
            value for field, value in values.items() if value and field.endswith(("_url", "_uri"))
        ]
        others = secret_values(self.extra_headers, self.extra_body, *addresses)
        return tuple(filter(None, keys)) + others


class UnaffectedSettings(Settings):
    """Settings that ignore the environment: values by themselves, or nothing but defaults."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is handed in, and nothing else."""
        return (init_settings,)


def setting_names() -> frozenset[str]:
    """Every name of an environment variable that means something here, in capitals."""
    found: set[str] = set()
    for field, info in Settings.model_fields.items():
        alias = info.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [field]
        found |= {str(choice).upper() for choice in choices}
    return frozenset(found)


def default_settings() -> Settings:
    """The defaults, whatever the environment says: for what must go on without settings."""
    return UnaffectedSettings()
