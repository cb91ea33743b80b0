"""The chat over GraphQL, against real sockets: what is sent, how it is looked for, and what is made of every answer."""

import asyncio
import random
import time

import attrs
import pytest

import whole_question
from duo_lsp import chat_errors, errors
from duo_lsp.gitlab.chat import choosing
from duo_lsp.gitlab.chat.graphql import GraphQLChat
from duo_lsp.gitlab.chat.said import Deadlines
from duo_lsp.gitlab.client import GitLabClient
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from duo_lsp.wire_chat import NO_MODEL, AdditionalContext, ChatFile, ChatRequest
from gateway import rig
from gitlab.chat.asking import QUESTION, TOKEN, Chat
from gitlab_server import Answer
from waiting import HANG

GRAPHQL = "/api/graphql"
CHAT = "/api/v4/chat/completions"
ABOUT_AN_ISSUE = ChatRequest("Why?", "issue", 7)
WHOLE = attrs.evolve(whole_question.WHOLE, with_clean_history=None, conversation="ours")
THREAD = "gid://gitlab/Ai::Conversation::Thread/5"
PATIENT = Deadlines(idle=HANG, total=2 * HANG, first_look=0.01, longest_look=0.03)


def no(*messages):
    return Answer(body={"errors": [{"message": message} for message in messages]})


def taken(request_id="r1", **more):
    return Answer(body={"data": {"aiAction": {"requestId": request_id, "errors": [], **more}}})


def answered(content="Because.", request_id="r1", role="ASSISTANT", said=()):
    node = {"requestId": request_id, "role": role, "content": content, "errors": list(said)}
    return Answer(body={"data": {"aiMessages": {"nodes": [node]}}})


NOTHING = Answer(body={"data": {"aiMessages": {"nodes": []}}})


class Instance:
    """Answers in order, actions and looks apart; the last of each again and again."""

    def __init__(self, server):
        self.server = server
        self.actions, self.looks, self.available = [taken()], [answered()], None
        server.others[GRAPHQL] = self

    def __call__(self, request):
        query = request.json["query"]
        if "duoChatAvailable" in query and self.available == "hang":
            return Answer(status=500)
        if "duoChatAvailable" in query:
            return Answer(body={"data": {"currentUser": {"duoChatAvailable": self.available}}})
        answers = self.actions if query.startswith("mutation") else self.looks
        return answers.pop(0) if len(answers) > 1 else answers[0]

    @property
    def sent(self):
        return [request for request in self.server.requests if b"mutation" in request.body]

    @property
    def inputs(self):
        return [request.json["variables"]["input"] for request in self.sent]

    @property
    def looked(self):
        return [request.json for request in self.server.requests if b"aiMessages" in request.body]


def patient(client):
    return GraphQLChat(client, PATIENT)


@pytest.fixture
def instance(gitlab_server):
    return Instance(gitlab_server)


@pytest.fixture
async def chat(gitlab_server):
    made = Chat(gitlab_server.url, patient)
    yield made
    await made.close()


async def test_the_question_and_the_look_for_its_answer_are_what_gitlab_documents(chat, instance):
    instance.actions = [taken(threadId=THREAD)]
    assert await chat.ask(WHOLE) == "Because."
    assert chat.pieces == ["Because."]
    [sent] = instance.sent
    assert (sent.method, sent.path) == ("POST", GRAPHQL)
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["referer"] == "https://gitlab.example/g/p"
    assert sent.json["query"] == (
        "mutation duoLspChat($input: AiActionInput!) { aiAction(input: $input) { requestId threadId errors } }"
    )
    assert sent.json["variables"] == {
        "input": {
            "chat": {
                "content": "Why?",
                "resourceId": "gid://gitlab/Commit/c0ffee",
                "currentFile": {
                    "fileName": "src/a.rb",
                    "selectedText": "class Foo",
                    "contentAboveCursor": "# above",
                    "contentBelowCursor": "end",
                },
                "additionalContext": [
                    {"category": "FILE", "id": "src/a.rb", "content": "class Foo\nend", "metadata": {"lines": [1, 2]}},
                    {"category": "MERGE_REQUEST", "id": "3", "content": "x"},
                ],
            },
            "clientSubscriptionId": "me",
            "platformOrigin": "duo-lsp",
            "projectId": "gid://gitlab/Project/7",
            "conversationType": "DUO_CHAT",
        }
    }
    [look] = instance.looked
    assert look == {
        "query": (
            "query duoLspAnswer($requestIds: [ID!], $thread: AiConversationThreadID) "
            "{ aiMessages(requestIds: $requestIds, roles: [ASSISTANT], threadId: $thread) "
            "{ nodes { requestId role content errors } } }"
        ),
        "variables": {"requestIds": ["r1"], "thread": THREAD},
    }


