"""Gold to and from other tools: spaCy DocBin, Label Studio and doccano JSON Lines, brat stand-off.

What each format does with offsets, and what was decided:

- **Label Studio** counts code points: since 2022 its editor converts the UTF-16 units of the browser
  (label-studio-frontend#308, for label-studio#1008). Older exports hold UTF-16 units (label-studio#1347), and some
  count CR LF as one character (label-studio#539). We write code points. Every region also quotes its text, so on
  reading the first way of counting that gives that text is taken; a region that fits none is refused, never moved
  silently.
- **doccano** counts code points (doccano#99), unless a project is in grapheme mode, which must be off (doccano#1511).
  It gives entities numbers of its own and does not quote them, so an entity is known again by label and offsets; the
  values travel beside the entities under ``marks``, which doccano keeps as metadata.
- **brat** counts code points, one mark a line. A stretch that runs over a line break is written in fragments, because
  brat knows no line break within a mark; the note of a mark carries its values.
- **DocBin**: spaCy spans begin and end with tokens, so the Doc is tokenised with a break at every edge of a mark.

Texts go through unchanged, CR LF included.
"""

from __future__ import annotations

import itertools
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import InputError
from extractor.judging.flat import Flat, Mark
from extractor.runs import atomic

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SPANS = "extractor"  # key of doc.spans and doc.user_data


# Label Studio


def to_label_studio(documents: Iterable[Flat]) -> Iterator[str]:
    """One task a line; the labelling configuration needs ``<Labels name="label" toName="text">``."""
    for document in documents:
        result = [
            {
                "id": mark.id,
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {
                    "start": mark.start,
                    "end": mark.end,
                    "text": document.text[mark.start : mark.end],
                    "labels": [mark.label],
                },
                **({"meta": {"text": [_dump(mark.values)]}} if mark.values else {}),
            }
            for mark in document.marks
        ]
        data = {"id": document.name, "text": document.text, "record": document.rest}
        yield _dump({"data": data, "annotations": [{"result": result}]}) + "\n"


def from_label_studio(data: str) -> Iterator[Flat]:
    """Reads tasks, one a line or as one JSON array; of several annotations of a task the last one counts."""
    for number, task in enumerate(_tasks(data), 1):
        with _naming(f"task {number}"):
            text = task["data"]["text"]
            name = str(task["data"].get("id", number))
            count = _Counting(text)
            marks = []
            results = task["annotations"][-1]["result"] if task.get("annotations") else []
            for region in results:
                if region.get("type") == "labels":
                    value = region["value"]
                    start, end = count.found(value["start"], value["end"], value.get("text"), name)
                    notes = region.get("meta", {}).get("text", [])
                    notes = [notes] if isinstance(notes, str) else notes
                    marks.append(Mark(str(region["id"]), value["labels"][0], start, end, _values(notes, name)))
        yield Flat(name, text, tuple(marks), task["data"].get("record", {}))


def _tasks(data: str) -> Iterator[Any]:
    if data.lstrip().startswith("["):
        yield from _load(data, "tasks")
    else:
        yield from _lines(data)


class _Counting:
    """The ways in which tools count characters, each as the code point that a position means."""

    def __init__(self, text: str) -> None:
        self._text = text

    def found(self, start: int, end: int, quoted: str | None, name: str) -> tuple[int, int]:
        """Offsets in code points, read in the first way that gives the quoted text."""
        if quoted is None:
            return start, end
        want = quoted.replace("\\n", "\n").replace("\r\n", "\n")
        for units in (lambda c: 1, lambda c: 1 + (c > "\uffff")):
            for crlf in (False, True):
                place = self._place(start, end, units, crlf)
                if place and self._text[slice(*place)].replace("\r\n", "\n") == want:
                    return place
        raise InputError(f"{name}: {quoted!r} does not stand at {start}-{end}, however one counts", "bad-annotation")

    def _place(self, start: int, end: int, units: Callable[[str], int], crlf: bool) -> tuple[int, int] | None:
        at = 0
        found: dict[int, int] = {}
        for index, character in enumerate(self._text):
            found.setdefault(at, index)
            at += 0 if crlf and self._text[index : index + 2] == "\r\n" else units(character)
        found.setdefault(at, len(self._text))
        return (found[start], found[end]) if start in found and end in found else None


# doccano


