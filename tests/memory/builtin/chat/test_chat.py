"""The built-in chat model: pieces, tokens, odd messages, care, pauses."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from memory.builtin.chat import BuiltinChat
from memory.types import Usage
from tests.memory.builtin.chat.talking import Talk, item, reply, request

CJK = re.compile(r"[\u4e00-\u9fff]")


def test_a_reply_comes_in_small_pieces_that_make_the_whole() -> None:
    pieces = list(BuiltinChat().reply(request("你好呀")))
    assert len(pieces) > 3
    assert max(len(piece) for piece in pieces) <= 6
    assert "".join(pieces) == reply("你好呀")


def test_english_comes_word_by_word() -> None:
    pieces = list(BuiltinChat().reply(request("hello there", language="en")))
    assert all(len(piece.split()) <= 1 for piece in pieces)


def test_usage_is_estimated_and_grows_with_what_was_said() -> None:
    stream = BuiltinChat().reply(request("今天好累"))
    assert stream.usage.reply_tokens == 0
    iterator = iter(stream)
    next(iterator)
    some = stream.usage
    list(iterator)
    assert some.estimated
    assert 0 < some.reply_tokens < stream.usage.reply_tokens
    assert isinstance(stream.usage, Usage)
    assert stream.usage.prompt_tokens > 0


def test_close_stops_the_stream() -> None:
    stream = BuiltinChat().reply(request("今天好累"))
    iterator = iter(stream)
    first = next(iterator)
    stream.close()
    assert list(iterator) == []
    assert reply("今天好累").startswith(first)


def test_the_same_request_gets_the_same_reply() -> None:
    assert reply("今天好累") == reply("今天好累")


def test_it_says_that_it_is_builtin() -> None:
    assert BuiltinChat().is_builtin
    assert BuiltinChat().name == "builtin"


@pytest.mark.parametrize(
    ("text", "language", "holds"),
    [
        ("你是真人吗", "zh", "AI"),
        ("你是AI吗？", "zh", "设置"),
        ("你用的什么模型", "zh", "没有接语言模型"),
        ("are you human?", "en", "an AI"),
        ("which model are you?", "en", "No language model"),
        ("who are you?", "en", "Niannian"),
        ("你会做什么", "zh", "记住"),
        ("现在几点了", "zh", "18点00分"),
        ("what day is it today?", "en", "Friday, November 20"),
    ],
)
def test_it_is_open_about_what_it_is(text: str, language: str, holds: str) -> None:
    assert holds in reply(text, language=language)


@pytest.mark.parametrize(
    ("text", "language", "admits"),
    [
        ("为什么天空是蓝色的？", "zh", r"不知道|答不上来|不懂|超纲|没有答案|超出"),
        ("帮我写一首诗", "zh", "规则|做不到|帮不上"),
        ("why is the sky blue?", "en", r"don't know|can't answer|beyond me"),
        ("write me a poem", "en", "can't do that|out of my hands"),
        ("추천해 주세요 오늘 날씨", "zh", "没看懂"),
        ("Bonjour, je suis fatigué et je ne comprends pas", "en", "English and Chinese"),
    ],
)
def test_it_never_pretends_to_understand(text: str, language: str, admits: str) -> None:
    assert re.search(admits, reply(text, language=language))


@pytest.mark.parametrize(
    "text",
    ["😭", "😀😀", "🦑", "<script>alert(1)</script>", "```py\nprint(1)\n```", "https://a.example/b",
     "啊" * 5000, "word " * 1500, "?", "。。。", "{said}", "\u202eabc", "1+1=", "a"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh", "en"])
def test_odd_messages_get_a_graceful_reply(text: str, language: str) -> None:
    answer = reply(text, language=language)
    assert 2 < len(answer) < 300
    assert "{" not in answer
    assert "<script" not in answer


def test_the_reply_is_in_the_language_of_the_message() -> None:
    assert not CJK.search(reply("I had a long day at work", language="zh"))
    assert CJK.search(reply("今天上班好累", language="en"))


def test_emoji_alone_are_answered_in_the_language_of_the_screen() -> None:
    assert CJK.search(reply("😭", language="zh"))
    assert not CJK.search(reply("😭", language="en"))


@pytest.mark.parametrize("persona", ["niannian", "shenyan", "qing", "someone-new"])
@pytest.mark.parametrize("text", ["我不想活了", "I want to end it all"])
def test_danger_is_met_gently_and_without_small_talk(persona: str, text: str) -> None:
    if persona == "someone-new":
        persona = "niannian"
    talk = Talk(persona=persona, items=[item("用户喜欢吃火锅"), item("用户对花生过敏")])
    first = talk.say(text)
    assert not re.search(r"我今天|Today I|火锅|花生", first)
    for after in ("嗯", "我一个人在家", "yes"):
        answer = talk.say(after)
        assert not re.search(r"我今天|Today I|哈|Great|好嘞|唱片还转", answer)


def test_a_persona_without_a_life_of_its_own_still_talks() -> None:
    asked = request("你今天做了什么")
    new = replace(asked, persona=replace(asked.persona, id="brand-new"))
    assert "".join(BuiltinChat().reply(new))
    for text in ("你好", "你喜欢喝什么", "你在干嘛", "今天好累"):
        assert "".join(BuiltinChat().reply(replace(new, message=text)))