async def test_a_long_question_stays_in_one_piece(chat, instance):
    question = "why is this slow?\n\n" + "x = 1\n" * 5_000
    assert await chat.ask(ChatRequest(question)) == "Because."
    assert [one["chat"] for one in instance.inputs] == [{"content": question}]


async def test_a_plain_question_sends_nothing_else(chat, instance):
    assert await chat.ask() == "Because."
    assert instance.inputs == [{"chat": {"content": "Why is this slow?"}, "platformOrigin": "duo-lsp"}]
    assert "referer" not in instance.sent[0].headers
    assert instance.looked[0]["variables"] == {"requestIds": ["r1"]}
    assert "threadId" not in instance.looked[0]["query"]


async def test_the_answer_is_looked_for_again_and_again_each_time_a_little_later(gitlab_server, instance):
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    chat = Chat(gitlab_server.url, lambda client: GraphQLChat(client, sleep=sleep))
    others = [answered("x", request_id="r2"), answered("Why?", role="USER"), answered(None), Answer(status=503)]
    instance.looks = [*others, *[NOTHING] * 6, answered()]
    assert await chat.ask() == "Because."
    assert pauses[:4] == [0.5, 0.75, 1.125, 1.6875]
    assert pauses[-1] == max(pauses) == 5.0
    assert len(pauses) == 11
    await chat.close()


async def test_looking_ends_with_the_deadline(chat, instance):
    instance.looks = [NOTHING]
    chat.way = GraphQLChat(chat.client, attrs.evolve(PATIENT, total=1.0))
    with pytest.raises(errors.SlowError, match=r"within 1 s\. Ask again"):
        await chat.ask()
    assert len(instance.looked) > 3


async def test_an_instance_that_keeps_failing_is_not_looked_at_for_ever(chat, instance):
    instance.looks = [Answer(status=503)]
    with pytest.raises(errors.BrokenError):
        await chat.ask()
    assert len(instance.looked) == 3


@pytest.mark.parametrize(
    ("version", "unknown"),
    [("17.1", {"additionalContext", "platformOrigin", "threadId", "conversationType", "projectId"}),
     ("17.3", {"additionalContext", "threadId", "conversationType", "projectId"}),
     ("17.6", {"threadId", "conversationType"}),
     ("18.6", set())],
)  # fmt: skip
async def test_what_an_instance_does_not_know_is_left_out_from_then_on(version, unknown):
    running = rig.start(rig.command(engine="fixed", gitlab=version, off=["access_rest_chat"]))
    chat = Chat(running.url, patient, running.token)
    request = ChatRequest(
        "Why?", project_id=7, additional_context=WHOLE.additional_context, conversation="a", current_file=None
    )
    for _ in range(2):
        assert "```python" in await chat.ask(request)
    assert chat.way._unknown == unknown
    assert chat.way.actions.left == 158
    await chat.close()
    rig.stop(running)


async def test_where_context_is_unknown_it_goes_along_in_the_question(chat, instance):
    unknown = (
        "Variable $input of type AiActionInput! was provided invalid value for "
        "chat.additionalContext (Field is not defined on AiChatInput)"
    )
    instance.actions = [no(unknown), taken()]
    items = (AdditionalContext("file", "a.rb", "class Foo"), AdditionalContext("snippet", "2", "x = 1"))
    await chat.ask(ChatRequest("Why?", additional_context=items))
    await chat.ask(ChatRequest("Why?", additional_context=items, current_file=ChatFile("a.rb", "class Foo")))
    await chat.ask(ChatRequest("/explain", additional_context=items, current_file=ChatFile("a.rb", "class Foo")))
    sent = [given["chat"] for given in instance.inputs]
    assert "additionalContext" in sent[0]
    assert [given["content"] for given in sent[1:]] == [
        "Why?\n\na.rb:\nclass Foo\n\n2:\nx = 1",
        "Why?\n\n2:\nx = 1",
        "/explain",
    ]
    assert not any("additionalContext" in given for given in sent[1:])


