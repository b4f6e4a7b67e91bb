"""The wheel, installed into an empty environment, does the main job."""

import json
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(out),
        str(ROOT),
    ]
    subprocess.run(command, check=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_tables_and_the_type_marker(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    tables = {f"extractor/data/{file.name}" for file in (ROOT / "extractor" / "data").glob("*.toml")}
    tables |= {f"extractor/data/outputs/{name}" for name in ("tables.toml", "sqlite.sql", "summary.html")}
    assert {"extractor/py.typed", "extractor/data/report.html", *tables} <= names
    assert not [name for name in names if not name.startswith(("extractor/", "police_press_extractor-"))]


def test_the_wheel_runs_in_an_empty_environment(wheel, tmp_path):
    """Only what pyproject.toml declares is installed; the lock, as constraints, keeps the versions."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("\n".join(re.findall(r"^[a-z0-9._-]+==[^\\\n]+", lock, re.M)), "utf-8")
    venv.create(tmp_path / "env", with_pip=True)
    python = next((tmp_path / "env").glob("*/python"))
    subprocess.run([python, "-m", "pip", "install", "-q", "-c", constraints, wheel], check=True, cwd=tmp_path)
    subprocess.run([python, "-m", "pip", "check"], check=True, cwd=tmp_path)
    out = tmp_path / "out.jsonl"
    subprocess.run([python.parent / "extractor", "run", ROOT / "corpus", "-o", out], check=True, cwd=tmp_path)
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [r["source"]["id"] for r in records] == sorted(file.name for file in (ROOT / "corpus").glob("*.txt"))
    assert all(r["counts"] for r in records if r["source"]["id"] == "sceptre.txt")
