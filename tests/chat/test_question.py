"""A long question is split where it can be read; nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.chat import question

CODE = "x = 1\n" * 40


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("why?", ("", "why?", "")),
        ("why is this slow?\n\n" + CODE, ("", "why is this slow?\n\n" + CODE[:30], CODE[30:])),
        (CODE + "\n\nwhy is this slow?", (CODE + "\n\n", "why is this slow?", "")),
        (
            "why?\n\n" + CODE + "\n\nand this?",
            ("", ("why?\n\n" + CODE)[:48], ("why?\n\n" + CODE)[48:] + "\n\nand this?"),
        ),
        (
            "/fix it\n\n" + CODE + "\n\nwill you?",
            ("", ("/fix it\n\n" + CODE)[:45], ("/fix it\n\n" + CODE)[45:] + "\n\nwill you?"),
        ),
        ("a " * 30 + "b", ("", "a " * 25, "a " * 5 + "b")),
        ("a" * 60, ("", "a" * 50, "a" * 10)),
    ],
)
def test_the_question_stays_and_the_rest_goes_along(text, parts):
    assert question.split(text, 50) == parts


@given(st.text(alphabet="ab ?\n./", max_size=300), st.integers(5, 60))
def test_nothing_is_lost_and_the_question_fits(text, most):
    before, asked, after = question.split(text, most)
    assert before + asked + after == text
    assert len(asked) <= most
    assert asked or not text
