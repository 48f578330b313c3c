"""The LangChain adapters with LangChain itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("langchain_core")

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.runnables.history import RunnableWithMessageHistory

from integrations.langchain import NiannianChatHistory, NiannianRetriever
from niannian import AsyncClient, Client


def test_a_retriever_in_a_chain(client: Client, user: str) -> None:
    client.add(user, "Collects vinyl records", metadata={"via": "desk"}, category="preference")
    client.add(user, "Is allergic to walnuts", category="health")
    retriever = NiannianRetriever(client=client, user_id=user, k=1)
    (found,) = retriever.invoke("vinyl records")
    assert (found.page_content, found.metadata["via"]) == ("Collects vinyl records", "desk")
    assert 0 < found.metadata["score"] <= 1
    chain = {"known": retriever, "asked": RunnablePassthrough()} | RunnableLambda(
        lambda given: given["known"][0].page_content
    )
    assert chain.invoke("walnuts") == "Is allergic to walnuts"
    strict = NiannianRetriever(client=client, user_id=user, threshold=0.999)
    assert strict.invoke("something else entirely") == []
    limited = NiannianRetriever(client=client, user_id=user, filters={"category": "health"})
    assert [one.page_content for one in limited.invoke("records")] in (
        [],
        ["Is allergic to walnuts"],
    )


def test_a_retriever_that_is_awaited(client: Client, url: str, user: str) -> None:
    client.add(user, "Collects vinyl records")

    async def both() -> list[str]:
        async with AsyncClient(url) as slow:
            texts = []
            for more in ({}, {"async_client": slow}):
                retriever = NiannianRetriever(client=client, user_id=user, **more)
                texts += [one.page_content for one in await retriever.ainvoke("vinyl records")]
            return texts

    assert asyncio.run(both()) == ["Collects vinyl records"] * 2


def test_a_chat_history_is_kept_and_learnt_from(client: Client, user: str) -> None:
    history = NiannianChatHistory(client, user, "desk")
    assert history.messages == []
    history.clear()
    history.add_messages(
        [
            SystemMessage("Be kind."),
            HumanMessage("I am allergic to walnuts."),
            AIMessage([{"type": "text", "text": "Noted."}]),
            ToolMessage("42", tool_call_id="t1"),
        ]
    )
    assert [(one.type, one.content) for one in history.messages] == [
        ("human", "I am allergic to walnuts."),
        ("ai", "Noted."),
    ]
    client.process(user)
    assert "walnuts" in client.search(user, "allergies")[0]["text"]
    for number in range(210):
        if number % 70 == 0:
            history.add_messages([HumanMessage(f"Line {number + n}") for n in range(70)])
    assert [one.content for one in history.messages][2:] == [f"Line {n}" for n in range(210)]
    other = NiannianChatHistory(client, user, "desk:2")
    assert other.messages == []
    history.clear()
    assert history.messages == []
    assert client.search(user, "allergies")


def test_a_runnable_with_history(client: Client, user: str) -> None:
    prompt = ChatPromptTemplate.from_messages([MessagesPlaceholder("before"), ("human", "{said}")])

    def model(given: Any) -> AIMessage:
        return AIMessage(f"Heard {len(given.messages)} messages.")

    chain = RunnableWithMessageHistory(
        prompt | RunnableLambda(model),
        lambda session_id: NiannianChatHistory(client, user, session_id),
        input_messages_key="said",
        history_messages_key="before",
    )
    config = {"configurable": {"session_id": "run:1"}}
    assert chain.invoke({"said": "Hello"}, config).content == "Heard 1 messages."
    assert chain.invoke({"said": "Again"}, config).content == "Heard 3 messages."
