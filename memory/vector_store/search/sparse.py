"""The two sparse fields in which memories are found by their words.

``niannian_cjk``
    Chinese characters and pairs of neighbouring characters, without function
    characters.
``niannian_words``
    English words (stemmed), numbers, dates in one canonical form, and for
    Chinese words their English glosses: the bridge between the languages, and a
    thesaurus within Chinese.

Each memory's vector holds the saturated term frequencies of BM25 (Robertson and
Zaragoza 2009, "The Probabilistic Relevance Framework"), with length measured
against a fixed average so that a vector doesn't depend on other memories;
Qdrant multiplies by IDF at search time. Queries carry plain term weights.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import TypeAlias
from zlib import crc32

from qdrant_client import models

from memory.nlp import glosses
from memory.nlp.dates.terms import event_terms, span_terms, take_dates
from memory.nlp.words import (
    CJK_STOPS,
    ENGLISH_STOPS,
    GLOSS_STOPS,
    han_runs,
    latin_words,
    stem,
    without_cjk_words,
)
from memory.vector_store.fast_models import construct_fast

CJK_FIELD = "niannian_cjk"
WORDS_FIELD = "niannian_words"

SATURATION = 0.8
"""BM25's k1: how soon further occurrences of a term stop counting."""

LENGTH_EFFECT = 0.5
"""BM25's b: how much longer texts are discounted."""

AVERAGE_LENGTH: Mapping[str, float] = {CJK_FIELD: 40.0, WORDS_FIELD: 60.0}
"""Terms of an ordinary memory in each field; only sets the scale of lengths."""

SENSE_DECAY = 1.0
"""The n-th sense of a Chinese word (from 0) counts 1 / (1 + SENSE_DECAY * n)."""

STUB_WEIGHT = 0.5
STUB_LENGTH = 4
"""Longer English words are found by their first letters too, at this weight:
"photographer" by "photos", "organise" by "organization"."""

QUERY_REPEATS = 0.75
"""A term said n times in a question weighs n ** QUERY_REPEATS."""

LINE_DECAY = 0.6
LINE_FLOOR = 0.3
"""In a question of several lines each line weighs so much of the one after it:
what was said last is what is asked; but never less than the floor."""

CONTEXT_WEIGHT = 0.5
"""In a memory of several turns of a talk, what those before the last one count: they say
what it answers, and are memories of their own."""

LITERAL_WEIGHT = 2.0
"""Weight of Latin words, numbers and dates in a Chinese question: whoever
switches script or names a day means exactly that."""

PLACES_KEPT = 200_000
"""Terms whose place is remembered instead of computed."""

_SPEAKER = re.compile(r"^[^\s:：]{1,20}(?:: |： ?)")
# What says nothing in Chinese splits what stands around it.
_NO_STOPS = dict.fromkeys(map(ord, CJK_STOPS), " ")
Terms: TypeAlias = defaultdict[int, float]
"""What each term counts, by its place in the vector."""


class _Places(dict[str, int]):
    """A term's place in the vector: the same in every process and version."""

    def __missing__(self, term: str) -> int:
        if len(self) >= PLACES_KEPT:
            self.clear()
        place = self[term] = crc32(term.encode("utf-8"))
        return place


_places = _Places()


def encode_memory(text: str, event_date: str | None) -> dict[str, models.SparseVector]:
    """The sparse vectors under which a memory is stored.

    Both fields are filled whatever its language, because people mix scripts.

    Args:
        text: The memory.
        event_date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; indexed like a date
            that the text names.
    """
    *context, last = turns(text)
    cjk, words = _cjk_terms(last), _word_terms(last)
    for turn in context:
        # Who spoke before is no sign of who speaks now.
        said = without_speaker(turn)
        _add(cjk, _cjk_terms(said), CONTEXT_WEIGHT)
        _add(words, _word_terms(said), CONTEXT_WEIGHT)
    for term in event_terms(event_date):
        words[_places[term]] += 1
    return {
        CJK_FIELD: _saturated(cjk, AVERAGE_LENGTH[CJK_FIELD]),
        WORDS_FIELD: _saturated(words, AVERAGE_LENGTH[WORDS_FIELD]),
    }


