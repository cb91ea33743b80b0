"""The routes about tokens and projects, asked in this process."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gateway import accounts, paths, play, refusals
from duo_lsp.gateway.play import Play
from duo_lsp.gateway.short_tokens import ShortTokens
from gateway import rig
from gateway.rig import COMPLETIONS, MadeUp

PRIVATE = {"Authorization": "", "PRIVATE-TOKEN": rig.TOKEN}
OLD = Play(gitlab="16.2")


async def short_token(client: httpx.AsyncClient) -> str:
    answer = await client.post(wire.TOKENS_PATH)
    assert answer.status_code == 201
    return str(answer.json()["access_token"])


async def asked(client: httpx.AsyncClient, **headers: str) -> int:
    return (await client.post(COMPLETIONS, json=rig.body(), headers=headers)).status_code


@pytest.mark.parametrize("headers", [{}, PRIVATE])
async def test_a_short_lived_token_is_given_to_who_shows_the_long_one(headers: dict[str, str]) -> None:
    async with rig.client(MadeUp()) as client:
        answer = await client.post(wire.TOKENS_PATH, headers=headers)
    body = answer.json()
    assert answer.status_code == 201
    assert body == wire.short_token_body(body["access_token"], created=body["created_at"])


async def test_it_opens_the_suggestions_in_either_place_until_it_expires() -> None:
    now = 0.0
    async with rig.client(MadeUp(), clock=lambda: now) as client:
        token = await short_token(client)
        places: list[dict[str, str]] = [
            {"Authorization": f"Bearer {token}"},
            {"Authorization": "", wire.OIDC_HEADER: token},
            {wire.OIDC_HEADER: token},
        ]
        now = wire.SHORT_TOKEN_SECONDS - 1.0
        assert [await asked(client, **place) for place in places] == [200, 200, 200]
        now = wire.SHORT_TOKEN_SECONDS + 1.0
        assert [await asked(client, **place) for place in places] == [401, 401, 401]
        assert await asked(client) == 200


@pytest.mark.parametrize("path", [wire.TOKENS_PATH, wire.ENABLED_PATH])
async def test_it_opens_nothing_else(path: str) -> None:
    async with rig.client(MadeUp()) as client:
        token = await short_token(client)
        answer = await client.post(path, json={"project_path": "a/b"}, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()) == (401, refusals.BAD_TOKEN.body)


async def test_a_wrong_one_is_refused_even_beside_the_right_long_one() -> None:
    async with rig.client(MadeUp()) as client:
        wrong = {wire.OIDC_HEADER.encode(): "wröng".encode("latin-1")}
        answer = await client.post(COMPLETIONS, json=rig.body(), headers=wrong)
    assert (answer.status_code, answer.json()) == (401, refusals.BAD_SHORT_TOKEN.body)


async def test_the_gitlab_of_162_wants_both() -> None:
    async with rig.client(MadeUp(), played=OLD) as client:
        assert await asked(client) == 401
        assert await asked(client, **{wire.OIDC_HEADER: await short_token(client)}) == 200
        assert (await client.get(wire.VERSION_PATH)).json()["version"] == "16.2"


@pytest.mark.parametrize(("version", "wanted"), [("15.11.3", True), ("16.2.9", True), ("16.3", False), ("18.0", False)])
def test_since_163_nobody_wants_it(version: str, wanted: bool) -> None:
    assert Play(gitlab=version).wants_short_token is wanted


@pytest.mark.parametrize("headers", [{}, PRIVATE])
async def test_what_a_token_is_and_may_is_told_in_both_ways(headers: dict[str, str]) -> None:
    async with rig.client(MadeUp()) as client:
        personal = (await client.get(wire.ACCESS_PATH, headers=headers)).json()
        oauth = (await client.get(wire.OAUTH_PATH, headers=headers)).json()
    assert (personal["active"], personal["expires_at"], personal["name"]) == (True, None, "duo-lsp gateway")
    assert personal["scopes"] == oauth["scope"] == ["api", "ai_features"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"project_path": "group/project"}, 200, None),
        ({}, 400, {"error": "project_path is missing"}),
        ({"project_path": []}, 400, {"error": "project_path is invalid"}),
        ({"project_path": " "}, 404, {"message": "404 Project Not Found"}),
        ({"project_path": None}, 404, {"message": "404 Project Not Found"}),
    ],
)
async def test_every_project_that_is_named_has_suggestions(body: Any, status: int, said: Any) -> None:
    async with rig.client(MadeUp()) as client:
        answer = await client.post(wire.ENABLED_PATH, json=body)
    assert (answer.status_code, answer.json()) == (status, said)


@pytest.mark.parametrize("path", [paths.DIRECT_ACCESS, paths.CONNECTION_DETAILS])
async def test_direct_connections_have_limits_of_their_own(path: str) -> None:
    async with rig.client(MadeUp(), limit=60) as client:
        said = [(await client.post(path)).status_code for _ in range(accounts.DIRECT.most + 1)]
        assert await asked(client) == 200
    assert said[accounts.DETAILS.most - 1] == 201
    assert (said[accounts.DETAILS.most] == 429) is (path == paths.CONNECTION_DETAILS)
    assert said[-1] == 429


async def test_a_direct_connection_takes_its_own_token_only_and_answers_with_completions() -> None:
    async with rig.client(MadeUp()) as client:
        refused = await client.post(wire.MODEL_GATEWAY_PATH, json=rig.body())
        token = (await client.post(paths.DIRECT_ACCESS)).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = await client.post(wire.MODEL_GATEWAY_PATH, json=rig.body(intent="generation"), headers=headers)
    assert (refused.status_code, refused.json()) == (401, refusals.BAD_SHORT_TOKEN.body)
    assert (answer.status_code, answer.json()["object"]) == (200, "text_completion")


@pytest.mark.parametrize(
    ("feature", "path", "status"),
    [
        (play.SUGGESTIONS, COMPLETIONS, 404),
        (play.DIRECT, paths.DIRECT_ACCESS, 403),
        (play.PROJECTS, wire.ENABLED_PATH, 403),
    ],
)
async def test_what_is_turned_off_is_refused_as_gitlab_does(feature: str, path: str, status: int) -> None:
    async with rig.client(MadeUp(), played=Play(off=frozenset({feature}))) as client:
        answer = await client.post(path, json={"project_path": "a/b", **rig.body()})
    assert answer.status_code == status
    assert set(answer.json()) == {"message"}


@given(st.text(), st.text())
def test_nobody_makes_a_short_lived_token_but_who_has_the_key(said: str, signature: str) -> None:
    assert ShortTokens("one", lambda: 0.0).name_on(f"{said}.{signature}") is None
    assert ShortTokens("one", lambda: 0.0).name_on(ShortTokens("two", lambda: 0.0).issue("ann")) is None


def test_two_gateways_with_one_secret_take_each_others_short_lived_tokens() -> None:
    token = ShortTokens("one", lambda: 1000.0).issue("Ann Önn")
    assert ShortTokens("one", lambda: 4599.0).name_on(token) == "Ann Önn"
    assert ShortTokens("one", lambda: 4600.0).name_on(token) is None
