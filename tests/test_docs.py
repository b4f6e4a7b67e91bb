"""The README and docs/ run: Python examples as doctests, console examples with their output; links lead somewhere."""

import ast
import doctest
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
GUIDES = [README, *sorted((ROOT / "docs").glob("*.md"))]  # what a user reads
TEXTS = {file: file.read_text("utf-8") for file in GUIDES}
ALL = "\n".join(TEXTS.values())
HEADING = re.compile(r"^#+ (.+)$", re.M)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
LARGEST = 9_000  # bytes of the README and of CONTRIBUTING
# The release of the README, of which it shows the table of metadata and the record.
KNIVES = """\
Kent Police seized 187 knives between 9 and 15 November, and 58 were handed in.

Liam Hartnell, 34, of Quarry Lane, Dover, was charged with possession of a bladed article.

Inspector Ada Marsh said: “Every knife off the street matters.”
"""


def blocks(file: Path, language: str) -> list[str]:
    return [body for found, body in BLOCK.findall(TEXTS[file]) if found == language]


def with_blocks(language: str) -> list[Path]:
    return [file for file in GUIDES if blocks(file, language)]


@pytest.mark.parametrize("file", with_blocks("python"), ids=lambda file: file.name)
def test_python_examples(monkeypatch, file):
    monkeypatch.chdir(ROOT)
    examples = "\n\n".join(blocks(file, "python"))
    test = doctest.DocTestParser().get_doctest(examples, {}, file.stem, file.name, 0)
    assert len(test.examples) >= 5
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    result = runner.run(test)
    assert result.failed == 0


def test_the_pages_with_examples_are_known():
    """No page loses its examples unseen: a fence of another name would not be run."""
    assert {file.name for file in with_blocks("python")} == {"README.md", "python.md"}
    assert {file.name for file, _, _ in commands()} == {"README.md", "commands.md", "judging.md", "outputs.md"}


def commands() -> list[tuple[Path, str, str]]:
    """The commands of the console blocks that this package provides: the page, the command, the output shown."""
    found = []
    for file in GUIDES:
        for body in blocks(file, "console"):
            for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
                line, _, output = part.partition("\n")
                if line.startswith(("extractor ", "sqlite3 ")):
                    found.append((file, line, output.rstrip()))
    return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """For each page a folder as its reader has it, in which its commands run one after the other."""
    places = {}
    for file in GUIDES:
        places[file] = place = tmp_path_factory.mktemp(file.stem)
        shutil.copytree(ROOT / "corpus", place / "corpus")
        (place / "releases").mkdir()
        (place / "releases" / "knives.txt").write_text(KNIVES, "utf-8")
        shutil.copy(ROOT / "corpus" / "warrant.txt", place / "releases")
        (place / "metadata.csv").write_text(blocks(README, "csv")[0], "utf-8")
    return places


