"""What the gateway does wrong on purpose, over real connections."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2 as httpx
import pytest

from duo_lsp import wire
from duo_lsp.errors import UsageError
from duo_lsp.gateway import faults, play
from duo_lsp.gateway.faults import answers
from gateway import rig
from gateway.rig import COMPLETIONS, MadeUp, Running
from waiting import best


@contextmanager
def sick(*faults: str, **options: object) -> Iterator[Running]:
    gateway = rig.start(rig.command(faults=faults, **options))
    yield gateway
    assert rig.stop(gateway) == 0


@pytest.mark.parametrize("kind", answers.KINDS)
async def test_each_status_in_the_dialect_of_who_says_it(kind: str) -> None:
    engine, refusal = MadeUp(), answers.KINDS[kind]
    async with rig.client(engine, played=play.Play(faults=faults.read([kind]))) as client:
        answer = await client.post(COMPLETIONS, json=rig.body())
    assert answer.status_code == refusal.status == int(kind.partition("-")[0])
    assert (answer.text if isinstance(refusal.body, str) else answer.json()) == refusal.body
    assert {name: answer.headers[name].split(";")[0] for name in refusal.headers} == refusal.headers
    assert not engine.asked


def test_there_is_one_for_every_status_gitlab_answers_with() -> None:
    statuses = {kind.partition("-")[0] for kind in answers.KINDS}
    assert statuses == {"400", "401", "402", "403", "404", "413", "422", "429", "500", "502", "503", "504"}


async def test_strangers_nonsense_and_the_limit_come_first() -> None:
    async with rig.client(MadeUp(), limit=1, played=play.Play(faults=faults.read(["503"]))) as client:
        stranger = await client.post(COMPLETIONS, json=rig.body(), headers={"Authorization": "Bearer wrong"})
        nonsense = await client.post(COMPLETIONS, json={})
        first = await client.post(COMPLETIONS, json=rig.body())
        second = await client.post(COMPLETIONS, json=rig.body())
    assert [answer.status_code for answer in (stranger, nonsense, first, second)] == [401, 400, 503, 429]


@pytest.mark.parametrize(
    ("wanted", "failing"),
    [
        ("500", {COMPLETIONS}),
        ("/version=500", {wire.VERSION_PATH}),
        ("tokens=500", {wire.TOKENS_PATH}),
        (wire.ACCESS_PATH + "=500", {wire.ACCESS_PATH}),
        ("*=hang", set(faults.PATHS)),
    ],
)
def test_a_fault_is_where_it_is_wanted(wanted: str, failing: set[str]) -> None:
    assert set(faults.read([wanted])) == failing


def test_the_later_fault_wins() -> None:
    assert faults.read(["*=hang", "/enabled=403"])[wire.ENABLED_PATH] is answers.KINDS["403"]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("418", "There is no fault '418'. Choose one of: 400, 401"),
        ("", "There is no fault ''"),
        ("/nowhere=500", "There is no path '/nowhere' to fail at. Choose one of: /completions, /tokens"),
    ],
)
def test_what_cannot_fail_is_an_error_with_the_choices(wanted: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        faults.read([wanted])
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("gitlab", "delay", "sentence"),
    [("new", 0, "'new' is no version"), ("16", 0, "'16' is no version"), ("16.2", -1, "A delay of -1 ms cannot")],
)
def test_what_cannot_be_played_is_an_error(gitlab: str, delay: int, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        play.read(gitlab, delay, [], legacy_stream=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", httpx.ReadError),
        ("closed", httpx.RemoteProtocolError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
def test_a_connection_breaks_as_it_would_on_the_way(kind: str, error: type[Exception]) -> None:
    with sick(kind) as gateway:
        with pytest.raises(error):
            gateway.post(rig.body())
        assert gateway.get("/health").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_an_answer_does_not_come_in_time(kind: str) -> None:
    with sick(kind) as gateway:
        own = {"PRIVATE-TOKEN": gateway.token}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(gateway.url + COMPLETIONS, json=rig.body(), headers=own, timeout=0.1, trust_env=False)
        assert gateway.get("/health").status_code == 200


@pytest.mark.slow
def test_a_stream_is_cut_before_its_end() -> None:
    with sick("cut-stream") as gateway:
        said = gateway.post(rig.body(stream=True, intent="generation")).text
    assert "content_chunk" in said
    assert "stream_end" not in said


@pytest.mark.slow
def test_answers_no_client_can_use() -> None:
    with sick("html", "/version=garbage", "/self=redirect", "/info=empty", "/tokens=huge") as gateway:
        own = {"PRIVATE-TOKEN": gateway.token}
        assert gateway.post(rig.body()).text.startswith("<!DOCTYPE html>")
        assert gateway.get(wire.VERSION_PATH, **own).content.endswith(b"\xff")
        assert gateway.get(wire.ACCESS_PATH, **own).headers["location"].startswith("https://elsewhere.invalid/")
        assert gateway.get(wire.OAUTH_PATH, **own).text == ""
        size = len(httpx.post(gateway.url + wire.TOKENS_PATH, headers=own, trust_env=False).content)
    assert size == faults.connections.HUGE


def test_a_delay_is_before_every_answer_but_that_about_health() -> None:
    with sick(delay=150) as gateway:
        waited = best(lambda: gateway.post(rig.body()), time.monotonic, 1)
        at_once = best(lambda: gateway.get("/health"), time.monotonic)
    assert waited >= 0.15
    assert at_once < waited
