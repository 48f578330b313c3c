"""LlamaIndex adapter: a memory block that remembers about somebody what a chat says.

>>> from llama_index.core.memory import Memory
>>> from niannian import AsyncClient
>>> from integrations.llama_index import NiannianMemoryBlock
>>> block = NiannianMemoryBlock(client=AsyncClient("http://localhost:8501"), user_id="xiaoyu")
>>> memory = Memory.from_defaults(session_id="desk", memory_blocks=[block])
"""

from __future__ import annotations

from typing import Any

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.memory import BaseMemoryBlock
from pydantic import Field

from niannian import ApiError, AsyncClient

_ROLES = {MessageRole.USER: "user", MessageRole.ASSISTANT: "assistant"}


class NiannianMemoryBlock(BaseMemoryBlock[str]):
    """Profile, diary and recall as a text for the prompt; learns of what leaves the chat.

    Messages of system and tools are passed over.
    """

    name: str = "niannian"
    client: AsyncClient = Field(exclude=True)
    user_id: str = Field(description="Whose memories")
    persona_id: str | None = Field(None, description="With which companion")
    budget: int | None = Field(None, description="Tokens of the text; by default the server's")

    async def _aget(self, messages: list[ChatMessage] | None = None, **_: Any) -> str:
        asked = [one.content for one in messages or [] if one.role is MessageRole.USER]
        return await self._context((asked[-1] if asked else None) or "", self.budget)

    async def _aput(self, messages: list[ChatMessage]) -> None:
        said = [
            {"role": _ROLES[one.role], "content": one.content}
            for one in messages
            if one.role in _ROLES and (one.content or "").strip()
        ]
        if not any(one["role"] == "user" for one in said):
            return
        session = next(
            (one.additional_kwargs.get("session_id") for one in messages if one.additional_kwargs),
            None,
        )
        await self.client.learn(
            self.user_id, said, persona_id=self.persona_id, session_id=session, wait=False
        )

    async def atruncate(self, content: str, tokens_to_truncate: int) -> str | None:
        """The general picture in a smaller budget; nothing if that is too small for one."""
        whole = await self.client.context(self.user_id, persona_id=self.persona_id)
        budget = whole["tokens"] - tokens_to_truncate
        return await self._context("", budget) if budget >= 200 else None

    async def _context(self, message: str, budget: int | None) -> str:
        try:
            found = await self.client.context(
                self.user_id, message[:8000], persona_id=self.persona_id, budget=budget
            )
        except ApiError as error:
            if error.code == "user_not_found":
                return ""  # nothing was stored for them yet
            raise
        return found["context"]


__all__ = ["NiannianMemoryBlock"]
