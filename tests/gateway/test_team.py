"""Several people at one gateway: each has a token, a limit and conversations, and nothing of what is the others'."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from duo_lsp import wire, wire_chat
from duo_lsp.gateway import paths, refusals, token_file
from duo_lsp.gateway.engines.builtin.engine import Builtin
from gateway import rig
from gateway.rig import MadeUp
from gateway.team import Team, suggested

OWN = {"PRIVATE-TOKEN": rig.TOKEN}


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


async def test_everyone_has_a_limit_of_their_own(team: Team) -> None:
    async with team.client(MadeUp(), limit=2) as client:
        everyone = [team.headers("ann"), team.headers("bob"), OWN]
        said = [[(await suggested(client, each)).status_code for _ in range(3)] for each in everyone]
    assert said == [[200, 200, 429]] * 3


async def test_fifty_at_once_get_all_their_answers_and_no_limit_is_off_by_one(tmp_path: Path) -> None:
    team = Team(tmp_path, [f"user {number}" for number in range(50)])
    async with team.client(MadeUp(), limit=3, jobs=64) as client:
        asked = [suggested(client, team.headers(name)) for name in team.tokens for _ in range(5)]
        said = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert (said.count(200), said.count(429)) == (50 * 3, 50 * 2)


async def test_a_short_lived_token_is_that_of_its_owner(team: Team) -> None:
    async with team.client(MadeUp(), limit=1) as client:
        token = (await client.post(wire.TOKENS_PATH, headers=team.headers("ann"))).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert (await suggested(client, headers)).status_code == 200
        assert (await suggested(client, team.headers("ann"))).status_code == 429
        assert (await suggested(client, team.headers("bob"))).status_code == 200


async def test_who_is_no_longer_there_has_no_short_lived_token_either(team: Team) -> None:
    async with team.client(MadeUp()) as client:
        token = (await client.post(wire.TOKENS_PATH, headers=team.headers("ann"))).json()["access_token"]
        assert (await suggested(client, {"Authorization": f"Bearer {token}"})).status_code == 200
    token_file.revoke(team.file, "ann")
    async with team.client(MadeUp()) as client:
        assert (await suggested(client, {"Authorization": f"Bearer {token}"})).status_code == 401


async def test_a_token_says_whose_it_is_and_what_it_may(team: Team) -> None:
    async with team.client(MadeUp()) as client:
        answer = (await client.get(wire.ACCESS_PATH, headers=team.headers("ann"))).json()
        me = (
            await client.post(wire.GRAPHQL_PATH, json={"query": "{currentUser{username}}"}, headers=team.headers("bob"))
        ).json()
    assert (answer["name"], answer["scopes"]) == ("ann", ["api", "ai_features"])
    assert me == {"data": {"currentUser": {"username": "bob"}}}


@pytest.mark.parametrize(
    "path", [wire.COMPLETIONS_PATH, wire.TOKENS_PATH, wire.ENABLED_PATH, wire_chat.CHAT_PATH, paths.DIRECT_ACCESS]
)
async def test_a_token_for_reading_does_no_work(tmp_path: Path, path: str) -> None:
    token = token_file.add(tmp_path / "tokens.json", "eve", ["read_api"])
    team = Team(tmp_path)
    async with team.client(MadeUp()) as client:
        refused = await client.post(path, headers={"PRIVATE-TOKEN": token})
        allowed = await client.get(wire.ACCESS_PATH, headers={"PRIVATE-TOKEN": token})
    assert (refused.status_code, refused.json()) == (403, refusals.NO_SCOPE.body)
    assert (allowed.status_code, allowed.json()["scopes"]) == (200, ["read_api"])


async def test_nobody_sees_what_another_one_said(team: Team) -> None:
    engine = MadeUp()
    async with team.client(engine) as client:
        await client.post(wire_chat.CHAT_PATH, json={"content": "my secret is blue"}, headers=team.headers("ann"))
        await client.post(wire_chat.CHAT_PATH, json={"content": "what do you know"}, headers=team.headers("bob"))
        read = "{aiMessages{nodes{content}}}"
        seen = [
            (await client.post(wire.GRAPHQL_PATH, json={"query": read}, headers=team.headers(name))).json()
            for name in ("ann", "bob")
        ]
    assert engine.questions[1][1] == ()
    assert ["blue" in json.dumps(each) for each in seen] == [True, False]


async def test_nobody_reads_or_goes_on_with_anothers_conversation(team: Team) -> None:
    async with team.client(MadeUp()) as client:

        async def ask(name: str, query: str, **variables: Any) -> Any:
            body = {"query": query, "variables": variables}
            return (await client.post(wire.GRAPHQL_PATH, json=body, headers=team.headers(name))).json()

        asked = 'input:{conversationType:$t,chat:{content:"hi"}}'
        begin = f"mutation($t:AiConversationsThreadsConversationType){{aiAction({asked}){{threadId}}}}"
        thread = (await ask("ann", begin, t="DUO_CHAT"))["data"]["aiAction"]["threadId"]
        read = "query($t:AiConversationThreadID){aiMessages(threadId:$t){nodes{content}}}"
        assert "data" in await ask("ann", read, t=thread)
        assert "errors" in await ask("bob", read, t=thread)


SECRET = """def transfer_to_zurich(account_of_ann, amount_in_francs):
    ledger_of_ann.append((account_of_ann, amount_in_francs))
    return ledger_of_ann.balance_after(account_of_ann)


