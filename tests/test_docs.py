"""The README and CONTRIBUTING run: Python examples as doctests, console examples with their output."""

import ast
import doctest
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
README = (ROOT / "README.md").read_text("utf-8")
HEADING = re.compile(r"^#+ (.+)$", re.M)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(language: str) -> list[str]:
    return [body for found, body in BLOCK.findall(README) if found == language]


def test_python_examples(monkeypatch):
    monkeypatch.chdir(ROOT)
    examples = "\n\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(examples, {}, "README", "README.md", 0)
    assert len(test.examples) >= 5
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    result = runner.run(test)
    assert result.failed == 0


def commands() -> list[tuple[str, str]]:
    """The commands of the console blocks that this package provides, each with the output shown."""
    found = []
    for body in blocks("console"):
        for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
            line, _, output = part.partition("\n")
            if line.startswith(("extractor ", "sqlite3 ")):
                found.append((line, output.rstrip()))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a corpus, as a user has it, in which the commands run one after the other."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "corpus", place / "corpus")
    return place


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


@pytest.mark.parametrize(("line", "output"), commands(), ids=[line for line, _ in commands()])
def test_console_examples(folder, line, output):
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


def test_every_command_and_option_is_in_the_readme():
    import typer

    from extractor.cli.app import app

    group = typer.main.get_command(app)
    missing = []
    for name, command in group.commands.items():
        if f"extractor {name}" not in README:
            missing.append(name)
        for option in command.params:
            missing += [o for o in option.opts if o.startswith("--") and o != "--help" and f"`{o}" not in README]
    assert missing == []


PAGES = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "extractor/data/README.md", "extractor/data/MODEL_CARD.md",
                 "extractor/data/LICENCES.md", "schemas/FIELDS.md")
]  # fmt: skip


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_links_lead_somewhere(file):
    text = file.read_text("utf-8")
    for target in re.findall(r"\]\((?!http|#)([^)#]+)", text):
        assert (file.parent / target).exists(), target
    anchors = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in HEADING.findall(text)}
    for target in re.findall(r"\]\(#([^)]+)\)", text):
        assert target in anchors, target


def test_the_contents_list_has_every_section():
    contents = README[: README.index("## First steps")]
    assert re.findall(r"\[([^\]]+)\]\(#", contents) == re.findall(r"^## (.+)$", README, re.M)


def test_the_examples_of_the_model_card():
    card = (ROOT / "extractor" / "data" / "MODEL_CARD.md").read_text("utf-8")
    examples = "\n\n".join(body for language, body in BLOCK.findall(card) if language == "python")
    examples = re.sub(r" +# .*$", "", examples, flags=re.M)
    test = doctest.DocTestParser().get_doctest(examples, {}, "MODEL_CARD", "MODEL_CARD.md", 0)
    assert len(test.examples) >= 6
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("script", ["schema", "forms", "guide"])
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


def test_every_reason_for_which_nothing_is_read_is_in_the_readme():
    codes = set().union(*map(codes_of, READING))
    assert {"broken", "too-large", "no-match", "bad-row"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in README] == []


def test_every_suffix_is_in_the_readme():
    from extractor.text.suffixes import SUFFIXES

    assert [suffix for suffix in sorted(SUFFIXES) if f"`{suffix}`" not in README] == []
