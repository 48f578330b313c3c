"""The AutoGen memory with autogen-core itself."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("autogen_core")

from autogen_core.memory import MemoryContent, MemoryMimeType
from autogen_core.model_context import UnboundedChatCompletionContext
from autogen_core.models import UserMessage

from integrations.autogen import NiannianMemory
from niannian import AsyncClient


def test_an_agent_s_memory(url: str, user: str) -> None:
    async def use() -> None:
        memory = NiannianMemory(AsyncClient(url), user, threshold=0.1)
        context = UnboundedChatCompletionContext()
        assert (await memory.update_context(context)).memories.results == []
        await context.add_message(UserMessage(content="What am I allergic to?", source="user"))
        assert (await memory.update_context(context)).memories.results == []
        text = MemoryMimeType.TEXT
        await memory.add(
            MemoryContent(
                content="Is allergic to walnuts", mime_type=text, metadata={"via": "test"}
            )
        )
        await memory.add(MemoryContent(content={"room": "blue"}, mime_type=MemoryMimeType.JSON))
        (first, *_) = (await memory.query("walnuts")).results
        assert first.content == "Is allergic to walnuts"
        assert first.metadata is not None
        assert first.metadata["via"] == "test"
        assert 0 < first.metadata["score"] <= 1
        told = await memory.update_context(context)
        assert "Is allergic to walnuts" in [one.content for one in told.memories.results]
        last = (await context.get_messages())[-1]
        assert "Is allergic to walnuts" in str(last.content)
        with pytest.raises(ValueError, match="texts"):
            await memory.add(MemoryContent(content=b"x", mime_type=MemoryMimeType.BINARY))
        await memory.clear()
        assert (await memory.query("walnuts")).results == []
        await memory.close()

    asyncio.run(use())
