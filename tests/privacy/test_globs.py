"""Patterns with many stars mean what they mean elsewhere, and never take long."""

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.privacy.globs import Glob, Name

names = st.text("abc]-", max_size=12)


@given(st.text("ab*?", max_size=12), names)
def test_a_name_fits_as_in_a_shell(pattern, name):
    assert Name.read(pattern).fits(name) == fnmatchcase(name, pattern)


@given(st.text("ab*?[!]-\\^:/", max_size=20), st.text("ab]-/\\", max_size=12))
def test_whatever_the_pattern_nothing_is_raised(pattern, path):
    assert Glob.read(pattern).fits(path) in {True, False}


@given(
    st.lists(st.sampled_from(["a", "*", "**", "a*"]), min_size=2, max_size=5),
    st.lists(st.sampled_from("ab"), min_size=1, max_size=6),
)
def test_two_stars_stand_for_any_number_of_names(steps, path):
    texts = {"a": "/a", "*": "/[^/]+", "**": "(?:/[^/]+)*", "a*": "/a[^/]*"}
    last = "(?:/[^/]+)+" if steps[-1] == "**" else texts[steps[-1]]
    expected = re.fullmatch("".join(texts[step] for step in steps[:-1]) + last, "".join(f"/{name}" for name in path))
    assert Glob.read("/" + "/".join(steps)).fits("/".join(path)) == bool(expected)


@pytest.mark.parametrize("pattern", ["[[:nothing:]]", "[b-a]", "[[:digit:]b-a]x"])
def test_a_set_that_means_nothing_fits_nothing(pattern):
    assert not Name.read(pattern).fits("a")
    assert not Name.read(pattern).fits(pattern[0])


def test_the_other_letters_than_none_are_all():
    assert Name.read("[!b-a]").fits("x")
    assert not Name.read("[!b-a]").fits("")
