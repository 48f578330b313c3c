"""The requests that plain memory services document for curl, over HTTP, and what they print."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from memory.container import Container
from tests.memory.api.conftest import calm_parts, client_of, listening

__all__ = ["calm_parts"]

JSON = '-H "Content-Type: application/json"'
ENVELOPE = {"success": True, "message": str, "data": dict, "timestamp": str}
MEMORY = {"id": str, "text": str, "metadata": dict, "created_at": str}
LISTED = {**ENVELOPE, "data": {"memories": [MEMORY], "total": int}}
FOUND = {**ENVELOPE, "data": {"memories": [{**MEMORY, "score": float}], "total": int}}
CHANGED = {**ENVELOPE, "data": {"changed": int, "memory_ids": list}}

# In the order in which they are sent; {id} is the memory that was added last.
EXAMPLES: list[tuple[str, Any]] = [
    (
        f"""curl -X POST "http://localhost:8000/api/chat/message" {JSON} -d '{{
          "user_id": "alice", "message": "我爱听古典音乐，尤其是大提琴", "session_id": "session_001",
          "metadata": {{"source": "web", "timestamp": "2024-01-01T10:00:00Z"}}}}'""",
        {
            "response": str,
            "user_id": "alice",
            "session_id": "session_001",
            "memories_used": list,
            "timestamp": str,
        },
    ),
    (
        f"""curl -X POST "http://localhost:8000/api/memory/add" {JSON} -d '{{
          "user_id": "alice", "content": "用户习惯用SQL整理账目", "metadata": {{
            "category": "preferences", "topic": "databases", "confidence": 0.9}}}}'""",
        {
            **ENVELOPE,
            "data": {"memory_id": str, "user_id": "alice", "content": "用户习惯用SQL整理账目"},
        },
    ),
    (
        f"""curl -X POST "http://localhost:8000/api/memory/batch-add" {JSON} -d '{{
          "user_id": "alice", "memories": [
            {{"content": "睡前喝一杯热牛奶", "metadata": {{"category": "habits"}}}},
            {{"content": "周二和周四去健身房", "metadata": {{"category": "schedule"}}}}]}}'""",
        {**ENVELOPE, "data": {"memories": [MEMORY], "added": 2}},
    ),
    (
        f"""curl -X POST "http://localhost:8000/api/chat/search-memories" {JSON}
          -d '{{"user_id": "alice", "query": "热牛奶", "limit": 5}}'""",
        FOUND,
    ),
    ('curl -X GET "http://localhost:8000/api/chat/memories/alice"', LISTED),
    (
        f"""curl -X POST "http://localhost:8000/api/memory/search" {JSON}
          -d '{{"user_id": "alice", "query": "SQL", "limit": 10}}'""",
        FOUND,
    ),
    ('curl -X GET "http://localhost:8000/api/memory/user/alice"', LISTED),
    (
        f"""curl -X PUT "http://localhost:8000/api/memory/update" {JSON} -d '{{
          "memory_id": "{{id}}", "content": "用户习惯用SQL和Python整理账目", "metadata": {{
            "category": "preferences", "topic": "databases", "updated": true}}}}'""",
        {**ENVELOPE, "data": {**MEMORY, "metadata": {"updated": True}}},
    ),
    (
        'curl -X GET "http://localhost:8000/api/memory/stats/alice"',
        {
            **ENVELOPE,
            "data": {
                "user_id": "alice",
                "total_memories": 3,
                "date_distribution": {"*": int},
                "category_distribution": {"*": int},
            },
        },
    ),
    ('curl -X DELETE "http://localhost:8000/api/memory/memory/{id}"', CHANGED),
    ('curl -X DELETE "http://localhost:8000/api/memory/user/alice"', CHANGED),
    ('curl -X DELETE "http://localhost:8000/api/chat/memories/alice"', CHANGED),
    (
        'curl -X GET "http://localhost:8000/health"',
        {"status": "healthy", "timestamp": float, "version": str},
    ),
    (
        'curl -X GET "http://localhost:8000/metrics"',
        {"active_connections": int, "total_requests": int, "timestamp": float},
    ),
    ('curl -X GET "http://localhost:8000/"', {"name": str, "version": str, "docs": str}),
    # Few fields, without an envelope.
    (
        f"""curl -X POST "http://localhost:8000/api/v1/memories" {JSON} -d '{{
          "user_id": "bea", "agent_id": "clerk", "metadata": {{"source": "app"}},
          "messages": [{{"role": "user", "content": "我对蜂蜜过敏。"}},
                       {{"role": "assistant", "content": "知道了。"}}]}}'""",
        {"success": True, "memory_id": str, "message": str},
    ),
    (
        f"""curl -X POST "http://localhost:8000/api/v1/memories" {JSON} -d '{{
          "user_id": "bea", "messages": [{{"role": "user", "content": "我喜欢养多肉植物。"}}]}}'""",
        {"success": True, "memory_id": str, "message": str},
    ),
    (
        "curl 'http://localhost:8000/api/v1/memories/search?query=多肉植物&user_id=bea&limit=5'",
        [
            {
                "memory_id": str,
                "content": str,
                "relevance_score": float,
                "created_at": str,
                "metadata": dict,
            }
        ],
    ),
    (
        "curl 'http://localhost:8000/api/v1/memories/context/bea?message=植物'",
        {"context": str},
    ),
    (
        "curl http://localhost:8000/api/v1/users/bea/profile",
        {
            "user_id": "bea",
            "total_memories": 1,
            "profile_summary": str,
            "generated_at": str,
            "key_interests": list,
            "interaction_patterns": {
                "average_length": int,
                "most_active_hours": list,
                "conversation_topics": list,
            },
        },
    ),
    (
        'curl -X DELETE "http://localhost:8000/api/v1/users/bea/memories/cleanup?days_old=90"',
        {"deleted_count": 0, "total_old_memories": 0, "cleanup_date": str},
    ),
]
UNKNOWN = [
    'curl -X DELETE "http://localhost:8000/api/chat/memory/mem_id_123"',
    'curl -X DELETE "http://localhost:8000/api/memory/memory/mem_id_456"',
    f"""curl -X PUT "http://localhost:8000/api/memory/update" {JSON}
      -d '{{"memory_id": "mem_id_456", "content": "x"}}'""",
]


