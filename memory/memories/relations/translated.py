"""Translation match: whether a Chinese and an English sentence say the same.

Every word of the one has to be a sense of a word of the other, by the dictionary. That
finds restated facts, and leaves what is worded freely to the vectors.
"""

from __future__ import annotations

from memory.nlp.glosses import segment, senses
from memory.nlp.language import detect
from memory.nlp.similarity import content, negative, numbers

FEWEST = 2
"""Words that have to agree: with one alone, "has a cat" would be any sentence with a cat."""


def says_the_same(one: str, other: str) -> bool:
    """Whether two sentences in different languages say the same, without their subject.

    Example:
        >>> says_the_same("对花生过敏", "is allergic to peanuts")
        True
    """
    languages = detect(one), detect(other)
    if languages[0] == languages[1]:
        return False
    chinese, english = (one, other) if languages[0] == "zh" else (other, one)
    wanted = content(english)
    if len(wanted) < FEWEST or negative(chinese) != negative(english):
        return False
    if sum(numbers(chinese).values()) != sum(numbers(english).values()):
        return False
    found: set[str] = set()
    for word in segment(chinese):
        meanings = {unit for sense in senses(word) for unit in content(" ".join(sense))}
        if len(word) > 1 and meanings and not meanings & wanted:
            return False
        found |= meanings & wanted
    return found == wanted
