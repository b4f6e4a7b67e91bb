"""Time grows with the length alone, whatever a text repeats: twice the text takes about twice the time."""

import time

import pytest

from extractor import extract

SIZE = 2_500
BOUND = 3.2  # quadratic time is four times as much
FLOOR = 0.02  # seconds: what is quicker than this for twice the size is no danger, and only noise to measure
UNITS = (
    '"', "“", "”", "'", "’", "7", ".", "(", "[", "and ", ",", "£", "$", "\n", "\n\n", "\t", " ", "-", "–", "_",
    "#", "%", "a", "A", "a ", "A ", "é", "İ", "😀", "\u0301", "\u200b", "a\n", "Bell\n", "Bell ", "BELL ",
    "1,000,", "3:", "10 ", "10 and ", "one ", "two thousand ", "hundred and ", "a-", "a.b.", "a@", "http://",
    "1/2/", "5% ", "5-year-old ",
    "“a” ", "“a\n", "“A b c d\n\n", "'s ", "“Go,” said Mr Bell. ", "who said that ", "Mr ", "PC ", "Chief Inspector ",
    "Kent Police and ", "Court ", "the Trust (TT) ", "University of ", "Leeds and ", "Operation A ", "Operations A, B ",
    "monday ", "1 January ", "3pm to ", "between 1 and ", "• 3 knives\n", "Seized:\n• 3 knives\n", "Burglary\t3\t4\n",
    "“that day, in court on 5 May 2020\n",
    "two knives ", "£5 of cannabis ", "seized ", "of the ", "Bell, 23, ", "Ann Bell, 23\n", ": ", "; ",
)  # fmt: skip


def seconds(text):
    begin = time.process_time()
    extract(text)
    return time.process_time() - begin


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_takes_about_twice_the_time(unit):
    once, twice = (unit * (size // len(unit)) for size in (SIZE, 2 * SIZE))
    extract(once[:100])
    best = [float("inf"), float("inf")]
    for _ in range(5):
        best = [min(best[0], seconds(once)), min(best[1], seconds(twice))]
        if best[1] < max(FLOOR, BOUND * best[0]):
            return
    assert best[1] / best[0] < BOUND, f"{best[0]:.3f} s for {len(once)} characters, {best[1]:.3f} s for {len(twice)}"
