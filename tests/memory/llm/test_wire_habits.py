"""What providers put on the wire, byte for byte: replies, vectors, lists of models."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import count
from struct import pack
from types import SimpleNamespace
from typing import Any

import pytest

from memory.errors import (
    ModelAuth,
    ModelBusy,
    ModelError,
    ModelFiltered,
    ModelTimeout,
    ModelUnreachable,
    ReplyCut,
    UnreadableReply,
)
from memory.llm.answers import model_names, vectors_in
from memory.llm.endpoint_stream import LONGEST, EndpointStream
from memory.llm.failures import EndpointFailures
from memory.llm.learned import EndpointHabits
from memory.llm.thoughts import ThoughtFilter

SAID = "在呢😀慢慢说"


class Canned:
    """An answer whose bytes are known; the line may break after them."""

    def __init__(self, chunks: Iterable[bytes], breaks: bool = False) -> None:
        self._chunks = chunks
        self._breaks = breaks
        self.http_response = SimpleNamespace(extensions={})

    def iter_bytes(self) -> Iterator[bytes]:
        yield from self._chunks
        if self._breaks:
            raise ConnectionResetError

    def close(self) -> None:
        """Nothing is open."""


def stream_of(
    chunks: Iterable[bytes], *, breaks: bool = False, timeout: float = 5
) -> EndpointStream:
    failures = EndpointFailures("x.example", timeout)
    return EndpointStream(Canned(chunks, breaks), failures, EndpointHabits(), ThoughtFilter())


def said(*chunks: bytes, breaks: bool = False) -> str:
    return "".join(piece.text for piece in stream_of(chunks, breaks=breaks))


def event(value: Any) -> bytes:
    return b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n"


def delta(text: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": text, **more}, "finish_reason": finish}]}


def ollama(message: dict[str, str], done: bool) -> bytes:
    return json.dumps({"model": "m", "message": message, "done": done}).encode() + b"\n"


STOP = event(delta("", "stop"))
DONE = event(b"[DONE]")
TOLD = [event(delta(piece)) for piece in (SAID[:2], SAID[2:])]
WHOLE = {"choices": [{"message": {"role": "assistant", "content": SAID}, "finish_reason": "stop"}]}
ESCAPED = [
    event(b'{"choices":[{"delta":{"content":"\\u' + unit.encode() + b'"}}]}')
    for unit in SAID.encode("utf-16-be").hex(" ", 2).split()
]


@pytest.mark.parametrize(
    "chunks",
    [
        [b"\xef\xbb\xbf", *TOLD, STOP, DONE],
        [part.replace(b"\n", b"\r") for part in (*TOLD, STOP, DONE)],
        [bytes([b]) for b in b"".join([*TOLD, STOP, DONE]).replace(b"\n", b"\r\n")],
        [b'event: ping\ndata: {"type": "ping"}\n\n', *TOLD, STOP, DONE],
        [b"data: null\n\ndata: {}\n\ndata:\n\ndata: []\n\ndata: keep-alive\n\n", *TOLD, STOP],
        [event({"choices": [None]}), event({"choices": None, "citations": []}), *TOLD, STOP],
        [json.dumps(WHOLE, indent=2).encode()],
        [b"".join(json.dumps(delta(t)).encode() + b"\n" for t in SAID), b'{"choices": []}\n', DONE],
        [event({"choices": [{"delta": {}, "message": {"content": SAID}}]}), STOP],
        [*TOLD, event({"choices": [{"delta": {}, "message": {"content": SAID}}]}), STOP],
        [
            *(event({"choices": [{"message": {"content": SAID[:n]}}]}) for n in (2, 5, 7)),
            event({"choices": [{"message": {"content": SAID}, "finish_reason": "stop"}]}),
        ],
        [b"data: " + part for part in (*TOLD, STOP)],
        [event({"code": 0, "msg": "", "data": delta(SAID, "stop")})],
        [event({"choices": [{"text": SAID}]}), STOP],
        [event(delta({"type": "text", "text": SAID})), STOP],
        [event(delta([{"type": "text", "text": {"value": SAID}}])), STOP],
        [event(delta(None, reasoning={"content": "hm"})), *TOLD, STOP],
        [event(delta(SAID + "\0")), STOP],
        [*ESCAPED, STOP],
        [*TOLD, event(delta("", "")), DONE],
        [*TOLD, event(delta("", "END_TURN"))],
        [event(delta(f"<think>hm</think><answer>{SAID}</answer><|im_end|>")), STOP],
        [*(event(delta(SAID[:n])) for n in range(1, len(SAID) + 1)), STOP],
        [*(event(delta(SAID[:n])) for n in (3, len(SAID))), event(delta(SAID, "stop"))],
        [*TOLD, event(delta("")), event(delta("", "stop"))],
        [json.dumps([delta(SAID[:2]), delta(SAID[2:]), delta("", "stop")]).encode()],
        [event(b"".join(json.dumps(delta(t)).encode() for t in SAID)), STOP],
        [part.replace(b"data:", b"  Data:") for part in (*TOLD, STOP, DONE)],
        [*(event({"choices": [{"delta": t}]}) for t in SAID), STOP],
        [*(event({"choices": [{"delta": {"text": t}}]}) for t in SAID), STOP],
        [event({"choices": {"0": {"delta": {"content": SAID}, "finish_reason": "stop"}}})],
        [
            *(event({"choices": [{"index": n, "delta": {"content": SAID}}]}) for n in (0, 1)),
            *(STOP, DONE),
        ],
        [
            event({"type": "message_start", "message": {"role": "assistant", "content": []}}),
            event({"type": "content_block_delta", "delta": {"thinking": "hm"}}),
            *(event({"type": "content_block_delta", "delta": {"text": t}}) for t in SAID),
            event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}}),
            event({"type": "message_stop"}),
        ],
        [
            event({"type": "response.created", "response": {"id": "r"}}),
            event({"type": "response.reasoning_text.delta", "delta": "hm"}),
            *(event({"type": "response.output_text.delta", "delta": t}) for t in SAID),
            event({"type": "response.completed", "response": {"id": "r"}}),
        ],
        [
            json.dumps(
                {
                    "object": "response",
                    "status": "completed",
                    "output": [
                        {"type": "reasoning", "summary": []},
                        {"type": "message", "content": [{"type": "output_text", "text": SAID}]},
                    ],
                }
            ).encode()
        ],
        [json.dumps({"type": "message", "content": [{"type": "text", "text": SAID}]}).encode()],
        [
            *(ollama({"role": "assistant", "content": t}, False) for t in SAID),
            ollama({"role": "assistant", "content": ""}, True),
        ],
    ],
)
def test_a_reply_is_read_in_whatever_form_it_comes(chunks: list[bytes]) -> None:
    assert said(*chunks) == SAID


@pytest.mark.parametrize("last", [STOP, DONE])
def test_how_the_line_ends_after_the_end_of_a_reply_does_not_matter(last: bytes) -> None:
    assert said(*TOLD, last, breaks=True) == SAID


def test_a_reply_without_an_end_broke_off() -> None:
    with pytest.raises(ModelUnreachable):
        said(*TOLD)
    with pytest.raises(ModelUnreachable):
        said(event(delta(SAID, "null")))


@pytest.mark.parametrize(
    ("chunks", "error", "code"),
    [
        ([event(delta(SAID, "MAX_TOKENS"))], ReplyCut, "reply_cut"),
        ([event(delta(SAID, "SAFETY"))], ReplyCut, "reply_filtered"),
        ([event(delta(None, "guardrail_intervened"))], ModelFiltered, "model_filtered"),
        ([event(delta(None, refusal="I can't.")), STOP], ModelFiltered, "model_filtered"),
        ([b"event: error\ndata: Rate limit exceeded\n\n"], ModelBusy, "model_busy"),
        ([b"data: Invalid API key\n\n"], ModelAuth, "model_auth"),
        ([b"data: [ERROR] rate limit\n\n"], ModelBusy, "model_busy"),
        (
            [event({"choices": [{"delta": {}, "error": {"message": "Invalid API key"}}]})],
            *(ModelAuth, ""),
        ),
        ([event({"error": "invalid token"})], ModelAuth, "model_auth"),
        ([b'{"success": false, "errors": [{"message": "invalid token"}]}'], ModelAuth, ""),
        ([b'{"error_code": 110, "error_msg": "Access token invalid"}'], ModelAuth, ""),
        ([b'{"detail": "Invalid API key"}'], ModelAuth, ""),
        ([b""], UnreadableReply, ""),
        ([b"data: {half\n\n"], UnreadableReply, ""),
        ([b"<html>sign in</html>"], UnreadableReply, ""),
    ],
)
def test_what_is_no_reply_is_told_apart(
    chunks: list[bytes], error: type[ModelError], code: str
) -> None:
    with pytest.raises(error) as caught:
        said(*chunks)
    assert code in ("", caught.value.code)


def test_a_reply_that_never_ends_is_cut() -> None:
    stream = stream_of(event(delta("好" * 400)) for _ in count())
    told: list[str] = []
    with pytest.raises(ReplyCut):
        told.extend(piece.text for piece in stream)
    assert LONGEST <= len("".join(told)) < 2 * LONGEST


def test_a_model_that_never_stops_thinking_is_stopped() -> None:
    thinking = (event(delta(None, reasoning_content="嗯")) for _ in count())
    with pytest.raises(ReplyCut) as caught:
        list(stream_of(thinking))
    assert caught.value.code == "thought_only"


def test_half_a_character_at_the_end_is_left_out() -> None:
    half = b'{"choices":[{"delta":{"content":"\\ud83d"}}]}'
    text = said(event(delta("好")), event(half), STOP)
    assert text == "好"
    assert text.encode()


def test_pings_alone_time_out() -> None:
    def pings() -> Iterator[bytes]:
        while True:
            yield b'data: {"type": "ping"}\n\n'

    with pytest.raises(ModelTimeout):
        list(stream_of(pings(), timeout=0.05))


def test_what_a_model_hands_to_a_function_is_kept() -> None:
    call = {"function": {"name": "reply", "arguments": '{"memories": []}'}}
    stream = stream_of([event(delta(None, tool_calls=[call])), event(delta(None, "tool_calls"))])
    assert "".join(piece.text for piece in stream) == ""
    assert stream.arguments == '{"memories": []}'


ONE, TWO = [1.0, 0.5], [0.25, 2.0]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"index": 0, "embedding": ONE}, {"index": 1, "embedding": TWO}]},
        {"data": [{"index": 2, "embedding": TWO}, {"index": 1, "embedding": ONE}]},
        {"data": [{"index": 0, "embedding": ONE}, {"index": 0, "embedding": TWO}]},
        {"data": [{"embedding": [ONE]}, {"embedding": [TWO]}]},
        {"data": [ONE, TWO]},
        {"embeddings": [ONE, TWO]},
        {"embeddings": {"float": [ONE, TWO]}},
        {"code": 0, "data": {"data": [{"embedding": ONE}, {"embedding": TWO}]}},
        {"data": [{"embedding": [str(x) for x in v]} for v in (ONE, TWO)]},
        [{"embedding": ONE}, {"embedding": TWO}],
        {"data": [{"embedding": b64encode(pack("<2f", *v)).decode()} for v in (ONE, TWO)]},
        {"data": [{"embedding": b64encode(pack("<2d", *v)).decode()} for v in (ONE, TWO)]},
        {"data": {"1": {"embedding": TWO}, "0": {"embedding": ONE}}},
        {"data": {"1": TWO, "0": ONE}},
        {"data": [{"index": "1", "vector": TWO}, {"index": "0", "vector": ONE}]},
        {
            "output": {
                "embeddings": [
                    {"text_index": 1, "embedding": TWO},
                    {"text_index": 0, "embedding": ONE},
                ]
            }
        },
        {"data": [{"embedding": {"dense": ONE}}, {"embedding": {"dense": TWO}}]},
        {"data": [{"embedding": json.dumps(v)} for v in (ONE, TWO)]},
        {"data": [{"embedding": [[0.0, 1.0], [2.0, 0.0]]}, {"embedding": [TWO, TWO]}]},
    ],
)
def test_vectors_are_read_in_whatever_form_they_come(answer: Any) -> None:
    assert vectors_in(answer, 2) == [ONE, TWO]


def test_the_only_vector_may_stand_alone() -> None:
    assert vectors_in({"data": {"embedding": ONE}}) == [ONE]
    assert vectors_in({"embedding": ONE}) == [ONE]


@pytest.mark.parametrize(
    "bad", [[None, 1.0], [float("nan")], ["a"], [], "no base64!", None, [[1.0], [1.0, 2.0]]]
)
def test_what_is_no_vector_is_refused(bad: Any) -> None:
    with pytest.raises(ValueError, match="vector"):
        vectors_in({"data": [{"embedding": bad}]})


def test_an_answer_without_vectors_has_none() -> None:
    with pytest.raises(LookupError):
        vectors_in({"data": []})


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ({"data": [{"id": "b"}, {"id": "a"}, {"id": "a"}]}, ["a", "b"]),
        ([{"id": "org/m:free"}], ["org/m:free"]),
        ({"data": ["a"]}, ["a"]),
        ({"models": [{"name": "qwen3:8b", "model": "qwen3:8b"}]}, ["qwen3:8b"]),
        ({"data": [{"id": "models/gemini"}]}, ["gemini"]),
        ({"data": {"a": {"object": "model"}, "b": {}}}, ["a", "b"]),
        ({"code": 0, "data": {"data": [{"model_name": "a"}]}}, ["a"]),
        ({"data": None}, []),
        ({"data": [{"id": None}, 5]}, []),
        (None, []),
    ],
)
def test_names_of_models_are_read_in_whatever_form_they_come(answer: Any, names: list[str]) -> None:
    assert model_names(answer) == names
