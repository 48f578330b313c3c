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
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias
from zlib import crc32

import snowballstemmer
from qdrant_client import models

from memory.store import glosses, stopwords
from memory.types import Language

CJK_FIELD = "niannian_cjk"
WORDS_FIELD = "niannian_words"

SATURATION = 0.8
"""BM25's k1: how soon further occurrences of a term stop counting."""

LENGTH_EFFECT = 0.5
"""BM25's b: how much longer texts are discounted."""

AVERAGE_LENGTH: Mapping[str, float] = {CJK_FIELD: 40.0, WORDS_FIELD: 60.0}
"""Terms of an ordinary memory in each field; only sets the scale of lengths."""

LEAD_IN_WEIGHT = 0.5
"""What a term of the lead-in counts, next to one of the memory itself."""

SENSE_DECAY = 0.5
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

LITERAL_WEIGHT = 2.0
"""Weight of Latin words, numbers and dates in a Chinese question: whoever
switches script or names a day means exactly that."""

MAX_SPAN_DAYS = 14
"""Longest time span that is looked up day by day; longer ones by month or year."""

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_SPEAKER = re.compile(r"^[^\s:：]{1,20}[:：] ")
_LATIN = re.compile(r"[a-z]+|\d+")
_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
_MONTHS.update({name[:3]: number for name, number in list(_MONTHS.items())})
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号號]?)?"),
    re.compile(rf"\b(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y>\d{{4}}))?"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\b(?:,? (?P<y>\d{{4}}))?"
    ),
    re.compile(rf"\b(?P<m>{_MONTH}),? (?P<y>\d{{4}})\b(?P<d>)"),
    re.compile(
        r"\b(?P<m>january|february|april|june|july|august|september|october|november"
        r"|december)\b(?P<y>)(?P<d>)"
    ),
)

Terms: TypeAlias = defaultdict[str, float]

_stemmer = snowballstemmer.stemmer("english")


