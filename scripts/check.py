"""Runs everything CI runs, one step after the other, and says at the end which failed.

usage: check.py [--only STEP]...
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
STEPS = {
    "ruff": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "imports": [str(Path(PYTHON).with_name("lint-imports")), "--no-cache"],
    "schema": [PYTHON, "scripts/schema.py", "--check"],
    "tables": [PYTHON, "scripts/tidy_tables.py", "--check"],
    "forms": [PYTHON, "scripts/forms.py", "--check"],
    "guide": [PYTHON, "scripts/guide.py", "--check"],
    "screenshot": [PYTHON, "scripts/screenshot.py", "--check"],
    "licences": [PYTHON, "scripts/licences.py", "--check"],
    "docs": [PYTHON, "scripts/site_pages.py"],
    # A file stays on one worker: what it sets up, such as a Spark session, is set up once.
    "pytest": [PYTHON, "-m", "pytest", "--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(STEPS), help="run this step alone (repeatable)")
    only = parser.parse_args().only
    failed = []
    for name in only or STEPS:
        begin = time.monotonic()
        print(f"== {name}", flush=True)
        if subprocess.run(STEPS[name], check=False).returncode:
            failed.append(name)
        print(f"== {name}: {'FAILED' if name in failed else 'ok'} in {time.monotonic() - begin:.0f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all steps ok")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
