"""What holds for any answer at any place."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drawn import between
from duo_lsp.suggestions import brackets, postprocess
from duo_lsp.suggestions.postprocess import length, line_ends, overlap, unsafe_characters

PIECES = [
    "a",
    "b ",
    "    ",
    "\n",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "`",
    ";",
    ",",
    ":",
    "<",
    ">",
    "# ",
    "//",
    "\\",
]
PIECES += ["return x", "end", "=>", "é", "\u202e", "\u200b", "\x1b[0m", "\x1b", "\x00", "\ud800", "\u2028", "\x0c"]
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\ud800-\udfff]")

texts = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)
answers = texts | st.text(max_size=40)
languages = st.sampled_from(["python", "javascript", "rust", "ruby", "sql", ""])


@settings(max_examples=400, deadline=None)
@given(answers, texts, texts, languages)
def test_a_clean_text_is_shorter_and_clean_for_good(answer, above, below, language_id):
    place = between(above, below, language_id)
    once = postprocess.clean(answer, place)
    assert len(once) <= len(answer)
    assert postprocess.clean(once, place) == once
    assert all(found in above + below for found in FORBIDDEN.findall(once))


@settings(max_examples=200, deadline=None)
@given(answers, texts, texts)
def test_line_ends_are_the_documents(answer, above, below):
    place = between((above + "\n").replace("\n", "\r\n"), below.replace("\n", "\r\n"))
    assert "\n" not in postprocess.clean(answer, place).replace("\r\n", "")


inner = st.recursive(
    st.sampled_from(["a", "1, 2", "x y"]),
    lambda inside: st.tuples(st.sampled_from(["()", "[]", "{}"]), inside).map(lambda t: t[0][0] + t[1] + t[0][1]),
    max_leaves=4,
)
opened = st.lists(st.sampled_from("([{"), min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(inner, opened, st.data())
def test_closers_are_never_doubled(body, openers, data):
    closers = "".join(brackets.PAIRS[opener] for opener in reversed(openers))
    repeated = data.draw(st.integers(0, len(closers)))
    place = between("f" + "".join(openers), closers, "javascript")
    assert postprocess.clean(body + closers[:repeated], place) == body


@settings(max_examples=200, deadline=None)
@given(inner, opened, st.integers(0, 5))
def test_closers_that_are_missing_are_kept(body, openers, there):
    closers = "".join(brackets.PAIRS[opener] for opener in reversed(openers))
    assume(there < len(closers))
    place = between("f" + "".join(openers), closers[len(closers) - there :], "javascript")
    answer = body + closers[: len(closers) - there]
    assert postprocess.clean(answer, place) == answer


@given(st.sampled_from(["\n", "\n    ", "  ", "\t\n  "]))
def test_what_an_answer_begins_with_survives(beginning):
    assert postprocess.clean(beginning + "return 1", between("def f():", "\n")) == beginning + "return 1"


def test_a_long_answer_ends_at_a_line_end():
    lines = "".join(f"line {number}\n" for number in range(500))
    assert length.cap(lines, between("")).count("\n") == length.MAX_LINES - 1
    wide = ("é" * 500 + "\n") * 20
    capped = length.cap(wide, between(""))
    assert len(capped.encode()) <= length.MAX_BYTES
    assert wide.startswith(capped + "\n")
    assert length.cap("x" * 9_000, between("")) == ""


def test_a_long_answer_stays_under_the_limit_with_the_documents_line_ends():
    place = between("a\r\n", "")
    assert len(postprocess.clean("ab\n" * 190 + "x" * 7_600, place).encode()) <= length.MAX_BYTES


@pytest.mark.parametrize(("above", "below"), [("a\r\n", ""), ("", "\r\n"), ("a\r", "b\r")])
def test_a_line_end_is_written_as_the_document_does(above, below):
    new_line = "\r\n" if "\n" in above + below else "\r"
    assert line_ends.follow("a\nb\r\nc\rd", between(above, below)) == f"a{new_line}b{new_line}c{new_line}d"


@pytest.mark.parametrize(
    ("text", "above", "expected"),
    [
        ("a\x0cb", "", "ab"),
        ("a\x0cb", "x\x0cy", "a\x0cb"),
        ("a\u202eb", "x\u202ey", ""),
        ("a\U000e0041b", "", ""),
        ("\x1b]52;c;aGk=\x07text", "", "text"),
        ("\x9b31mred", "", "red"),
        ("\x1bdone", "", "done"),
        ("\x1b[0m", "x\x1by", "\x1b[0m"),
        ("name\u3164", "", "name"),
        ("👍\ufe0f", "", "👍\ufe0f"),
        ("tab\tand\r\nend", "", "tab\tand\r\nend"),
        ("".join(map(chr, range(0xF0000, 0xFEA60))) + "x", "x\U000f0001", "\U000f0001x"),
    ],
)
def test_characters_that_hide_are_taken_out(text, above, expected):
    assert unsafe_characters.drop(text, between(above)) == expected


@pytest.mark.parametrize(
    ("text", "below", "expected"),
    [
        ("a > b", "> c", "a > b"),
        ("a>", ">", "a"),
        ("x:", ":", "x"),
        ("a,,", ",", "a"),
        ("a", ",", "a"),
    ],
)
def test_a_last_mark_is_not_doubled(text, below, expected):
    assert overlap.cut(text, between("", below)) == expected


def test_an_answer_that_only_repeats_itself_is_nothing():
    assert overlap.cut("b " * 50, between("", "b")) == ""


def test_a_document_that_ends_earlier_than_the_answer_keeps_all_of_it():
    assert postprocess.clean("b = 2\nc = 3", between("a = 1\n", "\n\nb = 2")) == "b = 2\nc = 3"


@pytest.mark.parametrize("text", ["(" * 8_000, ")" * 8_000, '"' * 8_000, "(\n" * 4_000, "\\" * 8_000, "a'" * 4_000])
def test_odd_long_answers_are_read_to_their_end(text):
    place = between("(" * 5_000, ")" * 5_000, "javascript")
    assert len(postprocess.clean(text, place)) <= len(text)