@pytest.fixture(scope="module")
def url(calm_parts: Container) -> Iterator[str]:
    with listening(client_of(calm_parts).app) as address:  # type: ignore[arg-type]
        yield address


def sent(command: str, url: str) -> httpx.Response:
    """What curl would send, without curl."""
    words = shlex.split(command)[1:]
    method, address, headers, body = "", "", {"accept": "*/*"}, None
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            body = words.pop(0)
        else:
            address = word.replace("http://localhost:8000", url)
    method = method or ("GET" if body is None else "POST")
    content = None if body is None else body.encode()
    return httpx.request(method, address, headers=headers, content=content, timeout=60)


def fits(said: Any, shape: Any) -> bool:
    """Whether an answer has the fields of a shape, each of its type or with its value."""
    if isinstance(shape, type):
        return isinstance(said, shape) and (shape is bool or not isinstance(said, bool))
    if isinstance(shape, dict):
        if list(shape) == ["*"]:
            return isinstance(said, dict) and all(fits(v, shape["*"]) for v in said.values())
        return isinstance(said, dict) and all(
            name in said and fits(said[name], part) for name, part in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(said, list) and bool(said) and all(fits(each, shape[0]) for each in said)
    return bool(said == shape)


def test_documented_requests_work_as_they_stand(url: str) -> None:
    memory_id = ""
    for command, shape in EXAMPLES:
        answer = sent(command.replace("{id}", memory_id), url)
        said = answer.json()
        assert answer.status_code == 200, (command, said)
        assert fits(said, shape), (command, json.dumps(said, ensure_ascii=False))
        if "/api/memory/add" in command:
            memory_id = said["data"]["memory_id"]


@pytest.mark.parametrize("command", UNKNOWN)
def test_ids_that_there_are_not_are_one_sentence(url: str, command: str) -> None:
    answer = sent(command, url)
    assert (answer.status_code, answer.json()["error"]) == (404, "memory_not_found")


def test_detailed_health_names_its_parts(url: str) -> None:
    said = httpx.get(f"{url}/health/detailed", timeout=60).json()
    assert fits(said["parts"], {"*": {"state": str, "latency_ms": float}})
