"""What every filter keeps to, whatever a server sends."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import between
from duo_lsp.suggestions import postprocess
from duo_lsp.suggestions.postprocess import comment_only, fences, mid_word, repetition

PIECES = ["a", "b1", " ", "    ", "\t", "\n", "\n\n", "(", ")", "{", "}", ":", ";", '"', "'", '"""', "`", "```", "~~~"]
PIECES += [
    "# ",
    "//",
    "/*",
    "*/",
    "\\",
    "return x",
    "def f():\n",
    "if x {",
    "end",
    "else",
    "é",
    "\u2028",
    "/",
    "[",
    "]",
]
texts = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
languages = st.sampled_from(["python", "javascript", "go", "rust", "ruby", "shellscript", "markdown", "yaml", ""])
BLANKS = re.compile(r"\s+")
EACH = pytest.mark.parametrize("step", postprocess.FILTERS, ids=lambda step: f"{step.__module__}.{step.__name__}")


def _bare(text):
    return BLANKS.sub("", text)


def _is_left_of(part, text):
    letters = iter(text)
    return all(letter in letters for letter in part)


@EACH
@settings(max_examples=150, deadline=None)
@given(text=texts, above=texts, below=texts, language_id=languages)
def test_a_filter_only_takes_away_or_moves_lines(step, text, above, below, language_id):
    place = between(above, below, language_id, uri="untitled:a")
    once = step(text, place)
    assert _is_left_of(_bare(once), _bare(text))
    assert not step("", place)


@settings(max_examples=400, deadline=None)
@given(texts, texts, texts, languages)
def test_what_is_clean_stays_as_it_is(text, above, below, language_id):
    place = between(above, below, language_id, uri="untitled:a")
    once = postprocess.clean(text, place)
    assert postprocess.clean(once, place) == once


HOSTILE = {
    "brackets": "([{",
    "closers": ")]}",
    "quotes": "\"'`",
    "backslashes": "\\",
    "blanks": " ",
    "blank lines": " \n",
    "short lines": "a\n",
    "fences": "```\n",
    "comments": "/*# //",
    "divided": "=/[",
    "one word": "a",
    "stutter": "abab abab",
    "headers": "def f():\n",
    "tabs": "\t\t\tif x {\n",
    "open comments": "<!-- ",
    "stairs": "if x:\n ",
}


@EACH
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("language_id", ["python", "javascript"])
def test_four_times_the_text_takes_not_much_more_than_four_times_as_long(step, piece, language_id):
    size = 8_000
    short, long = ((piece * size)[: size * times] for times in (1, 4))
    for _ in range(6):
        if _seconds(step, long, language_id) < 9 * _seconds(step, short, language_id) + 0.005:
            return
    pytest.fail("quadratic: 16 times as long")


def _seconds(step, text, language_id):
    place = between(text[:4_000] + "x = 1", text[:4_000], language_id)
    begin = time.thread_time()
    step(text, place)
    return time.thread_time() - begin


def test_prose_is_left_as_it_is():
    place = between("", "", "plaintext", uri="untitled:a")
    assert comment_only.drop("# What is new", place) == "# What is new"
    assert fences.unwrap("```sh\nmake\n```", place) == "```sh\nmake\n```"


@pytest.mark.parametrize(("above", "below"), [("x = (", "y"), ("", "y"), ("x", ".y")])
def test_beside_a_word_anything_goes(above, below):
    assert mid_word.keep("f(1) + ", between(above, below)) == "f(1) + "


def test_a_fence_in_a_file_of_windows_is_taken_off_too():
    place = between("def f():\r\n    ", "\r\n")
    assert postprocess.clean("```\nif x:\n    y()\n```", place) == "if x:\r\n        y()"


def test_short_lines_may_come_again():
    assert repetition.stop("}", between("}\n", "")) == "}"
    assert repetition.stop("x = 1", between("x = 1 + ", "")) == "x = 1"


def test_a_text_that_never_comes_to_rest_is_nothing(monkeypatch):
    monkeypatch.setattr(postprocess, "FILTERS", (lambda text, _: "b" if text == "a" else "a",))
    assert not postprocess.clean("a", between(""))