async def test_each_conversation_has_a_place_of_its_own_where_there_are_such(chat, instance):
    instance.actions = [taken(threadId=THREAD)]
    first, second = (ChatRequest("Why?", conversation=name) for name in "ab")
    await chat.ask(first)
    await chat.ask(first)
    await chat.ask(second)
    assert [given.get("threadId") for given in instance.inputs] == [None, THREAD, None]
    assert [given.get("conversationType") for given in instance.inputs] == ["DUO_CHAT", None, "DUO_CHAT"]
    assert await chat.ask(ChatRequest("/new", conversation="a")) == ""
    await chat.ask(first)
    assert instance.inputs[3].get("threadId") is None
    assert len(instance.inputs) == 4


@pytest.mark.parametrize("command", ["/reset", "/clear", "/new"])
async def test_to_begin_anew_is_asked_only_where_conversations_are_not_kept_apart(chat, instance, command):
    anew, question = ChatRequest(command, conversation="a"), ChatRequest("Why?", conversation="a")
    assert await chat.ask(anew) == ""
    assert not instance.sent
    instance.actions = [no("InputObject 'AiActionInput' doesn't accept argument 'conversationType'"), taken()]
    assert await chat.ask(question) == "Because."
    assert await chat.ask(question) == "Because."
    assert await chat.ask(anew) == ""
    contents = [given["chat"]["content"] for given in instance.inputs[1:]]
    assert contents == ["/reset", "Why?", "Why?", command]
    assert not any("conversationType" in given for given in instance.inputs[1:])


async def test_a_conversation_that_has_expired_is_begun_anew(chat, instance):
    instance.actions = [taken(threadId=THREAD), no("Thread not found. It may have expired."), taken(threadId="gid://2")]
    request = ChatRequest("Why?", conversation="a")
    await chat.ask(request)
    assert await chat.ask(request) == "Because."
    assert [given.get("threadId") for given in instance.inputs] == [None, THREAD, None]


async def test_a_clean_history_is_a_conversation_of_its_own_or_a_reset_before(chat, instance):
    clean = ChatRequest("Why?", with_clean_history=True)
    await chat.ask(clean)
    assert [given["chat"]["content"] for given in instance.inputs] == ["Why?"]
    unknown = "InputObject 'AiActionInput' doesn't accept argument 'conversationType'"
    instance.actions = [no(unknown), taken()]
    await chat.ask(clean)
    await chat.ask(clean)
    contents = [given["chat"]["content"] for given in instance.inputs[2:]]
    assert contents == ["/reset", "Why?", "/reset", "Why?"]


async def test_who_only_wants_to_begin_anew_waits_for_no_answer(chat, instance):
    assert await chat.ask(ChatRequest("/reset")) == ""
    assert not instance.looked


async def test_before_the_limit_is_hit_we_say_so_and_when_to_go_on(gitlab_server, instance):
    now = 0.0
    chat = Chat(gitlab_server.url, lambda client: GraphQLChat(client, PATIENT, clock=lambda: now))
    for _ in range(160):
        await chat.ask(ChatRequest("/reset"))
    now = 3600.0
    with pytest.raises(errors.LimitedError) as caught:
        await chat.ask()
    assert "160 questions in 8 hours" in caught.value.sentence
    assert caught.value.hint == "Ask again in 420 minutes."
    assert len(instance.sent) == 160
    now = 8 * 3600.0
    assert await chat.ask() == "Because."
    await chat.close()


