"""The review loop: every decision does what it says, nothing else changes, and a terminal needs only keys."""

import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import record
from typer.testing import CliRunner

from extractor import Release
from extractor.cli.app import app
from extractor.errors import InputError
from extractor.judging.compare import compare
from extractor.judging.review import Decision, session
from extractor.models import misplaced
from extractor.outputs.stored import Stored
from extractor.runs.guard import GOLD

TEXT = (
    "Kent Police seized 12 knives on 9 November. "
    "Officers found 3 knives and 40 phones near Dover and Essex Police left."
)
FOUND = {
    "dates": [{"at": "9 November", "value": "2020-11-09"}],
    "counts": [
        {"at": "12 knives", "value": 12, "when": "d1", "organisations": ["o1"], "action": "seized"},
        {"at": "3 knives", "value": 3, "subset_of": "c1", "categories": ["weapon.knife"]},
        {"at": "40 phones", "value": 40},
    ],
    "items": [{"at": "12 knives", "category": "weapon.knife", "count": "c1"}],
    "organisations": [{"name": "Kent Police"}, {"name": "Essex Police"}],
    "warnings": [{"at": "9 November"}],
}
WANTED = {
    "dates": [{"at": "on 9 November", "value": "2020-11-09"}],
    "counts": [
        {"at": "12 knives", "value": 12, "action": "recovered", "organisations": ["o1"]},
        {"at": "knives and 40", "value": 41},
        {"at": "near Dover", "value": 7},
    ],
    "items": [{"at": "40 phones", "category": "electronics.phone", "count": "c2"}],
    "organisations": [{"name": "Kent Police"}, {"name": "Officers"}],
}


def opened(tmp_path, found=FOUND, wanted=WANTED, names=("a",)):
    pairs = []
    for name in names:
        file = tmp_path / f"{name}.json"
        if not file.exists():
            file.write_text(record(TEXT, f"{name}.txt", **wanted).model_dump_json(indent=1) + "\n", "utf-8")
        expected = Release.model_validate_json(file.read_text("utf-8"))
        pairs.append((Stored(record(TEXT, f"{name}.txt", **found), Path("r.jsonl")), Stored(expected, file)))
    return session(pairs, tmp_path / "review-log.jsonl", "Ada")


def on_disk(tmp_path, name="a"):
    return Release.model_validate_json((tmp_path / f"{name}.json").read_text("utf-8"))


def log_of(tmp_path):
    return [json.loads(line) for line in (tmp_path / "review-log.jsonl").read_text("utf-8").splitlines()]


ACCEPT = Decision("accept")


def find(reviewed, **wanted):
    return next(
        n for n, c in enumerate(reviewed.changes) if all(getattr(c.difference, k) == v for k, v in wanted.items())
    )


def test_all_accepted_is_the_record(tmp_path):
    reviewed = opened(tmp_path)
    whats = {change.difference.what for change in reviewed.changes}
    assert whats == {"added", "missing", "changed", "moved"}
    reviewed.decide(range(len(reviewed.changes)), ACCEPT, when="now")
    assert on_disk(tmp_path) == record(TEXT, "a.txt", **FOUND)


ROW = st.fixed_dictionaries(
    {"at": st.sampled_from(["12 knives", "3 knives", "40 phones", "Kent", "Dover"]), "value": st.integers(1, 3)}
)
LISTS = st.builds(
    lambda counts, dates, bodies: {
        "counts": [
            {**row, "when": "d1" if dates and n % 2 else None, "same_as": "c1" if n else None}
            for n, row in enumerate(sorted(counts, key=lambda r: TEXT.index(r["at"])))
        ],
        "dates": [{"at": at} for at in sorted(dates, key=TEXT.index)],
        "organisations": [{"name": name} for name in sorted(bodies, key=TEXT.index)],
    },
    st.lists(ROW, max_size=5, unique_by=lambda r: r["at"]),  # no two counts of a record share a place
    st.sets(st.sampled_from(["9 November", "on 9 November"])),
    st.sets(st.sampled_from(["Kent Police", "Essex Police", "Officers"])),
)


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS, st.data())
def test_any_decisions_leave_a_sound_record_and_all_of_them_the_same(tmp_path_factory, found, wanted, data):
    tmp_path = tmp_path_factory.mktemp("review")
    reviewed = opened(tmp_path, found, wanted)
    every = range(len(reviewed.changes))
    for n in data.draw(st.lists(st.sampled_from(every), unique=True) if every else st.just([])):
        reviewed.decide([n], ACCEPT, when="now")
        assert misplaced(on_disk(tmp_path), TEXT) == []
    rest = [n for n in every if n not in reviewed.decisions]
    reviewed.decide(rest, ACCEPT, when="now")
    assert not compare(record(TEXT, "a.txt", **found), on_disk(tmp_path)).differences if every else True


