"""Where typing is no occasion to ask, and that whoever is told so is told what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import between, here
from duo_lsp.settings import CodeCompletion, Settings
from duo_lsp.suggestions import around
from duo_lsp.suggestions.occasion import DISMISSED, HARDLY_BEGUN, IN_A_COMMENT, IN_THE_MIDDLE, ON_REQUEST, missing

DEFAULT = Settings()
IN_COMMENTS = Settings(code_completion=CodeCompletion(enabled_in_comments=True))
BY_HAND = Settings(code_completion=CodeCompletion(trigger="invoked"))
CODE = "import os\nimport sys\n\n"


@pytest.mark.parametrize(
    ("drawing", "expected"), [("█", HARDLY_BEGUN), ("import os█", HARDLY_BEGUN), ("import os \n█", "")]
)
def test_a_document_needs_ten_characters(drawing, expected):
    assert missing(here(drawing), DEFAULT) == expected


def test_they_may_stand_on_either_side_of_the_cursor():
    assert missing(here("█\nimport os"), DEFAULT) == ""


@pytest.mark.parametrize(
    "rest", ["", " ", ")", "}", "]", '"', "'", "`", ")])", '")', "):", ") {", "},", ");", "  ) : ", ",", ";", "\t"]
)
def test_closers_and_what_ends_a_statement_may_stand_right_of_the_cursor(rest):
    assert missing(here(f"{CODE}call(█{rest}\nmore = 1\n"), DEFAULT) == ""


@pytest.mark.parametrize("rest", ["b)", " + 1", "x", ").y", "(", "():", ")) + 1", "::", "; x", ": int", "é"])
def test_any_other_text_may_not(rest):
    assert missing(here(f"{CODE}call(█{rest}\n"), DEFAULT) == IN_THE_MIDDLE


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_as_lines_do(end):
    assert missing(here(f"{CODE}x = █{end}y = 1"), DEFAULT) == ""


@pytest.mark.parametrize(
    ("drawing", "language"),
    [
        (f"{CODE}# write a func█", "python"),
        (f"{CODE}x = 1  # the fir█", "python"),
        (f'{CODE}def f():\n    """Give b█', "python"),
        (f'{CODE}def f():\n    """Give back.\n\n    And mo█\n    """', "python"),
        ("let x = 1;\n// then█", "javascript"),
        ("let x = 1;\n/* then█ */", "javascript"),
        ("let x = 1;\n/**\n * then█\n */", "javascript"),
        ("SELECT 1\n-- then█", "sql"),
        ("<p>text</p>\n<!-- then█", "html"),
    ],
)
def test_nobody_is_asked_inside_a_comment_unless_a_setting_says_so(drawing, language):
    place = here(drawing.replace(" */", "\n*/"), language)
    assert missing(place, DEFAULT) == IN_A_COMMENT
    assert missing(place, IN_COMMENTS) == ""


@pytest.mark.parametrize(
    ("drawing", "language"),
    [
        (f"{CODE}# write a function\n█", "python"),
        (f"{CODE}# write a function\n    █", "python"),
        (f'{CODE}def f():\n    """Give back."""\n    █', "python"),
        (f'{CODE}def f():\n    """Give back."""█', "python"),
        (f'{CODE}x = "# no comm█', "python"),
        (f'{CODE}query = """SELECT a, b\nFROM t█', "python"),
        ("let x = 1;\n/* done */ let y█", "javascript"),
        ("let x = 'http://a█", "javascript"),
        ("let x = `\n// text█", "javascript"),
        ("# A title\n\nSome text█", "markdown"),
    ],
)
def test_code_below_a_comment_and_texts_are_no_comment(drawing, language):
    assert missing(here(drawing, language), DEFAULT) == ""


def test_only_what_is_near_is_read():
    far = between("/* open\n" + "x = 1;\n" * around.NEAR, "", "javascript")
    assert missing(far, DEFAULT) == ""
    assert missing(between("x" * 9_000 + "\n// y", "", "javascript"), DEFAULT) == IN_A_COMMENT


def test_where_suggestions_come_on_request_no_place_is_an_occasion():
    assert missing(here(f"{CODE}x = █"), BY_HAND) == ON_REQUEST


@pytest.mark.parametrize("sentence", [ON_REQUEST, HARDLY_BEGUN, IN_THE_MIDDLE, IN_A_COMMENT, DISMISSED])
def test_every_reason_is_a_sentence_and_what_to_do(sentence):
    assert sentence.count(". ") == 1
    assert sentence.endswith(".")
    assert "by hand" in sentence.lower()


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["python", "javascript", "ruby", "", "html"]))
def test_any_place_has_an_answer(above, below, language):
    assert missing(between(above, below, language), DEFAULT) in ("", HARDLY_BEGUN, IN_THE_MIDDLE, IN_A_COMMENT)
