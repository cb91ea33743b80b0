"""A long question is split where it can be read; nothing of it is lost."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire_chat
from duo_lsp.gitlab.chat import shortening
from duo_lsp.wire_chat import ChatRequest
from whole_question import WHOLE

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
    assert shortening.split(text, 50) == parts


@given(st.text(alphabet="ab ?\n./", max_size=300), st.integers(5, 60))
def test_nothing_is_lost_and_the_question_fits(text, most):
    before, asked, after = shortening.split(text, most)
    assert before + asked + after == text
    assert len(asked) <= most
    assert asked or not text


@given(st.text(alphabet="ab ?\n.", max_size=4000))
def test_nothing_of_a_long_question_is_lost(text):
    made = shortening.shortened(attrs.evolve(WHOLE, content=text))
    assert len(made.content) <= wire_chat.MAX_QUESTION
    given_before = len(WHOLE.additional_context)
    assert made.additional_context[:given_before] == WHOLE.additional_context
    words = [
        *made.content.partition(" (It")[0].split(),
        *(word for item in made.additional_context[given_before:] for word in item.content.split()),
    ]
    assert "".join(sorted("".join(words))) == "".join(sorted("".join(text.split())))


def test_a_question_behind_what_is_pasted():
    made = shortening.shortened(ChatRequest("x = 1\n" * 300 + "\n\nwhy is this slow?"))
    assert made.content == "why is this slow? (It begins in the context item 'the rest of the question'.)"
    assert made.additional_context[0].content == "x = 1\n" * 300 + "\n\n"


def test_a_short_question_stays_as_it_is():
    assert shortening.shortened(WHOLE) is WHOLE
