"""Finds temporal expressions: words and figures become codes, and the forms of data/dates.toml match on the codes.

A cascade of finite-state rules. `lex` turns the text into nodes (known words, figures, marks); each node has one code
character, so a stretch of text becomes a short string. Each stage of forms is one compiled expression over such
strings; what it matches is folded into one node, which the forms of later stages use as a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from extractor import tables
from extractor.errors import DataError
from extractor.language.words import Chosen, words_of
from extractor.models import DateType
from extractor.spans import lowered, trie_expression

FILE = "dates.toml"
_REMEMBERED = 64  # a stretch of at most so many words is read once
NOT_A_DATE = "other"  # what the forms give that find ages, references and the like, so that nothing else finds them


class WordClass(tables.Row):
    """A named set of words, figures, kinds or other classes: what ``{name}`` stands for in a form.

    Attributes:
        words: Words with the value they have: ``monday = 1``.
        of: Names of figures, of kinds that forms give, of other classes, or words without a value.
        hot: Whether a stretch of text is worth reading because a member of the class stands in it.
    """

    words: Mapping[str, float | int | str] = {}
    of: tuple[str, ...] = ()
    hot: bool = False


class Figure(tables.Row):
    """A shape of figures.

    Attributes:
        expression: Regular expression on lower-case text.
        hot: As for `WordClass`.
    """

    expression: str
    hot: bool = False


class Form(tables.Row):
    """One form of a temporal expression.

    Attributes:
        stage: Forms of a lower stage are found first and can be parts of forms of a higher one.
        gives: The kind of node it makes, to be used as ``{kind}`` by later stages.
        type: TIMEX3 type; None for what is only a part of a date, or no date at all.
        means: How its value is computed, a function of `date_values`.
        form: Alternatives. A word stands for itself, ``{name}`` for a class or kind, ``[...]`` is optional,
            ``(a | b)`` a choice, and a mark is written in quotes where it would be read as one of these.
        after: What must stand before it; `not_after` what must not; `before`, `not_before` likewise what follows.
    """

    stage: int
    gives: str
    type: DateType | None = None
    means: str = ""
    form: tuple[str, ...]
    after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Node(NamedTuple):
    """A word, a figure, a mark, or what a form made of such.

    Attributes:
        kind: The word in lower case; in angle brackets the id of the figure, or what the form gives.
        start: Offset of its first character.
        end: Offset after its last character.
        row: id of the form; empty for words and figures.
        parts: The nodes it was made of.
    """

    kind: str
    start: int
    end: int
    row: str = ""
    parts: tuple[Node, ...] = ()


_SYNTAX = re.compile(r"'([^'\s]+)'|\{(\w+)\}|([\[\]()|])|('?[^\s\[\]()|{}']+)")


# In lower case these are everyday words; as names of days and months they follow a figure, or have a capital.
_AMBIGUOUS = frozenset(["may", "march", "sun", "sat", "mar", "mon", "dec", "wed", "jan"])
_NAME = "dawn"  # with a capital

# What a figure may end with after a space.
_ENDINGS = frozenset(["am", "pm", "h", "hr", "hrs", "million", "billion", "trillion", "st", "nd", "rd", "th"])


class Grammar:
    """The compiled table."""

    def __init__(self, classes: Iterable[WordClass], figures: Iterable[Figure], forms: Iterable[Form]) -> None:
        self.classes = {row.id: row for row in classes}
        self.figures = {row.id: row for row in figures}
        self.forms = {row.id: row for row in forms}
        self.codes: dict[str, str] = {}
        self._sets: dict[str, frozenset[str]] = {}
        self._kinds = {*self.figures, *(form.gives for form in self.forms.values())}
        self.stages = [
            self._stage([f for f in self.forms.values() if f.stage == n])
            for n in sorted({f.stage for f in self.forms.values()})
        ]
        for row in self.figures.values():
            self.code(f"<{row.id}>")
        self.words = frozenset(kind for kind in self.codes if not kind.startswith("<"))
        self.plain = self.words - _AMBIGUOUS - {_NAME}
        self.hot = frozenset(
            [kind for row in self.classes.values() if row.hot for kind in self.members(row.id)]
            + [f"<{row.id}>" for row in self.figures.values() if row.hot]
        )
        self.spark = re.compile(self._spark())
        self.border = self.words | _ENDINGS
        shapes = "|".join(rf"(?P<{row.id}>{row.expression})(?![\w%]|[.,:/]\d)" for row in self.figures.values())
        marks = "".join(re.escape(word) for word in sorted(self.words) if len(word) == 1 and not word.isalpha())
        self.token = re.compile(
            rf"(?P<WORD>[^\W\d_]+(?:(?<=\bo)['’]clock)?)|(?=[\d£$€#@+])(?:{shapes}"
            r"|(?P<JUNK>[£$€#@+] ?\d[\w.,:/]*|\d[\w,:/]*(?:\.\d[\w,:/]*)*))|(?P<OWN>['’]s\b)"
            rf"|(?P<MARK>[{marks}])"
        )

    def _spark(self) -> str:
        """Finds at least every hot word and figure, cheaply."""
        words = trie_expression(kind for kind in self.hot if kind[0] != "<")
        shapes = "|".join(row.expression for row in self.figures.values() if row.hot)
        return rf"(?<![a-z])(?:(?:{words})(?![a-z])|(?=\d)(?:{shapes}))"

    def code(self, kind: str) -> str:
        """The character that stands for a kind of node."""
        if kind not in self.codes:
            self.codes[kind] = chr(0xE000 + len(self.codes))
        return self.codes[kind]

    def members(self, name: str) -> frozenset[str]:
        """The words and kinds that ``{name}`` stands for."""
        if name not in self._sets:
            if name in self.classes:
                row = self.classes[name]
                self._sets[name] = frozenset(row.words).union(*map(self._item, row.of))
            elif name in self._kinds:
                self._sets[name] = frozenset([f"<{name}>"])
            else:
                raise DataError(f"{FILE}: {{{name}}} is neither a class nor a figure nor given by a form")
        return self._sets[name]

    def _item(self, item: str) -> frozenset[str]:
        return self.members(item[1:-1]) if item[0] == "{" and len(item) > 1 else frozenset([item])

    def value(self, name: str, word: str) -> float | int | str:
        """The value of a word in a class or in the classes it is made of."""
        row = self.classes[name]
        if word in row.words:
            return row.words[word]
        for item in row.of:
            if item[1:-1] in self.classes and word in self._item(item):
                return self.value(item[1:-1], word)
        raise KeyError(word)

    def _any_of(self, items: Iterable[str]) -> str:
        kinds = frozenset[str]().union(*map(self._item, items))
        return "[" + "".join(sorted(map(self.code, kinds))) + "]"

    def _expression(self, form: str) -> str:
        out = []
        for quoted, name, sign, word in _SYNTAX.findall(form):
            if name:
                out.append(self._any_of([f"{{{name}}}"]))
            elif sign:
                out.append({"[": "(?:", "(": "(?:", "]": ")?"}.get(sign, sign))
            else:
                out.append(self.code(quoted or word))
        return "".join(out)

    def _firsts(self, tokens: Iterator[tuple[str, str, str, str]]) -> tuple[set[str], bool]:
        """The codes that forms, up to the closing bracket, can begin with, and whether they can be empty."""
        found: set[str] = set()
        empty, at_start = False, True
        for quoted, name, sign, word in tokens:
            if sign in ("]", ")"):
                break
            if sign == "|":
                empty, at_start = empty or at_start, True
                continue
            inner, optional = (
                self._firsts(tokens)
                if sign
                else (set(map(self.code, self._item(f"{{{name}}}" if name else quoted or word))), False)
            )
            if at_start:
                found |= inner
                at_start = optional or sign == "["
        return found, empty or at_start

    def _stage(self, forms: list[Form]) -> tuple[re.Pattern[str], list[Form]]:
        alternatives = []
        whole: set[str] = set()
        for n, form in enumerate(forms):
            before = f"(?<={self._any_of(form.after)})" if form.after else ""
            before += f"(?<!{self._any_of(form.not_after)})" if form.not_after else ""
            behind = f"(?={self._any_of(form.before)})" if form.before else ""
            behind += f"(?!{self._any_of(form.not_before)})" if form.not_before else ""
            body = "|".join(map(self._expression, form.form))
            firsts, _ = self._firsts(iter(_SYNTAX.findall(" | ".join(form.form))))
            whole |= firsts
            # To look at the first code is cheaper than to try the form.
            alternatives.append(f"(?=[{''.join(sorted(firsts))}])(?P<f{n}>{before}(?:{body}){behind})")
        return re.compile(f"(?=[{''.join(sorted(whole))}])(?:{'|'.join(alternatives)})"), forms


@cache
def grammar() -> Grammar:
    """The grammar of data/dates.toml."""
    return Grammar(
        tables.load(FILE, "class", WordClass),
        tables.load(FILE, "figure", Figure),
        tables.load(FILE, "form", Form),
    )


def parse(text: str) -> list[Node]:
    """The temporal expressions of a text, in order: a node each, with what it is made of."""
    known = grammar()
    found = []
    for stretch in _stretches(text, known):
        codes = "".join([known.codes[node.kind] for node in stretch])
        trees = _trees(codes) if len(codes) <= _REMEMBERED else _trees.__wrapped__(codes)
        found += [_node(tree, stretch) for tree in trees]
    return found


class _Tree(NamedTuple):
    """What the forms make of codes: a form with its parts, each such a tree or the index of a code."""

    form: Form
    parts: tuple[_Tree | int, ...]


@lru_cache(maxsize=10_000)
def _trees(codes: str) -> list[_Tree]:
    """The temporal expressions in a stretch; the same few thousand stretches make up most texts."""
    known = grammar()
    nodes: list[_Tree | int] = list(range(len(codes)))
    for pattern, forms in known.stages:
        codes, nodes = _fold(codes, nodes, pattern, forms, known)
    return [node for node in nodes if not isinstance(node, int) and node.form.type]


def _node(tree: _Tree, stretch: list[Node]) -> Node:
    parts = tuple([stretch[part] if isinstance(part, int) else _node(part, stretch) for part in tree.parts])
    return Node(f"<{tree.form.gives}>", parts[0].start, parts[-1].end, tree.form.id, parts)


_DAY_FIGURES = ("<num>", "<ordinal>")


def _stretches(text: str, known: Grammar) -> Iterator[list[Node]]:
    """The stretches of known words in which a hot one stands.

    Only what surrounds a hot word is read at all: from the unknown word before it to the end of its stretch.
    """
    lower = lowered(text).replace("’", "'")
    done = 0
    for goal in _sparks(text, lower, known):
        if goal < done:
            continue
        at = _left_end(lower, done, goal, known.border)
        while at <= goal:
            stretch, at = _stretch(text, lower, at, known)
            if not known.hot.isdisjoint([node.kind for node in stretch]):
                yield stretch
        done = at


@cache
def _may_be_hot() -> Chosen:
    """Words that are hot or hold a hot word or a figure."""
    spark = grammar().spark
    return Chosen(lambda low: any(c.isdigit() for c in low) or spark.search(low.replace("’", "'")) is not None)


def _sparks(text: str, lower: str, known: Grammar) -> Iterator[int]:
    """Offsets of at least every hot word and figure."""
    words, begins = words_of(text), known.spark.match
    for index in _may_be_hot().indices(words):
        start, low = words.start[index], words.low[index]
        letters = low.isascii() and low.isalpha()  # or there may be a beginning in the middle of it: "october2019"
        for at in (start,) if letters else range(start, words.end[index]):
            if begins(lower, at):
                yield at


def _left_end(lower: str, low: int, goal: int, inner: frozenset[str]) -> int:
    """Where to begin reading so as not to miss a word of the stretch that reaches the goal."""
    low = max(low, lower.rfind("\n", low, goal) + 1)
    at = lower.rfind(" ", low, goal) + 1
    while at > low:
        space = max(lower.rfind(" ", low, at - 1), low - 1)
        word = lower[space + 1 : at - 1]
        if word.isalpha() and word not in inner:
            return at
        at = space + 1
    return low


def _stretch(text: str, lower: str, at: int, known: Grammar) -> tuple[list[Node], int]:
    """The next known words that stand together, from an offset on, and the offset at which reading goes on."""
    stretch: list[Node] = []
    words, plain, end = known.words, known.plain, at
    for hit in known.token.finditer(lower, at):
        group, found, start = hit.lastgroup, hit.group(), hit.start()
        if stretch and start != end and lower[end:start].strip(" "):
            return stretch, start
        end = hit.end()
        if group == "WORD" and found in plain:
            kind = found
        elif group == "WORD" and found not in words:
            return stretch, end
        else:
            kind = _kind(str(group), found, start, text, stretch, known)
            if not kind:
                return stretch, end
        stretch.append(Node(kind, start, end))
    return stretch, len(text) + 1


def _kind(group: str, found: str, start: int, text: str, stretch: list[Node], known: Grammar) -> str:
    """The kind of a token; empty for one that breaks the stretch."""
    if group == "WORD":
        if found in _AMBIGUOUS and text[start].islower() and (not stretch or stretch[-1].kind not in _DAY_FIGURES):
            return ""
        return "" if found == _NAME and text[start].isupper() else found
    if group == "MARK":  # a hyphen between spaces is a dash
        return "–" if found == "-" and text[start - 1 : start + 2] == " - " else found
    if group == "OWN":
        return "'s"
    if group == "JUNK":
        return ""
    if start and text[start - 1].isalpha():  # "A12", but "October2019"
        glued = stretch and stretch[-1].end == start and stretch[-1].kind in known.members("month")
        return f"<{group}>" if glued else ""
    return f"<{group}>"


def _fold(
    codes: str, nodes: list[_Tree | int], pattern: re.Pattern[str], forms: list[Form], known: Grammar
) -> tuple[str, list[_Tree | int]]:
    """Replaces what the forms of one stage match by one node each."""
    new_codes: list[str] = []
    new_nodes: list[_Tree | int] = []
    at = 0
    for hit in pattern.finditer(codes):
        form = forms[int(str(hit.lastgroup)[1:])]
        new_codes += (codes[at : hit.start()], known.code(f"<{form.gives}>"))
        new_nodes += nodes[at : hit.start()]
        new_nodes.append(_Tree(form, tuple(nodes[hit.start() : hit.end()])))
        at = hit.end()
    if not at:
        return codes, nodes
    new_codes.append(codes[at:])
    new_nodes += nodes[at:]
    return "".join(new_codes), new_nodes
