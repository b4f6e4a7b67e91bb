"""Inflection: the forms of a verb, and the base form of a form."""

from __future__ import annotations

from functools import cache, lru_cache

# Past forms that no rule gives: past tense and participle.
_IRREGULAR = {
    "be": ("was", "were", "is", "are", "am", "been", "being"), "become": ("became", "become"), "come": ("came", "come"),
    "begin": ("began", "begun"), "break": ("broke", "broken"), "bring": ("brought",), "buy": ("bought",),
    "catch": ("caught",),
    "do": ("did", "done", "does"), "drive": ("drove", "driven"), "fall": ("fell", "fallen"), "find": ("found",),
    "flee": ("fled",), "fly": ("flew", "flown", "flies"), "get": ("got", "gotten"), "give": ("gave", "given"),
    "go": ("went", "gone", "goes"), "grow": ("grew", "grown"), "have": ("had", "has"), "hide": ("hid", "hidden"),
    "hold": ("held",), "hurt": ("hurt",), "keep": ("kept",), "lead": ("led",), "leave": ("left",), "lose": ("lost",),
    "make": ("made",), "meet": ("met",), "put": ("put",), "ride": ("rode", "ridden"), "run": ("ran", "run"),
    "say": ("said",), "see": ("saw", "seen"), "sell": ("sold",), "send": ("sent",), "shoot": ("shot",),
    "speak": ("spoke", "spoken"), "spend": ("spent",), "steal": ("stole", "stolen"), "strike": ("struck", "stricken"),
    "take": ("took", "taken"), "tell": ("told",), "think": ("thought",), "throw": ("threw", "thrown"),
    "understand": ("understood",), "write": ("wrote", "written"), "plead": ("pleaded", "pled"), "set": ("set",),
    "freeze": ("froze", "frozen"), "withdraw": ("withdrew", "withdrawn"), "bite": ("bit", "bitten"),
    "seek": ("sought",),
}  # fmt: skip
# Verbs of which the last letter is doubled, besides those of one syllable.
_DOUBLED = frozenset(
    {"admit", "refer", "commit", "transfer", "submit", "equip", "patrol", "cancel", "travel", "traffic"}
)
_VOWELS = "aeiou"


@cache
def forms(base: str) -> dict[str, bool]:
    """The forms of a verb, each with whether it may be a participle of the past.

    >>> forms("stop")
    {'stop': False, 'stops': False, 'stopping': False, 'stopped': True}
    >>> list(forms("take"))
    ['take', 'takes', 'taking', 'took', 'taken']
    """
    stem = _stem(base)
    third = base[:-1] + "ies" if _in_y(base) else base + ("es" if base.endswith(("s", "ch", "sh", "x", "z")) else "s")
    found = {base: False, third: False, ("dying" if base == "die" else stem + "ing"): False}
    irregular = _IRREGULAR.get(base)
    if irregular is None:
        return {**found, (base[:-1] + "ied" if _in_y(base) else stem + "ed"): True}
    # The last form is the participle; a single one is both.
    return {**found, **{form: form == irregular[-1] for form in irregular}}


def _in_y(base: str) -> bool:
    return base.endswith("y") and base[-2:-1] not in _VOWELS


def _stem(base: str) -> str:
    """What *-ing* and *-ed* are added to."""
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1]
    short = len(base) <= 4 and base[-2:-1] in _VOWELS and base[-3:-2] not in _VOWELS
    if (short or base in _DOUBLED) and base[-1] not in "wxyaeiou" and base[-2:-1] in _VOWELS:
        return base + ("k" if base.endswith("c") else base[-1])
    return base


_SUFFIXES = (("ied", "y"), ("ies", "y"), ("ying", "y"), ("ed", "e"), ("ed", ""), ("ing", ""), ("ing", "e"), ("es", "e"),
             ("es", ""), ("s", ""))  # fmt: skip


@cache
def _irregular_bases() -> dict[str, str]:
    return {form: base for base, irregular in _IRREGULAR.items() for form in irregular}


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """The base form of a verb: the shortest base whose forms have the word.

    >>> [lemma(w) for w in ("found", "handed", "carrying", "stopped", "searches", "seized")]
    ['find', 'hand', 'carry', 'stop', 'search', 'seize']
    """
    if word in _irregular_bases():
        return _irregular_bases()[word]
    for ending, instead in _SUFFIXES:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 2:
            continue
        for base in (stem[:-1], stem + instead) if stem[-1:] == stem[-2:-1] and not instead else (stem + instead,):
            if word in forms(base) and _is_likely(base):
                return base
    return word


def _is_likely(base: str) -> bool:
    """Whether a base that a suffix leaves looks like a verb: "seize" rather than "seiz", "hand" rather than "hande"."""
    if base.endswith("e"):
        silent = base[-2:-1] in "czvsgu" or (base[-3:-2] in _VOWELS and base[-4:-3] not in _VOWELS)
        return silent and not base.endswith(("sse", "nne", "oue"))
    return base[-1:] not in "czvu"


_PLURALS = {"knives": "knife", "men": "man", "women": "woman", "children": "child", "people": "person", "mice": "mouse",
            "feet": "foot", "teeth": "tooth", "lives": "life", "wives": "wife", "thieves": "thief", "loaves": "loaf",
            "leaves": "leaf", "shelves": "shelf", "wolves": "wolf", "calves": "calf", "geese": "goose"}  # fmt: skip


@lru_cache(maxsize=20_000)
def singular(noun: str) -> str | None:
    """The singular of a plural noun; None for a word that is no plural.

    >>> [singular(w) for w in ("chainsaws", "boxes", "lorries", "knives", "glass", "watches", "axes")]
    ['chainsaw', 'box', 'lorry', 'knife', None, 'watch', 'axe']
    """
    if noun in _PLURALS:
        return _PLURALS[noun]
    if not noun.endswith("s") or noun.endswith(("ss", "us", "is")) or len(noun) < 4:
        return None
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "sses", "boxes", "zes", "oes")):
        return noun[:-2]
    return noun[:-1]
