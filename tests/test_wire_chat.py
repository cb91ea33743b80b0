"""The chat's body, as it is documented; its answer, as it comes."""

import json

import attrs
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire_chat
from duo_lsp.wire_chat import ChatRequest
from whole_question import BODY, WHOLE


def test_a_question_alone_is_all_that_is_sent():
    assert ChatRequest("how to define class in ruby").body() == {"content": "how to define class in ruby"}


def test_all_eight_attributes_and_the_open_file_are_sent_in_gitlabs_names():
    assert json.loads(json.dumps(attrs.evolve(WHOLE, conversation="never sent").body())) == BODY


def test_no_with_clean_history_is_something_else_than_a_false_one():
    assert ChatRequest("x", with_clean_history=False).body() == {"content": "x", "with_clean_history": False}


def test_what_is_no_question_is_known():
    assert ChatRequest(" /clear ").forgets
    assert not ChatRequest("/reset the counter").forgets
    assert ChatRequest("x", resource_type="issue", resource_id=1).has_resource
    assert not ChatRequest("x", resource_id=1).has_resource


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_answer_written_in_pieces_is_one_answer(text):
    assert json.loads('"' + "".join(wire_chat.inside_string(char) for char in text) + '"') == text
