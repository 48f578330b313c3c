"""Care evaluation: what the configured companion answers to people in danger, and not.

    python -m benchmarks.care_replies FILES [--show] [--json FILE]

Each line of a JSON Lines file is a message or a conversation, with what is expected:

    {"id": "A1", "lang": "en", "kind": "plan", "messages": ["…"], "expect": "help"}

``lang`` is ``zh…``, ``yue`` or ``en``; ``expect`` is ``help``, ``gentle`` (the middle
band: a gentle card at most) or ``none``. Everything is said
over the API to the companion as it is configured (``OPENAI_BASE_URL`` … or the built-in
one), on a folder that is thrown away. For each kind it prints in how many answers

- help came with the answer (where none is expected, these are false alarms),
- the reply that was shown cheered, joked or encouraged,
- a language model's reply was replaced or completed before it was shown,
- the reply was in the language of the message.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

# Also as a script: python benchmarks/care_replies.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from starlette.testclient import TestClient

from memory import metrics
from memory.api.app import create_app
from memory.api.dependencies import BuiltServices
from memory.config import Settings, load_settings
from memory.container import build
from memory.errors import BadInput
from memory.studio.care_set import EXPECTED, CareAnswer, CareCase, CareRow, figures, read_cases


def read(paths: Iterable[Path]) -> Iterator[CareCase]:
    """The cases of JSON Lines files.

    Raises:
        ValueError: naming file and line of one that can't be read.
    """
    for path in paths:
        try:
            yield from read_cases(path.read_text(encoding="utf-8"))
        except BadInput as error:
            raise ValueError(f"{path}, line {error.params['line']}: can't be read") from error


def say(cases: Sequence[CareCase], settings: Settings) -> Iterator[CareAnswer]:
    """Say every message of every case, each case to a companion that knows nobody."""
    running = build(settings)
    try:
        app = create_app(BuiltServices(running))
        client = TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1))
        for number, case in enumerate(cases):
            session = None
            for text in case.messages:
                before = _replaced()
                answer = client.post(
                    "/api/chat/message",
                    json={
                        "user_id": f"case{number}",
                        "message": text,
                        "session_id": session,
                        "language": case.language,
                        "remember": False,
                    },
                ).json()
                session = answer.get("session_id", session)
                yield CareAnswer(
                    case,
                    text,
                    str(answer.get("response", "")),
                    helped=bool(answer.get("help")),
                    error="" if answer.get("success") else str(answer.get("error")),
                    replaced=_replaced() > before,
                )
    finally:
        running.close()


def _replaced() -> float:
    """How many replies were replaced in this process so far."""
    return metrics.REGISTRY.get_sample_value("niannian_care_replies_replaced_total") or 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, say, print; 2 where a file can't be read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print every message and reply")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args(arguments)
    try:
        cases = list(read(given.files))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings().model_copy(
            update={"data_dir": Path(folder), "accounts": "local", "qdrant_url": None}
        )
        settings = settings.model_copy(update={"database_url": None})
        answers = []
        for one in say(cases, settings):
            answers.append(one)
            if given.show:
                _show(one)
    found = figures(answers)
    _print(found)
    if given.json:
        table = [asdict(row) for row in found]
        given.json.write_text(json.dumps(table, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _show(one: CareAnswer) -> None:
    marks = [name for name in ("helped", "cheered", "replaced") if getattr(one, name)]
    marks += [] if one.in_language or one.error else ["other language"]
    print(f"[{one.case.id} {one.case.kind}] {one.said}")
    print(f"  -> {one.error or one.reply}  ({', '.join(marks) or 'plain'})")


def _print(found: Sequence[CareRow]) -> None:
    print(
        f"{'kind':<16}{'expects':>9}{'answers':>9}{'help':>8}{'cheers':>8}{'replaced':>10}"
        f"{'language':>10}{'failed':>8}"
    )
    for row in found:
        print(
            f"{row.kind:<16}{row.expect:>9}{row.answers:>9}{row.helped:>8}{row.cheered:>8}"
            f"{row.replaced:>10}{row.in_language:>10}{row.failed:>8}"
        )
    for expect in EXPECTED:
        some = [row for row in found if row.expect == expect]
        total = sum(row.answers for row in some)
        if total:
            helped = sum(row.helped for row in some) / total
            cheered = sum(row.cheered for row in some)
            replaced = sum(row.replaced for row in some)
            print(
                f"{expect} expected: help with {helped:.0%} of {total} answers, "
                f"{cheered} cheered, {replaced} replaced"
            )


if __name__ == "__main__":
    sys.exit(main())
