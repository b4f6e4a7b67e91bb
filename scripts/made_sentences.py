"""Makes sentences with known trees: long lists, headlines and inverted clauses, at which the parser's teacher is weak.

The words are invented or common; the trees follow the CLEAR scheme of spaCy's English models: a conjunct hangs on the
conjunct before it, commas and conjunctions on the conjunct they follow.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

NOUNS = {
    "NN": """tractor bike quad car van trailer caravan digger scooter motorbike knife machete sword blade axe crossbow
    shotgun rifle pistol handgun revolver taser laptop phone tablet computer watch ring necklace bracelet chainsaw drill
    generator mower strimmer press scale safe bag wallet passport licence jacket hoodie cannabis cocaine heroin ketamine
    methamphetamine fentanyl cash powder ammunition tobacco vodka jewellery clothing dog puppy horse ute pickup boat
    hammer screwdriver crowbar bat bottle balaclava mask grinder television camera drone console ladder key card""",
    "NNS": """tractors bikes cars vans trailers knives machetes swords blades axes firearms rifles pistols
    handguns rounds cartridges laptops phones tablets watches rings necklaces chainsaws drills generators mowers strimmers
    trimmers scales bags wraps pills tablets plants seeds lights fans passports licences jackets trainers handbags drugs weapons
    items documents cigarettes vapes bottles dogs puppies magazines hammers screwdrivers tools keys cards masks dealers
    televisions cameras drones consoles stones batons canisters packages boxes""",
}
MODIFIERS = [
    "mobile",
    "electric",
    "stolen",
    "suspected",
    "counterfeit",
    "illegal",
    "large",
    "small",
    "black",
    "white",
    "silver",
    "imitation",
    "loaded",
    "prohibited",
    "offensive",
    "zombie",
    "kitchen",
    "lock",
    "flick",
    "scrambler",
    "designer",
    "gold",
    "Rolex",
    "hydroponic",
    "digital",
    "smart",
    "burner",
    "dirty",
    "scaffolding",
    "power",
    "hedge",
    "lawn",
    "quad",
    "mini",
    "bladed",
    "class-A",
    "high-value",
    "unlicensed",
    "air",
    "stun",
    "snap",
    "deal",
    "number-plate",
]
PEOPLE = ["Officers", "Police", "Detectives", "Gardaí", "Deputies", "Troopers", "Investigators", "Agents", "Constables"]
MEASURES = [
    "grams",
    "kilos",
    "kilograms",
    "pounds",
    "ounces",
    "litres",
    "wraps",
    "bags",
    "boxes",
    "bottles",
    "packets",
    "rounds",
    "cans",
]
STUFFS = [
    "cannabis",
    "cocaine",
    "heroin",
    "methamphetamine",
    "ketamine",
    "tobacco",
    "fentanyl",
    "vodka",
    "petrol",
    "MDMA",
    "cash",
    "powder",
    "ammunition",
]
NUMBERS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "nine",
    "12",
    "25",
    "40",
    "100",
    "300",
    "1,200",
    "12,000",
    "38",
    "17",
]
PLACES = [
    "flat",
    "house",
    "property",
    "garage",
    "car",
    "boot",
    "loft",
    "shed",
    "bedroom",
    "vehicle",
    "address",
    "unit",
    "safe",
    "kitchen",
]
TOWNS = [
    "Marlow",
    "Easton",
    "Norbury",
    "Ashfield",
    "Limavady",
    "Tullamore",
    "Glenmore",
    "Redhill",
    "Stourton",
    "Oakville",
]
DONE = ["seized", "recovered", "found", "discovered", "located", "confiscated", "uncovered", "netted", "intercepted"]


@dataclass
class Tree:
    """Words with tags, labels and heads; `root` is the index of the head of all.

    Heads are indices within the tree; that of the root is its own.
    """

    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    root: int = 0

    def add(self, word: str, tag: str, dep: str, head: int) -> int:
        """Adds a word and returns its index."""
        self.words.append(word)
        self.tags.append(tag)
        self.deps.append(dep)
        self.heads.append(head)
        return len(self.words) - 1

    def take(self, other: Tree, dep: str, head: int) -> int:
        """Adds a whole tree whose root hangs on `head`; returns the root's new index."""
        shift = len(self.words)
        for index, word in enumerate(other.words):
            own = index == other.root
            self.add(
                word, other.tags[index], dep if own else other.deps[index], head if own else other.heads[index] + shift
            )
        return other.root + shift