def encode_memory(
    text: str, event_date: str | None, language: Language, lead_in: str = ""
) -> dict[str, models.SparseVector]:
    """The sparse vectors under which a memory is stored.

    Args:
        text: The memory.
        event_date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; indexed like a date
            that the text names.
        language: The memory's language. Both fields are filled whatever it is,
            because people mix scripts.
        lead_in: What was said just before, for raw turns that can't be found by
            their own words ("Yes, last year!"); counts half. Who said it doesn't
            count: that would make everything about both speakers.
    """
    cjk, words = _cjk_terms(text), _word_terms(text)
    if lead_in:
        lead_in = _SPEAKER.sub("", lead_in)
        _add(cjk, _cjk_terms(lead_in), LEAD_IN_WEIGHT)
        _add(words, _word_terms(lead_in), LEAD_IN_WEIGHT)
    for term in _event_terms(event_date):
        words[term] += 1
    return {
        CJK_FIELD: _vector(_saturated(cjk, AVERAGE_LENGTH[CJK_FIELD])),
        WORDS_FIELD: _vector(_saturated(words, AVERAGE_LENGTH[WORDS_FIELD])),
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
    chinese = _HAN.search(text) is not None
    literal = LITERAL_WEIGHT if chinese else 1.0
    cjk: Terms = defaultdict(float)
    words: Terms = defaultdict(float)
    lines = [line for line in text.splitlines() if line.strip()]
    for age, line in enumerate(reversed(lines)):
        weight = max(LINE_FLOOR, LINE_DECAY**age)
        _add(cjk, _cjk_terms(line), weight)
        _add(words, _word_terms(line, literal), weight)
    if span:
        for term in _span_terms(*span):
            words[term] += LITERAL_WEIGHT
    return {
        name: _vector({term: count**QUERY_REPEATS for term, count in terms.items()})
        for name, terms in ((CJK_FIELD, cjk), (WORDS_FIELD, words))
    }


def content_words(text: str) -> int:
    """How many words of ``text`` say what it is about."""
    lowered = text.lower()
    latin = sum(word not in stopwords.ENGLISH for word in _LATIN.findall(lowered))
    chinese = sum(
        bool(set(word) - stopwords.CJK)
        for run in _HAN.findall(lowered)
        for word in glosses.segment(run)
    )
    return latin + chinese


def _add(terms: Terms, more: Mapping[str, float], weight: float) -> None:
    for term, count in more.items():
        terms[term] += count * weight


def _cjk_terms(text: str) -> Terms:
    terms: Terms = defaultdict(float)
    for run in _HAN.findall(text):
        before = ""
        for char in run:
            if char in stopwords.CJK:
                before = ""
                continue
            terms[char] += 1
            if before:
                terms[before + char] += 1
            before = char
    return terms


def _word_terms(text: str, literal: float = 1.0) -> Terms:
    terms: Terms = defaultdict(float)
    dates, rest = _take_dates(text.lower())
    for term in dates:
        terms[term] += literal
    for word in _LATIN.findall(rest):
        if word in stopwords.ENGLISH:
            continue
        terms[stem(word)] += literal
        if len(word) > STUB_LENGTH and not word.isdigit():
            terms["~" + word[:STUB_LENGTH]] += STUB_WEIGHT * literal
    for run in _HAN.findall(rest):
        for word in glosses.segment(run):
            for term, weight in gloss_terms(word):
                terms[term] += weight
    return terms


def _take_dates(text: str) -> tuple[list[str], str]:
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        month = match["m"]
        number = int(month) if month.isdigit() else _MONTHS[month]
        found.extend(_date_terms(match["y"], number, int(match["d"] or 0)))
        return " "

    for pattern in _DATES:
        text = pattern.sub(take, text)
    return found, text


def _date_terms(year: str | None, month: int, day: int) -> Iterator[str]:
    """Canonical date terms: ``#5-6`` for a day, ``#m5`` a month, ``#y2024`` a year."""
    if day:
        yield f"#{month}-{day}"
    yield f"#m{month}"
    if year:
        yield f"#y{year}"


def _event_terms(event_date: str | None) -> Iterator[str]:
    if not event_date:
        return
    year, _, rest = event_date.partition("-")
    month, _, day = rest.partition("-")
    if month:
        yield from _date_terms(year, int(month), int(day or 0))
        yield f"#{year}-{int(month)}"
        if day:
            yield f"#{year}-{int(month)}-{int(day)}"
    else:
        yield f"#y{year}"


def _span_terms(first: date, last: date) -> Iterator[str]:
    """Terms of the days, months or years of a time span, whichever are fewest."""
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if days <= MAX_SPAN_DAYS:
        for offset in range(days):
            day = first + timedelta(days=offset)
            yield f"#{day.year}-{day.month}-{day.day}"
    elif months <= 12:
        for number in range(first.month - 1, first.month - 1 + months):
            yield f"#{first.year + number // 12}-{number % 12 + 1}"
    else:
        for year in range(first.year, min(last.year, first.year + 10) + 1):
            yield f"#y{year}"


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """An English word's stem (Snowball's "Porter 2"); numbers stay as they are."""
    return word if word.isdigit() else str(_stemmer.stemWord(word))


@lru_cache(maxsize=20_000)
def gloss_terms(word: str) -> tuple[tuple[str, float], ...]:
    """Stems that stand for a Chinese word, with weights; none for function words."""
    if all(char in stopwords.CJK for char in word):
        return ()
    found: dict[str, float] = {}
    for number, sense in enumerate(glosses.senses(word)):
        for gloss in sense:
            for part in gloss.split("'"):
                if len(part) > 1 and part not in stopwords.GLOSS:
                    found.setdefault(stem(part), 1 / (1 + SENSE_DECAY * number))
    return tuple(found.items())


def _saturated(terms: Terms, average: float) -> dict[str, float]:
    length = sum(terms.values())
    norm = SATURATION * (1 - LENGTH_EFFECT + LENGTH_EFFECT * length / average)
    return {term: n * (SATURATION + 1) / (n + norm) for term, n in terms.items()}


@lru_cache(maxsize=100_000)
def _index(term: str) -> int:
    """A term's place in the vector: the same in every process and version."""
    return crc32(term.encode("utf-8"))


def _vector(weights: Mapping[str, float]) -> models.SparseVector:
    by_index: dict[int, float] = {}
    for term, weight in weights.items():
        index = _index(term)
        by_index[index] = by_index.get(index, 0.0) + weight
    return models.SparseVector(indices=list(by_index), values=list(by_index.values()))