NOT_PERMITTED = "AI features are not enabled or resource is not permitted to be sent."
NOT_YOURS = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)
NO_ACTION = "Field 'aiAction' doesn't exist on type 'Mutation'"
CANNOT = "I'm sorry, I can't generate a response. Please try again. Error code: A1001"
NO_PROJECT = "InputObject 'AiActionInput' doesn't accept argument 'projectId'"


@pytest.mark.parametrize(
    ("action", "request_", "available", "kind", "said"),
    [
        (Answer(status=401, body={"errors": [{"message": "Invalid token"}]}), QUESTION, None, errors.SignInError, "to"),
        (Answer(status=404, body={"error": "404 Not Found"}), QUESTION, None, errors.NotThereError, "no GitLab Duo Ch"),
        (no("This endpoint has been requested too many times. Try again later."), QUESTION, None, errors.LimitedError,
         "160 questions"),
        (no(NOT_PERMITTED), QUESTION, None, errors.NoAccessError, "seat"),
        (no(NOT_PERMITTED), QUESTION, False, errors.NoAccessError, "seat"),
        (no(NOT_PERMITTED), QUESTION, True, errors.NoAccessError, "GitLab Duo Pro or Enterprise"),
        (no(NOT_YOURS), QUESTION, None, errors.NoAccessError, "no access"),
        (no(NOT_YOURS), ABOUT_AN_ISSUE, True, chat_errors.UnreadableError, "ask about this issue"),
        (no(NOT_PERMITTED), ABOUT_AN_ISSUE, None, chat_errors.UnreadableError, "Check its number"),
        (no(NOT_YOURS), ABOUT_AN_ISSUE, False, errors.NoAccessError, "no access"),
        (Answer(body={"data": {"aiAction": {"requestId": None, "errors": [NOT_PERMITTED]}}}), QUESTION, None,
         errors.NoAccessError, "no access"),
        (no("required feature flag is disabled."), QUESTION, None, errors.NotThereError, "turned off"),
        (no(NO_ACTION), QUESTION, None, errors.NotThereError, "There is no GitLab Duo Chat"),
        (no("AiActionInput isn't a defined input type (on $input)", NO_ACTION), QUESTION, None, errors.NotThereError,
         "There is no GitLab Duo Chat"),
        (no(NO_PROJECT), WHOLE, None, errors.TooOldError, "projectId"),
        (no("Field 'requestId' doesn't exist on type 'AiActionPayload'"), QUESTION, None, errors.TooOldError, "req"),
        (no("Internal server error"), QUESTION, None, errors.BrokenError, "failed"),
        (no("content can't be blank"), QUESTION, None, errors.RefusedError, "content can't be blank"),
        (no("\x1b[31m" + "x" * 1000), QUESTION, None, errors.RefusedError, "x" * 100),
        (Answer(body={"errors": ["odd"]}), QUESTION, None, errors.RefusedError, "refused"),
        (Answer(body={"data": {"aiAction": None}}), QUESTION, None, errors.BadAnswerError, "no request"),
        (Answer(body=[1]), QUESTION, None, errors.BadAnswerError, "no request"),
        (Answer(body=b"<html>"), QUESTION, None, errors.InterceptedError, "web page"),
        (Answer(hang=True), QUESTION, None, errors.SlowError, "0.3 s"),
    ],
)  # fmt: skip
async def test_each_refusal_is_one_sentence_and_a_remedy(chat, instance, action, request_, available, kind, said):
    instance.actions, instance.available = [action], available
    chat.way = GraphQLChat(chat.client, attrs.evolve(PATIENT, idle=0.3 if action.hang else HANG))
    with pytest.raises(errors.UpstreamError) as caught:
        await chat.ask(request_)
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert not chat.pieces


