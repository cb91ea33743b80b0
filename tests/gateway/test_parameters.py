"""The tables of what GitLab takes: whatever the description allows is taken, and nothing harms the one who reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway import parameters, validation
from duo_lsp.gateway.chat import asking
from duo_lsp.gateway.parameters import Anything, Choice, Flag, Hash, Listed, Number, NumberOrText, Text

FIELDS: parameters.Fields = {
    "text": Text(3, required=True, blank=False),
    "word": Choice(("a", "b")),
    "number": Number(),
    "either": NumberOrText(),
    "flag": Flag(),
    "anything": Anything(),
    "hash": Hash({"inner": Text(required=True)}),
    "list": Listed({"inner": Choice(("a",), required=True)}, empty=False),
}
RIGHT: dict[str, Any] = {"text": "abc"}


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"text": " "}, "text is empty"),
        ({"text": None}, "text is empty"),
        ({"text": "abcd"}, "text must be less than 3 characters"),
        ({"word": "c"}, "word does not have a valid value"),
        ({"number": "7x"}, "number is invalid"),
        ({"number": 7.5}, "number is invalid"),
        ({"number": True}, "number is invalid"),
        ({"either": []}, "either is invalid"),
        ({"flag": "yes"}, "flag is invalid"),
        ({"anything": []}, "anything is invalid"),
        ({"hash": []}, "hash is invalid"),
        ({"hash": {}}, "hash[inner] is missing"),
        ({"list": []}, "list is empty"),
        ({"list": {}}, "list is invalid"),
        ({"list": [{"inner": "a"}, {"inner": "b"}]}, "list[1][inner] does not have a valid value"),
    ],
)
def test_complains_in_gitlabs_words(more: dict[str, Any], complaint: str) -> None:
    assert parameters.read(FIELDS, RIGHT | more)[1] == [complaint]


@pytest.mark.parametrize(
    ("key", "given_", "value"),
    [
        ("text", 7, "7"),
        ("word", None, None),
        ("number", "", None),
        ("number", "-7", -7),
        ("number", 7.0, 7),
        ("either", 7, 7),
        ("either", "x", "x"),
        ("either", "", None),
        ("flag", "true", True),
        ("anything", {"x": 1}, {"x": 1}),
        ("hash", None, None),
        ("hash", {"inner": "x", "other": 1}, {"inner": "x"}),
        ("list", [{"inner": "a"}], [{"inner": "a"}]),
    ],
)
def test_forgives_as_gitlab_does(key: str, given_: object, value: object) -> None:
    values, wrong = parameters.read(FIELDS, RIGHT | {key: given_})
    assert (values[key], wrong) == (value, [])


def test_describes_what_should_be_sent() -> None:
    assert parameters.schema(FIELDS) == {
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "maxLength": 3, "pattern": "[!-~]"},
            "word": {"type": "string", "enum": ["a", "b"]},
            "number": {"type": "integer", "minimum": -parameters.WHOLE, "maximum": parameters.WHOLE},
            "either": {"type": ["integer", "string"]},
            "flag": {"type": "boolean"},
            "anything": {"type": "object"},
            "hash": {"type": "object", "properties": {"inner": {"type": "string"}}, "required": ["inner"]},
            "list": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {"inner": {"type": "string", "enum": ["a"]}},
                    "required": ["inner"],
                },
            },
        },
    }


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["inner", "type", "id"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FIELDS, *validation.SUGGESTION, *asking.QUESTION]), values))
def test_any_object_is_read_and_each_complaint_is_a_sentence_about_a_field(body: dict[str, Any]) -> None:
    for fields in (FIELDS, validation.SUGGESTION, validation.ENABLED, asking.QUESTION):
        read, wrong = parameters.read(fields, body)
        assert set(read) == set(fields)
        assert all(each.split("[")[0].split()[0] in fields for each in wrong)
