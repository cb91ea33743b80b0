"""What goes wrong, or means harm, ends where the answer would have been: nothing else happens."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from chat import rendered
from duo_lsp.chat.safe_markdown import safe
from features.chat import range_of, run
from gitlab.chat.asking import SENTENCES
from gitlab_server import Answer

CHAT = "/api/v4/chat/completions"
HOSTILE = Path(__file__).parents[1] / "chat" / "hostile"
EDIT = "workspace/applyEdit"
APOLOGY = "I'm sorry, I can't generate a response. Please try again."


@pytest.fixture
async def asking(session, gitlab_server):
    gitlab_server.others[CHAT] = Answer(status=201, body="It adds.")
    await session.start()
    return session


def asked(gitlab_server):
    return [request.json for request in gitlab_server.requests if request.path == CHAT]


def written(result):
    return Path(unquote(urlsplit(result["uri"]).path)).read_text("utf-8")


async def test_no_hostile_answer_does_anything_but_stand_there(asking, gitlab_server):
    edits = []

    @asking.client.feature(EDIT)
    def edit(params):
        edits.append(params)

    await run(asking, "duo.chat", "what is this?")
    before = len(gitlab_server.requests)
    answers = sorted(HOSTILE.glob("answer_*"))
    for path in answers:
        text = path.read_bytes().decode()
        gitlab_server.others[CHAT] = Answer(status=201, body=text)
        result = await run(asking, "duo.chat", "what is this?")
        assert result["answer"] == safe(text)
        assert rendered.harm(result["answer"]) == []
    assert len(gitlab_server.requests) == before + len(answers)
    assert edits == []
    page = written(result)
    assert page.count("\n## Asked on") == len(answers) + 1
    assert [harm for harm in rendered.harm(page) if "file:" not in harm] == []


async def test_no_hostile_file_asks_for_anything(asking, gitlab_server):
    for number, path in enumerate(sorted(HOSTILE.glob("file_*")), 1):
        uri = asking.open(path.name, path.read_bytes().decode(), "text")
        wish = {"question": "what is this?", "uri": uri, "range": range_of(0, 99)}
        assert (await run(asking, "duo.chat", wish))["answer"] == "It adds."
        assert len(asked(gitlab_server)) == number
        assert asked(gitlab_server)[-1]["content"] == "what is this?"
        assert [item["id"] for item in asked(gitlab_server)[-1]["additional_context"]] == [path.name]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(status=401, body={"message": "401 Unauthorized"}), "signInAgain"),
        (Answer(status=429, body={"message": "Retry later"}, headers={"Retry-After": "60"}), "limited"),
        (Answer(status=500, body={"message": "500 Internal Server Error"}), "serverError"),
        (Answer(status=201, body=""), "empty"),
        (Answer(raw=b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n"It adds the'), "interrupted"),
        (Answer(raw=b""), "offline"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
async def test_every_failure_is_a_sentence_and_a_remedy_and_has_a_name(asking, gitlab_server, answer, state):
    gitlab_server.others[CHAT] = answer
    result = await run(asking, "duo.chat", "why?")
    assert result["state"] == state, json.dumps(result)
    assert result["answer"].endswith(".")
    assert result["interrupted"] is (state == "interrupted")
    if state == "interrupted":
        assert result["answer"].startswith("It adds the\n\n*Interrupted.* ")


GRAPHQL = {
    "Field 'aiAction' doesn't exist on type 'Mutation'": "notThere",
    "Field 'requestId' doesn't exist on type 'AiActionPayload'": "unsupportedVersion",
    "AI features are not enabled or resource is not permitted to be sent.": "unreadable",
    "This endpoint has been requested too many times. Try again later.": "limited",
}
"""What GitLab says by GraphQL where there is no chat over REST."""


async def failed(asking, state):
    """One question about an issue that is not answered, and is kept."""
    result = await run(asking, "duo.chat", {"question": "why?", "resource": {"type": "issue", "id": 7}})
    assert result["state"] == state, json.dumps(result)
    assert result["answer"].endswith(".")
    again = await run(asking, "duo.retry")
    assert again["state"] == state, json.dumps(again)


async def test_what_gitlab_says_instead_of_an_answer_is_a_failure_with_its_name(asking, gitlab_server):
    for sentence, state in SENTENCES.items():
        gitlab_server.others[CHAT] = Answer(status=201, body=sentence)
        await failed(asking, state)
    gitlab_server.others[CHAT] = Answer(status=201, body="It adds.")
    assert (await run(asking, "duo.retry"))["answer"] == "It adds."


async def test_what_gitlab_says_no_to_by_graphql_is_a_failure_with_its_name(asking, gitlab_server):
    gitlab_server.others[CHAT] = Answer(status=404, body={"message": "404 Not Found"})
    for sentence, state in GRAPHQL.items():
        gitlab_server.others["/api/graphql"] = Answer(body={"errors": [{"message": sentence}]})
        await failed(asking, state)


async def test_who_is_signed_out_is_told_so_in_the_place_of_the_answer(session, environment):
    environment.pop("DUO_LSP_TOKEN")
    session._environment.pop("DUO_LSP_TOKEN")
    await session.start(options={"upstream": "gitlab"})
    result = await run(session, "duo.chat", "why?")
    assert result["state"] != "ok"
    assert "token" in result["answer"] or "login" in result["answer"]


async def test_without_an_account_there_is_no_model_and_it_says_how_to_add_one(local_session):
    await local_session.start()
    result = await run(local_session, "duo.chat", "why?")
    assert result["state"] == "noModel"
    assert "duo-lsp" in result["answer"] or "ollama pull" in result["answer"]


async def test_who_wants_the_answer_only_gets_no_file(asking):
    result = await run(asking, "duo.chat", {"question": "why?", "show": "none"})
    assert set(result) == {"answer", "interrupted", "state"}
    assert asking.client.shown_documents == []
