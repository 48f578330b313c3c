"""Clients of the endpoints that the settings name: chat, extraction, fallback, embedder."""

from __future__ import annotations

from collections.abc import Collection

from memory.config import Settings
from memory.llm.connection_check import ALL_PARTS, ConnectionVerdict, ModelPart, check
from memory.llm.endpoint_embedder import EndpointEmbedder
from memory.llm.openai_endpoint import OpenAIEndpoint
from memory.llm.transport import Extras

EMBEDDING_SECONDS = 8.0
"""Longest wait for the vector of a question; search goes on by words after that."""


def chat_endpoint(settings: Settings) -> OpenAIEndpoint:
    """The endpoint of the chat model that the settings name."""
    return OpenAIEndpoint(
        settings.openai_base_url,
        settings.openai_api_key,
        settings.request_timeout,
        extras=_extras(settings),
    )


def fallback_endpoint(settings: Settings) -> tuple[OpenAIEndpoint, str] | None:
    """The endpoint that answers where the chat's fails, and its model; if there is one."""
    if settings.fallback_base_url is None or settings.fallback_model is None:
        return None
    # Headers and body that somebody added are for the first endpoint.
    extras = Extras(thinking=settings.thinking == "on", ca_file=settings.ca_file)
    endpoint = OpenAIEndpoint(
        settings.fallback_base_url,
        settings.fallback_api_key,
        settings.request_timeout,
        extras=extras,
    )
    return endpoint, settings.fallback_model


def _extras(settings: Settings) -> Extras:
    return Extras(
        headers=settings.extra_headers,
        body=settings.extra_body,
        thinking=settings.thinking == "on",
        ca_file=settings.ca_file,
    )


def _embedding_endpoint(settings: Settings, timeout: float) -> OpenAIEndpoint:
    """The embedding endpoint; without an address of its own, the one of the chat.

    The chat's key only goes to the chat's address.
    """
    extras = Extras(headers=settings.extra_headers, ca_file=settings.ca_file)
    if settings.embedding_base_url in (None, settings.openai_base_url):
        key = settings.embedding_api_key or settings.openai_api_key
        url = settings.openai_base_url
    else:
        key, url = settings.embedding_api_key, settings.embedding_base_url
        extras = Extras(ca_file=settings.ca_file)
    return OpenAIEndpoint(url, key, timeout, extras=extras, part="embedding")


def speech_endpoint(settings: Settings) -> OpenAIEndpoint:
    """The endpoint that hears and speaks; without an address of its own, that of the chat.

    The chat's key only goes to the chat's address.
    """
    extras = Extras(headers=settings.extra_headers, ca_file=settings.ca_file)
    if settings.speech_base_url in (None, settings.openai_base_url):
        key, url = settings.speech_api_key or settings.openai_api_key, settings.openai_base_url
    else:
        key, url = settings.speech_api_key, settings.speech_base_url
        extras = Extras(ca_file=settings.ca_file)
    return OpenAIEndpoint(url, key, settings.request_timeout, extras=extras, part="speech")


class OpenAIEmbedder(EndpointEmbedder):
    """The embedding model that the settings name."""

    def __init__(self, settings: Settings) -> None:
        quick = _embedding_endpoint(settings, min(settings.request_timeout, EMBEDDING_SECONDS))
        patient = _embedding_endpoint(settings, settings.request_timeout)
        profile = patient.profile(settings.embedding_model)
        super().__init__(
            patient,
            settings.embedding_model,
            settings.embedding_dims,
            for_questions=quick,
            batch=profile.embed_batch,
            longest=profile.embed_chars,
        )


def extraction_endpoint(settings: Settings) -> tuple[OpenAIEndpoint, str]:
    """The endpoint and the name of the model that extracts memories."""
    return chat_endpoint(settings), settings.extraction_model or settings.chat_model


def check_connection(
    settings: Settings, parts: Collection[ModelPart] = ALL_PARTS
) -> ConnectionVerdict:
    """Try the models that are configured. Never raises.

    Args:
        settings: With addresses, keys and names.
        parts: Which of them: ``chat``, ``extraction``, ``fallback``, ``embedding``.
    """
    embedding = None
    if settings.embedder == "openai" and "embedding" in parts:
        embedding = _embedding_endpoint(settings, settings.request_timeout)
    return check(
        chat_endpoint(settings) if settings.has_language_model else None,
        settings.chat_model,
        embedding,
        settings.embedding_model,
        settings.embedding_dims,
        settings.extraction_model or "",
        fallback=fallback_endpoint(settings) if "fallback" in parts else None,
        parts=parts,
    )
