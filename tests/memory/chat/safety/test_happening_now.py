"""After a danger was spoken of: what says that it is happening now, and what says nothing of it."""

from __future__ import annotations

import numpy as np
import pytest

from memory.chat.safety import happening_now
from memory.chat.safety.window import assess_window
from memory.llm.sentence_encoder import SentenceEncoder
from scripts import fit_happening_now

BEFORE = {
    "en": [["i really want to die", "not sure"], ["I have a knife here and I mean it", "hm"]],
    "zh": [["我真的不想活下去了", "说不清"], ["安眠药就在我手上", "嗯"]],
}
HAPPENING = {
    "en": ["just drank all of it", "blood everywhere, i cut my arm", "I swallowed thirty of them"],
    "zh": ["我全都吞了", "胳膊划开了，血一直流", "刚吞了三十颗"],
}
ORDINARY = {
    "en": ["it's snowing here", "I'm having soup", "my brother is in the next room", "radio's on"],
    "zh": ["这边下雪了", "在喝汤", "我哥在隔壁房间", "开着收音机呢"],
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_happens_is_mostly_heard_and_nothing_ordinary_is(
    encoder: SentenceEncoder, language: str
) -> None:
    happening = [[*before, said] for before in BEFORE[language] for said in HAPPENING[language]]
    heard = [assess_window(texts).urgent for texts in happening]
    assert sum(heard) >= 0.8 * len(happening) - 1
    for before in BEFORE[language]:
        for said in ORDINARY[language]:
            assert not assess_window([*before, said]).urgent, said


def test_saying_again_that_one_wants_to_die_is_no_more_urgent_than_before(
    encoder: SentenceEncoder,
) -> None:
    assert not assess_window(["我不想活了", "嗯", "我是真的想死"]).urgent
    assert not assess_window(["I want to die", "yes", "I do want to die"]).urgent


@pytest.mark.slow
def test_the_weights_are_those_of_the_examples(encoder: SentenceEncoder) -> None:
    weights = fit_happening_now.fitted(*fit_happening_now.table(encoder))
    assert np.allclose(weights, [*happening_now.WEIGHTS, happening_now.BIAS], atol=0.02)