def to_doccano(documents: Iterable[Flat]) -> Iterator[str]:
    """One document a line, in the form with ``entities`` and ``relations``."""
    for document in documents:
        entities = [
            {"id": n, "label": mark.label, "start_offset": mark.start, "end_offset": mark.end}
            for n, mark in enumerate(document.marks)
        ]
        marks = [[m.id, m.label, m.start, m.end, m.values] for m in document.marks]
        row = {"text": document.text, "entities": entities, "relations": [], "name": document.name}
        yield _dump({**row, "record": document.rest, "marks": marks}) + "\n"


def from_doccano(data: str) -> Iterator[Flat]:
    """Reads documents with ``entities``, or with the older ``label`` or ``labels`` of [start, end, label]."""
    for number, row in enumerate(_lines(data), 1):
        with _naming(f"document {number}"):
            known: dict[tuple[str, int, int], list[Mark]] = {}
            for id_, label, start, end, values in row.get("marks", ()):
                known.setdefault((label, start, end), []).append(Mark(id_, label, start, end, values))
            marks = []
            for n, (label, start, end) in enumerate(_entities(row)):
                same = known.get((label, start, end))
                marks.append(same.pop(0) if same else Mark(f"new{n}", label, start, end))
            yield Flat(str(row.get("name", number)), row["text"], tuple(marks), row.get("record", {}))