async def test_where_it_cannot_be_asked_whose_fault_it_is_both_are_named(chat, instance):
    instance.actions, instance.available = [no(NOT_PERMITTED)], "hang"
    with pytest.raises(chat_errors.UnreadableError, match="Check its number and that you may read it"):
        await chat.ask(ABOUT_AN_ISSUE)


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        (answered("", said=[CANNOT]), chat_errors.ApologyError),
        (answered(None, said=["Something new."]), chat_errors.ApologyError),
        (answered(CANNOT), chat_errors.ApologyError),
        (answered(" \n"), chat_errors.EmptyAnswerError),
        (no("Internal server error"), errors.BrokenError),
        (Answer(body={"data": {"aiMessages": {"nodes": None}}}), errors.BadAnswerError),
    ],
)
async def test_an_answer_that_is_none_is_a_failure(chat, instance, look, kind):
    instance.looks = [NOTHING, look]
    with pytest.raises(errors.UpstreamError) as caught:
        await chat.ask()
    assert type(caught.value) is kind
    assert not chat.pieces


async def test_our_own_gateway_without_a_model_is_a_failure_with_a_remedy(chat, instance):
    instance.looks = [answered(NO_MODEL)]
    with pytest.raises(chat_errors.NoModelError, match="duo-lsp login"):
        await chat.ask()
    assert not chat.pieces


async def test_questions_given_up_at_random_moments_leave_nothing_and_the_next_is_answered(chat, instance):
    instance.looks = [NOTHING, NOTHING, answered()] * 300
    chance, before, given_up = random.Random(7), len(asyncio.all_tasks()), 0
    chat.way = GraphQLChat(chat.client, PATIENT, clock=lambda: 8 * 3600.0 * time.monotonic())
    for _ in range(200):
        task = asyncio.ensure_future(chat.ask())
        await asyncio.wait({task}, timeout=chance.uniform(0, 0.06))
        if task.cancel():
            await asyncio.wait({task})
        given_up += task.cancelled()
    assert given_up > 20
    instance.looks = [answered()]
    assert await chat.ask() == "Because."
    assert len(asyncio.all_tasks()) == before


class Ways:
    """Both ways of one instance, as they are chosen."""

    def __init__(self, server):
        self.client = GitLabClient(server.url, FixedToken(Secret(TOKEN)), "duo-lsp/0")
        self.chat = choosing.of(self.client)

    async def ask(self, request=QUESTION):
        return await self.chat.ask(request, lambda _: None)


@pytest.fixture
async def ways(gitlab_server):
    made = Ways(gitlab_server)
    yield made
    await made.client.close()


def paths(server):
    return [request.path for request in server.requests if "aiMessages" not in request.body.decode()]


@pytest.mark.usefixtures("instance")
async def test_where_there_is_no_rest_graphql_is_asked_for_good(ways, gitlab_server):
    for _ in range(2):
        assert await ways.ask() == "Because."
    assert paths(gitlab_server) == [CHAT, GRAPHQL, GRAPHQL]


async def test_where_there_is_rest_nothing_else_is_asked(ways, instance, gitlab_server):
    gitlab_server.others[CHAT] = Answer(body="By REST.", status=201)
    assert await ways.ask() == "By REST."
    gitlab_server.others[CHAT] = Answer(status=500)
    with pytest.raises(errors.BrokenError):
        await ways.ask()
    assert paths(gitlab_server) == [CHAT, CHAT]
    assert not instance.sent


async def test_what_may_not_be_read_says_nothing_about_rest(ways, instance, gitlab_server):
    instance.actions = [no(NOT_YOURS)]
    with pytest.raises(chat_errors.UnreadableError):
        await ways.ask(ABOUT_AN_ISSUE)
    gitlab_server.others[CHAT] = Answer(body="By REST.", status=201)
    assert await ways.ask() == "By REST."


async def test_a_refusal_by_graphql_says_that_there_is_no_rest(ways, instance, gitlab_server):
    instance.actions = [no(NOT_PERMITTED), taken()]
    with pytest.raises(errors.NoAccessError):
        await ways.ask()
    assert await ways.ask() == "Because."
    assert paths(gitlab_server).count(CHAT) == 1


async def test_our_own_gateway_without_rest_is_asked_by_graphql():
    running = rig.start(rig.command(engine="fixed", off=["access_rest_chat"]))
    client = GitLabClient(running.url, FixedToken(Secret(running.token)), "duo-lsp/0")
    pieces: list[str] = []
    assert "```python" in await choosing.of(client).ask(QUESTION, pieces.append)
    assert len(pieces) == 1
    await client.close()
    assert rig.stop(running) == 0