def test_one_field_changes_and_nothing_else(tmp_path):
    reviewed = opened(tmp_path)
    before = on_disk(tmp_path).model_dump()
    reviewed.decide([find(reviewed, kind="counts", field="action")], ACCEPT, when="now")
    after = on_disk(tmp_path).model_dump()
    assert after["counts"][0].pop("action") == "seized"
    assert before["counts"][0].pop("action") == "recovered"
    assert after == before


def test_reject_and_flag_write_nothing_and_are_not_asked_again(tmp_path):
    before = (opened(tmp_path), (tmp_path / "a.json").read_bytes())[1]
    reviewed = opened(tmp_path)
    total = len(reviewed.changes)
    reviewed.decide([0], Decision("reject"), when="2026-01-01", why="the force says so")
    reviewed.decide([1], Decision("flag"), when="2026-01-01")
    assert (tmp_path / "a.json").read_bytes() == before
    assert len(opened(tmp_path).changes) == total - 2
    first = log_of(tmp_path)[0]
    assert (first["who"], first["when"], first["why"]) == ("Ada", "2026-01-01", "the force says so")


def test_what_was_rejected_stays_so_though_ids_count_anew(tmp_path):
    reviewed = opened(tmp_path)
    gone = find(reviewed, kind="counts", what="missing")
    reviewed.decide([gone], Decision("reject"), when="now")
    reviewed.decide([n for n in range(len(reviewed.changes)) if n != gone], ACCEPT, when="now")
    assert opened(tmp_path).changes == []


def test_undo_is_as_if_it_had_not_been(tmp_path):
    reviewed = opened(tmp_path)
    before = (tmp_path / "a.json").read_bytes()
    reviewed.decide([0, 1, 2], ACCEPT, when="now")
    reviewed.decide([3], Decision("reject"), when="now")
    assert reviewed.undo(when="now") == 3
    assert reviewed.undo(when="now") == 0
    assert reviewed.undo(when="now") is None
    assert (tmp_path / "a.json").read_bytes() == before
    assert [row["decision"] for row in log_of(tmp_path)][-4:] == ["undo"] * 4
    assert len(opened(tmp_path).changes) == len(reviewed.changes)


def test_undo_of_a_skip_takes_nothing_else_back(tmp_path):
    reviewed = opened(tmp_path)
    reviewed.decide([0], ACCEPT, when="now")
    decided = (tmp_path / "a.json").read_bytes()
    reviewed.skip(1)
    assert reviewed.undo(when="now") == 1
    assert (tmp_path / "a.json").read_bytes() == decided
    assert reviewed.decisions == {0: ACCEPT}
    assert [row["decision"] for row in log_of(tmp_path)] == ["accept"]
    assert reviewed.undo(when="now") == 0
    assert reviewed.decisions == {}


def test_a_reject_leaves_a_file_without_its_defaults_as_it_is(tmp_path):
    opened(tmp_path)
    file = tmp_path / "a.json"
    short = Release.model_validate_json(file.read_text("utf-8")).model_dump_json(exclude_defaults=True)
    file.write_text(short, "utf-8")
    reviewed = opened(tmp_path)
    reviewed.decide([0], Decision("reject"), when="now")
    assert file.read_text("utf-8") == short


def test_an_edited_value_takes_the_place_of_both(tmp_path):
    reviewed = opened(tmp_path)
    at = find(reviewed, kind="counts", field="action")
    with pytest.raises(InputError, match="action"):
        reviewed.decide([at], Decision("accept", {"action": "eaten"}), when="now")
    assert reviewed.decisions == {}
    reviewed.decide([at], Decision("accept", {"action": "found"}), when="now")
    assert on_disk(tmp_path).counts[0].action == "found"


def test_like_changes_share_kind_and_rule(tmp_path):
    reviewed = opened(tmp_path, names=("a", "b", "c"))
    at = find(reviewed, kind="counts", field="action")
    assert len(reviewed.like(at)) == 3
    reviewed.decide([at], ACCEPT, when="now")
    assert len(reviewed.like(at)) == 2


