"""Example files: labelled sentences for the classifiers of the built-in companion.

One format for all of them: ``[label]`` on a line of its own, then one sentence a line;
``#`` begins a comment. ``{a|b}`` in a sentence stands for one sentence with each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path

_CHOICE = re.compile(r"\{([^{}]*)\}")


class ExampleFileError(ValueError):
    """An example file can't be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence.

    Attributes:
        label: What it is an example of.
        text: The sentence.
        language: The file's, such as "zh".
        weight: What it counts in training: the sentences of one line together count
            as the square root of their number.
    """

    label: str
    text: str
    language: str
    weight: float = 1.0


def expanded(line: str) -> list[str]:
    """Each sentence that ``line`` stands for.

    Example:
        >>> expanded("I {love|hate} rain")
        ['I love rain', 'I hate rain']
    """
    parts = _CHOICE.split(line)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


def read_examples(file: Path) -> list[Example]:
    """The examples of one file; its language is the last part of its name ("none.zh.txt").

    Raises:
        ExampleFileError: a sentence stands before the first label.
    """
    return list(_examples(file))


def labelled_lines(content: str) -> Iterator[tuple[int, str, str]]:
    """Number, label and sentence of each line that is one; the label is empty if there is none.

    Example:
        >>> list(labelled_lines("# of two\\n[rain]\\nit pours"))
        [(3, 'rain', 'it pours')]
    """
    label = ""
    for number, line in enumerate(map(str.strip, content.splitlines()), 1):
        if line.startswith("[") and line.endswith("]"):
            label = line[1:-1]
        elif line and not line.startswith("#"):
            yield number, label, line


def _examples(file: Path) -> Iterator[Example]:
    language = file.stem.rpartition(".")[2]
    for number, label, line in labelled_lines(file.read_text(encoding="utf-8")):
        if not label:
            raise ExampleFileError(f"{file.name}, line {number}: no [label] above it")
        sentences = list(dict.fromkeys(expanded(line)))
        weight = len(sentences) ** -0.5
        for text in sentences:
            yield Example(label, text, language, weight)


def digest(*files: Path) -> str:
    """What weights remember of the files they were made from."""
    whole = sha256()
    for file in sorted(files):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]
