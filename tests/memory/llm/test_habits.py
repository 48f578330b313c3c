"""Habits of real providers, against a real local HTTP server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memory.chat.llm_reply import EndpointReply
from memory.config import load_settings
from memory.container import build
from memory.errors import ModelAuth, ModelTimeout, ModelTls, ReplyCut, UnreadableReply
from memory.extraction.openai_extraction import EndpointExtraction
from memory.llm.endpoint import Completion
from memory.llm.learned import forget
from memory.llm.openai_client import chat_endpoint, check_connection
from memory.llm.openai_endpoint import OpenAIEndpoint
from memory.llm.profiles import profile_of
from memory.llm.transport import Extras
from memory.types import MessageState, Owner, ThoughtRetraction
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.extraction.batches import batch

OPENED = [
    {"role": "system", "content": "你是念念。"},
    {"role": "assistant", "content": "你来啦。"},
    {"role": "user", "content": "我回来了"},
]


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    forget()
    with FakeOpenAI() as running:
        yield running


def endpoint(server: FakeOpenAI, timeout: float = 5) -> OpenAIEndpoint:
    return OpenAIEndpoint(server.url, None, timeout)


def streamed(server: FakeOpenAI) -> str:
    return "".join(piece.text for piece in endpoint(server).stream(OPENED, model="m"))


def whole(server: FakeOpenAI) -> Completion:
    return endpoint(server).complete(OPENED, model="m", json_mode=True)


@pytest.mark.parametrize("roles", ["alternate", "no_system"])
def test_roles_are_learned(server: FakeOpenAI, roles: str) -> None:
    server.roles = roles
    server.say("欢迎回家", "真好")
    assert streamed(server) == "欢迎回家"
    asked = len(server.requests)
    assert streamed(server) == "真好"
    assert len(server.requests) == asked + 1


def test_content_in_lists_of_parts_is_learned(server: FakeOpenAI) -> None:
    server.part_lists = True
    server.say("欢迎回家", "真好")
    assert streamed(server) == "欢迎回家"
    asked = len(server.requests)
    assert streamed(server) == "真好"
    assert len(server.requests) == asked + 1
    assert server.requests[-1].body["messages"][-1]["content"] == [
        {"type": "text", "text": "我回来了"}
    ]


def test_what_texts_to_embed_are_for_is_told_where_it_is_asked(server: FakeOpenAI) -> None:
    server.input_types = True
    for patient, purpose in ((True, "passage"), (False, "query")):
        endpoint(server).embed(["团子是一只猫"], model="e", dims=64, patient=patient)
        assert server.requests[-1].body["input_type"] == purpose


def test_values_that_somebody_added_are_not_shown(server: FakeOpenAI) -> None:
    server.fail((401, "tenant t-5512 of user tok-901 may not"), always=True)
    extras = Extras(headers={"X-Auth": "t-5512"}, body={"user_token": "tok-901"})
    theirs = OpenAIEndpoint(server.url, None, 5, extras=extras)
    with pytest.raises(ModelAuth) as caught:
        theirs.complete(OPENED, model="m", json_mode=False)
    assert caught.value.params["said"] == theirs.complaint == "tenant *** of user *** may not"


def test_what_a_function_is_called_with_is_the_answer_unless_it_is_nothing(
    server: FakeOpenAI,
) -> None:
    server.calls = True
    server.say('{"memories": []}', "{}")
    assert whole(server).text == '{"memories": []}'
    assert whole(server).text == ""


def test_a_model_that_may_not_stream_answers_in_one_piece(server: FakeOpenAI) -> None:
    server.streams = False
    server.say("欢迎回家", "真好")
    assert streamed(server) == "欢迎回家"
    assert whole(server).text == "真好"
    assert "stream" not in server.requests[-1].body or not server.requests[-1].body["stream"]


def test_thoughts_in_a_field_and_content_in_parts(server: FakeOpenAI) -> None:
    server.thoughts, server.content_parts = "先想想", True
    server.say("欢迎回家", "欢迎回家")
    pieces = list(endpoint(server).stream(OPENED, model="m"))
    assert "".join(piece.text for piece in pieces) == "欢迎回家"
    assert pieces[0].thinking
    assert whole(server).text == "欢迎回家"


@pytest.mark.parametrize(
    ("finish", "code"), [("length", "reply_cut"), ("safety", "reply_filtered")]
)
def test_a_cut_reply_says_so(server: FakeOpenAI, finish: str, code: str) -> None:
    server.finish = finish
    server.say("说到一半")
    said: list[str] = []
    pieces = endpoint(server).stream(OPENED, model="m")
    with pytest.raises(ReplyCut) as caught:
        said.extend(piece.text for piece in pieces)
    assert ("".join(said), caught.value.code) == ("说到一半", code)


def test_a_reply_without_a_reason_for_its_end_is_complete(server: FakeOpenAI) -> None:
    server.finish = None
    server.say("说完了")
    assert streamed(server) == "说完了"


def test_comments_alone_time_out(server: FakeOpenAI) -> None:
    server.comments = 20
    with pytest.raises(ModelTimeout):
        list(endpoint(server, timeout=0.3).stream(OPENED, model="m"))


def test_a_stream_that_breaks_is_asked_for_in_one_piece(server: FakeOpenAI) -> None:
    server.fail("cut")
    server.say("整个回答")
    assert whole(server).text == "整个回答"


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_moment_is_waited_out_once(server: FakeOpenAI, status: int) -> None:
    server.retry_after = 0.1
    server.fail(status)
    server.say("好了")
    assert streamed(server) == "好了"


def test_a_missing_path_is_found(server: FakeOpenAI) -> None:
    server.say("好了")
    bare = OpenAIEndpoint(server.url.removesuffix("/v1"), None, 5)
    assert "".join(piece.text for piece in bare.stream(OPENED, model="m")) == "好了"


def test_azure_by_its_own_names(server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    root = server.url.removesuffix("/v1")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", f"{root}/")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key-1")
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT", "chat-1")
    monkeypatch.setenv("AZURE_OPENAI_API_VERSION", "2026-01-01")
    settings = load_settings()
    assert settings.has_language_model
    assert settings.chat_model == "chat-1"
    chat_endpoint(settings).complete(OPENED, model=settings.chat_model, json_mode=False)
    request = server.requests[0]
    assert request.path == "/openai/deployments/chat-1/chat/completions?api-version=2026-01-01"
    assert request.headers["api-key"] == "azure-key-1"


def test_the_test_of_the_connection_names_models_like_a_wrong_one(server: FakeOpenAI) -> None:
    server.models = ("flash-2", "flash-3", "voice")
    server.fail(404, always=True)
    server.fail_models = False
    verdict = check_connection(load_settings(openai_base_url=server.url, chat_model="flash-1"))
    assert not verdict.ok
    assert verdict.nearest == ("flash-3", "flash-2") or verdict.nearest == ("flash-2", "flash-3")


def test_what_a_user_adds_goes_along(server: FakeOpenAI) -> None:
    settings = load_settings(
        openai_base_url=server.url,
        extra_headers='{"X-Title": "Niannian"}',
        extra_body={"temperature": 1.3},
    )
    chat_endpoint(settings).complete(OPENED, model="m", json_mode=False)
    assert server.requests[0].headers["x-title"] == "Niannian"
    assert server.requests[0].body["temperature"] == 1.3


def test_what_is_stored_of_a_cut_reply_and_of_a_thought(server: FakeOpenAI, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data", openai_base_url=server.url)
    running = build(settings)
    try:
        running.db.users.create("小满", id="u1")
        owner = Owner("u1", next(iter(running.personas)))
        session = running.db.sessions.create(owner)
        server.say("她今天有点低落\n</think>\n\n抱抱你", "又在想\n</think>说到一")
        turn = running.companion.reply(owner, session.id, "今天好累")
        pieces = list(turn)
        assert any(isinstance(piece, ThoughtRetraction) for piece in pieces)
        assert turn.text == "抱抱你"
        server.finish = "length"
        cut = running.companion.reply(owner, session.id, "然后呢")
        with pytest.raises(ReplyCut):
            list(cut)
        stored = running.db.messages.of(owner, session.id, limit=10)
        replies = [(m.text, m.state) for m in stored if m.role == "assistant"]
        assert replies == [
            ("抱抱你", MessageState.DONE),
            ("说到一", MessageState.INTERRUPTED),
        ]
        assert "低落" not in server.chats()[-1].prompt
    finally:
        running.close()


SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def asked_for(server: FakeOpenAI) -> list[str]:
    forms = [request.body.get("response_format") for request in server.chats()]
    return [form["type"] if form else "text" for form in forms]


def test_a_strict_schema_then_json_then_text(
    server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(profile_of(server.url), json="schema")
    monkeypatch.setattr(OpenAIEndpoint, "profile", lambda self, model: strict)
    server.say("{}", "{}", "{}")
    endpoint(server).complete(OPENED, model="m", json_mode=True, schema=SCHEMA)
    form = server.chats()[0].body["response_format"]["json_schema"]
    assert (form["strict"], form["schema"]) == (True, SCHEMA)
    server.json_schema = False
    endpoint(server).complete(OPENED, model="m", json_mode=True, schema=SCHEMA)
    server.json_mode = False
    endpoint(server).complete(OPENED, model="m", json_mode=True, schema=SCHEMA)
    assert asked_for(server) == ["json_schema", "json_schema", "json_object", "json_object", "text"]


def test_a_template_that_fails_at_the_roles_is_served(server: FakeOpenAI) -> None:
    server.fail((500, "Conversation roles must alternate user/assistant/user at row 1"))
    server.say("好了")
    assert streamed(server) == "好了"
    roles = [message["role"] for message in server.requests[-1].body["messages"]]
    assert roles == ["system", "user", "assistant", "user"]


def test_a_blank_reply_is_asked_for_again_once(server: FakeOpenAI) -> None:
    server.say("", "在呢", "", "")
    assert "".join(map(str, EndpointReply(endpoint(server), "m", lambda _: OPENED))) == "在呢"
    with pytest.raises(UnreadableReply):
        list(EndpointReply(endpoint(server), "m", lambda _: OPENED))
    assert len(server.chats()) == 4


def test_a_model_that_says_nothing_does_not_pass_the_test(server: FakeOpenAI) -> None:
    server.say("")
    verdict = check_connection(load_settings(openai_base_url=server.url), parts=("chat",))
    assert verdict.code == UnreadableReply.code


def test_a_reply_taken_for_a_thought_is_asked_for_with_thinking(
    server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = replace(profile_of(server.url), thinking_off={"enable_thinking": False})
    monkeypatch.setattr(OpenAIEndpoint, "profile", lambda self, model: quiet)
    server.thoughts = "回答在这里"
    server.say("", "好了")
    assert whole(server).text == "好了"
    assert ["enable_thinking" in r.body for r in server.requests] == [True, False]


def test_blanks_until_the_limit_are_the_fault_of_the_json_mode(server: FakeOpenAI) -> None:
    server.finish = "length"
    server.say(" \n" * 9, '{"memories": []}')
    reply = EndpointExtraction(endpoint(server), "m").extract(batch("我养猫"))
    assert reply.operations == ()
    assert asked_for(server) == ["json_object", "text"]


def test_a_server_without_tls_says_so(server: FakeOpenAI) -> None:
    plain = OpenAIEndpoint(server.url.replace("http:", "https:"), None, 5)
    with pytest.raises(ModelTls) as caught:
        plain.complete(OPENED, model="m", json_mode=False)
    assert caught.value.code == "model_no_tls"
