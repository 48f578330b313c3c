"""The LlamaIndex memory block with LlamaIndex itself."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("llama_index.core")

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.memory import Memory

from integrations.llama_index import NiannianMemoryBlock
from niannian import AsyncClient, Client


def test_what_leaves_the_chat_is_remembered(client: Client, url: str, user: str) -> None:
    async def talk() -> str:
        async with AsyncClient(url) as slow:
            block = NiannianMemoryBlock(client=slow, user_id=user)
            assert await block.aget([ChatMessage(role="user", content="Hello")]) == ""
            memory = Memory.from_defaults(
                session_id="desk",
                token_limit=60,
                chat_history_token_ratio=0.5,
                token_flush_size=20,
                memory_blocks=[block],
            )
            await memory.aput(ChatMessage(role="user", content="I am allergic to walnuts."))
            await memory.aput(ChatMessage(role="assistant", content="Noted."))
            for number in range(12):
                await memory.aput(ChatMessage(role="user", content=f"Line {number}, well, well"))
                await memory.aput(ChatMessage(role="assistant", content=f"Answer {number}"))
            client.process(user)
            question = ChatMessage(role="user", content="What am I allergic to?")
            found = await memory.aget(input="What am I allergic to?")
            told = "\n".join(str(one.content) for one in found)
            assert "walnuts" in await block.aget([question])
            assert await block.atruncate("x", 100_000) is None
            return told

    assert "walnuts" in asyncio.run(talk())
    assert [one["text"] for one in client.search(user, "allergies")][:1] == [
        "The user is allergic to walnuts"
    ]
    # In the session that the chat is called by.
    assert client.messages("desk", user_id=user)["messages"][0]["text"].startswith("I am allergic")


def test_what_tools_say_is_nobodys(client: Client, url: str, user: str) -> None:
    async def put() -> None:
        async with AsyncClient(url) as slow:
            block = NiannianMemoryBlock(client=slow, user_id=user)
            await block.aput(
                [
                    ChatMessage(role=MessageRole.TOOL, content="Allergy: penicillin"),
                    ChatMessage(role=MessageRole.SYSTEM, content="The user likes cats."),
                ]
            )

    asyncio.run(put())
    client.new_user("Somebody", user_id=user)
    assert client.memories(user)["total"] == 0
