"""Coverage-guided fuzzing of every reader and of extract: nothing but an InputError may come out of them.

usage: fuzz.py [--minutes N] [--findings DIR] [TARGET]...

Needs atheris, which is no dependency of the project: pip install atheris, where it has a wheel for your Python. Each
target has N minutes. An input that raises anything else, gives a text no record can hold, or an entry whose offsets are
wrong, is written to DIR; the exit code is 1 if there is one. Findings become cases of tests/test_hostile.py.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "corpus"
ONE = ("txt", "md", "html", "eml", "docx", "pdf")
ROWS = ("json", "jsonl", "csv", "jsonl.gz", "parquet")
TARGETS = (*ONE, *ROWS, "list", "extract", "mojibake")
LOOKED_AT = ("extractor", "email", "yaml", "docx", "pypdf", "trafilatura", "htmldate", "justext")
_CONTENT = b"BT /F 11 Tf 14 TL 50 80 Td (Two) Tj T* [(knives) -200 <4142>] TJ ET q 1 0 0 1 0 0 cm Q"
_MOST = 4096  # bytes of an input


class Wrong(Exception):
    """A result that must not be."""


def check(text: str) -> None:
    """What every text of a reader must be."""
    text.encode("utf-8")
    if not text.strip():
        raise Wrong("a text without anything in it")


def read_one(suffix: str, data: bytes) -> None:
    from extractor.errors import InputError
    from extractor.reading.readers import read
    from extractor.reading.units import Settings, Unit

    with contextlib.suppress(InputError):
        check(read(Unit(f"a.{suffix}", f".{suffix}", _packed(suffix, data)), Settings()).text)


def _packed(suffix: str, data: bytes) -> bytes:
    """What is no Word document is the body of one, as a zip file with a changed byte is none; the same for PDF."""
    if suffix == "pdf" and not data.startswith(b"%PDF"):
        return _pdf(data)
    if suffix != "docx" or data.startswith(b"PK"):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_word("a"))) as whole, zipfile.ZipFile(out, "w") as archive:
        for part in whole.namelist():
            archive.writestr(part, data if part == "word/document.xml" else whole.read(part))
    return out.getvalue()


def read_rows(suffix: str, data: bytes) -> None:
    from extractor.errors import InputError
    from extractor.reading.listing import find
    from extractor.reading.readers import read
    from extractor.reading.units import Settings, units

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{suffix}")
        path.write_bytes(data)
        settings = Settings(max_bytes=2_000)
        found = list(units(find([path]).documents, settings))
    if not found or len({unit.id for unit in found}) != len(found):
        raise Wrong("a document lost, or two of one name")
    for unit in found:
        unit.id.encode("utf-8")
        unit.digest(settings)
        try:
            read(unit, settings)
        except InputError as error:
            if not error.code:
                raise Wrong("no code") from error


def read_list(data: bytes) -> None:
    from extractor.errors import InputError
    from extractor.reading import listing

    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with contextlib.suppress(InputError):
            listing.read_list(Path(file.name))


def run_extract(data: bytes) -> None:
    from extractor import extract
    from extractor.models import misplaced

    text = data.decode("utf-8", "replace")
    wrong = misplaced(extract(text, published="2023-05-08"), text)
    if wrong:
        raise Wrong(f"misplaced: {wrong[0]!r}")


def run_mojibake(data: bytes) -> None:
    from extractor.text.mojibake import warnings_of

    text = data.decode("cp1252", "replace")
    for warning in warnings_of(text):
        if not 0 <= warning.start < warning.end <= len(text):
            raise Wrong("a place that is none")


def target(name: str) -> Callable[[bytes], None]:
    """The function that a target runs on the bytes of an input."""
    if name in ONE:
        return lambda data: read_one(name, data)
    if name in ROWS:
        return lambda data: read_rows(name, data)
    return {"list": read_list, "extract": run_extract, "mojibake": run_mojibake}[name]


def seeds(name: str) -> list[bytes]:
    """Inputs to start from: our own releases in the format."""
    texts = [path.read_bytes()[:_MOST] for path in sorted(CORPUS.glob("*.txt"))]
    first = texts[0].decode("utf-8", "ignore")[:1_000]
    paragraphs = "".join(f"<p>{line}</p>" for line in first.split("\n") if line)
    made: dict[str, list[bytes]] = {
        "md": [b"---\ntitle: A\npublished: 2023-05-08\n---\n# B\n* **c** [d](e)\n" + texts[0]],
        "html": [
            f"<html><head><title>A</title></head><body><h1>A</h1>{paragraphs}<ul><li>x</ul><table><tr><td>1".encode()
        ],
        "eml": [
            b"Subject: A\nDate: Mon, 8 May 2023 10:00:00 +0100\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
            b"Content-Type: text/plain; charset=utf-8; format=flowed\n\n" + texts[0][:800] + b"\n--b\nContent-Type: "
            b"text/html\nContent-Transfer-Encoding: base64\n\nPHA+QTwvcD4=\n--b--\n"
        ],
        "json": [b'[{"text": "a", "id": 1, "published": "2023-05-08"}, {"text": null}]'],
        "jsonl": [b'{"text": "a", "id": "x"}\n{"text": "b", "id": "x", "date": "2023"}\n'],
        "csv": [b'id,text,published,title,url\n1,"a ""b""\nc",2023-05-08,t,u\n1,x\n'],
        "docx": [_word(first), zipfile.ZipFile(io.BytesIO(_word(first))).read("word/document.xml")],
        "pdf": [_pdf(_CONTENT), _CONTENT],
        "jsonl.gz": [gzip.compress(b'{"text": "a"}\n' * 3)],
        "parquet": [_parquet()],
    }
    return made.get(name, texts)


@cache
def _word(text: str) -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    small = io.BytesIO()  # without the pictures and themes of the template, so that changes meet the text
    with zipfile.ZipFile(out) as whole, zipfile.ZipFile(small, "w") as archive:
        for part in whole.namelist():
            if "theme" not in part and "thumbnail" not in part:
                archive.writestr(part, whole.read(part))
    return small.getvalue()


def _pdf(content: bytes) -> bytes:
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(100, 100)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject(
        {NameObject("/F"): DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})}
    )
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = stream
    writer.add_metadata({"/Title": "A", "/CreationDate": "D:20230508100000Z"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": ["a", "b"], "id": [1, 2]}), out)
    return out.getvalue()


def fuzz(name: str, seconds: int, findings: Path) -> None:
    """Runs one target in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=list(LOOKED_AT), enable_loader_override=False):
        run = target(name)
        seed = seeds(name)
        for data in seed:
            run(data)
    seen: set[str] = set()

    def one(data: bytes) -> None:
        try:
            run(data)
        # What must not happen is what is looked for; every kind is told once, and the run goes on.
        except Exception as error:  # noqa: BLE001
            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}"
            if kind not in seen:
                seen.add(kind)
                (findings / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
                print(f"FINDING {name}: {kind}: {str(error)[:200]!r}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seed):
            Path(folder, str(number)).write_bytes(data)
        size = 4 * _MOST if name == "docx" else _MOST
        options = [f"-max_total_time={seconds}", "-timeout=30", "-rss_limit_mb=3000", f"-max_len={size}"]
        options += ["-print_final_stats=1", f"-artifact_prefix={findings}/{name}-"]
        atheris.Setup([sys.argv[0], *options, folder], one)
        atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--findings", type=Path, default=Path("out/fuzz"))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("target", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.target if name not in TARGETS]:
        parser.error(f"{unknown[0]}: not one of {', '.join(TARGETS)}")
    if find_spec("atheris") is None:
        print("atheris is not installed; nothing was fuzzed", file=sys.stderr)
        return 2
    arguments.findings.mkdir(parents=True, exist_ok=True)
    if arguments.here:
        fuzz(arguments.target[0], int(arguments.minutes * 60), arguments.findings)
    before = set(arguments.findings.iterdir())
    for name in arguments.target or TARGETS:
        command = [sys.executable, __file__, "--here", "--minutes", str(arguments.minutes)]
        done = subprocess.run([*command, "--findings", arguments.findings, name], stderr=subprocess.PIPE, check=False)
        told = done.stderr.decode("utf-8", "replace")
        many = re.search(r"number_of_executed_units: *(\d+)", told)
        print(
            f"{name}: {int(many[1]) if many else 0:,} executions in {arguments.minutes} minutes, exit {done.returncode}"
        )
        print("".join(line for line in told.splitlines(keepends=True) if "FINDING" in line or "ERROR" in line), end="")
        if not many:
            print(told[-2_000:])
        sys.stdout.flush()
    return 1 if set(arguments.findings.iterdir()) - before else 0


if __name__ == "__main__":
    raise SystemExit(main())