"""


async def test_nothing_learnt_from_one_request_is_offered_to_another_user(team: Team) -> None:
    alone, together = Builtin(), Builtin()
    asked = "def transfer_to_"
    async with rig.client(together) as client:  # type: ignore[arg-type]
        with_it = (await client.post(wire.COMPLETIONS_PATH, json=rig.body(SECRET * 3 + asked))).json()
    assert "zurich" in with_it["choices"][0]["text"], "the engine would offer it to whoever sent it"
    async with team.client(together) as client:  # type: ignore[arg-type]
        for _ in range(20):
            await suggested(client, team.headers("ann"), SECRET * 3 + asked)
        body = rig.body(SECRET * 3 + asked, context=[{"type": "file", "name": "b.py", "content": SECRET * 3}])
        await client.post(wire.COMPLETIONS_PATH, json=body, headers=team.headers("ann"))
        theirs = (await suggested(client, team.headers("bob"), asked)).json()
    async with team.client(alone) as client:  # type: ignore[arg-type]
        untouched = (await suggested(client, team.headers("bob"), asked)).json()
    assert theirs["choices"] == untouched["choices"]
    assert "zurich" not in json.dumps(theirs)


async def test_figures_are_for_who_has_a_token(team: Team) -> None:
    def figures() -> tuple[bytes, str]:
        return b"requests 7\n", "text/plain"

    async with team.client(MadeUp(), metrics=figures) as client:
        refused = await client.get(paths.METRICS, headers={"Authorization": ""})
        answer = await client.get(paths.METRICS, headers=team.headers("ann"))
    assert refused.status_code == 401
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (200, "requests 7\n", "text/plain")


async def test_without_figures_there_is_no_such_page() -> None:
    async with rig.client(MadeUp()) as client:
        assert (await client.get(paths.METRICS)).status_code == 404


@pytest.mark.parametrize(
    ("host", "status"), [("duo.example.com:8443", 200), ("DUO.example.com", 200), ("example.com", 403)]
)
async def test_names_it_may_be_called_by_are_given(host: str, status: int) -> None:
    async with rig.client(MadeUp(), hosts=["duo.example.com"]) as client:
        assert (await client.get("/health", headers={"Host": host})).status_code == status
        assert (await client.get("/health", headers={"Host": host, "Origin": f"https://{host}"})).status_code == 403
