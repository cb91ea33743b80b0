"""The chat's body, as it is documented; its answer, as it comes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire_chat
from duo_lsp.wire_chat import AdditionalContext, ChatFile, ChatRequest


def test_a_question_alone_is_all_that_is_sent():
    assert ChatRequest("how to define class in ruby").body() == {"content": "how to define class in ruby"}


def test_all_eight_attributes_and_the_open_file_are_sent_in_gitlabs_names():
    request = ChatRequest(
        "Why?",
        resource_type="commit",
        resource_id="c0ffee",
        project_id=7,
        referer_url="https://gitlab.example/g/p",
        client_subscription_id="me",
        with_clean_history=True,
        additional_context=(
            AdditionalContext("file", "main.rb", "class Foo\nend", {"lines": [1, 2]}),
            AdditionalContext("snippet", "2", "x"),
        ),
        current_file=ChatFile("main.rb", "class Foo", "# above", "end"),
        conversation="never sent",
    )
    assert json.loads(json.dumps(request.body())) == {
        "content": "Why?",
        "resource_type": "commit",
        "resource_id": "c0ffee",
        "project_id": 7,
        "referer_url": "https://gitlab.example/g/p",
        "client_subscription_id": "me",
        "with_clean_history": True,
        "additional_context": [
            {"category": "file", "id": "main.rb", "content": "class Foo\nend", "metadata": {"lines": [1, 2]}},
            {"category": "snippet", "id": "2", "content": "x"},
        ],
        "current_file": {
            "file_name": "main.rb",
            "selected_text": "class Foo",
            "content_above_cursor": "# above",
            "content_below_cursor": "end",
        },
    }


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
