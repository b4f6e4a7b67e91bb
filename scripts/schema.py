"""Writes schemas/release.v2.json from the models; --check only says whether it is what they generate."""

from __future__ import annotations

from pathlib import Path

import generated

from extractor.models import schema_text

FILE = Path(__file__).parent.parent / "schemas" / "release.v2.json"

if __name__ == "__main__":
    raise SystemExit(generated.main(FILE, schema_text(), __doc__))
