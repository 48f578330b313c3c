"""Chat models behind an endpoint, against a real local HTTP server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from memory.chat.llm_reply import OpenAIChat
from memory.config import load_settings
from memory.errors import (
    ModelAccount,
    ModelAuth,
    ModelBalance,
    ModelBusy,
    ModelError,
    ModelTimeout,
    ModelUnreachable,
    UnreadableReply,
)
from memory.llm.openai_client import check_connection
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.llm.chat_requests import KEY, message, request, settings_for


def test_a_reply_streams_and_reports_its_tokens(server: FakeOpenAI) -> None:
    server.say("今天想聊点什么？")
    reply = OpenAIChat(settings_for(server)).reply(request())
    pieces = list(reply)
    assert len(pieces) > 1
    assert "".join(pieces) == "今天想聊点什么？"
    assert not reply.usage.estimated
    assert reply.usage.prompt_tokens == server.requests[0].prompt_tokens
    assert server.requests[0].body["stream_options"] == {"include_usage": True}


def test_an_endpoint_without_usage_is_asked_once_and_estimated(server: FakeOpenAI) -> None:
    server.usage_in_stream = False
    chat = OpenAIChat(settings_for(server))
    for _ in range(2):
        reply = chat.reply(request())
        assert "".join(reply)
        assert reply.usage.estimated
        assert reply.usage.prompt_tokens > 100
    assert ["stream_options" in r.body for r in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        (401, ModelAuth, 401),
        (403, ModelAccount, 403),
        (402, ModelBalance, 402),
        (429, ModelBusy, 429),
        (500, ModelError, 500),
        (404, ModelError, 404),
        ("garbage", UnreadableReply, None),
        ("cut", ModelUnreachable, None),
        ("error_event", ModelError, None),
        ("html", ModelError, None),
    ],
)
def test_failures_come_in_our_words_without_the_key(
    server: FakeOpenAI, fault: int | str, error: type[ModelError], status: int | None
) -> None:
    server.fail(fault, always=True)
    with pytest.raises(ModelError) as caught:
        list(OpenAIChat(settings_for(server)).reply(request("悄悄话")))
    assert isinstance(caught.value, error)
    assert caught.value.params.get("status") == status
    assert caught.value.params["endpoint"].startswith("127.0.0.1:")
    told = f"{caught.value!r} {caught.value.params} {caught.value.__cause__!r}"
    assert KEY not in told
    assert "悄悄话" not in told
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    # Busy for a moment, or stumbling over a parameter: that is worth a second request.
    assert len(server.requests) == (2 if fault in (429, 500) else 1)


def test_a_dropped_connection_is_tried_once_more(server: FakeOpenAI) -> None:
    chat = OpenAIChat(settings_for(server))
    server.fail("drop")
    assert "".join(chat.reply(request()))
    server.fail("drop", "drop")
    with pytest.raises(ModelUnreachable):
        list(chat.reply(request()))


def test_a_wrong_key_is_refused(server: FakeOpenAI) -> None:
    with pytest.raises(ModelAuth):
        list(OpenAIChat(settings_for(server, openai_api_key="sk-other")).reply(request()))


def test_a_key_that_no_header_can_carry_is_refused_without_asking(server: FakeOpenAI) -> None:
    for key in ("密钥", "sk-line\nbreak"):
        with pytest.raises(ModelAuth):
            list(OpenAIChat(settings_for(server, openai_api_key=key)).reply(request()))
    assert server.requests == []


def test_an_endpoint_that_hangs_times_out(server: FakeOpenAI) -> None:
    server.fail("hang")
    with pytest.raises(ModelTimeout) as caught:
        list(OpenAIChat(settings_for(server, request_timeout=1)).reply(request()))
    assert caught.value.params["seconds"] == 1


def test_nobody_there() -> None:
    settings = load_settings(openai_base_url="http://127.0.0.1:9/v1", request_timeout=2)
    with pytest.raises(ModelUnreachable):
        list(OpenAIChat(settings).reply(request()))


@pytest.mark.parametrize(
    "url", ["http://", "https://[", "http://127.0.0.1:99999/v1", "http://a:b/v1", "http://a b/v1"]
)
def test_what_is_no_address_is_unreachable(url: str) -> None:
    verdict = check_connection(load_settings(openai_base_url=url))
    assert (verdict.ok, verdict.code) == (False, "model_unreachable")


def test_an_empty_reply_is_an_error(server: FakeOpenAI) -> None:
    server.say("", "", "<think>嗯，想想</think>  ", "")  # each is asked for twice
    chat = OpenAIChat(settings_for(server))
    for _ in range(2):
        with pytest.raises(UnreadableReply):
            list(chat.reply(request()))


def test_thoughts_are_not_spoken(server: FakeOpenAI) -> None:
    server.say("\n<think>先想想\n怎么说</think>\n\n你好呀", "<3 你", "<th")
    chat = OpenAIChat(settings_for(server))
    assert "".join(chat.reply(request())) == "你好呀"
    assert "".join(chat.reply(request())) == "<3 你"
    assert "".join(chat.reply(request())) == "<th"


def test_closing_hangs_up(server: FakeOpenAI) -> None:
    server.delay = 0.02
    server.say("很长的话" * 500)
    reply = OpenAIChat(settings_for(server)).reply(request())
    pieces = iter(reply)
    said = next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert server.aborted.wait(5)
    assert reply.usage.estimated
    assert said


def test_another_thread_can_hang_up(server: FakeOpenAI) -> None:
    server.delay = 30
    server.say("很长的话" * 5)
    reply = OpenAIChat(settings_for(server, request_timeout=20)).reply(request())
    timer = threading.Timer(0.3, reply.close)
    timer.start()
    started = time.monotonic()
    assert list(reply) == ["很长的"]
    assert time.monotonic() - started < 5


def test_closing_before_reading_asks_nothing_of_the_reader(server: FakeOpenAI) -> None:
    reply = OpenAIChat(settings_for(server)).reply(request())
    reply.close()
    assert list(reply) == []


@pytest.fixture
def spare() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as running:
        yield running


def with_spare(server: FakeOpenAI, spare: FakeOpenAI) -> OpenAIChat:
    return OpenAIChat(
        settings_for(
            server,
            fallback_base_url=spare.url,
            fallback_model="spare",
        )
    )


def test_the_fallback_answers_where_the_first_endpoint_fails(
    server: FakeOpenAI, spare: FakeOpenAI
) -> None:
    server.fail(401, always=True)
    spare.say("我在呢")
    assert "".join(with_spare(server, spare).reply(request())) == "我在呢"
    assert spare.requests[0].body["model"] == "spare"
    assert KEY not in str(spare.requests[0].headers)


def test_the_fallback_is_left_alone_while_the_first_endpoint_works_or_once_it_spoke(
    server: FakeOpenAI, spare: FakeOpenAI
) -> None:
    server.say("第一个", "第二个")
    assert "".join(with_spare(server, spare).reply(request())) == "第一个"
    server.fail("cut")
    with pytest.raises(ModelError):
        list(with_spare(server, spare).reply(request()))
    assert spare.requests == []


def test_where_both_fail_the_first_one_is_named(server: FakeOpenAI, spare: FakeOpenAI) -> None:
    server.fail(401, always=True)
    spare.fail(404, always=True)
    with pytest.raises(ModelAuth):
        list(with_spare(server, spare).reply(request()))


def test_what_is_too_long_for_a_model_is_asked_with_less(server: FakeOpenAI) -> None:
    server.longest_chat = 2500
    server.say("好的")
    history = tuple(
        message(number, "user" if number % 2 else "assistant", f"第{number}句" + "很长的话，" * 40)
        for number in range(1, 21)
    )
    chat = OpenAIChat(settings_for(server))
    assert "".join(chat.reply(request("在吗", history=history))) == "好的"
    assert server.chats()[-1].body["messages"][-1]["content"].endswith("在吗")
