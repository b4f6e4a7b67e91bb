"""A hostile release and hostile names through every command, on a terminal: shown, never obeyed; pages are inert."""

import contextlib
import html
import json
import os
import re
import select
import shutil
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from extractor import extract
from extractor.cli.show import marked
from extractor.judging.safe import as_json, on_a_line, plain, quiet_json
from extractor.outputs.stored import Stored, texts_for

pty = pytest.importorskip("pty", reason="needs a Unix terminal")

ROOT = Path(__file__).parent.parent
NASTY = (
    "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://x.test\x1b\\link\x1b]8;;\x1b\\\x9b31m\x85\x08\x7f\u202e\u2066"
    "[bold red]x[/] :boom: <script>alert(1)</script><img src=x onerror=alert(2)>&amp;"
)
TEXT = (
    f"Knives {NASTY} seized\r\n\r\n"
    f"Kent {NASTY} Police officers seized 12 knives{NASTY} and 3 guns in the street{NASTY}on 9 November {NASTY}.\n\n"
    f"Inspector Ada\x1b[31m Marsh said: “Every knife {NASTY} counts and 14 went in.”\n\n"
    f"“We found 15 swords {NASTY},” said Jo\u202eles, of the Marlow{NASTY} Council. Friday 9 November 2021 {NASTY}.\n"
)
NAME = "\x1b[31ma\x07\n\u202e\x9b<img src=x onerror=alert(3)>[red]b.txt"
BARRED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def on_terminal(folder, *words, keys=b"", prompt=b"", code=(0, 1)):
    """What a command writes to a terminal that shows no colours, so that every control character is a foreign one.

    The keys are pressed when the prompt is there: before that the terminal is not yet set to give them one by one.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(TERM="dumb", NO_COLOR="1", COLUMNS="100", PYTHONPATH=str(ROOT))
        os.environ.pop("CI", None)
        os.execv(sys.executable, [sys.executable, "-m", "extractor", *words])
    said = b""
    with contextlib.suppress(OSError):  # the terminal is gone when the command has ended
        while select.select([terminal], [], [], 60)[0] and (piece := os.read(terminal, 65536)):
            said += piece
            if keys and prompt in said:
                os.write(terminal, keys)
                keys = b""
    os.close(terminal)  # what still waits for a key ends here
    _, status = os.waitpid(child, 0)
    text = said.decode("utf-8").replace("\r\n", "\n")
    assert os.waitstatus_to_exitcode(status) in code, text
    return text


def tame(text):
    """The text, if nothing in it would be obeyed."""
    assert BARRED.findall(text) == []
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Texts with hostile contents and names, their records, expected records that differ, and gold."""
    place = tmp_path_factory.mktemp("hostile")
    texts = place / "texts"
    texts.mkdir()
    (texts / NAME).write_text(TEXT, "utf-8", newline="")
    (texts / "plain.txt").write_text(TEXT, "utf-8", newline="")
    (texts / ("\x1bc\x9b" + NAME)).write_bytes(b"\x00\x01\x02 12 knives \x00" * 20)
    said = on_terminal(place, "run", "texts", "-w", "1", "-o", "records.jsonl", code=(1,))
    assert "2 ok, 1 failed" in said
    lines = (place / "records.jsonl").read_text("utf-8").splitlines()
    expected = place / "expected"
    expected.mkdir()
    for number, line in enumerate(lines):
        record = json.loads(line)
        record["counts"][0]["value"] = 13
        record["quotes"] = record["quotes"][:1]
        (expected / f"{number}{Path(NAME).stem if number else 'plain'}.json").write_text(json.dumps(record), "utf-8")
    (place / "run.txt").write_text(tame(said), "utf-8")
    return place


def test_the_text_is_read_and_found_in(folder):
    records = [json.loads(line) for line in (folder / "records.jsonl").read_text("utf-8").splitlines()]
    assert sorted(r["source"]["id"] for r in records) == sorted([NAME, "plain.txt"])
    assert all(len(r["counts"]) >= 2 and r["quotes"] and r["source"]["characters"] == len(TEXT) for r in records)


def test_the_summary_and_failures_of_a_run(folder):
    said = (folder / "run.txt").read_text("utf-8")
    assert "Failures" in said
    assert "␛c" in said


