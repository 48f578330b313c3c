"""Any file is told by its content and read, or refused with one clear reason."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory.errors import BadInput
from memory.transfer import ParsedFile, read
from memory.transfer.export import to_csv, to_json
from tests.memory.transfer.importers.samples import (
    CHATGPT,
    DIALOGUE,
    MEM0,
    SILLY,
    own,
    raw,
    refused,
    zipped,
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import_empty"),
        (b" \n\x00", "import_empty"),
        (b"just some words, no more", "import_unknown"),
        (raw({"a": 1}), "import_unknown"),
        (raw([1, 2]), "import_unknown"),
        (b"{", "import_json"),
        (b"[" * 100_000, "import_json"),
        (b'{"a": ' * 50_000, "import_json"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "import_encoding"),
        (b"PK\x03\x04 not really", "import_archive"),
        (zipped(**{"photo.png": b"x"}), "import_archive"),
        (b"9" * 5000, "import_unknown"),
    ],
)
def test_what_cannot_be_used_is_one_clear_refusal(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_an_archive_that_unpacks_to_far_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.transfer.text.MOST_BYTES", 10_000)
    assert refused(zipped(**{"conversations.json": b" " * 20_000})) == "import_too_big"
    assert refused(b" x" * 10_000) == "import_too_big"


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.transfer.importers.detect.MOST_ROWS", 2)
    assert refused(to_json(own(3)).encode()) == "import_too_many"


SAMPLES = [raw(MEM0), raw([CHATGPT]), SILLY.encode(), DIALOGUE.encode(), to_json(own()).encode(),
           to_csv(own().memories).encode(), zipped(**{"conversations.json": raw([CHATGPT])})]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _read_or_refuse(data)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SAMPLES), st.data())
def test_any_damage_is_read_or_refused(sample: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + 40)))
    _read_or_refuse(sample[:start] + data.draw(st.binary(max_size=10)) + sample[end:])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([MEM0, [CHATGPT], json.loads(to_json(own())), json.loads(SILLY.split("\n")[2])]),
       VALUES, st.randoms())  # fmt: skip
def test_any_value_in_any_place_is_read_or_refused(sample: Any, value: Any, random: Any) -> None:
    _read_or_refuse(json.dumps(_swapped(sample, value, random)).encode())


def _swapped(node: Any, value: Any, random: Any) -> Any:
    if isinstance(node, dict) and node and random.random() > 0.1:
        key = random.choice(list(node))
        return {**node, key: _swapped(node[key], value, random)}
    if isinstance(node, list) and node and random.random() > 0.1:
        place = random.randrange(len(node))
        return [*node[:place], _swapped(node[place], value, random), *node[place + 1 :]]
    return value


def _read_or_refuse(data: bytes) -> None:
    with suppress(BadInput):
        parsed = read(data, "file")
        assert isinstance(parsed, ParsedFile)
        for found in parsed.memories:
            found.memory.text.encode()
