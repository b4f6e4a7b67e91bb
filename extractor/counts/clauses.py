"""Which action governs a noun phrase: the verbs and nouns of its clause, by the classes of the words around it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from extractor.counts.fates import badly_off, fate, life_behind
from extractor.counts.takings import by_offenders, had, taken
from extractor.language.phrases import is_plural
from extractor.language.words import ActionRow, Words, lexicon, verb_at, word_list

_REACH = 45  # words looked at on either side
_JOINED = 16  # words between "was stopped" and "and found"
_HAVING = {"with", "possession"}
_TAKEN = {"seized", "recovered", "surrendered"}
_BY_POLICE = {"seized", "recovered", "found"}
_LEGAL = {"charged", "convicted", "sentenced"}
_ANIMAL = {"injured", "killed", "safeguarded"}  # done to animals as to people
_TOTALS = {"total", "number", "group", "gang", "gathering", "crowd"}
_FILLED = {"filled", "loaded", "packed", "stuffed"}
_SUFFERED = {"suffered", "sustained", "lost"}
_SUBJECT = {"died": "killed", "die": "killed", "pleaded": "convicted", "admitted": "convicted", "denied": "charged"}


@dataclass(frozen=True)
class Governor:
    """What governs a phrase: the action, and how the clause says so (for `rule`)."""

    row: ActionRow
    how: str


def governor(words: Words, first: int, last: int, kind: str) -> Governor | None:
    """The action of the phrase ``words[first:last + 1]`` that is of a kind (thing, person, activity, place, money).

    Looked for in the order of how firmly grammar ties them: a participle right behind, a verb right before, a passive
    whose subject the phrase is, a verb or noun further before whose object it is, a relative clause.
    """
    bare = participle_after(words, last, kind)
    if bare:
        return Governor(bare, "participle")
    before = _before(words, first, last, kind)
    which = any(w == "which" for w in words.low[last + 1 : last + 5])
    if before and before[1] and not which:
        return before[0]
    passive, relative = _after(words, last, kind)
    if (
        relative
        and relative.row.id in _TAKEN
        and before
        and before[0].row.id == "found"
        and "r" in words.tag[last + 1 : last + 5]
    ):
        return relative
    found = passive or (before[0] if before else None) or relative
    return _all_of_which(words, last, kind) or found if found and found.row.id == "found" else found


def _all_of_which(words: Words, last: int, kind: str) -> Governor | None:
    """What became of everything that was found: "…, all of which was seized"."""
    for at in range(last + 1, min(len(words.low) - 4, last + _REACH)):
        if words.tag[at] in ".\n":
            return None
        if words.low[at : at + 3] == ["all", "of", "which"] and words.tag[at + 3] in "bh":
            governor = _verb_group(words, at + 3, at + 9, kind)[0]
            return governor if governor and governor.row.id in _TAKEN else None
    return None


def participle_after(words: Words, last: int, kind: str) -> ActionRow | None:
    """The action of a bare participle right behind a phrase: "69 warrants executed"."""
    at = last + 1
    if words.low[at : at + 1] == ["worth"]:
        at = _behind_value(words, at)
    if at >= len(words.low) or words.tag[at] != "v":
        return None
    if words.low[at : at + 2] == ["taken", "in"] and words.tag[at + 2 : at + 3] != ["d"] and kind == "thing":
        return lexicon().actions["surrendered"]  # "14,761 knives taken in"
    verb = verb_at(words, at)
    if verb is None or not verb.participle or not fits(verb.row, kind) or words.low[at] in _SUBJECT:
        return None
    after = at + 1
    if words.low[after : after + 1] == ["to"] and words.low[at] == "found":
        return None
    # "Two men assaulted him" has an object, so the verb is finite; "seized yesterday" has none.
    objects = after < len(words.low) and words.tag[after] in "dnxw" and words.low[after] not in ("last", "this")
    if objects and (words.low[at], words.low[after]) not in lexicon().phrases:
        return None
    return verb.row


def _behind_value(words: Words, at: int) -> int:
    """Index of the word behind "worth £96,000"; `at` where no sum follows."""
    index, stop = at + 1, min(len(words.low), at + 6)
    while index < stop and words.tag[index] not in "xv.\n":
        index += 1
    if index >= stop or words.tag[index] != "x":
        return at
    index += 1
    return index + 1 if words.low[index : index + 1] in (["million"], ["m"], ["k"]) else index


def fits(row: ActionRow, kind: str) -> bool:
    """Whether the action can be done to something of this kind."""
    objects = row.objects
    if kind in objects:
        return True
    if kind == "money":
        return "thing" in objects or "money" in objects
    if kind == "animal":
        return "thing" in objects or row.id in _ANIMAL
    if kind == "warrant":
        return "activity" in objects
    return False


@dataclass
class _Scan:
    """What a walk to the left has passed."""

    at: int
    first: int
    listed: bool = False  # a comma or "and": the phrase may be a further object
    near: bool = True  # nothing but the phrase's own words and "of"
    along: bool = False  # "along with": what is said of the subject goes for the phrase too
    having: bool = False  # "with": what somebody was found with


def _before(words: Words, first: int, last: int, kind: str) -> tuple[Governor, bool] | None:
    """The governor to the left, and whether it stands right before the phrase."""
    scan, stop = _Scan(first - 1, first), max(-1, first - _REACH)
    while scan.at > stop:
        tag = words.tag[scan.at]
        found: tuple[Governor, bool] | bool | None = None
        if tag == "p":
            found = _away_with(words, scan, kind) or _preposition(words, scan, kind)
        elif tag in ",c:(&":
            scan.listed, scan.near = True, False
        elif tag in "bh":
            return _possession(words, scan.at, kind)
        elif tag == "v":
            found = _verb(words, scan, first, last, kind)
        elif tag == "g" and kind in ("thing", "money") and caught(words, scan.at):
            return Governor(lexicon().actions["found"], "possession"), scan.near
        elif tag == "o" and kind == "money" and scan.near and words.low[scan.at] in word_list("earned"):
            return Governor(lexicon().actions["other"], "object"), True
        elif tag in ".\n;rsno" or (tag == "e" and _finite(words, scan.at)):
            return None
        if found is False:
            return None
        if isinstance(found, tuple):
            return found
        scan.at -= 1
    return None


def _preposition(words: Words, scan: _Scan, kind: str) -> tuple[Governor, bool] | bool | None:
    """A governor that a preposition stands for; False where it cuts the phrase off from the clause."""
    low, lex, at = words.low, lexicon(), scan.at
    word, before = low[at], low[at - 1] if at else ""
    if word == "with" and before in ("along", "together"):
        scan.along, scan.near, scan.at = True, False, at - 1
        return None
    if word == "with" and kind == "person":
        return False  # "officers searched the area, with two women found nearby"
    if word in lex.transparent:
        scan.having = scan.having or word == "with"
        scan.near = scan.near and word == "of"
        if word != "of":
            return None
        if before == "possession" and kind in ("thing", "money") and had(words, at):
            return Governor(lex.actions["found"], "possession"), not scan.listed
        noun = lex.nouns.get(before)
        if noun and at > 1 and low[at - 2] in word_list("may be"):
            return None  # "a potential loss of £900"
        return (Governor(noun, "noun"), not scan.listed) if noun and fits(noun, kind) else None
    if scan.listed:
        return False if word == "from" and _taken_from(words, at, scan.first) else None
    searched = _prepositional(words, at, kind)
    if searched is not None:
        return searched, True
    return None if word in ("to", "for", "on", "off") and kind == "activity" else False


def _taken_from(words: Words, at: int, first: int) -> bool:
    """Whether a phrase without a determiner is one of two things behind "from": "keys from machinery and bikes"."""
    return words.tag[at + 1] == "w" and words.low[at + 2 : first] == ["and"]


def _away_with(words: Words, scan: _Scan, kind: str) -> tuple[Governor, bool] | None:
    """ "They made off with 19 watches": stolen."""
    at, low = scan.at, words.low
    if (
        low[at] != "with"
        or kind not in ("thing", "money")
        or low[at - 1] not in ("off", "away", "escaped", "fled", "flees")
    ):
        return None
    if low[at - 1] in ("off", "away") and low[at - 2] not in word_list("gone"):
        return None
    return Governor(lexicon().actions["stolen"], "object"), not scan.listed


def _verb(words: Words, scan: _Scan, first: int, last: int, kind: str) -> tuple[Governor, bool] | bool | None:
    """The governor that a verb is; None for an adjective, False where the verb governs something else."""
    at, tag = scan.at, words.tag
    verb = verb_at(words, at)
    if verb is None:
        return None
    passive, row = _passive(words, at), verb.row
    if words.low[at] in ("took", "taken") and row.id == "stolen" and kind == "thing" and not passive:
        row = taken(words, at, last)
    if kind == "person" and words.low[at].startswith("report") and words.low[last + 1 : last + 2] == ["for"]:
        row = lexicon().actions["detected"]
    if verb.participle and not passive and tag[at + 1] in "we" and _adjectival(words, at):
        return None
    caught = ("arrested", "found") if scan.listed else ("arrested", "found", "stopped")
    if scan.having and row.id in caught and kind in ("thing", "money"):
        return Governor(lexicon().actions["found"], "with"), False
    if scan.along and verb.participle and fits(row, kind):
        return Governor(row, "along"), False
    if scan.listed and tag[at + 1] in "c," and at + 1 < first:
        return False  # no object of its own: "one man arrested and 50 people dispersed"
    if _unreal(words, at):
        return False
    if row.id in _BY_POLICE and not passive and by_offenders(words, at):
        return (Governor(lexicon().actions["stolen"], "object"), scan.near) if row.id in _TAKEN else False
    accused = kind == "activity" and row.id in _LEGAL
    fined = kind == "money" and row.id == "ticketed"
    if accused or (fits(row, kind) and (fined or not passive)) or (kind == "activity" and row.id == "arrested"):
        return Governor(row, "object"), scan.near
    return False


def _prepositional(words: Words, at: int, kind: str) -> Governor | None:
    """A place under a preposition: "warrants executed at three addresses" were searched there."""
    if kind != "place" or words.low[at] not in ("at", "of", "in", "on", "across", "to"):
        return None
    lex = lexicon()
    for index in range(at - 1, max(-1, at - 8), -1):
        if words.tag[index] in ".\n;,":
            return None
        if words.low[at] == "to":
            if words.low[index] in ("visit", "visits"):
                return Governor(lex.actions["visited"], "place")
            continue
        if words.low[index] in ("warrant", "warrants", "search", "searches", "raid", "raids", "searched", "raided"):
            return Governor(lex.actions["searched"], "place")
    return None


def _possession(words: Words, at: int, kind: str) -> tuple[Governor, bool] | None:
    """What somebody had about him: "He had a lock knife in his pocket"."""
    low = words.low
    if kind not in ("thing", "money") or low[at] not in ("had", "have"):
        return None
    shown = low[at] == "have" and low[at - 1] == "to" and _was_found(low, at - 2)  # "was found to have £90 on him"
    if low[at] == "have" and not shown:
        return None
    behind = low[at : at + 14]
    if any(w in word_list("on the person") for w in behind) or (shown and _on_him(behind)):
        return Governor(lexicon().actions["found"], "possession"), False
    return None


def _on_him(low: list[str]) -> bool:
    return any(w == "on" and then in ("him", "her", "them") for w, then in pairwise(low))


def _was_found(low: list[str], at: int) -> bool:
    """Whether "was found" ends at a word: of somebody, not of anybody who is yet to be found."""
    joined = low[at - 1] == "and" and not {"was", "were"}.isdisjoint(low[max(0, at - _JOINED) : at])
    return low[at] == "found" and (joined or low[at - 1] in ("was", "were"))


def caught(words: Words, at: int) -> bool:
    """Whether somebody was found with what is behind a word: "was found carrying", "were found to be hiding"."""
    low = words.low
    if at < 2 or low[at] not in word_list("carrying"):
        return False
    return _was_found(low, at - 3 if low[at - 2 : at] == ["to", "be"] else at - 1)


def _adjectival(words: Words, at: int) -> bool:
    """Whether a participle stands before a noun as an adjective: "a stolen car"."""
    before = words.tag[at - 1] if at else "."
    if words.low[at] == "stolen":
        return before not in "bh"
    return before in "dxpe" and words.low[at].endswith(("ed", "en"))


def _finite(words: Words, at: int) -> bool:
    """Whether a word in *-ed* is the verb of a clause rather than an adjective before its noun."""
    after = words.tag[at + 1] if at + 1 < len(words.tag) else "."
    before = words.tag[at - 1] if at else "."
    filled = words.low[at] in _FILLED and words.low[at + 1 : at + 2] == ["with"]  # "bottles filled with petrol"
    return not filled and after not in "wveg-" and before not in "d"


def _unreal(words: Words, at: int) -> bool:
    """Whether a verb names what is to be done, not what was: "to find", "removing weapons is our aim"."""
    low = words.low[at]
    if low.endswith("ing"):
        at -= words.tag[at - 1 : at] == ["a"]  # "simply removing"
        return at == 0 or words.tag[at - 1] in ".\n\"“‘'•-" or words.low[at - 1] in ("by", "of", "for", "to")
    verb = verb_at(words, at)
    if low == "finds" and words.low[at - 1] == "who":
        return True  # "anyone who finds a knife"
    base = verb is not None and (not verb.participle or words.low[at] in word_list("base form"))
    if at > 1 and words.low[at - 1] == "to" and words.low[at - 2] in ("able", "on", "managed", "helped"):
        return "not" in words.low[max(0, at - 5) : at]  # "they went on to find"
    return base and at > 0 and words.low[at - 1] in word_list("not yet done")


def _passive(words: Words, at: int) -> bool:
    """Whether a participle has a form of *be* before it."""
    at -= 1
    while at >= 0 and words.tag[at] == "a":
        at -= 1
    return at >= 0 and words.tag[at] == "b"


def _after(words: Words, last: int, kind: str) -> tuple[Governor | None, Governor | None]:
    """The passive whose subject the phrase is, and the relative clause behind it."""
    tag = words.tag
    relative: Governor | None = None
    in_relative = False
    at, stop = last + 1, min(len(tag), last + _REACH)
    while at < stop:
        t = tag[at]
        if t == "r" and tag[at - 1] == "p" and words.low[at - 1] not in ("of", "with"):
            return None, relative  # "bins, in which 61 knives were handed in": said of something else
        if t in "bh":
            single = words.low[at] in ("has", "was", "is") and kind == "person" and is_plural(words.low[last])
            found, at, passive = _verb_group(words, at, stop, kind)
            if single and not _TOTALS & set(words.low[max(0, last - 8) : last]):
                continue  # said of somebody else: "a man who met two girls has been jailed"
            if not in_relative:
                return (found if passive else None), relative
            relative = relative or (found if passive else None)
            in_relative = False
            continue
        subject = _of_subject(words, at, last, kind)
        if subject:
            return subject, relative
        if t in ".\n;:s" or (not in_relative and t == "n") or _ends_subject(words, at, last, in_relative):
            break
        in_relative = in_relative or t == "r"
        at += 1
    return None, relative


def _of_subject(words: Words, at: int, last: int, kind: str) -> Governor | None:
    """What an active verb says of its subject: "two men died", "three people lost their lives"."""
    low = words.low
    if kind != "person":
        return None
    if (low[at] == "lost" or (low[at] == "losing" and at == last + 1)) and life_behind(low, at):
        return Governor(lexicon().actions["killed"], "subject")
    if at == last + 1 and badly_off(words, at):
        return Governor(lexicon().actions["injured"], "subject")
    if low[at] in ("suffered", "sustained", "received") and not word_list("injury").isdisjoint(low[at + 1 : at + 8]):
        return Governor(lexicon().actions["injured"], "subject")
    if low[at] in _SUBJECT and (at == last + 1 or words.tag[at - 1] == "r"):
        return Governor(lexicon().actions[_SUBJECT[low[at]]], "subject")
    return None


def _ends_subject(words: Words, at: int, last: int, in_relative: bool) -> bool:
    """Whether a verb stands here that the phrase is the subject of, or that opens the next clause."""
    tag = words.tag
    if tag[at] == "v":
        verb = verb_at(words, at)
        return verb is not None and (tag[at - 1] == "c" or not (verb.participle or in_relative))
    if tag[at] != "o" or in_relative:
        return False
    return not (at == last + 1 and words.low[at] in word_list("reduced relative"))


def _verb_group(words: Words, at: int, stop: int, kind: str) -> tuple[Governor | None, int, bool]:
    """Reads auxiliaries, adverbs and the participle from `at`; (action, index behind, whether passive)."""
    be = modal = False
    while at < stop and (words.tag[at] in "bha" or (be and words.low[at] in ("all", "both", "each"))):
        modal = modal or words.low[at] in word_list("not yet done")
        be = be or words.tag[at] == "b"
        at += 1
    if at >= stop:
        return None, at, False
    verb = verb_at(words, at) if words.tag[at] == "v" else None
    if words.low[at] == "found" and kind != "person" and words.low[at + 1 : at + 2] == ["to"]:
        return None, at + 1, be
    befell = fate(words, at) if kind == "person" and (be or words.low[at] in _SUFFERED) else None
    if befell:
        return Governor(lexicon().actions[befell], "passive"), at + 1, True
    if verb is None:
        if be and words.tag[at] == "e" and kind in ("activity",):
            return Governor(lexicon().actions["other"], "passive"), at + 1, True
        return None, at + 1, be and words.tag[at] in "eo"
    unreal = modal and kind in ("thing", "money")  # "weapons can be surrendered"
    placed = verb.row.id == "found" and words.low[at - 1] in ("is", "are")  # "the hall is located in Hull"
    if unreal or placed:
        return None, at + 1, True
    found = _said_of_subject(words, at, kind, be=be)
    return found, at + 1, be or found is not None


def _said_of_subject(words: Words, at: int, kind: str, *, be: bool) -> Governor | None:
    """What the verb at `at`, or the one coordinated with it, says of its subject."""
    verb = verb_at(words, at)
    if verb is None:
        return None
    if not be:
        died = kind == "person" and words.low[at] in ("died", "admitted", "pleaded")
        return Governor(verb.row, "subject") if died else None
    if (verb.participle or words.low[at] in ("found", "hurt", "shot", "guilty")) and fits(verb.row, kind):
        return Governor(verb.row, "passive")
    if words.tag[at + 1 : at + 3] == ["c", "v"]:  # "were identified and arrested"
        second = verb_at(words, at + 2)
        if second and second.participle and fits(second.row, kind):
            return Governor(second.row, "passive")
    return None
