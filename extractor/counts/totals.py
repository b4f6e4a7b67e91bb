"""How figures hang together: parts and totals, a figure told again, and where they do not agree."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from extractor.models import Count, ReleaseWarning
from extractor.text.layout import Layout

# Between a total and the first of its parts, and between parts.
_OPENS = re.compile(
    r"[^.!?\n]{0,60}?(?P<cue>,? of (?:whom|which)\b|, of (?:these|those|them)\b|"
    r" includ(?:ing|es|ed)\b|,? among(?:st)? (?:them|whom)\b|"
    r", made up of\b|, comprising\b|"
    r" ?[(\[]| ?[–—:]| - )[^.!?\n]{0,40}",
)
_NEXT = re.compile(r"[^.!?\n()–—]{0,60}")
_OF_THESE = re.compile(
    r"\W*(?:Of|Among|Amongst) (?:these|those|them|the(?: total)?|all)\b|\W*(?:These|They|This) includ", re.I
)
_OF_TOTAL = re.compile(r"\W*(?:Of|Out of|Among|From) (?:all )?(?:the |those |these |our )?(?:total of )?")
_OF_THE = re.compile(r" (?:people |men |women )?of (?:the|those|these) (?:total |original |same )?(?:of )?$")
_THEM = re.compile(r" of (?:them|these|those|whom|which)\b")
_REST = re.compile(r"\b(?:the|my|our) (?:other|remaining) $", re.I)
_BACK = 8  # figures before a part among which its total may be
_PARTITION = {"(", "[", "–", "—", ":", "-"}
_REACH = 40  # a total has at most so many parts behind it, a headline at most so many figures
_ROUTES = {"seized", "recovered", "found", "surrendered"}
_TELLING = 1000
_FEW = 20
_LOOSE = {"more_than", "at_least", "approximately"}


def relate(counts: Sequence[Count], text: str, layout: Layout) -> tuple[list[Count], list[ReleaseWarning]]:
    """The counts with `subset_of` and `same_as`, and warnings where figures contradict each other."""
    parents: dict[str, str] = {}
    warnings: list[ReleaseWarning] = []
    for total, parts, exhaustive in _groups(counts, text, layout):
        fresh = [p for p in parts if p.id not in parents and p.id != total.id and parents.get(total.id) != p.id]
        parents.update((p.id, total.id) for p in fresh)
        warnings += _check(total, parts, exhaustive)
    first = _first_told(counts)
    linked = [c.model_copy(update={"subset_of": parents.get(c.id), "same_as": first.get(c.id)}) for c in counts]
    return _in_scope(linked, layout), warnings + _differing(linked, layout)


def _in_scope(counts: Sequence[Count], layout: Layout) -> list[Count]:
    """Gives a part the date and place of its total in the same sentence: "140 officers in Kent, of whom 20 …"."""
    whole = {count.id: count for count in counts}
    out = []
    for count in counts:
        total = whole[count.subset_of] if count.subset_of else None
        if total and layout.sentence_at(total.start) == layout.sentence_at(count.start):
            count = count.model_copy(  # noqa: PLW2901
                update={"when": count.when or total.when, "where": count.where or total.where}
            )
        out.append(count)
    return out


def _groups(counts: Sequence[Count], text: str, layout: Layout) -> Iterator[tuple[Count, list[Count], bool]]:
    """Totals with their parts; the flag says that the text gives the parts as all there are."""
    for index, total in enumerate(counts):
        if total.unit == "percent":
            continue
        rest = counts[index + 1 : index + 1 + _REACH]
        yield from _opened(total, rest, text)
        yield from _of_them(counts, index, text, layout)
        yield from _the_rest(counts, index, text)
        yield from _of_these(total, (counts[max(0, index - _BACK) : index], rest), text, layout)
        yield from _summed(total, rest, layout)
        yield from _of_total(total, rest, text, layout)
        if rest and _OF_THE.fullmatch(text[total.end : rest[0].start]) and rest[0].value > total.value:
            yield rest[0], [total], False


def _opened(total: Count, rest: Sequence[Count], text: str) -> Iterator[tuple[Count, list[Count], bool]]:
    """ "1,693 arrested, of whom 829 …"; "119 arrests (three for drugs, 116 for alcohol)"."""
    if not rest:
        return
    opened = _OPENS.fullmatch(text, total.end, rest[0].start)
    if not opened:
        return
    bracket = opened["cue"].strip() in {"(", "["}
    if bracket and any(c.isdigit() for c in text[total.end : opened.start("cue")]):
        return  # the bracket belongs to another number: "down 25, from 2018 (241)"
    stop = text.find(")" if opened["cue"].strip() == "(" else "]", total.end) if bracket else len(text)
    parts = [rest[0]] if rest[0].start < stop else []
    for part in rest[1:]:
        if not parts or part.start >= stop or not _NEXT.fullmatch(text, parts[-1].end, part.start):
            break
        parts.append(part)
    parts = [p for p in parts if _part_of(p, total)]
    if parts and total.unit == "item" and _same_kind(parts[0], total):
        parts = [p for p in parts if _same_kind(p, total)]  # "39 blades, including six swords, and five rifles"
    exhaustive = opened["cue"].strip() in _PARTITION
    if not parts or (exhaustive and not bracket and len(parts) < 2):
        return
    if exhaustive and not bracket and sum(p.value for p in parts) > total.value:
        return  # a dash or colon also joins figures that are no parts of each other
    yield total, parts, exhaustive and len(parts) > 1


def _of_them(
    counts: Sequence[Count], index: int, text: str, layout: Layout
) -> Iterator[tuple[Count, list[Count], bool]]:
    """A figure that says whose part it is: "two of them", "six of the watches", "22 of which"."""
    part = counts[index]
    named = part.rule == "elliptical.of"
    degree = part.text.endswith(("seriously", "slightly", "fatally"))  # "eleven were hurt, one seriously"
    if not named and not degree and not _THEM.match(text, part.end):
        return
    floor = layout.line_at(part.start)
    for total in reversed(counts[max(0, index - _BACK) : index]):
        if total.value > part.value and _same_or_taken(part, total) and total.rule != "elliptical.of":
            near = floor is not None and total.start >= floor.start
            if near or named:
                yield total, [part], False
            return


def _the_rest(counts: Sequence[Count], index: int, text: str) -> Iterator[tuple[Count, list[Count], bool]]:
    """What is left of a group when somebody was told apart: "Four appeared … the other two were bailed"."""
    part = counts[index]
    if not part.rule.startswith("elliptical") or not _REST.search(text, max(0, part.start - 20), part.start):
        return
    for total in reversed(counts[max(0, index - _BACK) : index]):
        if "\n" in text[total.end : part.start]:
            return
        if total.value > part.value and _same_or_taken(part, total) and total.rule != "elliptical.of":
            yield total, [part], False
            return


def _same_or_taken(part: Count, total: Count) -> bool:
    return _same_kind(part, total) or (part.unit == total.unit == "person")


def _of_these(
    total: Count, around: tuple[Sequence[Count], Sequence[Count]], text: str, layout: Layout
) -> Iterator[tuple[Count, list[Count], bool]]:
    """The next sentence opens with "Of these, 829 …"."""
    before, rest = around
    line = layout.line_at(total.start)
    own = layout.sentence_at(total.start)
    if line is None or own is None:
        return
    after = bisect_left(line.sentences, (own[1], 0))
    following = line.sentences[after] if after < len(line.sentences) else None
    if following is None or not _OF_THESE.match(text, *following):
        return
    if any(own[0] <= c.start < own[1] for c in (*before, *rest) if c.value > total.value):
        return  # the largest figure of the sentence is the one referred to
    parts = [c for c in rest if following[0] <= c.start < following[1] and _part_of(c, total)]
    if parts:
        yield total, parts, False


def _of_total(
    total: Count, rest: Sequence[Count], text: str, layout: Layout
) -> Iterator[tuple[Count, list[Count], bool]]:
    """A sentence that opens with its total: "Of 14,761 knives taken in, 14,421 …"."""
    own = layout.sentence_at(total.start)
    if own is None or not _OF_TOTAL.fullmatch(text, own[0], total.start):
        return
    parts = [c for c in rest if c.start < own[1] and c.value < total.value and _part_of(c, total)]
    parts = [p for p in parts if text.count("(", total.end, p.start) == text.count(")", total.end, p.start)]
    if parts:
        yield total, parts, False


def _summed(total: Count, rest: Sequence[Count], layout: Layout) -> Iterator[tuple[Count, list[Count], bool]]:
    """Neighbouring figures of the same kind in the same paragraph or list that add up to the total exactly."""
    if total.value < 5 or total.modifier != "exact":
        return
    line = layout.line_at(total.start)
    run: list[Count] = []
    amount: float = 0
    for part in rest:
        if line is None or part.start >= line.end or not _same_kind(part, total) or part.value >= total.value:
            break
        run.append(part)
        amount += part.value
        if amount == total.value and len(run) > 1:
            yield total, run, False
            run, amount = [], 0
        elif amount > total.value:
            break


def _part_of(part: Count, total: Count) -> bool:
    if part.unit == "percent" or _is_money(part) != _is_money(total):
        return False
    if part.unit == total.unit == "item":
        return any(_within(a, b) for a in part.categories for b in total.categories)
    return _same_kind(part, total) or part.unit in {"person", "activity"} or part.unit == total.unit


def _within(category: str, other: str) -> bool:
    """Whether one category is the other or a level of it: air rifles are no part of bladed articles."""
    return other in {"other", category} or category.startswith(f"{other}.") or other.startswith(f"{category}.")


def _same_kind(a: Count, b: Count) -> bool:
    return a.unit == b.unit and bool(set(a.categories) & set(b.categories))


def _is_money(count: Count) -> bool:
    return count.unit.isupper()


def _check(total: Count, parts: Sequence[Count], exhaustive: bool) -> list[ReleaseWarning]:
    amount = sum(p.value for p in parts)
    if total.value_max is not None or any(p.unit != total.unit for p in parts):
        return []
    end = max(total.end, parts[-1].end)
    if amount > total.value and total.modifier not in _LOOSE and len({*(p.action for p in parts)}) == 1:
        message = f"parts add up to {amount:,}, more than {total.text!r}"
        return [ReleaseWarning(code="parts-exceed-total", message=message, start=total.start, end=end)]
    exact = {p.modifier for p in (total, *parts)} == {"exact"}
    if exhaustive and exact and amount < total.value:
        message = f"parts add up to {amount:,}, not to {total.text!r}"
        return [ReleaseWarning(code="parts-below-total", message=message, start=total.start, end=end)]
    return []


def _first_told(counts: Sequence[Count]) -> dict[str, str]:
    """For each figure told again, the count that tells it first."""
    told: dict[str, str] = {}
    seen: dict[tuple[object, ...], list[Count]] = defaultdict(list)
    for count in counts:
        key = (count.value, count.value_max, count.unit)
        for earlier in seen[key]:
            if _tells_again(count, earlier):
                told[count.id] = earlier.id
                break
        else:
            seen[key].append(count)
    return told


def _everybody(count: Count) -> bool:
    return count.unit == "person" and count.text.casefold().startswith("all ")


def _nounless(count: Count) -> bool:
    return count.rule in ("elliptical", "elliptical.verb", "elliptical.of")


def _tells_again(count: Count, earlier: Count) -> bool:
    agree = not (count.action and earlier.action) or count.action == earlier.action
    same = set(count.categories) == set(earlier.categories)
    if count.value >= _TELLING:  # so large a figure of the same kind is no coincidence
        same = same or bool(set(count.categories) & set(earlier.categories))
        agree = agree or {count.action, earlier.action} <= _ROUTES
    if count.value < _FEW and _nounless(count) and _nounless(earlier) and not _everybody(count):
        return False  # two small numbers without a noun: a coincidence
    if count.rule == "elliptical.again" or _everybody(count):
        same = True
    apart = bool(count.where and earlier.where and count.where.text != earlier.where.text) or bool(
        count.when and earlier.when and count.when.id != earlier.when.id
    )
    return agree and same and not apart and count.modifier == earlier.modifier


def _differing(counts: Sequence[Count], layout: Layout) -> list[ReleaseWarning]:
    """Figures of the same thing, in the same words, one in the headline or lead and one below, that differ."""
    warnings: list[ReleaseWarning] = []
    told = {c.same_as for c in counts}
    for top in counts[:_REACH]:
        line = layout.line_at(top.start)
        if line is None or (line.kind != "headline" and line is not layout.lines[0]):
            continue
        if (
            top.action is None
            or top.id in told
            or top.modifier != "exact"
            or top.value < 10
            or top.value_max is not None
        ):
            continue
        rivals = [c for c in counts if c.start >= line.end and c.subset_of is None and _same_thing(c, top)]
        if rivals and all(c.value != top.value for c in rivals):
            message = f"{top.text!r} above, {rivals[0].text!r} below"
            warnings.append(
                ReleaseWarning(code="figures-differ", message=message, start=rivals[0].start, end=rivals[0].end)
            )
    return warnings


def _same_thing(a: Count, b: Count) -> bool:
    return (
        a.unit == b.unit
        and a.categories == b.categories
        and a.action == b.action
        and a.modifier == b.modifier
        and _head(a) == _head(b) != ""
        and (a.where is None or b.where is None or a.where.text == b.where.text)
        and (a.when is None or b.when is None or a.when.id == b.when.id)
    )


def _head(count: Count) -> str:
    return re.sub(r"[\d,.£€$]+|\b(?:arrested|seized|recovered|executed|found)\b", "", count.text.casefold()).strip()
