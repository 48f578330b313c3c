from __future__ import annotations

import pytest

from memory.llm.address import address_in
from memory.llm.message_shape import NO_SYSTEM, USER_FIRST, shaped
from memory.llm.profiles import UNKNOWN, presets, profile_of
from memory.llm.proxies import proxy_for
from memory.system.pasted import mended_key, mended_url


@pytest.mark.parametrize(
    ("url", "model", "id"),
    [
        (None, "gpt-6-luna", "openai"),
        ("https://api.deepseek.com/v1", "deepseek-flash", "deepseek"),
        ("https://mine.openai.azure.com/openai/v1", "x", "azure"),
        ("http://localhost:11434/v1", "qwen3.5", "ollama"),
        ("http://192.0.2.7:11434/v1", "qwen3.5", "unknown"),
        ("https://notdeepseek.com/v1", "x", "unknown"),
        ("https://api.hunyuan.cloud.tencent.com/v1", "hunyuan-role-latest", "hunyuan"),
        ("https://api.stepfun.ai/step_plan/v1", "step-3.7-flash", "stepfun"),
        ("http://[", "x", "unknown"),
    ],
)
def test_the_profile_of_an_address(url: str | None, model: str, id: str) -> None:
    assert profile_of(url, model).id == id


def test_families_of_a_provider_differ() -> None:
    assert profile_of(None, "gpt-6-luna").thinking_off == {"reasoning_effort": "none"}
    assert not profile_of(None, "o4-mini").temperature
    assert profile_of(None, "text-embedding-ada-002").dims_param is False
    assert UNKNOWN.json == "object"


def test_presets_can_be_used_as_they_are() -> None:
    assert next(iter(presets())) == "deepseek"
    for profile in presets().values():
        assert address_in(profile.base_url).url == profile.base_url
        assert profile_of(profile.base_url).id == profile.id


@pytest.mark.parametrize(
    ("pasted", "url"),
    [
        (" https://api.openai.com \n", "https://api.openai.com/v1"),
        ("https://x.example/v1/chat/completions", "https://x.example/v1"),
        ("https://x.example/api/v3/embeddings/", "https://x.example/api/v3"),
        ("https://x.example", "https://x.example"),
        ("https://qianfan.baidubce.com", "https://qianfan.baidubce.com/v2"),
        ("api.deepinfra.com", "https://api.deepinfra.com/v1/openai"),
        ("https://api.cohere.com/v2", "https://api.cohere.com/compatibility/v1"),
        ('"http://localhost:11434"', "http://localhost:11434/v1"),
        ("HTTPS://api.openai.com/v1", "https://api.openai.com/v1"),
        ("http://0.0.0.0:9100/v1", "http://127.0.0.1:9100/v1"),
    ],
)
def test_an_address_as_it_was_pasted(pasted: str, url: str) -> None:
    assert address_in(pasted).url == url


def test_the_query_of_a_deployment_goes_along() -> None:
    address = address_in("https://r.openai.azure.com/openai/deployments/d?api-version=2026-01-01")
    assert address.query == {"api-version": "2026-01-01"}
    assert address.wants_api_key_header


@pytest.mark.parametrize(
    "pasted", ["  ab-12 \n", "Bearer ab-12", "\u200bab-12", "'ab-12'", "A_KEY='ab-12'"]
)
def test_a_key_as_it_was_pasted(pasted: str) -> None:
    assert mended_key(pasted) == "ab-12"
    assert mended_url(f" http://x/{pasted.strip()[-5:].strip(chr(39))}/ ").startswith("http://x/")


TALK = [
    {"role": "system", "content": "S"},
    {"role": "assistant", "content": "A"},
    {"role": "user", "content": "U"},
]


def test_strict_templates_get_roles_that_they_take() -> None:
    assert shaped(TALK, set()) == TALK
    roles = [m["role"] for m in shaped(TALK, {USER_FIRST})]
    assert roles == ["system", "user", "assistant", "user"]
    both = shaped(TALK, {USER_FIRST, NO_SYSTEM})
    assert [m["role"] for m in both] == ["user", "assistant", "user"]
    assert both[0]["content"].startswith("S")


def test_nothing_that_goes_to_this_machine_takes_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1080")
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    assert proxy_for("http://127.0.0.1:11434/v1") is None
    assert proxy_for("http://localhost/v1") is None
    assert proxy_for("http://models.example/v1") == "http://proxy.example:3128"
    assert proxy_for("https://models.example/v1") == "socks5://127.0.0.1:1080"
