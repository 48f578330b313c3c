"""Meaning in the chat: example vectors, intents, and answers to questions in any words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from benchmarks.understanding import people
from memory.builtin.chat import BuiltinChat
from memory.builtin.chat.asked_slots import answers, asked_slots
from memory.builtin.chat.intent import by_meaning
from memory.builtin.chat.lines import lines
from memory.builtin.chat.meaning import VECTORS_FILE, ranked_intents, stored, tones
from memory.builtin.chat.memories_talk import FORGOT
from memory.builtin.chat.reading import read
from memory.builtin.examples import digest
from memory.builtin.extraction import BuiltinExtraction
from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder
from memory.nlp.language import detect
from memory.types import ContextItem, Language, Message, Owner
from scripts import embed_intents
from tests.memory.builtin.chat.talking import START, item, request

ZH = [
    item("用户叫顾盼", category="identity"),
    item("用户在殡仪馆做化妆师", category="work_study"),
    item("用户养了一条叫豌豆的秋田犬", category="relationship"),
    item("用户对螃蟹过敏", category="health", importance=5),
    item("用户的弟弟在青岛读海洋学", category="relationship"),
    item("用户11月21日要去补牙", on="2026-11-21", category="plan"),
]
EN = [
    item("The user's name is Roisin", category="identity"),
    item("The user works as a glazier", category="work_study"),
    item("The user has a parrot called Duke", category="relationship"),
    item("The user is allergic to mussels", category="health", importance=5),
    item("The user's sister lives in Bergen", category="relationship"),
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    encoder = shared_encoder()
    encoder.encode(["warm"])
    return encoder


def said(text: str) -> Message:
    return Message(
        id="m",
        session_id="s",
        owner=Owner("u", "niannian"),
        number=1,
        role="user",
        text=text,
        created_at=START,
    )


def say(
    text: str, items: Sequence[ContextItem], language: Language, encoder: SentenceEncoder
) -> str:
    chat = BuiltinChat(BuiltinExtraction(encoder), encoder)
    return "".join(chat.reply(request(text, items=items, language=language, user_name="")))


def test_the_vectors_were_made_from_these_examples() -> None:
    # After a change of the examples: python -m scripts.embed_intents
    assert stored().digest == digest(*embed_intents.files())
    assert VECTORS_FILE.stat().st_size < 400_000


def test_each_intent_has_a_dozen_examples_in_each_language() -> None:
    counted = Counter((one.language, one.label) for one in embed_intents.examples())
    assert min(counted.values()) >= 12
    zh, en = ({label for at, label in counted if at == language} for language in ("zh", "en"))
    assert zh == en


def test_each_intent_that_is_answered_has_lines() -> None:
    known = {one.label for one in embed_intents.examples()}
    told = {label for label in known if not label.startswith("ask_")}
    general = {f"tone_{tone}" for tone in ("bad", "good", "funny", "neutral")}
    for language in ("zh", "en"):
        assert told | general <= set(lines(language))
    assert set(tones()) <= known


def test_talks_are_read_whole() -> None:
    found = list(people())
    assert [len(person.lines) for person in found].count(0) == 0
    assert len(found) == 6
    assert {line.kind for person in found for line in person.lines} == {"u", "q", "n"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我的膝盖磕破了皮", "injury"),
        ("我们家的老猫昨晚死了", "pet_lost"),
        ("my fever won't go down", "sick"),
        ("our old dog died last night", "pet_lost"),
    ],
)
def test_unknown_words_mean_what_their_neighbours_mean(
    text: str, intent: str, encoder: SentenceEncoder
) -> None:
    asked = request(text)
    assert by_meaning(read(asked), asked, encoder.encode).intent == intent


@pytest.mark.parametrize(
    ("before", "text", "items", "intents"),
    [
        # Whom a name stands for is known.
        ("", "Biscuit stole my sandwich", [item("The user has a dog called Biscuit")], {"pet"}),
        # Bad news isn't small talk, and good news isn't bad.
        ("", "我男朋友搬走了", [], {"breakup", "tone_bad"}),
        ("", "the landlord wants us out by June", [], {"housing", "tone_bad"}),
        ("", "我考过科目三了！", [], {"proud", "happy", "tone_good"}),
        # A few words go on with what was said before.
        ("someone stole my bike last night", "brand new", [], {"stolen", "tone_bad", "surprise"}),
    ],
)
def test_what_everyday_messages_mean(
    before: str,
    text: str,
    items: Sequence[ContextItem],
    intents: set[str],
    encoder: SentenceEncoder,
) -> None:
    told = [said(before)] if before else []
    asked = request(text, items=items, history=told, language=detect(text))
    assert by_meaning(read(asked), asked, encoder.encode).intent in intents


def test_scores_are_in_order(encoder: SentenceEncoder) -> None:
    scores = [one.score for one in ranked_intents("我养的狗叫什么来着", encoder.encode)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("我是干哪一行的来着", "殡仪馆"),
        ("我家那条狗叫啥", "豌豆"),
        ("点菜的时候我有啥忌口没有", "螃蟹"),
        ("我弟在哪儿念书", "青岛"),
        ("你对我了解多少呀", "螃蟹"),
    ],
)
def test_questions_in_any_words(question: str, holds: str, encoder: SentenceEncoder) -> None:
    assert holds in say(question, ZH, "zh", encoder)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("what's my line of work, by the way", "glazier"),
        ("remind me what my bird is called", "Duke"),
        ("which dishes should I steer clear of, what am I allergic to", "mussels"),
        ("where's my sister these days", "Bergen"),
    ],
)
def test_questions_in_any_words_in_english(
    question: str, holds: str, encoder: SentenceEncoder
) -> None:
    assert holds in say(question, EN, "en", encoder)


@pytest.mark.parametrize("question", ["我家的猫叫啥", "我妹妹在哪儿念书", "我妈是做什么的"])
def test_what_nobody_told_is_not_made_up(question: str, encoder: SentenceEncoder) -> None:
    reply = say(question, ZH, "zh", encoder)
    assert any(line in reply for line in FORGOT["zh"])


def test_a_dead_pet_is_mourned(encoder: SentenceEncoder) -> None:
    reply = say("养了十年的乌龟没了", ZH, "zh", encoder)
    assert "恭喜" not in reply
    assert "叫什么名字" not in reply


def test_only_what_is_kept_is_said_to_be_noted(encoder: SentenceEncoder) -> None:
    assert "记下" not in say("她对花生过敏吗我忘了", ZH, "zh", encoder)


def test_what_was_asked_must_be_in_the_answer() -> None:
    wanted = asked_slots("我的狗叫什么")
    assert answers("用户养了一条叫豌豆的秋田犬", wanted)
    assert not answers("用户养了一只叫糯米的猫", wanted)
    assert not answers("用户的妈妈在医院上班", asked_slots("我是做什么工作的"))
    assert answers("用户是药剂师", asked_slots("我是做什么工作的"))


def test_yesterdays_plan_comes_up(encoder: SentenceEncoder) -> None:
    plans = [item("用户11月19日要去答辩", on="2026-11-19", category="plan")]
    assert "答辩" in say("晚上好", plans, "zh", encoder)


def test_a_name_is_told_only_where_it_was() -> None:
    assert not answers(
        "my brother wants to see Dover with me", asked_slots("what's my brother called")
    )
    assert answers("my brother Owen wants to see Dover", asked_slots("what's my brother called"))
    assert not answers("I run a garage in Derby", asked_slots("what's the name of my garage"))
    assert answers("my garage is called Sprockets", asked_slots("what's the name of my garage"))


def test_of_whom_was_asked_what_is_known_is_told(encoder: SentenceEncoder) -> None:
    reply = say("how old is my sister", EN, "en", encoder)
    assert "Bergen" in reply
    assert not any(line in reply for line in FORGOT["en"])


def test_two_things_asked_at_once_are_both_told(encoder: SentenceEncoder) -> None:
    reply = say("where does my sister live and what am I allergic to", EN, "en", encoder)
    assert "Bergen" in reply
    assert "mussels" in reply


def test_somebody_is_asked_for(encoder: SentenceEncoder) -> None:
    assert "弟弟" in say("谁在青岛读书", ZH, "zh", encoder)


@pytest.mark.parametrize(
    ("text", "language"),
    [("can u just tell me it works out", "en"), ("你就跟我说一句会好的嘛", "zh")],
)
def test_who_wants_comfort_is_comforted(
    text: str, language: Language, encoder: SentenceEncoder
) -> None:
    reply = say(text, [], language, encoder)
    assert any(reply.startswith(line) for line in lines(language)["ask_comfort"]["any"])


def test_a_statement_with_which_asks_nothing(encoder: SentenceEncoder) -> None:
    reply = say("I sold the kiln, which is a relief", EN, "en", encoder)
    assert "haven't told me" not in reply
    assert not any(line in reply for line in FORGOT["en"])
