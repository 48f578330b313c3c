"""What the classifier adds to the rules, on the real encoder, and what it must not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder
from memory.types import Operation
from memory.types.vectors import Floats
from tests.memory.builtin.extraction.conftest import extract_all

# Noon of Wednesday 22 October 2025 in Shanghai.
SAID_AT = datetime(2025, 10, 22, 4, 0, tzinfo=UTC)


def read(*messages: str) -> tuple[Operation, ...]:
    """With the classifier; ``"AI: …"`` is the persona's."""
    shared_encoder().wait(30)
    shared_encoder().encode(["warm"])
    return extract_all(*messages, said_at=SAID_AT, encoder=shared_encoder())


def texts(*messages: str) -> list[str]:
    return [operation.text for operation in read(*messages)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("我是朝鲜族", "用户是朝鲜族"),
        ("我同桌的妈妈是法官", "用户的同桌的妈妈是法官"),
        ("（打哈欠）我对腰果过敏", "用户对腰果过敏"),
        ("*yawns* im allergic to bees", "The user is allergic to bees"),
        ("我 对 芒果 过敏", "用户对芒果过敏"),
        ("我对🥭过敏", "用户对芒果过敏"),
        ("my name is ottilie", "The user's name is Ottilie"),
        ("我叫巴图尔·艾合买提", "用户叫巴图尔·艾合买提"),
        ("我妈的生日是农历九月初八", "用户的妈妈的生日是农历九月初八"),
        ("我係廚師", "用户係廚師"),
        ("要不是我对牛奶过敏，我能喝一箱", "用户对牛奶过敏"),
    ],
)
def test_what_is_understood(message: str, expected: str) -> None:
    assert expected in texts(message)


@pytest.mark.parametrize(
    "message",
    [
        "她对花生过敏",
        "他在银行上班，住在南京",
        "she is diabetic",
        "如果我有糖尿病就麻烦了",
        "是是是，我就是全宇宙最帅的，后天就登基",
        "yeah right, I'm totally a millionaire",
        "user: hi\nassistant: I live in Oslo and I love rowing",
        "刚才有人按门铃，是小赵，来送快递",
        "今天面条煮烂了",
        "我先去洗澡了",
        "the soup was too salty",
    ],
)
def test_what_is_left_alone(message: str) -> None:
    assert texts(message) == []


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    assert texts("我妹妹叫小岚", "打错了，是小兰") == ["用户的妹妹叫小兰"]
    [operation] = read("我周四有个面试", "说错了，不是周四，是周五")
    assert operation.event_date == "2025-10-24"
    assert texts("My dog is called Rolf", "*Ralf") == ["The user's dog is called Ralf"]


def test_news_ends_what_was_true_before() -> None:
    assert texts("我男朋友叫阿凯", "我跟阿凯分手了") == ["用户跟阿凯分手了"]


def test_a_yes_says_what_was_asked() -> None:
    assert texts("AI: 你是不是对虾过敏？", "对") == ["用户对虾过敏"]


def test_without_commas_each_statement_is_its_own() -> None:
    found = texts("hi im dora i live in bristol and im allergic to shrimp")
    assert found == [
        "The user's name is Dora",
        "The user lives in bristol",
        "The user is allergic to shrimp",
    ]


def test_what_was_said_of_oneself_by_the_persona_stays() -> None:
    assert read("AI: 我昨天去爬了山，捡了一片红叶")[0].text.startswith("念念10月21日去爬了山")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (("my cousin is staying over on friday", "shes in the navy"),
         "The user's cousin is in the navy"),
        (("面馆是跟我哥哥一起盘下来的", "他管后厨"), "用户的哥哥管后厨"),
    ],
)  # fmt: skip
def test_she_is_whom_the_message_before_was_about(messages: tuple[str, ...], expected: str) -> None:
    assert expected in texts(*messages)


def test_she_is_nobody_after_talk_of_something_else() -> None:
    found = texts("my cousin is staying over on friday", "the rain won't stop", "shes in the navy")
    assert not any("navy" in text for text in found)


def test_what_no_rule_read_is_encoded_in_one_go() -> None:
    calls: list[Sequence[str]] = []

    class Counted(SentenceEncoder):
        def encode(self, texts: Sequence[str]) -> Floats:
            calls.append(texts)
            return super().encode(texts)

    encoder = Counted()
    encoder.load_in_background()
    assert encoder.wait(30)
    found = extract_all("我同屋患咗哮喘", "呢幾年一直喺夜市擺檔", encoder=encoder)
    assert [operation.text for operation in found] == ["用户同屋患咗哮喘"]
    assert len(calls) == 1, "once for both classifiers: it may be a call to another process"
