"""How much of what models really answer is read: ``python -m benchmarks.reader FILES``.

Each line of a file is ``{"kind", "raw", "expected": [texts], "level"}``. A reply
counts as recovered if every expected text was found, in order; as exact if
nothing else was; ``invented`` counts texts whose letters don't occur in the reply.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.extraction.parsing import read_reply


def measure(path: Path) -> dict[str, dict[str, Any]]:
    """Figures by level and by kind for one file."""
    figures: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"n": 0, "recovered": 0, "exact": 0, "invented": 0, "milliseconds": 0.0}
    )
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        started = time.perf_counter()
        found = [op.text for op in read_reply(case["raw"]).operations if op.text]
        milliseconds = (time.perf_counter() - started) * 1000
        for name in (f"level {case['level']}", f"kind {case['kind']}"):
            figure = figures[name]
            figure["n"] += 1
            figure["recovered"] += _in_order(case["expected"], found)
            figure["exact"] += case["expected"] == found
            figure["invented"] += sum(not _occurs(text, case["raw"]) for text in found)
            figure["milliseconds"] = max(figure["milliseconds"], round(milliseconds, 2))
    return dict(figures)


def _in_order(expected: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(any(text == candidate for candidate in rest) for text in expected)


def _occurs(text: str, raw: str) -> bool:
    plain = _letters(raw)
    escaped = _letters(json.dumps(text))
    return _letters(text) in plain or escaped in plain


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def main() -> int:
    """Print the table; the exit code is 1 if a reply of level ``must`` was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", type=Path, help="write the same figures there")
    arguments = parser.parse_args()
    result = {str(path): measure(path) for path in arguments.files}
    for file, figures in result.items():
        print(
            f"\n{file}\n{'':28}{'n':>5}{'recovered':>11}{'exact':>7}{'invented':>10}{'max ms':>8}"
        )
        for name, row in sorted(figures.items(), reverse=True):
            print(
                f"{name:28}{row['n']:5}{row['recovered']:11}{row['exact']:7}"
                f"{row['invented']:10}{row['milliseconds']:8}"
            )
    if arguments.json:
        arguments.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    missed = sum(
        figures["level must"]["n"] - figures["level must"]["recovered"]
        for figures in result.values()
        if "level must" in figures
    )
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
