from __future__ import annotations

import pytest

from memory.system.secret_values import secret_values


@pytest.mark.parametrize(
    ("headers", "body", "url", "hidden"),
    [
        ({"X-Api-Key": "abcd12"}, {}, "", ("abcd12",)),
        ({"Authorization": "Basic dXNlcjp4"}, {}, "", ("Basic dXNlcjp4", "dXNlcjp4")),
        ({"X-Title": "Niannian"}, {}, "", ()),
        ({"X-Tenant": "f3a9c1d27b60e4f58812"}, {}, "", ("f3a9c1d27b60e4f58812",)),
        ({}, {"auth": [{"session_token": "tok-77"}], "max_tokens": 4096}, "", ("tok-77",)),
        ({}, {"provider": {"order": ["a-very-long-provider"]}, "author": "Lin Yutang"}, "", ()),
        (
            {},
            {},
            "https://me:p4ss@x.example/v1?api-version=2026-01-01&key=k-5512",
            ("k-5512", "p4ss"),
        ),
        ({"Cookie": "ab"}, {}, "http://[", ()),
    ],
)
def test_what_may_not_be_shown(
    headers: dict[str, str], body: dict[str, object], url: str, hidden: tuple[str, ...]
) -> None:
    assert secret_values(headers, body, url) == hidden
