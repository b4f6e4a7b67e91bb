"""A folder of everything that turns up in folders: each thing is accounted for, and none touches another."""

import codecs
import gzip
import os
from pathlib import Path

import pytest
from documents import bomb, mail, page, pdf, put, word

from extractor.pipeline import default
from extractor.reading.listing import find
from extractor.reading.units import Settings, units
from extractor.runs.batch import result_of, results

TEXT = "Officers from Kent Police seized 187 knives – “a record” – on 3 May 2024."
OLD = TEXT.encode("cp1252")
SETTINGS = Settings(max_bytes=200_000)
OK = ""


def message() -> bytes:
    made = mail(Subject="Knives", Date="Fri, 03 May 2024 09:00:00 +0100")
    made.set_content(TEXT)
    made.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    return made.as_bytes()


# What the file holds, and the code of the failure; several codes are those of its rows.
FILES: dict[str, tuple[bytes, str | list[str]]] = {
    "plain.txt": (TEXT.encode(), OK),
    "UPPER.TXT": (TEXT.encode(), OK),
    "spaces and £ ’.txt": (TEXT.encode(), OK),
    "deep/er/still/a.text": (TEXT.encode(), OK),
    "windows.txt": (OLD, OK),
    "mark.txt": (codecs.BOM_UTF8 + TEXT.encode(), OK),
    "wide.txt": (TEXT.encode("utf-16"), OK),
    "wide-unmarked.txt": (TEXT.encode("utf-16-be"), OK),
    "line-ends.txt": (TEXT.replace(" ", "\r\n", 3).encode(), OK),
    "mojibake.txt": (TEXT.encode().decode("cp1252", "replace").encode(), OK),
    "escapes.txt": (f"\x1b[31m{TEXT}\x1b]0;x\x07".encode(), OK),
    "no-numbers.txt": (b"Nothing to see.", OK),
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \r\n\xc2\xa0", "empty"),
    "binary.txt": (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
    "pdf-in-disguise.txt": (pdf(["x"]), "binary"),
    "large.txt": (b"x " * 200_000, "too-large"),
    "front.md": (f"---\ntitle: a\n---\n{TEXT}".encode(), OK),
    "broken-front.markdown": (f"---\ntitle: [a\n---\n{TEXT}".encode(), OK),
    "page.HTM": (page(f"<p>{TEXT}</p>"), OK),
    "empty.html": (page("<img src=a>"), "no-main-text"),
    "nul.html": (page("<p>a\0b</p>"), "binary"),
    "message.eml": (message(), OK),
    "no-message.eml": (b"\n\nhello", "broken"),
    "release.docx": (word(lambda document: document.add_paragraph(TEXT)), OK),
    "bomb.docx": (bomb(20_000_000), "too-large"),
    "not-word.docx": (TEXT.encode(), "broken"),
    "release.pdf": (pdf([TEXT.replace("–", "-")]), OK),
    "scan.pdf": (pdf([]), "no-text"),
    "locked.pdf": (pdf([TEXT], password="secret"), "encrypted"),
    "not.pdf": (b"%PDF-1.4 no", "broken"),
    "one.json": (b'{"text": "Two knives."}', [OK]),
    "rows.jsonl": (b'{"text": "Two."}\nno\n{"text": null}\n', [OK, "broken", "no-text"]),
    "cut.jsonl.gz": (gzip.compress(b'{"text": "Two knives were found."}\n' * 9)[:-8], ["*"]),
    "rows.csv": (b'id,text\n../../up,"a\nb"\n1,x,y\n', [OK, "bad-row"]),
    "no-column.tsv": (b"a\tb\n1\t2\n", "no-column"),
    "cut.parquet": (b"PAR1", "broken"),
}
SKIPPED = {
    ".DS_Store": "hidden",
    "~$release.docx": "left by another program",
    "Thumbs.db": "left by another program",
    "plain.txt~": "left by another program",
    "old.doc": "no reader for .doc",
    "picture.JPG": "no reader for .jpg",
    "LICENSE": "no reader for a name without suffix",
    "record.json": "written by extractor",
    "pipe.txt": "not a regular file",
    "loop": "folder already read",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("torture")
    for name, (data, _) in FILES.items():
        put(folder / name, data)
    for name in SKIPPED:
        if name not in ("pipe.txt", "loop"):
            put(folder / name, b'{"schema_version": "1.0"}')
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    return folder


def run(*paths: Path):
    return list(results(units(find(paths).documents, SETTINGS), SETTINGS, default(), keep_text=True))


def test_everything_is_accounted_for(folder):
    assert len(FILES) + len(SKIPPED) >= 25
    listing = find([folder])
    assert {path.name: reason for path, reason in listing.skipped} == SKIPPED
    assert sorted(d.id for d in listing.documents) == sorted([*FILES, "gone.txt"])
    found = run(folder)
    assert len({result.id for result in found}) == len(found)
    wholes = {result.id: result for result in found}
    for name, (_, code) in {**FILES, "gone.txt": (b"", "broken-link")}.items():
        if isinstance(code, str):
            assert wholes.pop(name).error == code, name
    rows = [(result.id, result.error) for result in wholes.values() if not result.id.startswith("cut.jsonl")]
    assert rows == [
        ("one.json#1", OK),
        ("../../up", OK),
        ("rows.csv#2", "bad-row"),
        ("rows.jsonl#1", OK),
        ("rows.jsonl#2", "broken"),
        ("rows.jsonl#3", "no-text"),
    ]
    cut = [result.error for result in found if result.id.startswith("cut.jsonl")]
    assert cut == [OK] * (len(cut) - 1) + ["broken"]
    assert all(result.message for result in found if result.error)


def test_each_document_is_what_it_is_alone(folder):
    together = {result.id: result for result in run(folder)}
    for document in find([folder]).documents:
        alone = run(document.path)
        for result in alone:
            # Alone a file is named without its folders; its record says so too.
            name = result.id if result.id in together else document.id
            same = together[name]
            assert (same.error, same.words, same.found, same.text) == result[2:3] + result[4:6] + result[7:]
            if same.id == result.id:
                assert same == result


def test_what_stands_before_makes_no_difference(folder):
    found = list(units(find([folder]).documents, SETTINGS))
    forth = [result_of(unit, SETTINGS, default()) for unit in found]
    back = [result_of(unit, SETTINGS, default()) for unit in reversed(found)]
    assert forth == back[::-1]
