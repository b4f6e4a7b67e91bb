"""Quotations: the component finds the passages in quotation marks that report speech or writing; `resolve` joins them.

marks.py pairs the marks, speakers.py reads who speaks. Here is what lies between: is a passage reported at all, which
passages are one quotation, and which words attribute it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from extractor import spans
from extractor.models import Extent, Mention, Organisation, Quote, ReleaseWarning, Speaker
from extractor.names.titles import lexicon
from extractor.quotes.attribution import Attribution, above, after, before, below
from extractor.quotes.quotation_marks import Passage, marks, passages
from extractor.quotes.speakers import Cast, Person
from extractor.text.source import Source

_TITLED = re.compile(
    r"(?:called|titled|entitled|named|known as|nicknamed|dubbed|codenamed|branded|term|phrase|words?|marked|labelled|"
    r"bearing|logo|slogan|motto|hashtag|campaign|operation|initiative|scheme|project|song|film|event|quoting|"
    r"subject line|reference|option|button|so[- ]called)\W*$",
    re.IGNORECASE,
)
_NOUN_BEHIND = re.compile(
    r"\W{0,2} (?:campaigns?|operation|initiative|scheme|projects?|programmes?|events?|days?|weeks?|videos?|films?"
    r"|posters?|leaflets?|apps?|brand|logo|sign|line|drugs?|phones?|dealers?|gang|group|style|type|page|section|button|option|tab|link)\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'’”)]*$")
_ARTICLE = re.compile(r"\b(?:the|an?|of|from|his|her|their)\W{1,2}$", re.IGNORECASE)
_SPACES = " \t\n"
_ORNAMENTS = " _\"'“”‘’„-–—•*·"
_OPENING = "\"“”„‘'«"
_TERM = re.compile(r"[\"“”„‘'«]([^\"“”„‘’'«»\n]{2,60})[\"”’'»](?!\w)")  # a term or a title in marks
_TITLE = 3  # so many words in marks on a line of their own are a title
_UNREPORTED = 7  # so many words in marks are somebody's words even where no verb says so
_AT_ONCE = 25  # characters between a reporting verb and the words it reports


@Language.component("extractor_quotes")
def component(doc: Doc) -> Doc:
    """Writes ``doc.spans["quotes"]``: a span for each passage of a quotation, label = how its marks were read."""
    text = spans.text_of(doc)
    paragraphs = _paragraphs(doc)
    found = passages(text, paragraphs)
    kept = [p for number, p in enumerate(found) if _reports(text, found, number, paragraphs[p.paragraph])]
    spans.write(doc, "quotes", [spans.Match(p.start, p.end, p.rule) for p in kept])
    return doc


def _paragraphs(doc: Doc) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in spans.read(doc, "segments") if m.rule != "boilerplate"]


def _reports(text: str, found: list[Passage], number: int, paragraph: tuple[int, int]) -> bool:
    """Does the passage report speech or writing? Names of campaigns, nicknames and scare quotes do not."""
    here = found[number]
    said = text[here.start : here.end]
    words = said.split()
    low, high = _surroundings(found, number, paragraph)
    if here.rule == "unopened":
        return before(text, low, here.start) is not None
    if here.rule != "closed":
        return len(words) > 1 or here.rule in ("reopened", "carried")
    lead, tail = text[low : here.start].rstrip(_SPACES)[:-1].rstrip(_SPACES), text[here.end + 1 : high]
    if _NOUN_BEHIND.match(tail) and len(words) <= _UNREPORTED:
        return False
    if _sentence_like(said) and (not lead.strip(_ORNAMENTS) or lead[-1] in ":,.!?…" or len(words) > 3):
        return True
    if len(words) < 2 and words[0][0].isupper():
        return False
    said_after = after(text, here.end, high) and not (
        len(words) < _UNREPORTED and said[-1] not in ",.!?" and _ARTICLE.search(text, here.start - 8, here.start)
    )  # the 'girls' telling him their ages
    if said_after or (lead.endswith((":", ",")) and before(text, low, here.start)):
        return not _title_like(words) or len(words) > 4 or said.endswith(",")
    if _title_like(words) or _TITLED.search(lead[-40:]) or _NOUN_BEHIND.match(tail):
        return False
    reported = before(text, low, here.start)
    if reported is None:
        return len(words) >= _UNREPORTED
    return len(words) >= _fewest(text, reported, here.start)


def _fewest(text: str, reported: Attribution, at: int) -> int:
    """How many words in marks are a quotation and no scare quote, by the verb before them and how near it is."""
    verb = text[reported.verb_start : reported.verb_end].lower()
    gap = at - reported.verb_end
    if gap >= _AT_ONCE and text.startswith(" that ", reported.verb_end):
        return 3
    if gap >= _AT_ONCE or verb in ("say", "call", "called", "ask") or _ARTICLE.search(text, at - 8, at):
        return 4
    if verb in lexicon().weak:
        return 3
    return 1 if gap < 16 else 2


def _surroundings(found: list[Passage], number: int, paragraph: tuple[int, int]) -> tuple[int, int]:
    """The text of the paragraph around a passage, up to the passages beside it."""
    low, high = paragraph
    if number and found[number - 1].paragraph == found[number].paragraph:
        low = min(found[number - 1].end + 1, found[number].start)
    if number + 1 < len(found) and found[number + 1].paragraph == found[number].paragraph:
        high = found[number + 1].start - 1
    return low, max(high, found[number].end)


def _sentence_like(said: str) -> bool:
    letter = next((c for c in said if c.isalnum()), "")
    return (letter.isupper() or letter.isdigit()) and len(said.split()) > 1 and bool(_ENDS_SENTENCE.search(said))


def _title_like(words: list[str]) -> bool:
    """Do its long words have capitals, or is it a hashtag?"""
    if len(words) > 4 and all(w.isupper() for w in words):
        return False  # a message in capitals
    long = [w for w in words if len(w.strip(".,!?'’")) > 3]
    return words[0].startswith("#") or all(not w[0].islower() for w in (long or words))


@dataclass
class _Quotation:
    """A quotation while it is put together."""

    parts: list[tuple[int, int, int]]  # start, end, paragraph
    rule: str
    attribution: Attribution | None = None
    partial: bool = False
    speaker: Person | None = None


def resolve(
    doc: Doc, source: Source, organisations: list[Organisation]
) -> tuple[list[Quote], list[Speaker], list[ReleaseWarning]]:
    """The quotations, the speakers and what looked wrong.

    Args:
        doc: A Doc that the component has been over.
        source: Its source.
        organisations: What speakers may be linked to.
    """
    text = spans.text_of(doc)
    paragraphs = _paragraphs(doc)
    matches = spans.read(doc, "quotes")
    if not matches:
        return [], [], _unread(text, paragraphs, [])
    quotations = _join(text, _placed(matches, paragraphs), paragraphs)
    cast = Cast(text, paragraphs, organisations)
    for quotation in quotations:
        quotation.speaker = cast.attribute(quotation.attribution)
    speakers, names = cast.finish(source.text)
    quotes = [_quote(source.text, q, number, names) for number, q in enumerate(quotations, 1)]
    warnings = [w for q in quotations for w in _warnings(q)]
    return quotes, speakers, warnings + _unread(text, paragraphs, matches)


def _placed(matches: list[spans.Match], paragraphs: list[tuple[int, int]]) -> list[Passage]:
    placed, number = [], 0
    for match in matches:
        while number + 1 < len(paragraphs) and paragraphs[number + 1][0] <= match.start:
            number += 1
        placed.append(Passage(match.start, match.end, number, match.rule))
    return placed


def _join(text: str, found: list[Passage], paragraphs: list[tuple[int, int]]) -> list[_Quotation]:
    """Passages to quotations: reopened paragraphs and the halves around an attribution belong together."""
    joined: list[_Quotation] = []
    for number, here in enumerate(found):
        low, high = _surroundings(found, number, paragraphs[here.paragraph])
        ahead, behind = before(text, low, here.start), after(text, here.end, high)
        leads = not text[low : here.start].strip(_ORNAMENTS)
        last = joined[-1] if joined else None
        previous = found[number - 1] if number else None
        if last and ahead and last.attribution and ahead.verb_start == last.attribution.verb_start:
            ahead = None  # “…,” he said, “…”: the words between them belong to both
        another = behind and last and last.attribution and previous and here.paragraph != previous.paragraph
        another = another and previous and previous.rule not in ("reopened", "carried")
        if last and previous and not ahead and not another and _belongs(text, previous, here, last, paragraphs):
            last.parts.append((here.start, here.end, here.paragraph))
            last.attribution = last.attribution or behind
            if here.rule != "closed":
                last.rule = here.rule
            continue
        attribution = ahead or behind
        if attribution is None and leads:
            attribution = above(text, paragraphs, here.paragraph, previous.end + 1 if previous else 0)
        joined.append(_Quotation([(here.start, here.end, here.paragraph)], here.rule, attribution))
    for number, quotation in enumerate(joined):
        if quotation.attribution is None:
            stop = joined[number + 1].parts[0][0] if number + 1 < len(joined) else len(text)
            quotation.attribution = below(text, paragraphs, quotation.parts[-1][2], quotation.parts[-1][1], stop)
        said = " ".join(text[a:b] for a, b, _ in quotation.parts)
        quotation.partial = len(quotation.parts) == 1 and _is_fragment(text, quotation, said)
    return joined


def _belongs(text: str, previous: Passage, here: Passage, last: _Quotation, paragraphs: list[tuple[int, int]]) -> bool:
    """Does a passage without words of its own before it go on with the quotation before it?"""
    found = last.attribution
    tail = found is not None and found.side == "after" and found.verb_start > previous.end
    if here.paragraph == previous.paragraph:
        between = text[previous.end + 1 : here.start - 1].strip()
        return not between or (tail and len(between) < 250 and between[-1] in ".,-–:;…")
    if here.paragraph != previous.paragraph + 1:
        return False
    if previous.rule in ("reopened", "carried"):
        return True
    low = paragraphs[here.paragraph][0]
    if text[low : here.start].strip(_ORNAMENTS):
        return False
    begins, ends = text[previous.start], text[previous.end - 1]
    if begins.islower() and ends not in ".!?…," and last.parts[-1][0] == previous.start:
        return False  # a fragment in a sentence of the release ended with it
    rest = text[previous.end + 1 : paragraphs[previous.paragraph][1]].strip(" .,\"'’”")
    return tail or not rest


def _is_fragment(text: str, quotation: _Quotation, said: str) -> bool:
    letter = next((c for c in said if c.isalpha()), "")
    if letter.islower():
        return True
    ends = bool(_ENDS_SENTENCE.search(said)) or quotation.rule in ("unclosed", "reopened")
    return not ends and len(said.split()) < 6 and not (quotation.attribution and said.endswith(","))


def _quote(text: str, quotation: _Quotation, number: int, names: dict[int, str]) -> Quote:
    said = text[quotation.parts[0][0] : quotation.parts[0][1]]
    for (_, _, above_), (start, end, here) in zip(quotation.parts, quotation.parts[1:], strict=False):
        said += (" " if here == above_ else "\n\n") + text[start:end]
    found = quotation.attribution
    cue = None
    if found and found.verb_end > found.verb_start:
        cue = Mention(start=found.verb_start, end=found.verb_end, text=text[found.verb_start : found.verb_end])
    return Quote(
        id=f"q{number}",
        rule=quotation.rule,
        kind="partial" if quotation.partial else "direct",
        text=said,
        spans=tuple(Extent(start=a, end=b) for a, b, _ in quotation.parts),
        speaker=names[id(quotation.speaker)] if quotation.speaker else None,
        cue=cue,
    )


def _unread(text: str, paragraphs: list[tuple[int, int]], matches: list[spans.Match]) -> list[ReleaseWarning]:
    """A warning for each paragraph that opens with a mark, but with no title, and that no quotation reaches."""
    found = []
    ends = [match.end for match in matches]  # in order, for passages do not overlap
    for low, high in paragraphs:
        after = bisect_right(ends, low)
        if text[low] not in _OPENING or (after < len(matches) and matches[after].start < high):
            continue
        opening = marks(text, low, high)[:1]
        if not opening or opening[0].start != low:
            continue  # an apostrophe: ’Twas
        title = _TERM.match(text, low, high)
        if len(text[low:high].split()) > _TITLE and not (title and _title_like(title.group(1).split())):
            message = "the paragraph opens with a quotation mark, but was read as no quotation"
            found.append(ReleaseWarning(code="unread-quote", message=message, start=low, end=high))
    return found


def _warnings(quotation: _Quotation) -> list[ReleaseWarning]:
    start, end, _ = quotation.parts[-1]
    if quotation.rule == "unclosed":
        message = "the quotation has no closing mark; it was ended with its paragraph"
        return [ReleaseWarning(code="unclosed-quote", message=message, start=start, end=end)]
    if quotation.rule == "unopened":
        message = "the quotation has no opening mark"
        return [ReleaseWarning(code="unopened-quote", message=message, start=start, end=end)]
    return []
