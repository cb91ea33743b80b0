"""Whatever an instance answers by GraphQL, it is read, or said to be unreadable."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gitlab.chat import documents
from duo_lsp.gitlab.chat.documents import SaidNoError, Started
from duo_lsp.wire_chat import AdditionalContext, ChatRequest

NAMES = st.sampled_from(
    ["data", "errors", "aiAction", "aiMessages", "nodes", "requestId", "role", "content", "message"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("ASSISTANT") | st.just("r1"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=15,
)


INVALID = "Variable $input of type AiActionInput! was provided invalid value for"


@pytest.mark.parametrize("said", [{}, {"content": None}, {"content": 7, "errors": "x"}, {"errors": []}])
def test_a_message_without_words_is_no_answer_yet(said):
    nodes = [{"requestId": "r1", "role": "ASSISTANT", **said}]
    assert documents.read_messages({"data": {"aiMessages": {"nodes": nodes}}}, "r1") is None


@given(JSON)
def test_any_answer_is_read_or_refused(body):
    for read in (documents.read_action, lambda value: documents.read_messages(value, "r1"), documents.read_available):
        with contextlib.suppress(SaidNoError, ValueError):
            read(body)


def test_what_was_taken_is_read_with_and_without_a_conversation():
    assert documents.read_action({"data": {"aiAction": {"requestId": "r", "threadId": "t"}}}) == Started("r", "t")
    assert documents.read_action({"data": {"aiAction": {"requestId": "r", "threadId": None}}}) == Started("r")


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("Field 'threadId' doesn't exist on type 'AiActionPayload' (Did you mean `x`?)", {"threadId"}),
        ("InputObject 'AiActionInput' doesn't accept argument 'platformOrigin'", {"platformOrigin"}),
        ("Field 'aiMessages' doesn't accept argument 'threadId'", {"threadId"}),
        ("AiActionInput isn't a defined input type (on $input)", {"AiActionInput"}),
        (
            (
                f"{INVALID} chat.additionalContext (Field is not defined on AiChatInput), platformOrigin "
                "(Field is not defined on AiActionInput)"
            ),
            {"additionalContext", "platformOrigin"},
        ),
        (
            "Variable $input of type X! was provided invalid value for chat.content (Expected value to not be null)",
            set(),
        ),
        ("Something else", set()),
    ],
)
def test_the_names_an_instance_does_not_know_are_found(message, names):
    assert SaidNoError((message,)).unknown == names


UNKNOWN = st.frozensets(st.sampled_from(sorted(documents.DISPENSABLE)))
KINDS = st.sampled_from([*documents._MODELS, "user", None])


@given(
    KINDS, st.none() | st.integers(1, 9), st.frozensets(st.sampled_from(sorted(documents.DISPENSABLE))), st.booleans()
)
def test_nothing_unknown_is_ever_sent(kind, number, unknown, fresh):
    items = (AdditionalContext("file", "a", "x"),)
    request = ChatRequest("Why?", kind, number, project_id=7, additional_context=items)
    body = documents.action(request, unknown, "" if fresh else "gid://gitlab/x/1", fresh=fresh)
    sent = body["variables"]["input"]
    assert not (set(sent) | set(sent["chat"])) & unknown
    assert ("threadId" in body["query"]) == ("threadId" not in unknown)
    assert ("resourceId" in sent["chat"]) == (kind in documents._MODELS and number is not None)
    assert "x" in sent["chat"]["content"] or "additionalContext" in sent["chat"]
