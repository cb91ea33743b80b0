"""What GitLab takes and how it words what it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gateway import forwarding, refusals, validation

FILE = {"file_name": "a.py", "content_above_cursor": ""}
ITEM = {"type": "file", "name": "b.py", "content": "b"}
NOTHING = "current_file is missing, current_file[file_name] is missing, current_file[content_above_cursor] is missing"


def complaints(body: dict[str, Any]) -> str:
    with pytest.raises(refusals.RefusedError) as caught:
        validation.request(body)
    refusal = caught.value.refusal
    assert isinstance(refusal, refusals.Refusal)
    assert isinstance(refusal.body, dict)
    assert refusal.status == 400
    return str(refusal.body["error"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, NOTHING),
        ({"current_file": None}, NOTHING),
        ({"current_file": "a.py"}, "current_file is invalid"),
        (
            {"current_file": {}},
            "current_file[file_name] is missing, current_file[content_above_cursor] is missing",
        ),
        ({"current_file": FILE | {"file_name": ["a"]}}, "current_file[file_name] is invalid"),
        ({"current_file": FILE | {"file_name": True}}, "current_file[file_name] is invalid"),
        (
            {"current_file": FILE | {"file_name": "a" * 256}},
            "current_file[file_name] must be less than 255 characters",
        ),
        (
            {"current_file": FILE | {"content_above_cursor": "a" * 400_001}},
            "current_file[content_above_cursor] must be less than 400000 characters",
        ),
        (
            {"current_file": FILE | {"content_below_cursor": "a" * 400_001}},
            "current_file[content_below_cursor] must be less than 400000 characters",
        ),
        (
            {"user_instruction": "a" * 600_001},
            "user_instruction must be less than 600000 characters",
        ),
        ({"intent": "guess"}, "intent does not have a valid value"),
        ({"intent": ["completion"]}, "intent does not have a valid value"),
        ({"generation_type": "poem"}, "generation_type does not have a valid value"),
        ({"stream": "maybe"}, "stream is invalid"),
        ({"project_path": {}}, "project_path is invalid"),
        ({"context": []}, "context is empty"),
        ({"context": None}, "context is empty"),
        ({"context": "b.py"}, "context is invalid"),
        ({"context": ["b.py"]}, "context is invalid"),
        ({"context": [ITEM, ITEM | {"type": "folder"}]}, "context[1][type] does not have a valid value"),
        ({"context": [ITEM | {"type": None}]}, "context[0][type] does not have a valid value"),
        ({"context": [ITEM | {"name": "a" * 256}]}, "context[0][name] must be less than 255 characters"),
        ({"context": [ITEM | {"content": "a" * 600_001}]}, "context[0][content] must be less than 600000 characters"),
        (
            {"context": [ITEM | {"name": "", "content": None}]},
            "context[0][name] is empty, context[0][content] is empty",
        ),
        (
            {"context": [{}]},
            "context[0][type] is missing, context[0][name] is missing, context[0][content] is missing",
        ),
        ({"intent": "x", "stream": 7}, "intent does not have a valid value, stream is invalid"),
    ],
)
def test_refuses_with_gitlabs_words(body: dict[str, Any], expected: str) -> None:
    whole = body if not body or "current_file" in body else {"current_file": FILE, **body}
    assert complaints(whole) == expected


def test_everything_allowed_arrives() -> None:
    asked = validation.request(
        {
            "current_file": FILE | {"content_below_cursor": None, "language_identifier": "python"},
            "intent": "generation",
            "generation_type": "comment",
            "user_instruction": "sort it",
            "project_path": "group/project",
            "stream": True,
            "context": [ITEM, ITEM | {"type": "snippet"}],
            "choices_count": 4,
        }
    )
    assert asked == wire.SuggestionRequest(
        wire.CurrentFile("a.py", "", "", "python"),
        "generation",
        "comment",
        "sort it",
        "group/project",
        True,
        (wire.ContextItem("file", "b.py", "b"), wire.ContextItem("snippet", "b.py", "b")),
    )


@pytest.mark.parametrize(("given_", "stream"), [(None, False), ("true", True), ("false", False), (1, True)])
def test_stream_is_read_as_gitlab_reads_booleans(given_: object, stream: bool) -> None:
    assert validation.request({"current_file": FILE, "stream": given_}).stream is stream


def test_the_limits_themselves_are_allowed() -> None:
    file = {"file_name": "a" * 255, "content_above_cursor": "b" * 400_000, "content_below_cursor": "c" * 400_000}
    assert validation.request({"current_file": file}).current_file.file_name == "a" * 255


def test_numbers_are_taken_as_text_like_gitlab_does() -> None:
    assert validation.request({"current_file": FILE | {"file_name": 7}}).current_file.file_name == "7"


def test_half_a_character_becomes_a_replacement() -> None:
    file = FILE | {"content_above_cursor": "a\ud83d"}
    assert validation.request({"current_file": file}).current_file.content_above_cursor == "a\ufffd"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "name"]), inner),
    max_leaves=6,
)
names = st.sampled_from(["current_file", "intent", "generation_type", "stream", "context", "project_path"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(names, values))
def test_any_object_without_a_file_is_refused_and_nothing_worse_happens(body: dict[str, Any]) -> None:
    assert "current_file" in complaints(body)


def request(above: str = "", **more: Any) -> wire.SuggestionRequest:
    return wire.SuggestionRequest(wire.CurrentFile("a.py", above, above), **more)


def test_gitlab_passes_on_what_is_next_to_the_cursor() -> None:
    file = forwarding.forwarded(request("a" * 100_000 + "b" * 100_000)).current_file
    assert (file.content_above_cursor, file.content_below_cursor) == ("b" * 100_000, "a" * 100_000)


def test_gitlab_drops_context_that_does_not_fit() -> None:
    items = tuple(wire.ContextItem("file", name, "x" * 200_000) for name in "abc")
    assert [item.name for item in forwarding.forwarded(request(context=items)).context] == ["a", "b"]


def test_what_is_still_too_large_is_refused() -> None:
    items = (wire.ContextItem("file", "a", "x" * 450_000),)
    with pytest.raises(refusals.RefusedError) as caught:
        forwarding.forwarded(request("x" * 100_000, context=items))
    assert caught.value.refusal == refusals.TOO_LARGE


@given(st.text('ab\n\x00"', max_size=60), st.lists(st.text("x\x01", min_size=1, max_size=30), max_size=3))
def test_the_guess_at_a_bodys_length_is_never_too_short(text: str, contents: list[str]) -> None:
    items = tuple(wire.ContextItem("snippet", "n", content) for content in contents)
    asked = request(text, context=items, user_instruction=text, project_path=text, intent="generation", stream=True)
    assert forwarding._longest(asked) >= len(json.dumps(asked.body(), ensure_ascii=False))
