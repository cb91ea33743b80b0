"""Whatever is sent as a document or as variables, it is read or refused in a sentence."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from duo_lsp.gateway.graphql import checking, parsing, schema
from duo_lsp.gateway.graphql.parsing import Field, ParseError, Variable, Word

SIGNS = [*'{}()[]:!$@|=" ', "...", '"text"', "7", "-1.5", "# x\n", "\u2028"]
NAMES = ["query", "mutation", "aiAction", "aiMessages", "nodes", "input", "chat", "content", "roles", "ASSISTANT"]
PIECES = st.sampled_from([*SIGNS, *NAMES, "$x", "null", "true", "AiActionInput!", "[ID!]"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_a_document_is_read() -> None:
    read = parsing.read(
        'query a($x: [ID!]!, $y: Int) { one: two(a: $x, b: {c: [X, -1.5, "\\n", null, true]}) { d } e }'
    )
    assert read.kind == "query"
    assert read.variables == {"x": "[ID!]!", "y": "Int"}
    arguments = {"a": Variable("x"), "b": {"c": [Word("X"), -1.5, "\n", None, True]}}
    assert read.selections == (
        Field("two", "one", arguments, (Field("d", "d", {}, ()),)),
        Field("e", "e", {}, ()),
    )


@given(st.lists(PIECES, max_size=40).map(" ".join) | st.text())
@example("{ a(b: [[[[[[[[[[[[[[[[[[[[[[[")
@example("{ a(b:")
@example('{ a(b: "\\x") }')
@example("query 7")
@example("query ($x 7")
def test_whatever_is_no_document_is_refused_in_a_sentence(document: str) -> None:
    with contextlib.suppress(ParseError):
        operation = parsing.read(document)
        assert all(isinstance(said, str) for said in checking.complaints(operation, {}, (18, 6)))


@given(JSON)
@example({"chat": {"content": "x", "additionalContext": {"category": "FILE", "id": "1", "content": "x"}}})
@example({"chat": {"content": []}})
def test_whatever_the_variables_are_they_are_taken_or_refused(value: object) -> None:
    operation = parsing.read("mutation($input: AiActionInput!) { aiAction(input: $input) { errors } }")
    said = checking.complaints(operation, {"input": value}, (18, 6))
    assert all(each.startswith("Variable $input") for each in said)
    assert said or isinstance(value, dict)


@pytest.mark.parametrize("name", ["AiModelID", "JSON", "AiChatInput", "AiMessageRole"])
def test_a_type_of_an_input_is_known(name: str) -> None:
    assert schema.is_input(name, (16, 0))
    assert not schema.is_input("CurrentUser", (18, 6))
