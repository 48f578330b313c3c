"""No regular expression of the package takes more than linear time.

A user's "哈哈哈哈…" in a pattern such as ``(?:哈+|呜+)+$`` would stop the page, the API and the
extraction for ever. See :mod:`tests.slow_patterns.measure` for how the texts are made that show it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.slow_patterns.collect import Found
from tests.slow_patterns.measure import slow, slow_in

ROOT = Path(__file__).parent.parent


@pytest.mark.timeout(600)
def test_no_pattern_takes_more_than_linear_time() -> None:
    verdict = slow_in(ROOT, "memory", "components", seconds=500)
    assert not verdict.slow, "\n".join(verdict.slow)
    assert verdict.patterns > 1_000


PLANTED = {
    "__init__.py": "",
    "compiled.py": """
import re
TAIL = re.compile(r"(?:ha+|oh+|h)+$")
FINE = re.compile(r"(?<!h)h+$")
""",
    "in_a_function.py": """
import re

def cut(text):
    return re.sub(r"\\s+$", "", text)

def once(text):
    return re.match(r"\\s+$", text)
""",
    "in_a_table.py": """
import re
TELLS = {"address": (r"\\S+@\\S+\\.\\S+", 3)}

def tells(text):
    return [re.search(pattern, text) for pattern, _ in TELLS.values()]
""",
    "words.toml": """
bored = '(?:so|very|really|so so) *(?:bored|(?:so|very|so so)* tired)'
wishes = ['(?:我|我们|们)*想要']
""",
}


@pytest.mark.timeout(300)
def test_a_new_slow_pattern_is_found_wherever_it_stands(tmp_path: Path) -> None:
    package = tmp_path / "planted"
    package.mkdir()
    for name, text in PLANTED.items():
        (package / name).write_text(text.replace("\\\\", "\\"), encoding="utf-8")
    told = "\n".join(slow_in(tmp_path, "planted", seconds=250).slow)
    for place in ("compiled.py:3", "in_a_function.py:5", "in_a_table.py, TELLS", "words.toml"):
        assert place in told
    # From a run of spaces a search tries again at each of them, a match only at the first.
    for place in ("compiled.py:4", "in_a_function.py:8"):
        assert place not in told


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a|b|ab)*c",
        r"(?:\w+\s?)+$",
        r"(x+x+)+y",
        r".*foo.*bar",
        r"\s*,\s*$",
        r"<[^>]*>",
        r"(?:哈+|呜+)+好",
    ],
)
def test_patterns_of_more_than_linear_time_are_told(pattern: str) -> None:
    assert slow(Found(re.compile(pattern), "here")) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[ab]*+c",
        r"^(?:\w++\s?)++$",
        r"^\s*+\S",
        r"<[^<>]{0,80}>",
        r"(?<!\s)\s+$",
        r"(?:很|太|真){0,6}累",
        "好累",
    ],
)
def test_patterns_of_linear_time_are_not(pattern: str) -> None:
    assert slow(Found(re.compile(pattern), "here")) is None