def noun_phrase(rng: random.Random) -> Tree:
    """A noun phrase: "a stolen quad bike", "six kilos of cocaine", "£3,000 in cash"."""
    tree = Tree()
    shape = rng.random()
    if shape < 0.12:
        number = tree.add(rng.choice(NUMBERS), "CD", "nummod", 1)
        tree.root = tree.add(rng.choice(MEASURES), "NNS", "ROOT", 1)
        tree.heads[number] = tree.root
        of = tree.add("of", "IN", "prep", tree.root)
        tree.add(rng.choice(STUFFS), "NN", "pobj", of)
        return tree
    if shape < 0.18:
        tree.add("£", "$", "nmod", 1)
        tree.root = tree.add(rng.choice(["3,000", "500", "12,000", "1,450"]), "CD", "ROOT", 1)
        if rng.random() < 0.5:
            tree.add("in", "IN", "prep", 1)
            tree.add("cash", "NN", "pobj", 2)
        return tree
    if shape < 0.26:
        for word, tag in (("a", "DT"), (rng.choice(["quantity", "number", "amount", "haul"]), "NN")):
            tree.add(word, tag, "det", 1)
        tree.deps[1], tree.heads[1], tree.root = "ROOT", 1, 1
        of = tree.add("of", "IN", "prep", 1)
        tag = rng.choice(["NN", "NNS"])
        tree.add(rng.choice(NOUNS[tag].split()) if tag == "NNS" else rng.choice(STUFFS), tag, "pobj", of)
        return tree
    tag = rng.choice(["NN", "NNS", "NNS"])
    before: list[tuple[str, str, str]] = []
    if tag == "NN":
        if rng.random() < 0.8:
            word = rng.choice(["a", "an", "the", "another", "his", "a"])
            before.append((word, "PRP$" if word == "his" else "DT", "poss" if word == "his" else "det"))
    elif rng.random() < 0.5:
        before.append((rng.choice(NUMBERS), "CD", "nummod"))
    elif rng.random() < 0.2:
        before.append((rng.choice(["several", "other", "various", "more"]), "JJ", "amod"))
    if rng.random() < 0.5:
        word = rng.choice(MODIFIERS)
        before.append((word, "NNP" if word[0].isupper() else "JJ", "compound" if word[0].isupper() else "amod"))
    if rng.random() < 0.15:
        before.append((rng.choice(NOUNS["NN"].split()), "NN", "compound"))
    for word, kind, dep in before:
        tree.add(word, kind, dep, len(before))
    tree.root = tree.add(rng.choice(NOUNS[tag].split()), tag, "ROOT", len(before))
    return tree


def listed(rng: random.Random, least: int = 1, most: int = 7) -> Tree:
    """A coordination of noun phrases: "a tractor, two bikes and a trailer"."""
    count = rng.randint(least, most)
    tree = Tree()
    first = noun_phrase(rng)
    last = tree.take(first, "ROOT", first.root)
    tree.root = last
    tree.heads[last] = last
    joint = rng.choice(["and", "and", "and", "&", "as well as", "plus"]) if count > 1 else ""
    for number in range(1, count):
        if number < count - 1 or (number == count - 1 and rng.random() < 0.15):
            tree.add(",", ",", "punct", last)
        if number == count - 1 and joint:
            if joint == "as well as":
                start = len(tree.words)
                tree.add("as", "RB", "advmod", start + 2)
                tree.add("well", "RB", "advmod", start + 2)
                tree.add("as", "IN", "cc", last)
            else:
                tree.add(joint, "CC", "cc", last)
        last = tree.take(noun_phrase(rng), "conj", last)
    return tree


def _tail(rng: random.Random, tree: Tree, verb: int) -> None:
    """Adds where and how: "from the flat", "in Marlow", "during the search"."""
    if rng.random() < 0.5:
        prep = tree.add(rng.choice(["from", "in", "at", "inside", "during", "after"]), "IN", "prep", verb)
        if rng.random() < 0.6:
            noun = len(tree.words) + 1
            tree.add("the", "DT", "det", noun)
            tree.add(rng.choice(PLACES), "NN", "pobj", prep)
        else:
            tree.add(rng.choice(TOWNS), "NNP", "pobj", prep)


