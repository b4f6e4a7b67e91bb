"""Cases whose right value is known and not reached yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest


def marked(cases: Sequence[dict[str, Any]], name: Callable[[dict[str, Any]], str]) -> list[Any]:
    """Makes parameters of cases; one with `known` is expected to fail, and must lose the mark once it passes."""
    return [
        pytest.param(case, id=name(case), marks=pytest.mark.xfail(reason=case["known"]) if "known" in case else ())
        for case in cases
    ]
