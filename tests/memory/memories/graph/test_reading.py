"""Connections by rules: names, kin words, homes, employers, schools."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory.memories.graph.reading import edges_of, read, triples_of
from memory.types import Memory, Status, Triple


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("用户的舅舅老秦住在西安", "zh", ["user 舅舅 老秦 person", "老秦 lives_in 西安 place"]),
        ("用户住在苏州，在蔚来上班", "zh", ["user lives_in 苏州 place", "user works_at 蔚来 organisation"]),
        ("用户养了一只狗，叫豆包", "zh", ["user 狗 豆包 pet"]),
        ("用户和女朋友小满分手了", "zh", ["user 女朋友 小满 person ended"]),
        ("The user's brother Otis lives in Oslo", "en", ["user brother Otis person", "Otis lives_in Oslo place"]),
        ("The user no longer works at Northwind", "en", ["user works_at Northwind organisation ended"]),
        ("Mara lives in Kyoto and is a friend of Ines", "en", ["Mara lives_in Kyoto place", "Ines friend Mara person"]),
        ("用户和朋友去爬山", "zh", []),
        ("用户在家工作", "zh", []),
        ("The user works at a hospital", "en", []),
        ("他的姐姐住在那里", "zh", []),
        ("用户的朋友周末住在山里", "zh", []),
    ],
)  # fmt: skip
def test_sentences(text: str, language: str, expected: list[str]) -> None:
    assert [told(triple) for triple in read(text, language)] == expected


def told(t: Triple) -> str:
    words = (t.source, t.relationship, t.target, t.target_type, "ended" if t.ended else "")
    return " ".join(words).strip()


def test_what_a_model_found_counts_before_the_rules(memory: Memory) -> None:
    found = (Triple("user", "mentor", "Ada"),)
    named = replace(memory, text="用户的舅舅老秦住在西安", relations=found)
    assert triples_of(named) == found


def test_when_it_held(memory: Memory) -> None:
    named = replace(memory, text="用户住在苏州", event_date="2021-05")
    (edge,) = edges_of(named)
    assert (edge.since, edge.until) == ("2021-05", None)
    over = replace(named, status=Status.SUPERSEDED)
    assert [one.until for one in edges_of(over)] == ["2024-10-18"]
    assert edges_of(replace(named, status=Status.ARCHIVED)) == []
