"""Dependency audit: known weaknesses of the pinned packages, for CI and ``make audit``.

The data come from a public database. Where it can't be reached, or doesn't answer in
time, the audit is skipped with one sentence: no network is no weakness.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

SECONDS = 90
_COMMAND = (
    *("-m", "pip_audit", "--requirement", "{file}", "--require-hashes", "--disable-pip"),
    *("--vulnerability-service", "osv", "--format", "json", "--desc", "off"),
    *("--timeout", "5", "--progress-spinner", "off"),
)


def audit(file: str) -> int:
    """Print what is known of the packages pinned in ``file``.

    Returns:
        0 if nothing is known or nothing could be asked, 1 if there is a weakness.
    """
    command = [sys.executable, *(part.format(file=file) for part in _COMMAND)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _skipped(f"no answer within {SECONDS} s")
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines()
        return _skipped(lines[-1][:200] if lines else f"status {done.returncode}")
    packages = report["dependencies"]
    weak = [package for package in packages if package.get("vulns")]
    for package in weak:
        for known in package["vulns"]:
            mended = ", ".join(known["fix_versions"]) or "not mended yet"
            print(f"{package['name']} {package['version']}: {known['id']} ({mended})")
    print(f"{len(packages)} packages in {file}, {len(weak)} with a known weakness")
    return 1 if weak else 0


def _skipped(why: str) -> int:
    print(f"audit skipped: the database of weaknesses can't be asked ({why})")
    return 0


if __name__ == "__main__":
    sys.exit(max(audit(file) for file in sys.argv[1:] or ["requirements.txt"]))
