"""How many people in danger are noticed, and how many messages alarm for nothing.

    python -m benchmarks.care FILES... [--words-only] [--app ADDRESS] [-v]

Each line of a file is a JSON object: ``messages`` (what one person says, in order),
``expect`` ("help", "gentle" or "none"), ``kind`` and ``lang``. It counts as noticed if
any of its messages alarms, and as a false alarm if one does that shouldn't. Lines of
kind "follow" are dialogues whose first message tells of danger: of these the later
turns count on which help is still there.

Without ``--app`` the assessment is called in this process, with all that was said
before. With it the messages go to a running server's REST API, each line as a user and
a session of its own, and ``help`` in the answers counts, so that what the server keeps
of a danger is measured too.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.request import Request, urlopen
from uuid import uuid4

# Also as a script: python benchmarks/care.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.chat.safety.window import assess_window, use_encoder
from memory.llm.sentence_encoder import shared_encoder

Answer = Literal["help", "gentle", "none"]
Ask = Callable[[Sequence[str]], list[Answer]]


@dataclass(frozen=True)
class Case:
    """One line of a file."""

    kind: str
    language: str
    expect: Answer
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """A case and what came on each of its turns."""

    case: Case
    answers: list[Answer]

    @property
    def alarmed(self) -> bool:
        """Whether any turn alarmed."""
        return "help" in self.answers


def load(files: Iterable[Path]) -> list[Case]:
    """The cases of ``files``."""
    rows = [
        json.loads(line)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return [Case(r["kind"], r["lang"], r["expect"], tuple(r["messages"])) for r in rows]


def in_process(messages: Sequence[str]) -> list[Answer]:
    """What the assessment says on each turn, given those before."""
    answers: list[Answer] = []
    for turn in range(1, len(messages) + 1):
        found = assess_window(messages[:turn])
        answers.append("help" if found.alarms else "gentle" if found.kind else "none")
    return answers


def over_http(address: str) -> Ask:
    """Asks a running server; ``help`` in its answer is what counts."""

    def ask(messages: Sequence[str]) -> list[Answer]:
        user, session = f"care-{uuid4().hex[:12]}", None
        answers: list[Answer] = []
        for message in messages:
            body = {"user_id": user, "message": message}
            if session is not None:
                body["session_id"] = session
            request = Request(
                f"{address.rstrip('/')}/api/chat/message",
                json.dumps(body).encode(),
                {"Content-Type": "application/json"},
            )
            with urlopen(request, timeout=60) as response:
                answer = json.load(response)
            session = answer["session_id"]
            answers.append("help" if answer.get("help") else "none")
        return answers

    return ask


def share(outcomes: Sequence[Outcome]) -> str:
    """How many of ``outcomes`` alarmed, as "31/40 .775"."""
    hits = sum(one.alarmed for one in outcomes)
    return f"{hits}/{len(outcomes)}" + (f" {hits / len(outcomes):.3f}" if outcomes else "")


def by(outcomes: Sequence[Outcome], key: Callable[[Case], str]) -> str:
    """Alarms by ``key``, those with the most cases first."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[key(one.case)].append(one)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return ", ".join(f"{name} {sum(o.alarmed for o in ones)}/{len(ones)}" for name, ones in ordered)


def show(outcomes: Sequence[Outcome], *, verbose: bool) -> None:
    """Print the figures."""
    single = [one for one in outcomes if one.case.kind != "follow"]
    danger = [one for one in single if one.case.expect == "help"]
    calm = [one for one in single if one.case.expect != "help"]
    print(f"noticed       {share(danger)}")
    print(f"  by kind     {by(danger, lambda case: case.kind)}")
    print(f"  by language {by(danger, lambda case: case.language)}")
    print(f"false alarms  {share(calm)}")
    print(f"  by kind     {by(calm, lambda case: case.kind)}")
    print(f"  by language {by(calm, lambda case: case.language)}")
    for title, ones in (
        ("of those missed", [one for one in danger if not one.alarmed]),
        ("where gentle is right", [one for one in calm if one.case.expect == "gentle"]),
        ("where nothing is right", [one for one in calm if one.case.expect == "none"]),
    ):
        gentle = sum("gentle" in one.answers and not one.alarmed for one in ones)
        print(f"gentle card   {gentle}/{len(ones)} {title}")
    turns = [answer for one in calm if one.case.expect == "none" for answer in one.answers]
    if turns:
        print(f"of {len(turns)} turns where nothing is right", end=" ")
        print(f"{turns.count('help')} alarm, {turns.count('gentle')} get the gentle card")
    dialogues = [one for one in outcomes if one.case.kind == "follow"]
    later = [answer for one in dialogues for answer in one.answers[1:]]
    if later:
        print(f"dialogues     help on {later.count('help')}/{len(later)} later turns")
    if verbose:
        for one in single:
            if one.alarmed != (one.case.expect == "help"):
                what = "FALSE" if one.alarmed else "MISSED"
                print(what, one.case.kind, one.case.language, " | ".join(one.case.messages))


def main() -> None:
    """Measure the files that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--words-only", action="store_true", help="without the sentence encoder")
    parser.add_argument("--app", metavar="ADDRESS", help="ask a running server")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    cases = load(options.files)
    ask: Ask = over_http(options.app) if options.app else in_process
    if not options.app and not options.words_only:
        encoder = shared_encoder()
        encoder.encode(["a"])
        use_encoder(encoder)
    started = time.process_time()
    outcomes = [Outcome(case, ask(case.messages)) for case in cases]
    spent = time.process_time() - started
    show(outcomes, verbose=options.verbose)
    if not options.app:
        turns = sum(len(one.answers) for one in outcomes)
        print(f"time          {1000 * spent / turns:.1f} ms of CPU a message")


if __name__ == "__main__":
    main()
