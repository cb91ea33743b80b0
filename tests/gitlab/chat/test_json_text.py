"""The answer as it comes, cut anywhere."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gitlab.chat.json_text import JsonText


@given(st.text(), st.booleans(), st.lists(st.integers(1, 40)))
def test_an_answer_cut_anywhere_is_read_whole(text, plain, cuts):
    written = " \n" + json.dumps(text, ensure_ascii=not plain) + "\n "
    reader, read, at = JsonText(), "", 0
    for cut in [*cuts, len(written)]:
        read += reader.feed(written[at : at + cut])
        at += cut
    assert read == text
    assert reader.ended


def test_half_a_character_becomes_a_sign_that_one_is_missing():
    reader = JsonText()
    assert reader.feed('"a\\ud83d') == "a"
    assert reader.feed("b\\ud83d\\ud83d") == "\ufffdb\ufffd"
    assert reader.feed('\\udc4d"') == "\U0001f44d"


def test_an_escape_is_given_when_it_is_whole():
    reader = JsonText()
    assert [reader.feed(piece) for piece in ('"', "\\", "n\\u", "00", 'e9"')] == ["", "", "\n", "", "é"]
    assert reader.ended


@pytest.mark.parametrize("written", ['{"message": "x"}', "7", '"a" b', '"\\x"', '"a"x'])
def test_what_is_no_string_is_refused(written):
    with pytest.raises(ValueError, match=r"string|escape"):
        JsonText().feed(written)


@pytest.mark.parametrize("text", ["\n" * 20_000, "\U0001f44d" * 5_000, "x" * 20_000, '"' * 20_000, "\ud83d" * 5_000])
def test_a_long_answer_is_read_a_part_at_a_time(text):
    reader = JsonText()
    assert reader.feed(json.dumps(text)) == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert reader.ended


@pytest.mark.parametrize("written", ["", " ", '"', '"a', '"a\\', '"a\\u12"', '"a\\ud83d'])
def test_what_has_no_end_has_not_ended(written):
    reader = JsonText()
    assert reader.feed(written) in ("", "a")
    assert not reader.ended


def test_nothing_but_blanks_after_the_end():
    reader = JsonText()
    assert reader.feed('"a"') == "a"
    assert reader.feed(" \n") == ""
    with pytest.raises(ValueError, match="after"):
        reader.feed("b")