def _end(rng: random.Random, tree: Tree) -> Tree:
    if rng.random() < 0.85:
        tree.add(".", ".", "punct", tree.root)
    return tree


def active(rng: random.Random) -> Tree:
    """ "Officers also seized …"."""
    tree = Tree()
    tree.add(rng.choice(PEOPLE), "NNS", "nsubj", 1)
    if rng.random() < 0.3:
        tree.heads[0] = 2
        tree.add(rng.choice(["have", "had"]), "VBP", "aux", 2)
    elif rng.random() < 0.3:
        tree.heads[0] = 2
        tree.add(rng.choice(["also", "then"]), "RB", "advmod", 2)
    verb = tree.heads[0]
    tree.root = tree.add(rng.choice(DONE), "VBN" if tree.deps[-1] == "aux" else "VBD", "ROOT", verb)
    tree.take(listed(rng), "dobj", verb)
    _tail(rng, tree, verb)
    return _end(rng, tree)


def passive(rng: random.Random) -> Tree:
    """ "A tractor, two bikes and a trailer were also recovered …"."""
    tree = Tree()
    subject = tree.take(listed(rng), "nsubjpass", 0)
    aux = tree.add(rng.choice(["were", "was", "were"]), "VBD", "auxpass", 0)
    extra = [tree.add(rng.choice(["also", "subsequently", "later"]), "RB", "advmod", 0)] if rng.random() < 0.4 else []
    verb = tree.root = tree.add(rng.choice([*DONE, "handed", "surrendered", "taken", "stolen"]), "VBN", "ROOT", 0)
    for index in (subject, aux, *extra, verb):
        tree.heads[index] = verb
    if tree.words[verb] == "handed":
        tree.add("in", "RP", "prt", verb)
    elif tree.words[verb] == "taken":
        prep = tree.add("off", "IN", "prep", verb)
        tree.add("the", "DT", "det", prep + 2)
        tree.add("streets", "NNS", "pobj", prep)
    _tail(rng, tree, verb)
    return _end(rng, tree)


def headline(rng: random.Random) -> Tree:
    """ "Four arrested and cannabis seized in Marlow"."""
    tree = Tree()
    tree.add(rng.choice(["Four", "Two", "Man", "Teenager", "Woman"]), "CD", "nsubjpass", 1)
    tree.tags[0] = "CD" if tree.words[0] in ("Four", "Two") else "NN"
    verb = tree.root = tree.add(rng.choice(["arrested", "charged", "jailed"]), "VBN", "ROOT", 1)
    if rng.random() < 0.7:
        tree.add("and", "CC", "cc", verb)
        subject = tree.take(listed(rng, 1, 4), "nsubjpass", 0)
        second = tree.add(rng.choice(["seized", "recovered", "found"]), "VBN", "conj", verb)
        tree.heads[subject] = second
    prep = tree.add(rng.choice(["after", "in", "following"]), "IN", "prep", verb)
    if tree.words[prep] == "in":
        tree.add(rng.choice(TOWNS), "NNP", "pobj", prep)
    else:
        tree.add("drugs", "NNS", "compound", prep + 2)
        tree.add(rng.choice(["raid", "warrant", "search"]), "NN", "pobj", prep)
    return tree


def inverted(rng: random.Random) -> Tree:
    """ "Inside the safe were nine packages."."""
    tree = Tree()
    tree.add(rng.choice(["Inside", "In", "Among", "Under"]), "IN", "prep", 3)
    tree.add("the", "DT", "det", 2)
    tree.add(rng.choice([*PLACES, "items"]), "NN", "pobj", 0)
    tree.root = tree.add(rng.choice(["were", "was"]), "VBD", "ROOT", 3)
    tree.take(listed(rng), "nsubj", 3)
    return _end(rng, tree)


def included(rng: random.Random) -> Tree:
    """ "Items recovered include …", "The haul included …"."""
    tree = Tree()
    if rng.random() < 0.5:
        tree.add("Items", "NNS", "nsubj", 2)
        tree.add(rng.choice(["recovered", "seized", "surrendered", "found"]), "VBN", "acl", 0)
    else:
        tree.add(rng.choice(["The", "These"]), "DT", "det", 1)
        tree.add(rng.choice(["haul", "items", "seizures"]), "NNS", "nsubj", 2)
    tree.root = tree.add(rng.choice(["include", "included"]), "VBD", "ROOT", 2)
    tree.take(listed(rng, 2), "dobj", 2)
    return _end(rng, tree)


