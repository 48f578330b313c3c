"""LangChain adapters: a retriever over memories, and a chat history that is remembered.

>>> from niannian import Client
>>> from integrations.langchain import NiannianChatHistory, NiannianRetriever
>>> client = Client("http://localhost:8501")
>>> retriever = NiannianRetriever(client=client, user_id="xiaoyu")
>>> history = NiannianChatHistory(client, "xiaoyu", session_id="desk")
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from niannian import ApiError, AsyncClient, Client
from niannian.answers import FoundMemory, Message

_ROLES = {"human": "user", "ai": "assistant"}


class NiannianRetriever(BaseRetriever):
    """What is remembered about somebody, as documents, best first.

    Attributes:
        client: A client; its calls run in a thread where they are awaited.
        user_id: Whose memories.
        persona_id: With which companion; the default one if left out.
        k: At most so many.
        threshold: Leave out what scores less (0 to 1).
        filters: As of :meth:`niannian.Client.search`.
        async_client: Used where a chain is awaited; without it ``client`` is.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    user_id: str
    persona_id: str | None = None
    k: int = 5
    threshold: float = 0.0
    filters: dict[str, Any] | None = None
    async_client: AsyncClient | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return self._documents(self.client.search(self.user_id, query, **self._limits()))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        if self.async_client is None:
            return await super()._aget_relevant_documents(query, run_manager=run_manager)
        found = await self.async_client.search(self.user_id, query, **self._limits())
        return self._documents(found)

    def _limits(self) -> dict[str, Any]:
        return {"persona_id": self.persona_id, "limit": self.k, "filters": self.filters}

    def _documents(self, found: Sequence[FoundMemory]) -> list[Document]:
        return [document_of(one) for one in found if one["score"] >= self.threshold]


def document_of(memory: FoundMemory) -> Document:
    """A memory as a document; its own metadata stands beside ours, which come first."""
    ours = {
        "score": memory["score"],
        "subject": memory["subject"],
        "category": memory["category"],
        "event_date": memory["event_date"],
        "created_at": memory["created_at"],
    }
    return Document(
        id=memory["id"], page_content=memory["text"], metadata={**memory["metadata"], **ours}
    )


class NiannianChatHistory(BaseChatMessageHistory):
    """A conversation that is kept as a session and learnt from in the background.

    Messages of system and tools aren't kept: they are nobody's memories. For
    ``RunnableWithMessageHistory``.

    Args:
        client: A client.
        user_id: Whose conversation.
        session_id: Your own name for it, or the id of a session.
        persona_id: With which companion; the default one if left out.
    """

    def __init__(
        self, client: Client, user_id: str, session_id: str, *, persona_id: str | None = None
    ) -> None:
        self._client = client
        self._user_id = user_id
        self._session_id = session_id
        self._persona_id = persona_id

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]
        """All of it, oldest first; empty before anything was said."""
        found: list[Message] = []
        before: int | None = None
        while True:
            try:
                page = self._client.messages(
                    self._session_id,
                    user_id=self._user_id,
                    persona_id=self._persona_id,
                    limit=200,
                    before=before,
                )
            except ApiError as error:
                if error.code in ("session_not_found", "user_not_found"):
                    return []
                raise
            found = page["messages"] + found
            before = page["next_before"]
            if before is None:
                return [_message_of(one) for one in found]

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Add to the end; what is learnt of it is there a little later."""
        said = [
            {"role": _ROLES[message.type], "content": message.text}
            for message in messages
            if message.type in _ROLES and message.text.strip()
        ]
        if said:
            self._client.learn(
                self._user_id,
                said,
                session_id=self._session_id,
                persona_id=self._persona_id,
                wait=False,
            )

    def clear(self) -> None:
        """Delete the session with its messages; what was learnt of it stays."""
        try:
            self._client.delete_session(
                self._session_id, user_id=self._user_id, persona_id=self._persona_id
            )
        except ApiError as error:
            if error.code not in ("session_not_found", "user_not_found"):
                raise


def _message_of(message: Message) -> BaseMessage:
    kind = HumanMessage if message["role"] == "user" else AIMessage
    return kind(id=message["message_id"], content=message["text"])


__all__ = ["NiannianChatHistory", "NiannianRetriever", "document_of"]