def test_a_log_that_is_none_is_refused(tmp_path):
    (tmp_path / "review-log.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match="not a log"):
        opened(tmp_path)


# Without a terminal


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    opened(tmp_path, names=("a", "b"))
    rows = [record(TEXT, f"{name}.txt", **FOUND).model_dump_json() for name in "ab"]
    (tmp_path / "records.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    return tmp_path


def call(*arguments, code=0):
    done = CliRunner().invoke(app, ["review", "records.jsonl", ".", *arguments])
    assert done.exit_code == code, (done.stdout, done.stderr, done.exception)
    return done


def test_list_and_accept(folder):
    lines = call("--list").stdout.splitlines()
    actions = [line for line in lines if "counts.action changed" in line]
    assert len(actions) == 2
    assert actions[0].endswith("recovered → seized")
    assert not (folder / GOLD).exists()
    call("--accept", actions[0].split("\t")[0], "--why", "as agreed", "--who", "Ben")
    assert [on_disk(folder, name).counts[0].action for name in "ab"] == ["seized", "recovered"]
    assert [(row["who"], row["why"]) for row in log_of(folder)] == [("Ben", "as agreed")]
    assert (folder / GOLD).exists()
    call("--accept", "in:b.txt", "--accept", "added")
    assert on_disk(folder, "b") == record(TEXT, "b.txt", **FOUND)
    call("--accept", "all")
    assert call("--list").stdout == ""


def test_a_selector_that_means_nothing(folder):
    assert "no difference answers to it" in call("--accept", "towns", code=3).stderr


def test_nothing_is_written_in_ci_or_without_a_terminal(folder, monkeypatch):
    before = {file: file.read_bytes() for file in folder.iterdir()}
    assert "no terminal" in call(code=3).stderr
    monkeypatch.setenv("CI", "true")
    assert "CI is set" in call("--accept", "all", code=3).stderr
    assert "CI is set" in call(code=3).stderr
    assert call("--list").stdout
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


# In a terminal


def _take_terminal():
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that control-C reaches the process


class Terminal:
    """`extractor review` in a pseudo-terminal, driven by keys."""

    def __init__(self, folder, columns=80):
        import pty

        self._place, other = pty.openpty()
        env = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR")}
        env |= {"TERM": "xterm", "COLUMNS": str(columns), "PYTHONPATH": str(Path(__file__).parent.parent)}
        command = [sys.executable, "-m", "extractor", "review", "records.jsonl", ".", "--who", "Ada"]
        streams = {"stdin": other, "stdout": other, "stderr": other}
        own = {"start_new_session": True, "preexec_fn": _take_terminal}
        self.process = subprocess.Popen(command, cwd=folder, env=env, **streams, **own)
        os.close(other)
        self.shown = ""
        self._at = 0

    def wait(self, pattern):
        """Reads on until the pattern is shown behind what was waited for before."""
        end = time.monotonic() + 30
        while not (hit := re.compile(pattern).search(self.shown, self._at)):
            assert time.monotonic() < end, self.shown[self._at :]
            if select.select([self._place], [], [], 0.1)[0]:
                try:
                    data = os.read(self._place, 65536).decode("utf-8", "replace")
                except OSError:  # the other side is closed
                    data = ""
                assert data, self.shown[self._at :]
                self.shown += re.sub(r"\x1b\[[0-9;]*m", "", data)
        self._at = hit.end()
        return hit

    def press(self, keys):
        os.write(self._place, keys.encode())

    def close(self):
        assert self.process.wait(30) == 0
        os.close(self._place)


needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a thing of Unix")


@pytest.fixture
def fifty(folder):
    """Five releases with ten differences each."""
    for name in "cde":
        opened(folder, names=(name,))
        (folder / f"{name}.txt").write_text(TEXT)
    rows = [record(TEXT, f"{name}.txt", **FOUND).model_dump_json() for name in "abcde"]
    (folder / "records.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


@needs_terminal
def test_fifty_mixed_differences_by_keys_alone(fifty):
    total = len(call("--list").stdout.splitlines())
    assert total >= 50
    terminal = Terminal(fifty)
    decided = {}
    for n in range(total):
        hit = terminal.wait(rf"\[(\d+)/{total}\] (\w)\.txt[^\n]*\r\n(.*)\r\n(?:.|\n)*?q quit  \?")
        assert int(hit[1]) == n + 1
        key = "arf"[n % 3]
        decided[n] = key
        terminal.press(key)
    terminal.wait(rf"{total} of {total} decided")
    terminal.close()
    log = log_of(fifty)
    words = {"a": "accept", "r": "reject", "f": "flag"}
    assert [row["decision"] for row in log] == [words[decided[n]] for n in range(total)]
    assert {row["what"] for row in log} == {"added", "missing", "changed", "moved"}
    assert not {line.split("\t")[0] for line in call("--list").stdout.splitlines()} & {row["key"] for row in log}
    for name in "abcde":
        left = compare(record(TEXT, f"{name}.txt", **FOUND), on_disk(fifty, name)).differences
        refused = [row for row in log if row["document"] == f"{name}.txt" and row["decision"] != "accept"]
        assert len(left) >= len(refused) > 0
        assert misplaced(on_disk(fifty, name), TEXT) == []


@needs_terminal
def test_every_key(fifty):
    total = len(call("--list").stdout.splitlines())
    terminal = Terminal(fifty)
    terminal.wait(rf"\[1/{total}\]")
    terminal.press("?")
    terminal.wait("quit; go on later")
    terminal.press("s")
    terminal.wait(rf"skipped(?:.|\n)*\[2/{total}\]")
    terminal.press("a")
    terminal.wait(rf"accepted(?:.|\n)*\[3/{total}\]")
    terminal.press("u")
    terminal.wait(rf"undone(?:.|\n)*\[2/{total}\]")
    terminal.press("wthe desk said so\r")
    terminal.wait("the desk said so")
    terminal.press("A")
    number = int(terminal.wait(r"accept (\d+) like this \(.*\)\? y or n")[1])
    assert number == 5
    terminal.press("n")
    terminal.wait("not accepted")
    terminal.press("Ay")
    terminal.wait(r"accepted 5")
    terminal.press("q")
    terminal.wait(rf"5 of {total} decided, {total - 5} left")
    terminal.close()
    assert len(call("--list").stdout.splitlines()) == total - 5
    assert {row["why"] for row in log_of(fifty)[-5:]} == {"the desk said so"}


@needs_terminal
def test_edit_in_place_and_typed_ahead_keys(fifty):
    lines = call("--list").stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "counts.action" in line)
    terminal = Terminal(fifty)
    terminal.wait(rf"\[1/{len(lines)}\]")
    terminal.press("s" * at)
    terminal.wait(rf"\[{at + 1}/{len(lines)}\]")
    terminal.press("e")
    terminal.wait("action: seized")
    terminal.press("\x7f" * 6 + "eaten\r")
    terminal.wait("counts.0.action: Input should be")
    terminal.press("e\x15stoped\x1b[D\x1b[Dp\r")
    terminal.wait("accepted")
    terminal.press("q")
    terminal.wait("1 of")
    terminal.close()
    assert on_disk(fifty).counts[0].action == "stopped"


@needs_terminal
def test_control_c_keeps_what_was_decided(fifty):
    terminal = Terminal(fifty)
    terminal.wait(r"\[1/")
    terminal.press("a")
    terminal.wait(r"\[2/")
    terminal.press("\x03")
    terminal.wait("1 of")
    terminal.close()
    assert len(log_of(fifty)) == 1


@needs_terminal
def test_control_c_leaves_the_line_that_is_edited_and_not_the_loop(fifty):
    lines = call("--list").stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "counts.action" in line)
    terminal = Terminal(fifty)
    terminal.wait(r"\[1/")
    terminal.press("s" * at)
    terminal.wait(rf"\[{at + 1}/{len(lines)}\]")
    terminal.press("e")
    terminal.wait("action: seized")
    terminal.press("\x03")
    terminal.wait("not edited")
    terminal.press("a")
    terminal.wait("accepted")
    terminal.press("q")
    terminal.wait("1 of")
    terminal.close()
    assert on_disk(fifty).counts[0].action == "seized"


@needs_terminal
@pytest.mark.parametrize("columns", [80, 120])
def test_nothing_is_wider_than_the_terminal(fifty, columns):
    terminal = Terminal(fifty, columns)
    terminal.wait(r"\[1/")
    terminal.press("s" * 20 + "q")
    terminal.wait("decided")
    terminal.close()
    assert max(map(len, terminal.shown.split("\r\n"))) <= columns