def is_part(shown: object, whole: object) -> bool:
    """Whether a record in short says nothing that the record does not say."""
    if isinstance(shown, dict):
        return isinstance(whole, dict) and all(is_part(value, whole[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return isinstance(whole, list) and len(shown) <= len(whole) and all(map(is_part, shown, whole))
    return shown == whole


def test_the_readme_shows_a_record_in_short(folders):
    (shown,) = blocks(README, "json")
    line = "extractor run releases/knives.txt --metadata metadata.csv"
    done = subprocess.run(
        [sys.executable, "-m", *line.split()],
        cwd=folders[README], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    record = json.loads(done.stdout)
    assert is_part(json.loads(shown), record)
    assert not is_part({"source": {"id": "others.txt"}}, record)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_first_pages_are_short(name):
    assert (ROOT / name).stat().st_size <= LARGEST


def boxed(database, question) -> str:
    """What `sqlite3 -box` prints, which not every machine has."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(question)
        rows = [[name for name, *_ in found.description], *([str(value) for value in row] for row in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    cells[0] = [_centred(name, width) for name, width in zip(rows[0], widths, strict=True)]
    edges = [
        left + mid.join("─" * (width + 2) for width in widths) + right for left, mid, right in ("┌┬┐", "├┼┤", "└┴┘")
    ]
    head, *body = ["│ " + " │ ".join(row) + " │" for row in cells]
    return "\n".join([edges[0], head, edges[1], *body, edges[2]])


def _centred(text, width):
    left = (width - len(text)) // 2
    return " " * left + text + " " * (width - len(text) - left)


@pytest.mark.parametrize(
    ("file", "line", "output"), commands(), ids=[f"{file.stem}: {line}" for file, line, _ in commands()]
)
def test_console_examples(folders, file, line, output):
    folder = folders[file]
    env = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    words = shlex.split(line)
    if words[0] == "sqlite3":
        assert words[1] == "-box"
        assert boxed(folder / words[2], words[3]) == output
        return
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    if output:
        pattern = re.escape(output + "\n").replace(re.escape("…\n"), "(?:.|\n)*").replace(re.escape("[…]"), ".*")
        shown = "\n".join(row.rstrip() for row in (done.stdout + done.stderr).splitlines()) + "\n"
        assert re.search(pattern, shown), shown


def test_every_command_and_option_is_documented():
    import typer

    from extractor.cli.app import app

    group = typer.main.get_command(app)
    missing = []
    for name, command in group.commands.items():
        if f"extractor {name}" not in TEXTS[README]:
            missing.append(name)
        for option in command.params:
            missing += [o for o in option.opts if o.startswith("--") and o != "--help" and f"`{o}" not in ALL]
    assert missing == []


PAGES = [
    *GUIDES,
    *(ROOT / name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "schemas/FIELDS.md", "schemas/tables.md")),
    *(ROOT / "extractor" / "data" / name for name in ("README.md", "MODEL_CARD.md", "LICENCES.md")),
]


def anchors(text: str) -> set[str]:
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in HEADING.findall(text)}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_links_lead_somewhere(file):
    for target, anchor in re.findall(r"\]\((?!http)([^)#]*)(?:#([^)]+))?\)", file.read_text("utf-8")):
        page = file.parent / target if target else file
        assert page.exists(), target
        assert not anchor or anchor in anchors(page.read_text("utf-8")), f"{target}#{anchor}"


def test_the_readme_leads_to_every_page():
    assert [file.name for file in GUIDES[1:] if f"](docs/{file.name})" not in TEXTS[README]] == []


def test_the_examples_of_the_model_card():
    card = (ROOT / "extractor" / "data" / "MODEL_CARD.md").read_text("utf-8")
    examples = "\n\n".join(body for language, body in BLOCK.findall(card) if language == "python")
    examples = re.sub(r" +# .*$", "", examples, flags=re.M)
    test = doctest.DocTestParser().get_doctest(examples, {}, "MODEL_CARD", "MODEL_CARD.md", 0)
    assert len(test.examples) >= 6
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize(
    ("page", "loads"),
    [
        ('<script src="https://example.org/a.js"></script>', True),
        ("<link href=//example.org/a.css rel=stylesheet>", True),
        ("a { background: url(https://example.org/a.png) }", True),
        ('<a href="https://example.org">away</a> <script src="a.js"></script>', False),
        ('<link rel="canonical" href="https://example.org/">', False),
    ],
)
def test_what_a_page_would_fetch_is_found(tmp_path, page, loads):
    import site_pages

    (tmp_path / "a.html").write_text(page, "utf-8")
    assert bool(list(site_pages.fetched(tmp_path))) is loads


@pytest.mark.parametrize("script", ["schema", "forms", "guide", "screenshot"])
def test_what_is_generated_is_up_to_date(script):
    done = subprocess.run(
        [sys.executable, f"scripts/{script}.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_guide_has_every_field_with_examples():
    import guide

    text = guide.FILE.read_text("utf-8")
    from extractor.models import Release

    properties = Release.model_json_schema(mode="serialization")["properties"]
    lists = [name for name, about in properties.items() if about.get("type") == "array"]
    assert sorted(lists) == sorted(guide.LISTS)
    for field in ("value", "modifier", "categories", "action", "when", "subset_of", "speaker", "anchor"):
        rows = re.findall(rf"^\| `{field}` \|.*$", text, re.M)
        assert any(row.count("→") >= 2 for row in rows), field


def codes_of(module: str) -> set[str]:
    """The codes of the InputErrors that a module makes, and of the documents that it lists as failed."""
    tree = ast.parse((ROOT / "extractor" / f"{module}.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    place = {"InputError": 1, "Document": 2}
    ends = [arg for call in calls if (at := place.get(call.func.id)) for arg in call.args[at : at + 1]]
    return {node.value for node in ends if isinstance(node, ast.Constant)}


READING = (
    *("text/encodings", "text/files", "text/lines", "text/country", "text/source", "release"),
    *(f"reading/{name}" for name in ("listing", "mail", "markup", "office", "parsed", "pdf", "plain", "rows")),
)


def test_every_reason_for_which_nothing_is_read_is_documented():
    codes = set().union(*map(codes_of, READING))
    assert {"broken", "too-large", "no-match", "bad-row"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in ALL] == []


def test_every_suffix_is_documented():
    from extractor.text.suffixes import SUFFIXES

    assert [suffix for suffix in sorted(SUFFIXES) if f"`{suffix}`" not in ALL] == []