def _entities(row: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    if "entities" in row:
        return [(e["label"], e["start_offset"], e["end_offset"]) for e in row["entities"]]
    return [(label, start, end) for start, end, label in row.get("label", row.get("labels", ()))]


# brat


def brat_files(name: str, folder: Path) -> list[Path]:
    """The files that a document of that name is to brat."""
    return [folder / (Path(name).stem + suffix) for suffix in (".txt", ".ann", ".meta.json")]


def to_brat(documents: Iterable[Flat], folder: Path) -> None:
    """Writes ``NAME.txt``, ``NAME.ann`` and, for what brat has no place for, ``NAME.meta.json``."""
    written: set[str] = set()
    for document in documents:
        lines = []
        for n, mark in enumerate(document.marks, 1):
            pieces = [
                (mark.start + m.start(), mark.start + m.end())
                for m in re.finditer(r"[^\r\n]+", document.text[mark.start : mark.end])
            ]
            if not pieces:
                raise InputError(f"{document.name}: {mark.id} is nothing but line breaks", "bad-annotation")
            places = ";".join(f"{start} {end}" for start, end in pieces)
            quoted = " ".join(document.text[start:end] for start, end in pieces)
            lines.append(f"T{n}\t{mark.label} {places}\t{quoted}\n")
            whole = (pieces[0][0], pieces[-1][1]) == (mark.start, mark.end)
            edges = {} if whole else {"start": mark.start, "end": mark.end}
            lines.append(f"#{n}\tAnnotatorNotes T{n}\t{_dump({'id': mark.id, **edges, 'values': mark.values})}\n")
        stem = Path(document.name).stem
        if stem in written:
            raise InputError(f"two documents are named {stem}; brat knows a document by its file name", "twice")
        written.add(stem)
        rest = {"name": document.name, "record": document.rest}
        parts = {".txt": document.text, ".ann": "".join(lines), ".meta.json": _dump(rest) + "\n"}
        for suffix, content in parts.items():
            with atomic.atomic(folder / (stem + suffix)) as file:
                file.buffer.write(content.encode("utf-8"))


_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_NOTE = re.compile(r"#\d+\tAnnotatorNotes (T\d+)\t(.*)")


def from_brat(folder: Path) -> Iterator[Flat]:
    """Reads every ``.ann`` of a folder with its text; lines other than marks and notes are not ours and passed over."""
    files = sorted(folder.glob("*.ann"))
    if not files:
        raise InputError(f"{folder}: no .ann file in this folder", "not-found")
    for file in files:
        text = _read(file.with_suffix(".txt"))
        bound: dict[str, tuple[str, int, int]] = {}
        notes: dict[str, dict[str, Any]] = {}
        for line in _read(file).split("\n"):
            if hit := _BOUND.match(line):
                places = [int(n) for n in re.split("[ ;]", hit[3])]
                bound[hit[1]] = hit[2], min(places), max(places)
            elif hit := _NOTE.match(line):
                notes[hit[1]] = _values([hit[2]], file.name)
        with _naming(file.name):
            marks = tuple(_brat_mark(key, place, notes.get(key, {}), text) for key, place in bound.items())
        beside = file.with_name(f"{file.stem}.meta.json")
        meta = _load(_read(beside), beside.name) if beside.exists() else {}
        yield Flat(meta.get("name", f"{file.stem}.txt"), text, marks, meta.get("record", {}))


def _brat_mark(key: str, place: tuple[str, int, int], note: Mapping[str, Any], text: str) -> Mark:
    label, start, end = place
    if "id" not in note:  # added by a person; the note, if there is one, gives values
        return Mark(key, label, start, end, note)
    # Line breaks at the edges of a mark had to be left out of brat's fragments.
    first, last = note.get("start", start), note.get("end", end)
    if text[first:last].strip("\r\n") == text[start:end]:
        start, end = first, last
    return Mark(note["id"], label, start, end, note.get("values", {}))


# spaCy


def to_docbin(documents: Iterable[Flat]) -> bytes:
    """A DocBin; the marks are in ``doc.spans["extractor"]``, with the values in ``doc.user_data``."""
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("en")
    store = DocBin(store_user_data=True)
    for document in documents:
        doc = _doc(nlp, document)
        values = {mark.id: mark.values for mark in document.marks if mark.values}
        kept = {"name": document.name, "record": document.rest, "values": values}
        doc.user_data[SPANS] = _dump(kept)
        store.add(doc)
    return store.to_bytes()


def _doc(nlp: Language, document: Flat) -> Doc:
    """The text as spaCy's tokens, cut further where a mark begins or ends."""
    from spacy.tokens import Doc, Span

    starts = {mark.start for mark in document.marks}
    ends = {mark.end for mark in document.marks}
    edges = {0, len(document.text)} | starts | ends
    for token in nlp.tokenizer(document.text):
        edges |= {token.idx, token.idx + len(token)}
    words: list[str] = []
    spaces: list[bool] = []
    token_at, token_to = {}, {}
    for start, end in itertools.pairwise(sorted(edges)):
        word = document.text[start:end]
        if word == " " and words and not spaces[-1] and start not in starts and end not in ends:
            spaces[-1] = True
            continue
        token_at[start] = len(words)
        words.append(word)
        spaces.append(False)
        token_to[end] = len(words)
    doc = Doc(nlp.vocab, words=words, spaces=spaces)
    doc.spans[SPANS] = [
        Span(doc, token_at[m.start], token_to[m.end], label=m.label, span_id=m.id) for m in document.marks
    ]
    return doc


def from_docbin(data: bytes) -> Iterator[Flat]:
    """Reads a DocBin: ``doc.spans["extractor"]``, or ``doc.ents`` of documents that other programs have made."""
    import spacy
    from spacy.tokens import DocBin

    try:
        docs = list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))
    except (ValueError, KeyError, zlib.error) as error:
        raise InputError(f"not a DocBin: {error}", "bad-annotation") from error
    for number, doc in enumerate(docs, 1):
        kept = _load(doc.user_data.get(SPANS, "{}"), f"document {number}")
        values = kept.get("values", {})
        spans = doc.spans.get(SPANS, doc.ents)
        marks = [
            Mark(span.id_ or f"new{n}", span.label_, span.start_char, span.end_char, values.get(span.id_, {}))
            for n, span in enumerate(spans)
        ]
        yield Flat(kept.get("name", str(number)), doc.text, tuple(marks), kept.get("record", {}))


# Reading JSON that others have written


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _load(data: str, where: str) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise InputError(f"{where}: not JSON: {error}", "bad-annotation") from error


def _lines(data: str) -> Iterator[Any]:
    for number, line in enumerate(data.split("\n"), 1):
        if line.strip():
            yield _load(line, f"line {number}")


def _values(notes: Iterable[str], where: str) -> dict[str, Any]:
    """The values that a note holds; a note in words says nothing about them."""
    for note in notes:
        if note.lstrip().startswith("{"):
            return dict(_load(note, f"{where}: note {note[:40]!r}"))
    return {}


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: {error}", "unreadable") from error


@contextmanager
def _naming(what: str) -> Iterator[None]:
    """What has not the shape of the format is one error that names the place."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise InputError(f"{what}: not as this format has it: {error!r}", "bad-annotation") from error
