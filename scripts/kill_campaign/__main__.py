"""``python -m scripts.kill_campaign``: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from scripts.fresh_server import free_port
from scripts.kill_campaign.api import Report
from scripts.kill_campaign.campaign import ROUND, Campaign


def main() -> None:
    """Kill, compare, and print the table; ends with 1 if something is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.kill_campaign",
        description="Kill the server at random moments and compare with what it acknowledged.",
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="end after so long")
    parser.add_argument("--per-folder", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", choices=sorted(set(ROUND)), help="only these")
    parser.add_argument("--folder", type=Path, help="for data folders and logs; kept")
    parser.add_argument("--json", type=Path, help="where the figures go as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        campaign = Campaign(
            folder,
            free_port(),
            kills=options.kills,
            per_folder=options.per_folder,
            seed=options.seed,
            kinds=options.kind,
            minutes=options.minutes,
            told=lambda report: write(report, options.json),
        )
        report = campaign.run()
    print(report.table())
    write(report, options.json)
    sys.exit(1 if report.faults else 0)


def write(report: Report, path: Path | None) -> None:
    """The figures as JSON, if somebody wants them."""
    if path is not None:
        figures = json.dumps(report.figures(), ensure_ascii=False, indent=1)
        path.write_text(figures, encoding="utf-8")


if __name__ == "__main__":
    main()
