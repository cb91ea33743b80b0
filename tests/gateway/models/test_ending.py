"""Where a model's answer ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway.models import ending, fim
from duo_lsp.gateway.models.ending import Ending


def whole(*pieces: str, at_blank_line: bool = True) -> str:
    end = Ending(at_blank_line=at_blank_line)
    shown = "".join([end.feed(piece) for piece in pieces]) + end.end()
    assert shown == end.text
    return shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a + b", "a + b"),
        ("a + b\n\n\ndef next():", "a + b"),
        ("a\n   \t\nb", "a"),
        ("\n\n    return a", "\n\n    return a"),
        ("a + b<|endoftext|>more", "a + b"),
        ("a <EOT>", "a"),
        ("a <", "a <"),
        ("   \n", ""),
        ("half \ufffd", "half "),
        ("x" * 20_000, "x" * ending.MOST),
    ],
)
def test_it_ends_where_it_should(said: str, shown: str) -> None:
    assert whole(said) == shown
    size = 1 + len(said) // 200
    assert whole(*(said[at : at + size] for at in range(0, len(said), size))) == shown


def test_a_generation_goes_on_over_blank_lines() -> None:
    assert whole("a\n\nb\n", at_blank_line=False) == "a\n\nb"


def test_nothing_is_taken_after_the_end() -> None:
    end = Ending(at_blank_line=True)
    assert end.feed("a\n\nb") == "a"
    assert end.over
    assert end.feed("c") == ""


def test_whole_lines_are_what_is_left_without_time() -> None:
    end = Ending(at_blank_line=False)
    end.feed("a")
    assert end.lines == ""
    end.feed(" + 1\nb = ")
    assert end.lines == "a + 1"


@given(
    st.lists(st.sampled_from([*fim.MARKS[:4], "<", "|", "a", " ", "\n", "fim", "<|fim"]), max_size=12), st.booleans()
)
def test_pieces_do_not_matter_and_no_part_of_a_mark_is_shown(parts: list[str], blank: bool) -> None:
    said = "".join(parts)
    shown = whole(*said, at_blank_line=blank)
    assert shown == whole(said, at_blank_line=blank)
    assert not any(mark in shown for mark in fim.MARKS)
