"""What a reply is about where several things are said: mourning, made-up deaths, attachment."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from memory.builtin.chat.compose import compose
from memory.types import Attachment, AttachmentKind, Language
from tests.memory.builtin.chat.talking import request

LOOKING_FORWARD = re.compile(
    r"真好|期待|告诉我怎么样|太好了|look(?:ing)? forward|how nice|excit|wonderful|enjoy", re.I
)
CONDOLENCE = re.compile(r"难过|那些日子|那个人|想他|想她|sorry|miss (?:them|him|her)|lost", re.I)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我爸说清明回老家扫墓", "zh"),
        ("下周六是外公的告别式", "zh"),
        ("Grandma's funeral is on Thursday", "en"),
        ("we'll bring his ashes to the sea next week", "en"),
    ],
)
def test_a_day_for_the_dead_is_nothing_to_look_forward_to(text: str, language: Language) -> None:
    said = compose(request(text, language=language))
    assert not LOOKING_FORWARD.search(said), said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("这个游戏的最后一关我死了八次", "zh"),
        ("看了部电影，主角最后死了", "zh"),
        ("watched a film where nearly everybody died", "en"),
    ],
)
def test_who_dies_in_a_game_or_a_film_is_not_mourned(text: str, language: Language) -> None:
    assert not CONDOLENCE.search(compose(request(text, language=language)))


@pytest.mark.parametrize(
    ("text", "language"), [("我外婆去年走了", "zh"), ("my grandma died last year", "en")]
)
def test_who_mourns_is_answered_so_beside_the_gentle_card(text: str, language: Language) -> None:
    asked = replace(request(text, language=language), care="distress", care_phase="sign")
    assert CONDOLENCE.search(compose(asked))


def test_leaning_on_the_companion_is_heard_in_a_long_message_too() -> None:
    long = "今天在图书馆坐了一整天，窗边的位子都被占了。" * 12 + "别人我都不想理，只要有你就够了。"
    asked = replace(request(long), attachment="dependence", care=None, care_phase=None)
    assert re.search(r"人", compose(asked))
    assert compose(asked) != compose(replace(asked, attachment=None))


@pytest.mark.parametrize(
    ("kind", "message", "language", "heard"),
    [
        (AttachmentKind.IMAGE, "[照片：拍的照片1.jpg]", "zh", "照片"),
        (AttachmentKind.DOCUMENT, "[File: lease.pdf, 12 pages]", "en", "file"),
    ],
)
def test_what_comes_without_a_word_is_what_is_spoken_of(
    kind: AttachmentKind, message: str, language: Language, heard: str
) -> None:
    given = Attachment(kind, "x", "application/pdf", 10, mark=message)
    asked = replace(request(message, language=language), attachments=(given,))
    assert heard in compose(asked).lower()
    assert heard not in compose(replace(asked, message="好的", language="zh")).lower()