def encode_query(
    text: str, span: tuple[date, date] | None = None
) -> dict[str, models.SparseVector]:
    """The sparse vectors to search with; empty ones if nothing tells.

    Args:
        text: The question or message.
        span: First and last day of the time it asks about ("last weekend"), so
            that what happened then is found even if no other word matches.
    """
    chinese = bool(han_runs(text))
    literal = LITERAL_WEIGHT if chinese else 1.0
    lines = [line for line in text.splitlines() if line.strip()]
    # Who said a line isn't what is asked.
    said = [without_cjk_words(without_speaker(line)) for line in lines]
    if not any(line.strip() for line in said):
        said = lines
    cjk: Terms = defaultdict(float)
    words: Terms = defaultdict(float)
    for weight, line in zip(line_weights(len(said)), said, strict=True):
        _add(cjk, _cjk_terms(line), weight)
        _add(words, _word_terms(line, literal), weight)
    if span:
        for term in span_terms(*span):
            words[_places[term]] += LITERAL_WEIGHT
    return {
        name: _vector(terms, [count**QUERY_REPEATS for count in terms.values()])
        for name, terms in ((CJK_FIELD, cjk), (WORDS_FIELD, words))
    }


def turns(text: str) -> list[str]:
    """The turns of a memory that quotes a talk (each begins with who says it), else the text."""
    if "\n" not in text:
        return [text]
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if _SPEAKER.match(line)]
    if len(starts) < 2 or starts[0] > 0:
        return [text]
    ends = [*starts[1:], len(lines)]
    return ["".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)]


def line_weights(count: int) -> list[float]:
    """What each line of a question of ``count`` lines counts; the last one 1."""
    return [max(LINE_FLOOR, LINE_DECAY**age) for age in reversed(range(count))]


def without_speaker(line: str) -> str:
    """A line without the name of who said it."""
    return _SPEAKER.sub("", line)


def content_words(text: str) -> int:
    """How many words of ``text`` say what it is about."""
    lowered = text.lower()
    latin = sum(word not in ENGLISH_STOPS for word in latin_words(lowered))
    chinese = sum(
        bool(set(word) - CJK_STOPS) for run in han_runs(lowered) for word in glosses.segment(run)
    )
    return latin + chinese


def _add(terms: Terms, more: Mapping[int, float], weight: float) -> None:
    for place, count in more.items():
        terms[place] += count * weight


def _cjk_terms(text: str) -> Terms:
    terms: Terms = defaultdict(float)
    for run in han_runs(text.translate(_NO_STOPS)):
        for char in run:
            terms[_places[char]] += 1
        for first, second in pairwise(run):
            terms[_places[first + second]] += 1
    return terms


def _word_terms(text: str, literal: float = 1.0) -> Terms:
    terms: Terms = defaultdict(float)
    dates, rest = take_dates(text.lower())
    for term in dates:
        terms[_places[term]] += literal
    for word in latin_words(rest):
        if word in ENGLISH_STOPS:
            continue
        terms[_places[stem(word)]] += literal
        if len(word) > STUB_LENGTH and not word.isdigit():
            terms[_places["~" + word[:STUB_LENGTH]]] += STUB_WEIGHT * literal
    for run in han_runs(rest):
        for word in glosses.segment(run):
            for place, weight in _gloss_places(word):
                terms[place] += weight
    return terms


@lru_cache(maxsize=20_000)
def gloss_terms(word: str) -> tuple[tuple[str, float], ...]:
    """Stems that stand for a Chinese word, with weights; none for function words.

    Later senses weigh less, and all are divided by the root of their sum: a word of
    many senses must not weigh as much as many words.
    """
    if all(char in CJK_STOPS for char in word):
        return ()
    found: dict[str, float] = {}
    for number, sense in enumerate(glosses.senses(word)):
        for gloss in sense:
            for part in gloss.split("'"):
                if len(part) > 1 and part not in GLOSS_STOPS:
                    found.setdefault(stem(part), 1 / (1 + SENSE_DECAY * number))
    norm = sqrt(sum(found.values()))
    return tuple((term, weight / norm) for term, weight in found.items())


@lru_cache(maxsize=20_000)
def _gloss_places(word: str) -> tuple[tuple[int, float], ...]:
    return tuple((_places[term], weight) for term, weight in gloss_terms(word))


def _saturated(terms: Terms, average: float) -> models.SparseVector:
    length = sum(terms.values())
    norm = SATURATION * (1 - LENGTH_EFFECT + LENGTH_EFFECT * length / average)
    most = SATURATION + 1
    return _vector(terms, [n * most / (n + norm) for n in terms.values()])


def _vector(terms: Terms, values: list[float]) -> models.SparseVector:
    return construct_fast(models.SparseVector, {"indices": list(terms), "values": values})