COMMANDS = {
    "run to a terminal": ("run", "-w", "1", "texts"),
    "run, summary as JSON": ("run", "-w", "1", "texts", "-o", "again.jsonl", "--json"),
    "run, quiet": ("run", "-w", "1", "texts", "-o", "quiet.jsonl", "--quiet"),
    "run, foretold": ("run", "-w", "1", "texts", "-o", "other.jsonl", "--dry-run"),
    "explain": ("explain", f"texts/{NAME}"),
    "explain the numbers": ("explain", f"texts/{NAME}", "--numbers"),
    "diff": ("diff", "records.jsonl", "expected", "--text", "texts"),
    "diff as JSON": ("diff", "records.jsonl", "expected", "--json"),
    "diff, page": ("diff", "records.jsonl", "expected", "--text", "texts", "--html", "diff.html"),
    "review, listed": ("review", "records.jsonl", "expected", "--list"),
    "score": ("score", "records.jsonl", "gold", "--texts", "texts", "--show", "counts", "--show", "quotes"),
    "score by a column": ("score", "records.jsonl", "gold", "--by", "force", "--metadata", "table.json"),
    "score as Markdown": ("score", "records.jsonl", "gold", "--format", "markdown"),
    "score as JSON": ("score", "records.jsonl", "gold", "--format", "json"),
    "score as HTML": ("score", "records.jsonl", "gold", "--format", "html"),
    "summary": ("summary", "records.jsonl"),
    "summary by force": ("summary", "records.jsonl", "--by", "force"),
    "report": ("report", "records.jsonl", "--texts", "texts", "-o", "report.html"),
    "report beside": ("report", "records.jsonl", "--expected", "expected", "--texts", "texts", "-o", "\x1b[2Jb.html"),
}
REFUSED = {
    "a file that is not there": ("explain", NAME),
    "a text that is none": ("explain", "texts/\x1bc\x9b" + NAME),
    "an input that is the output": ("run", f"texts/{NAME}", "-o", f"texts/{NAME}"),
    "no record": ("diff", f"texts/{NAME}", "expected"),
    "no table": ("run", "-w", "1", "texts", "--metadata", NAME),
    "no model": ("explain", f"texts/{NAME}", "--model", "\x1b[31mnone"),
    "no day": ("explain", f"texts/{NAME}", "--published", "\x1b[31m1"),
    "no kind": ("explain", f"texts/{NAME}", "--only", "\x1b[31mkind"),
    "no measure": ("score", "records.jsonl", "gold", "--show", "\x1b[31mmeasure"),
    "no format": ("run", "-w", "1", "texts", "-o", "a.jsonl", "--format", "\x1b[31mformat"),
    "no option": ("run", "-w", "1", "texts", "--\x1b[31moption"),
    "no command": ("\x1b[31mcommand",),
}


@pytest.fixture(scope="module")
def judged(folder):
    """The same folder with gold, named as score wants it, and a table with a hostile column."""
    gold = folder / "gold"
    gold.mkdir()
    records = [json.loads(line) for line in (folder / "records.jsonl").read_text("utf-8").splitlines()]
    for record in records:
        record["counts"] = [{**count, "value": 99} for count in record["counts"]]
        (gold / f"{Path(record['source']['id']).stem}.json").write_text(json.dumps(record), "utf-8")
        shutil.copy(folder / "texts" / record["source"]["id"], gold)
    (gold / "\x1bcmissing\n.json").write_text((gold / f"{Path(NAME).stem}.json").read_text("utf-8"), "utf-8")
    rows = [{"id": Path(r["source"]["id"]).stem, "force": NASTY} for r in records]
    (folder / "table.json").write_text(json.dumps(rows), "utf-8")
    return folder


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_nothing_on_the_screen_is_obeyed(judged, words):
    assert tame(on_terminal(judged, *words)).strip()


@pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED)
def test_no_message_is_obeyed(judged, words):
    assert tame(on_terminal(judged, *words, code=(2, 3))).strip()


def test_the_review_loop(judged):
    said = tame(
        on_terminal(judged, "review", "records.jsonl", "expected", "--texts", "texts", keys=b"ssq", prompt=b"q quit")
    )
    assert "[1/" in said
    assert "0 of" in said


