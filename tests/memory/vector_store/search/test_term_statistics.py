"""What words tell by themselves."""

from __future__ import annotations

from memory.vector_store.search.sparse import CJK_FIELD, WORDS_FIELD, encode_memory, encode_query
from memory.vector_store.search.term_statistics import Overlap, stored

SHARES = {CJK_FIELD: 0.3, WORDS_FIELD: 1.0}


def overlap(message: str, memory: str) -> Overlap:
    given = {name: frozenset(v.indices) for name, v in encode_memory(memory, None).items()}
    return stored().overlap(encode_query(message), given, SHARES)


def test_a_common_word_tells_less_than_a_rare_one() -> None:
    memory = "The user failed the harpsichord exam for the first time"
    common = overlap("my first coffee", memory)
    rare = overlap("my harpsichord lesson", memory)
    assert 0 < common.evidence < rare.evidence / 2
    assert common.coverage < rare.coverage


def test_nothing_is_shared_and_everything_is() -> None:
    assert overlap("harpsichord", "The user likes tea") == Overlap(0.0, 0.0)
    assert overlap("harpsichord", "harpsichord").coverage == 1.0
    assert overlap("?!", "harpsichord") == Overlap(0.0, 0.0)


def test_words_of_small_talk_are_less_earnest() -> None:
    def earnest(text: str) -> float:
        return stored().earnestness(encode_query(text))

    assert earnest("what is my daughter allergic to") > earnest("lol whatever, see you")
    assert earnest("我妹妹在哪里上班") > earnest("给我讲个冷笑话")
    assert earnest("?!") < earnest("what is my daughter allergic to")
