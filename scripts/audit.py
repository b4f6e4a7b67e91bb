"""Holds the locked packages against published advisories, where an advisory source can be reached.

Uses pip-audit, which is not among the locked tools: install it where you run this. Exit codes: 0 no advisory, 1 some,
2 it could not be checked, which is said and is not "no advisory". Not part of CI, which runs without network.

usage: audit.py [LOCK]...
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
TOOL = [sys.executable, "-m", "pip_audit"]
FOUND, NOT_CHECKED = 1, 2


def audit(lock: str) -> int:
    """Checks one lock and prints the verdict."""
    options = ["--requirement", str(ROOT / lock), "--disable-pip", "--require-hashes", "--format", "json"]
    done = subprocess.run([*TOOL, *options], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        reason = done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode} and said nothing"]
        print(f"{lock}: NOT CHECKED: {reason[-1]}")
        return NOT_CHECKED
    skipped = [f"{p['name']}: {p['skip_reason']}" for p in packages if "skip_reason" in p]
    found = list(_advisories(packages))
    for line in found:
        print(f"{lock}: {line}")
    for line in skipped:
        print(f"{lock}: NOT CHECKED: {line}")
    if not found and not skipped:
        print(f"{lock}: {len(packages)} packages, no advisory")
    return FOUND if found else NOT_CHECKED if skipped else 0


def _advisories(packages: Sequence[dict[str, Any]]) -> Iterator[str]:
    for package in packages:
        for advisory in package.get("vulns", ()):
            mended = ", ".join(advisory["fix_versions"]) or "no version"
            yield f"{package['name']} {package['version']}: {advisory['id']}, mended in {mended}"


def main(arguments: Sequence[str]) -> int:
    codes = {audit(lock) for lock in arguments or LOCKS}
    return FOUND if FOUND in codes else max(codes)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
