"""The gateway's GraphQL: who one is, a question, its answer; and refusals in GitLab's words."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2 as httpx
import pytest

from duo_lsp import wire, wire_chat
from duo_lsp.gateway.engines import Turn
from duo_lsp.gateway.graphql import answering, parsing
from duo_lsp.gateway.play import Play
from duo_lsp.wire_chat import AdditionalContext, ChatFile, ChatRequest
from gateway import rig
from gateway.rig import MadeUp
from waiting import HANG

GRAPHQL = "/api/graphql"
LITERAL = """
mutation chat($q: String!, $rid: AiModelID, $file: AiCurrentFileInput, $sub: String, $po: String,
              $ctx: [AiAdditionalContextInput!]) {
  aiAction(input: {
    chat: {content: $q, resourceId: $rid, currentFile: $file, additionalContext: $ctx}
    clientSubscriptionId: $sub, platformOrigin: $po
  }) { requestId errors }
}
"""
"""As GitLab's own language server writes it."""
WHOLE = "mutation($input: AiActionInput!) { aiAction(input: $input) { requestId threadId errors } }"
MESSAGES = """
query getAiMessages($requestIds: [ID!], $roles: [AiMessageRole!], $thread: AiConversationThreadID) {
  aiMessages(requestIds: $requestIds, roles: $roles, threadId: $thread) {
    nodes { requestId role content contentHtml timestamp errors extras { sources } }
  }
}
"""


def asking(content: str = "Why?", **top: Any) -> dict[str, Any]:
    return {"query": WHOLE, "variables": {"input": {"chat": {"content": content}, **top}}}


NO_SELECTIONS = "Field must have selections (field 'currentUser' returns CurrentUser but has no selections)"


