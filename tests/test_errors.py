"""Every error is in the drawing, and says what to do."""

import re

import pytest

from duo_lsp import chat_errors, errors
from duo_lsp.errors import DuoError


def family(kind):
    return [kind, *(each for child in kind.__subclasses__() for each in family(child))]


KINDS = [kind for kind in family(DuoError) if kind.__module__ in (errors.__name__, chat_errors.__name__)]


def make(kind):
    if kind is errors.LimitedError:
        return kind("It failed.", 3)
    return kind(500, "It failed.") if issubclass(kind, errors.RefusedError) else kind("It failed.")


def test_the_drawing_shows_the_tree():
    drawn = re.findall(r"^([ │├└─]*)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    depth = {name: len(branch) // 4 for branch, name in drawn}
    assert depth == {kind.__name__: kind.__mro__.index(DuoError) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_each_says_what_happened_and_what_to_do(kind):
    error = make(kind)
    assert error.sentence == "It failed."
    assert error.hint.endswith(".")
    assert str(error) == f"It failed. {error.hint}"


def test_a_remedy_may_be_given_or_left_out():
    assert str(DuoError("It failed.", "Do this.")) == "It failed. Do this."
    assert str(DuoError("It failed.", "")) == "It failed."
    assert errors.LimitedError("x", 7).rest == 7
