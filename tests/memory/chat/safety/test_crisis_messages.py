"""First words to somebody in danger."""

from __future__ import annotations

import re

import pytest

from memory.chat.safety import opening
from memory.types import SAFETY_KINDS


@pytest.mark.parametrize("kind", SAFETY_KINDS)
def test_the_warm_words_are_in_both_languages_and_ask_nothing(kind) -> None:
    assert re.search(r"[\u4e00-\u9fff]", opening(kind, "zh"))
    assert not re.search(r"[\u4e00-\u9fff]", opening(kind, "en"))
    for language in ("zh", "en"):
        # A question to pass on to a friend is in quotes; nobody in danger is asked here.
        assert not re.search(r"[?？](?![”\"])", opening(kind, language))
