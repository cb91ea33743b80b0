"""GitLab's bodies, as they are documented and as they come."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.wire import Answer, ContextItem, CurrentFile, SuggestionRequest

FILE = CurrentFile("src/a.py", "def f", "\n", "python")


def test_a_whole_request():
    request = SuggestionRequest(
        FILE,
        "generation",
        "comment",
        "# sum up",
        "group/project",
        stream=True,
        context=(ContextItem("file", "b.py", "x"),),
    )
    assert json.loads(json.dumps(request.body())) == {
        "current_file": {
            "file_name": "src/a.py",
            "content_above_cursor": "def f",
            "content_below_cursor": "\n",
            "language_identifier": "python",
        },
        "intent": "generation",
        "generation_type": "comment",
        "user_instruction": "# sum up",
        "project_path": "group/project",
        "stream": True,
        "context": [{"type": "file", "name": "b.py", "content": "x"}],
    }


def test_a_small_request_has_nothing_empty_that_gitlab_would_refuse():
    assert SuggestionRequest(CurrentFile("a", ""), "completion").body() == {
        "current_file": {"file_name": "a", "content_above_cursor": "", "content_below_cursor": ""},
        "intent": "completion",
    }


def without_null(value):
    if isinstance(value, dict):
        return all(item is not None and item != [] and without_null(item) for item in value.values())
    return all(map(without_null, value)) if isinstance(value, list) else True


@given(
    st.builds(
        SuggestionRequest,
        st.builds(CurrentFile, st.text(), st.text(), st.text(), st.none() | st.text()),
        st.sampled_from([None, *wire.INTENTS]),
        st.sampled_from([None, *wire.GENERATION_TYPES]),
        st.none() | st.text(),
        st.none() | st.text(),
        st.booleans(),
        st.lists(st.builds(ContextItem, st.sampled_from(wire.CONTEXT_TYPES), st.text(), st.text())).map(tuple),
    )
)
def test_no_request_has_null_or_an_empty_list(request_):
    assert without_null(request_.body())


COMPLETION = {
    "id": "id",
    "model": {
        "engine": "fireworks_ai",
        "name": "codestral-2508",
        "lang": "python",
        "tokens_consumption_metadata": {"input_tokens": 120, "output_tokens": 12},
        "region": "us-central1",
    },
    "experiments": [],
    "object": "text_completion",
    "created": 1732121183,
    "choices": [{"text": " bool:\n    return n % 2 == 0", "index": 0, "finish_reason": "length"}],
    "metadata": {"enabled_feature_flags": []},
}
GENERATION = {
    "choices": [{"text": "def f():\n    ...", "index": 0, "finish_reason": "length"}],
    "metadata": {
        "model": {"engine": "agent", "name": "Code Generations Agent", "lang": "python"},
        "timestamp": 1732121183,
        "enabled_feature_flags": None,
        "region": None,
    },
}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (COMPLETION, Answer((" bool:\n    return n % 2 == 0",), "codestral-2508")),
        (GENERATION, Answer(("def f():\n    ...",), "Code Generations Agent")),
        ({"choices": []}, Answer()),
        ({"choices": [{"text": ""}]}, Answer()),
        ({"choices": [{"text": None}]}, Answer()),
        ({"choices": [{"text": "a"}, {"text": "b"}], "model": None, "metadata": []}, Answer(("a", "b"))),
        ({"choices": [{"delta": {"content": "x"}}], "model": {"name": 3}}, Answer()),
    ],
)
def test_both_success_bodies_and_their_poorer_relatives(body, answer):
    assert wire.read_answer(body) == answer


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "<html></html>",
        "",
        3,
        {},
        {"choices": None},
        {"choices": {}},
        {"choices": "text"},
        {"choices": [3]},
        {"choices": [None]},
        {"choices": [{"text": 3}]},
        {"choices": [{"text": ["a"]}]},
        {"choices": [{}]},
    ],
)
def test_what_nobody_can_read(body):
    with pytest.raises(ValueError, match="in the answer"):
        wire.read_answer(body)


@pytest.mark.parametrize("body", [wire.completion_body, wire.generation_body])
def test_our_gateways_bodies_are_read_back(body):
    made = body("text", model="m", engine="e", lang="python", created=1)
    assert wire.read_answer(made) == Answer(("text",), "m")
    assert wire.read_answer(body("", model="m", engine="e", lang="", created=1)) == Answer((), "m")


def test_the_two_bodies_differ_as_gitlabs_do():
    completion = wire.completion_body("x", model="m", engine="e", lang="python", created=1)
    generation = wire.generation_body("x", model="m", engine="e", lang="python", created=1)
    assert set(completion) == {"id", "model", "object", "created", "choices"}
    assert set(generation) == {"choices", "metadata"}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"message": "401 Unauthorized"}, "401 Unauthorized"),
        ({"message": {"error": "Too many times."}}, "Too many times."),
        ({"error": "invalid_token", "error_description": "Token was revoked."}, "Token was revoked."),
        ({"error": "current_file is missing"}, "current_file is missing"),
        ({"detail": "Inference failed"}, "Inference failed"),
        ({"detail": [{"loc": ["body"], "msg": "Field required"}]}, "Field required"),
        ({"error": "x", "message": {"error": "y"}, "error_description": ""}, "y"),
        ("Retry later\n", "Retry later"),
        ("<!DOCTYPE html><html>", ""),
        ("  <html>", ""),
        ({"message": 3, "error": None, "detail": []}, ""),
        ({"message": {}}, ""),
        ({}, ""),
        (None, ""),
        ([], ""),
        ("a\x1b[31m\nb\u202ec", "a [31m b c"),
    ],
)
def test_an_errors_sentence_in_every_dialect(body, sentence):
    assert wire.read_message(body) == sentence


@given(st.text(max_size=400))
def test_a_message_is_short_and_harmless(text):
    message = wire.read_message({"message": text})
    assert len(message) <= 200
    assert message.isprintable()


def test_the_bodies_about_tokens_are_gitlabs():
    assert wire.short_token_body("t", created=5) == {"access_token": "t", "expires_in": 3600, "created_at": 5}
    assert wire.access_token_body("mine", ["api"], expires="2027-01-01") == {
        "id": 1,
        "user_id": 1,
        "name": "mine",
        "scopes": ["api"],
        "active": True,
        "revoked": False,
        "expires_at": "2027-01-01",
        "last_used_at": None,
    }
    oauth = wire.oauth_token_body(["api"], created=5)
    assert (oauth["scope"], oauth["created_at"]) == (["api"], 5)


@given(st.text())
def test_an_events_data_is_one_line_of_json_that_says_what_was_said(text):
    name, data, *rest = wire.content_chunk(text).split("\n")
    assert (name, rest) == ("event: content_chunk", ["", ""])
    assert json.loads(data.removeprefix("data: ")) == {"choices": [{"delta": {"content": text}, "index": 0}]}


def test_a_stream_begins_with_who_answers_and_ends_with_null():
    start = wire.stream_start(model="m", engine="e", created=1)
    assert start.startswith('event: stream_start\ndata: {"metadata": {"model": {"engine": "e", "name": "m"}')
    assert wire.stream_end() == "event: stream_end\ndata: null\n\n"