def test_an_export_and_its_way_back(judged):
    tame(on_terminal(judged, "export", "records.jsonl", "doccano", "--texts", "texts", "-o", "tasks.jsonl"))
    said = tame(on_terminal(judged, "import", "doccano", "tasks.jsonl", "-o", "back"))
    assert "2 records" in said


class Scripts(HTMLParser):
    """Collects what a browser would make of a page: elements, policy, and what stands in scripts."""

    def __init__(self):
        super().__init__()
        self.tags, self.policy, self.handlers, self.sources = [], "", [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.handlers += [name for name in given if name.startswith("on")]
        self.sources += [given[k] for k in ("src", "href") if given.get(k) and not given[k].startswith(("#", "data:,"))]


def assert_inert(page):
    found = Scripts()
    found.feed(page)
    found.close()
    assert "default-src 'none'" in found.policy
    assert re.search(r"script-src 'sha256-[\w+/=]+'", found.policy)
    assert found.handlers == found.sources == []
    assert "img" not in found.tags
    assert "alert(1)" not in "".join(re.findall(r"<script>(.*?)</script>", page, re.S))
    assert BARRED.findall(page) == []


@pytest.mark.parametrize("words", [COMMANDS[name] for name in COMMANDS if name in ("report", "diff, page")], ids=str)
def test_pages_with_texts_are_inert(judged, words):
    on_terminal(judged, *words)
    page = (judged / words[-1]).read_text("utf-8")
    assert_inert(page)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])
    assert data["documents"][0]["text"] == plain(TEXT)


def test_the_page_of_scores_is_inert(judged):
    words = COMMANDS["score by a column"]
    on_terminal(judged, *words, "--format", "html", "-o", "scores.html")
    page = (judged / "scores.html").read_text("utf-8")
    assert_inert(page)
    assert html.escape("<img src=x onerror=alert(2)>") in page


LONG = "\x1b[31m" + "12 knives and \u202e " * 8


def test_a_huge_line(tmp_path):
    (tmp_path / "long.txt").write_text(LONG * 200, "utf-8")
    said = tame(on_terminal(tmp_path, "explain", "long.txt", "--only", "counts"))
    assert said.count("12 knives") > 1000


def test_marking_a_text_takes_time_in_proportion():
    def seconds(times):
        text = LONG * times
        release = extract(text)
        rounds = []
        for _ in range(3):
            begin = time.perf_counter()
            marked(release, text, ("counts",))
            rounds.append(time.perf_counter() - begin)
        return min(rounds)

    assert seconds(200) < 9 * seconds(50)  # by the square it would be 16


def test_json_means_the_same():
    value = {NAME: [NASTY, "\x00\u2028 é 𝒳"]}
    assert json.loads(as_json(value)) == value
    assert json.loads(quiet_json(json.dumps(value, ensure_ascii=False))) == value
    tame(as_json(value))


def test_every_character_is_one_character():
    every = "".join(map(chr, [*range(0x3000), *range(0xD7F0, 0xE010), 0x1F600]))
    assert len(plain(every)) == len(on_a_line(every)) == len(every)
    tame(on_a_line(every))


@pytest.mark.parametrize("name", ["what?.txt", NAME, "\u202ea.txt"])
def test_a_text_is_found_by_a_name_that_we_would_not_give_it(tmp_path, name):
    (tmp_path / name).write_text("12 knives were seized.", "utf-8")
    stored = Stored(extract("12 knives were seized.", source=name), tmp_path / "r.jsonl")
    assert texts_for(tmp_path, tmp_path)(stored) == "12 knives were seized."


@pytest.mark.parametrize("name", ["../out.txt", "a\0b", "x" * 300 + ".txt", "sub/../../out.txt"])
def test_no_name_leads_out_of_the_folder_of_texts(tmp_path, name):
    (tmp_path / "out.txt").write_text("12 knives were seized.", "utf-8")
    (tmp_path / "in" / "sub").mkdir(parents=True)
    stored = Stored(extract("12 knives were seized.", source=name), tmp_path / "r.jsonl")
    assert texts_for(tmp_path / "in", tmp_path / "in")(stored) is None
