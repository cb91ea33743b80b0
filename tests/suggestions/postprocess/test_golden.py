"""Drawn buffers: what a model answered at `█`, and what of it is inserted."""

import re
from pathlib import Path

import pytest

from drawn import here
from duo_lsp.suggestions import postprocess

CASES = sorted((Path(__file__).parents[2] / "golden").glob("*.txt"))
SHAPE = re.compile(
    r"language: (?P<language>\w+)\n(?:line ends: (?P<ends>\w+)\n)?"
    r"--- buffer\n(?P<buffer>.*)\n--- answer\n(?P<answer>.*)\n--- expected\n(?P<expected>.*)\n",
    re.DOTALL,
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem.replace("_", " "))
def test_what_is_offered_is_what_is_drawn(path):
    case = SHAPE.fullmatch(path.read_text("utf-8"))
    assert case, "the file has another shape"
    new_line = "\r\n" if case["ends"] == "crlf" else "\n"
    buffer, expected = (case[part].replace("\n", new_line) for part in ("buffer", "expected"))
    place = here(buffer, case["language"])
    assert postprocess.clean(case["answer"], place) == expected
    assert postprocess.clean(expected, place) == expected


def test_there_are_enough_of_them():
    assert len(CASES) >= 30
