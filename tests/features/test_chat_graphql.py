"""A question in an editor where GitLab has no chat over REST: a real server, the local gateway, GraphQL."""

import pytest

from duo_lsp.gateway.engines.fixed import ANSWER
from features import chat
from features.chat import range_of, run
from features.session import Session

CODE = "def add(a, b):\n    return a + b\n"


@pytest.mark.parametrize("version", ["17.2", "18.6"])
async def test_a_question_is_answered_by_graphql_whatever_the_version_knows(folder, environment, version):
    options = ("--off", "access_rest_chat", "--gitlab", version)
    with chat.gateway(environment, *options) as there:
        session = Session(folder, environment | there)
        await session.start()
        uri = session.open("app.py", CODE)
        for command in ("duo.explain", "duo.chat"):
            result = await run(session, command, {"question": "why?", "uri": uri, "range": range_of(0, 1)})
            assert (result["answer"], result["state"], result["interrupted"]) == (ANSWER, "ok", False)
        await run(session, "duo.newChat", {})
        result = await run(session, "duo.chat", {"question": "and now?"})
        assert result["answer"] == ANSWER
        await session.end()
