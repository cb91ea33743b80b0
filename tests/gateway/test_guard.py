"""Who may ask."""

from __future__ import annotations

import hmac

import pytest

from duo_lsp import wire
from duo_lsp.gateway import refusals, tokens
from gateway import rig
from gateway.rig import COMPLETIONS, MadeUp

POSTED = (COMPLETIONS, wire.TOKENS_PATH, wire.ENABLED_PATH)


@pytest.mark.parametrize("path", [wire.VERSION_PATH, wire.ACCESS_PATH, wire.OAUTH_PATH, *POSTED])
@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ({}, refusals.UNAUTHORIZED),
        ({"Authorization": "Basic abc"}, refusals.UNAUTHORIZED),
        ({"Authorization": "Bearer "}, refusals.UNAUTHORIZED),
        ({"Authorization": "Bearer wrong"}, refusals.BAD_TOKEN),
        ({"PRIVATE-TOKEN": "wröng"}, refusals.BAD_TOKEN),
    ],
)
async def test_strangers_are_refused_before_anything_else(
    path: str, headers: dict[str, str], refusal: refusals.Refusal
) -> None:
    async with rig.client(MadeUp()) as client:
        del client.headers["Authorization"]
        raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        answer = await client.request("POST" if path in POSTED else "GET", path, headers=raw, content=b"{broken")
    assert (answer.status_code, answer.json()) == (refusal.status, refusal.body)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_private_token_will_do() -> None:
    async with rig.client(MadeUp()) as client:
        del client.headers["Authorization"]
        answer = await client.get(wire.VERSION_PATH, headers={"PRIVATE-TOKEN": rig.TOKEN})
    assert answer.status_code == 200


def test_tokens_are_compared_in_constant_time() -> None:
    assert vars(tokens)["hmac"] is hmac
    assert {"hmac", "compare_digest"} <= set(tokens.Tokens._of_long.__code__.co_names)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": ""},
    ],
)
@pytest.mark.parametrize("path", ["/health", wire.TOKENS_PATH, wire.ENABLED_PATH, wire.ACCESS_PATH, wire.OAUTH_PATH])
async def test_web_pages_are_turned_away(headers: dict[str, str], path: str) -> None:
    async with rig.client(MadeUp()) as client:
        answer = await client.get(path, headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]", "[::1]:80"])
async def test_every_name_of_this_machine_is_welcome(host: str) -> None:
    async with rig.client(MadeUp()) as client:
        assert (await client.get("/health", headers={"Host": host})).status_code == 200