class Gateway:
    """Asked until the test ends."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def __call__(self, body: Any, **headers: str) -> Any:
        answer = await self.client.post(GRAPHQL, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def said_no(self, body: Any, **headers: str) -> list[str]:
        answer = await self(body, **headers)
        assert "data" not in answer
        return [error["message"] for error in answer["errors"]]

    async def answer_to(self, body: dict[str, Any]) -> Any:
        started = (await self(body))["data"]["aiAction"]
        assert started["errors"] == []
        variables = {"requestIds": [started["requestId"]], "roles": ["ASSISTANT"], "thread": started.get("threadId")}
        async with asyncio.timeout(HANG):
            while True:
                answer = await self({"query": MESSAGES, "variables": variables})
                [*nodes] = answer["data"]["aiMessages"]["nodes"]
                if nodes:
                    return nodes[0]
                await asyncio.sleep(0.01)


@pytest.fixture
def engine() -> MadeUp:
    return MadeUp(pieces=("Be", "cause."))


@pytest.fixture
async def gateway(engine: MadeUp) -> Any:
    async with rig.client(engine) as client:
        yield Gateway(client)


async def test_a_question_is_taken_and_its_answer_fetched(gateway: Gateway, engine: MadeUp) -> None:
    file = {"fileName": "a.py", "selectedText": "x", "contentAboveCursor": "above", "contentBelowCursor": "below"}
    context = [{"category": "FILE", "id": "b.py", "content": "y", "metadata": {"lines": [1, 2]}}]
    variables = {"q": "Why?", "rid": "gid://gitlab/Issue/7", "file": file, "sub": "me", "po": "x", "ctx": context}
    node = await gateway.answer_to({"query": LITERAL, "variables": variables})
    assert {**node, "timestamp": "", "requestId": ""} == {
        "requestId": "",
        "role": "ASSISTANT",
        "content": "Because.",
        "contentHtml": None,
        "timestamp": "",
        "errors": [],
        "extras": {"sources": []},
    }
    assert engine.questions == [
        (
            ChatRequest(
                "Why?",
                "Issue",
                "7",
                client_subscription_id="me",
                additional_context=(AdditionalContext("file", "b.py", "y", {"lines": [1, 2]}),),
                current_file=ChatFile("a.py", "x", "above", "below"),
            ),
            (),
        )
    ]


async def test_conversations_are_apart_and_the_nameless_one_is_that_of_rest(gateway: Gateway, engine: MadeUp) -> None:
    await gateway.answer_to(asking("One?"))
    first = (await gateway(asking("Two?", conversationType="DUO_CHAT")))["data"]["aiAction"]["threadId"]
    assert first.startswith("gid://gitlab/Ai::Conversation::Thread/")
    await gateway.answer_to(asking("Three?", threadId=first))
    await gateway.client.post(wire_chat.CHAT_PATH, json={"content": "Four?"})
    await gateway(asking("/clear"))
    await gateway.answer_to(asking("Five?"))
    before = {asked.content: turns for asked, turns in engine.questions}
    assert before["One?"] == before["Two?"] == before["Five?"] == ()
    assert before["Three?"] == (Turn("user", "Two?"), Turn("assistant", "Because."))
    assert before["Four?"] == (Turn("user", "One?"), Turn("assistant", "Because."))
    assert await gateway.said_no(asking("x", threadId="gid://gitlab/Ai::Conversation::Thread/1")) == [
        "Thread not found. It may have expired."
    ]


async def test_who_comes_to_another_gateway_for_an_answer_is_told_so(gateway: Gateway) -> None:
    started = (await gateway(asking()))["data"]["aiAction"]
    variables = {"requestIds": [started["requestId"]]}
    async with rig.client(MadeUp()) as other:
        no = await Gateway(other).said_no({"query": MESSAGES, "variables": variables})
        nothing = await Gateway(other)({"query": MESSAGES, "variables": {"requestIds": ["made-up"]}})
    assert no == [answering.ELSEWHERE]
    assert nothing == {"data": {"aiMessages": {"nodes": []}}}


async def test_a_model_that_fails_is_an_answer_with_errors(gateway: Gateway, engine: MadeUp) -> None:
    engine.failure = ValueError("secret code")
    node = await gateway.answer_to(asking())
    assert node["content"] == "I'm sorry, I can't generate a response. Please try again."
    assert node["errors"] == [f"{node['content']} Error code: A1001"]
    engine.failure = None
    await gateway.answer_to(asking("Again?"))
    assert engine.questions[-1][1] == ()  # two questions in a row are what models refuse


async def test_one_learns_who_one_is(gateway: Gateway) -> None:
    query = "{ currentUser { name: username duoChatAvailable duoCodeSuggestionsAvailable __typename } }"
    me = (await gateway({"query": query}))["data"]["currentUser"]
    assert me == {
        "name": "duo-lsp gateway",
        "duoChatAvailable": True,
        "duoCodeSuggestionsAvailable": True,
        "__typename": "CurrentUser",
    }
    assert (await gateway({"query": query}, Authorization=""))["data"] == {"currentUser": None}


async def test_without_a_token_there_is_nothing_and_with_a_wrong_one_not_even_that(gateway: Gateway) -> None:
    assert await gateway.said_no(asking(), Authorization="") == [answering.NOT_YOURS]
    empty = await gateway({"query": "{ aiMessages { nodes { content } } }"}, Authorization="")
    assert empty == {"data": {"aiMessages": {"nodes": []}}}
    wrong = await gateway.client.post(GRAPHQL, json=asking(), headers={"Authorization": "Bearer wrong"})
    assert (wrong.status_code, wrong.json()) == (401, {"errors": [{"message": "Invalid token"}]})


async def test_a_hundred_and_sixty_questions_in_eight_hours() -> None:
    now = 0.0
    async with rig.client(MadeUp(), limit=60, clock=lambda: now) as client:
        gateway = Gateway(client)
        for _ in range(160):
            assert "data" in await gateway(asking("/reset"))
        assert await gateway.said_no(asking()) == ["This endpoint has been requested too many times. Try again later."]
        now = 8 * 3600.0
        assert "data" in await gateway(asking("/reset"))


@pytest.mark.parametrize(
    ("version", "input_", "said"),
    [
        ("17.2", {"platformOrigin": "x"}, "platformOrigin (Field is not defined on AiActionInput)"),
        ("17.4", {"chat": {"content": "x", "additionalContext": []}}, "chat.additionalContext (Field is not defined"),
        ("17.9", {"threadId": "gid://gitlab/x/1"}, "threadId (Field is not defined on AiActionInput)"),
        ("18.6", {"chat": {"content": None}}, "chat.content (Expected value to not be null)"),
        ("18.6", {"chat": "x"}, "chat (Expected 'x' to be a key-value object)"),
        ("18.6", {"chat": {"content": "x", "resourceId": "7"}}, 'chat.resourceId ("7" is not a valid Global ID)'),
        (
            "18.6",
            {"chat": {"content": "x", "currentFile": {"fileName": "x" * 1001}}},
            "chat.currentFile.selectedText (Expected value to not be null)",
        ),
        (
            "18.6",
            {"chat": {"content": "x", "currentFile": {"fileName": "x" * 1001, "selectedText": ""}}},
            "chat.currentFile.fileName (fileName is too long (maximum is 1000))",
        ),
        (
            "18.6",
            {"chat": {"content": "x", "additionalContext": [{"category": "file", "id": "1", "content": "x"}]}},
            'chat.additionalContext.0.category (Expected "file" to be one of: FILE, SNIPPET',
        ),
    ],
)
async def test_what_a_version_does_not_know_of_the_input(version: str, input_: dict[str, Any], said: str) -> None:
    query = "mutation($input: AiActionInput!) { aiAction(input: $input) { requestId } }"
    async with rig.client(MadeUp(), played=Play(version)) as client:
        [message] = await Gateway(client).said_no({"query": query, "variables": {"input": input_}})
    assert message.startswith("Variable $input of type AiActionInput! was provided invalid value for ")
    assert said in message


@pytest.mark.parametrize(
    ("version", "query", "said"),
    [
        ("17.9", WHOLE, ["Field 'threadId' doesn't exist on type 'AiActionPayload'"]),
        (
            "17.2",
            LITERAL,
            [
                "AiAdditionalContextInput isn't a defined input type (on $ctx)",
                "InputObject 'AiChatInput' doesn't accept argument 'additionalContext'",
                "InputObject 'AiActionInput' doesn't accept argument 'platformOrigin'",
            ],
        ),
        ("18.6", "{ project { id } }", ["Field 'project' doesn't exist on type 'Query'"]),
        (
            "16.7",
            "{ currentUser { duoChatAvailable } }",
            ["Field 'duoChatAvailable' doesn't exist on type 'CurrentUser'"],
        ),
        ("18.6", "{ currentUser }", [NO_SELECTIONS]),
        ("18.6", "{ currentUser { id { x } } }", ["Selections can't be made on scalars (field 'id' returns String)"]),
        ("18.6", "mutation { aiAction { errors } }", ["Field 'aiAction' is missing required arguments: input"]),
        ("18.6", "{ aiMessages(ids: [1]) { nodes { id } } }", ["Field 'aiMessages' doesn't accept argument 'ids'"]),
        (
            "18.6",
            "{ aiMessages(roles: [ME]) { nodes { id } } }",
            ["Argument 'roles' on Field 'aiMessages' has an invalid value. Expected type 'AiMessageRole'."],
        ),
        (
            "18.6",
            "{ aiMessages(roles: $r) { nodes { id } } }",
            ["Variable $r is used by anonymous query but not declared"],
        ),
        (
            "18.6",
            "mutation { aiAction(input: {chat: {}}) { errors } }",
            ["Argument 'content' on InputObject 'AiChatInput' is required. Expected type String!"],
        ),
        ("18.6", "mutation { aiAction(input: {}) { errors } }", ["Only one method argument is required"]),
        ("18.6", 'mutation { aiAction(input: {chat: {content: " "}}) { errors } }', ["content can't be blank"]),
        (
            "18.6",
            "query($q: String!) { currentUser { id } }",
            ["Variable $q of type String! was provided invalid value"],
        ),
        ("18.6", "", ["Unexpected end of document"]),
        ("18.6", "{ a ...b }", ['Parse error on "." (error)']),
        ("18.6", "{ currentUser { id } } }", ['Parse error on "}"']),
        ("18.6", "{}", ["Unexpected end of document"]),
        ("18.6", "{ a(x: 01) { b } }", ['Parse error on "01"']),
        ("18.6", "{ a(x: ) }", ['Parse error on ")"']),
        ("18.6", "{" + " a" * parsing.LONGEST, ["Query too large"]),
        ("18.6", "{a" * 30, ["Query has depth of 21, which exceeds max depth of 20"]),
        ("18.6", 7, ["No query string was present"]),
    ],
)
async def test_what_is_wrong_with_a_document(version: str, query: Any, said: list[str]) -> None:
    async with rig.client(MadeUp(), played=Play(version)) as client:
        assert await Gateway(client).said_no({"query": query}) == said


async def test_a_value_of_a_word_and_a_list_of_one_are_taken(gateway: Gateway) -> None:
    await gateway.answer_to(asking())
    query = '{ aiMessages(roles: USER, requestIds: "none") { __typename nodes { content } } }'
    assert (await gateway({"query": query}))["data"]["aiMessages"]["nodes"] == []
    query = "query { aiMessages(roles: [USER, ASSISTANT]) { nodes { content } } kind: __typename }"
    data = (await gateway({"query": query}))["data"]
    assert [node["content"] for node in data["aiMessages"]["nodes"]] == ["Why?", "Because."]
    assert data["kind"] == "Query"


async def test_the_question_for_excluded_files_is_not_understood_as_by_an_older_gitlab(gateway: Gateway) -> None:
    answer = await gateway({"query": wire.EXCLUSIONS_QUERY, "variables": {"project": "a/b"}})
    assert wire.read_exclusions(answer) == ()


def nested(chat: str, *, of: str = "String") -> str:
    """A question in the document itself, with one variable in it."""
    return f'mutation($x: {of}) {{ aiAction(input: {{chat: {{content: "x", {chat}}}}}) {{ requestId }} }}'


@pytest.mark.parametrize("value", ["abc", None, 5, ["abc"]])
@pytest.mark.parametrize(
    "query",
    [
        "mutation($x: JSON) { aiAction(input: $x) { requestId } }",
        "mutation($x: JSON) { aiAction(input: [$x]) { requestId } }",
        nested("additionalContext: [$x]", of="JSON"),
        nested('additionalContext: [{category: FILE, id: "a", content: [$x]}]', of="JSON"),
        nested("currentFile: {fileName: [$x], selectedText: $x}", of="JSON"),
        nested('currentFile: {fileName: "a.py", selectedText: 5}, resourceId: $x', of="JSON"),
        'mutation($x: JSON) {aiAction(input: {chat: {content: "", resourceId: $x}, threadId: ["gid://a"]}) { errors }}',
        'query($x: JSON) { aiMessages(threadId: ["gid://a"], requestIds: $x) { nodes { id } } }',
    ],
)
async def test_a_variable_that_holds_something_else_than_belongs_there_is_no_failure_of_ours(
    gateway: Gateway, engine: MadeUp, query: str, value: object
) -> None:
    [told] = await gateway.said_no({"query": query, "variables": {"x": value}})
    assert "invalid value" in told
    assert not engine.questions


async def test_one_item_is_a_list_of_it_and_no_number_of_a_project_is_too_long(
    gateway: Gateway, engine: MadeUp
) -> None:
    item = {"category": "FILE", "id": "a", "content": "c"}
    for number, project in (("7", 7), ("9" * 5000, None)):
        body = asking(chat={"content": "x", "additionalContext": item}, projectId=f"gid://gitlab/Project/{number}")
        await gateway.answer_to(body)
        assert engine.questions[-1][0] == ChatRequest(
            "x", project_id=project, additional_context=(AdditionalContext("file", "a", "c"),)
        )