def led_to(rng: random.Random) -> Tree:
    """ "A search of the flat led to the discovery of …"."""
    tree = Tree()
    for word, tag, dep, head in (("A", "DT", "det", 1), ("search", "NN", "nsubj", 5), ("of", "IN", "prep", 1),
                                 ("the", "DT", "det", 4), (rng.choice(PLACES), "NN", "pobj", 2)):  # fmt: skip
        tree.add(word, tag, dep, head)
    if rng.random() < 0.5:
        tree.root = tree.add("led", "VBD", "ROOT", 5)
        tree.add("to", "IN", "prep", 5)
        tree.add("the", "DT", "det", 8)
        tree.add(rng.choice(["discovery", "seizure", "recovery"]), "NN", "pobj", 6)
        tree.add("of", "IN", "prep", 8)
        tree.take(listed(rng), "pobj", 9)
    else:
        tree.root = tree.add(rng.choice(["yielded", "uncovered", "revealed", "netted"]), "VBD", "ROOT", 5)
        tree.take(listed(rng), "dobj", 5)
    return _end(rng, tree)


def possession(rng: random.Random) -> Tree:
    """ "He was found in possession of …", "She was caught with …", "They were found to be carrying …"."""
    tree = Tree()
    tree.add(rng.choice(["He", "She", "They"]), "PRP", "nsubjpass", 2)
    tree.add(rng.choice(["was", "were"]), "VBD", "auxpass", 2)
    tree.root = tree.add(rng.choice(["found", "caught", "arrested", "stopped"]), "VBN", "ROOT", 2)
    shape = rng.choice(["in", "with", "to"])
    if shape == "in":
        tree.add("in", "IN", "prep", 2)
        tree.add("possession", "NN", "pobj", 3)
        tree.add("of", "IN", "prep", 4)
        tree.take(listed(rng), "pobj", 5)
    elif shape == "with":
        tree.add("with", "IN", "prep", 2)
        tree.take(listed(rng), "pobj", 3)
    else:
        tree.words[2] = "found"
        tree.add("to", "TO", "aux", 5)
        tree.add("be", "VB", "aux", 5)
        tree.add("carrying", "VBG", "xcomp", 2)
        tree.take(listed(rng), "dobj", 5)
    return _end(rng, tree)


def two_verbs(rng: random.Random) -> Tree:
    """ "Officers arrested two men and seized …, including …"."""
    tree = Tree()
    tree.add(rng.choice(PEOPLE), "NNS", "nsubj", 1)
    tree.root = tree.add(rng.choice(["arrested", "stopped", "detained"]), "VBD", "ROOT", 1)
    tree.add(rng.choice(NUMBERS), "CD", "nummod", 3)
    tree.add(rng.choice(["men", "people", "women", "drivers"]), "NNS", "dobj", 1)
    tree.add("and", "CC", "cc", 1)
    verb = tree.add(rng.choice(DONE), "VBD", "conj", 1)
    goods = tree.take(listed(rng), "dobj", verb)
    if rng.random() < 0.4:
        tree.add(",", ",", "punct", goods)
        prep = tree.add("including", "VBG", "prep", goods)
        tree.take(listed(rng, 2), "pobj", prep)
    return _end(rng, tree)


def line(rng: random.Random) -> Tree:
    """An entry of a list: "3 mobile phones", "a machete and two knives seized"."""
    tree = listed(rng, 1, 3)
    if rng.random() < 0.3:
        tree.add(rng.choice(["seized", "recovered", "found"]), "VBN", "acl", tree.root)
    return tree


SHAPES: tuple[Callable[[random.Random], Tree], ...] = (
    active, active, passive, passive, headline, inverted, included, led_to, possession, two_verbs, line,
)  # fmt: skip


def sentences(count: int, seed: int) -> list[Tree]:
    """Sentences of all shapes in turn."""
    rng = random.Random(seed)
    return [SHAPES[number % len(SHAPES)](rng) for number in range(count)]
