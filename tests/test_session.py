"""The end of a session is final, whatever was being changed."""

import asyncio
import json
import threading

import attrs
import pytest
from lsprotocol import types as lsp

from duo_lsp import app, logs, session
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.privacy import redaction
from duo_lsp.session import DuoServer
from duo_lsp.status import LOCAL
from waiting import HANG, at_most, eventually


class Upstream(SignedOut):
    """Remembers what was done with it; gets ready for ever, and gives up no sooner than it may."""

    def __init__(self):
        self.warming, self.closed = False, 0
        self.may_give_up = asyncio.Event()

    async def warm_up(self):
        self.warming = True
        try:
            await asyncio.Event().wait()
        finally:
            await self.may_give_up.wait()
            self.warming = False

    async def close(self):
        self.closed += 1


class World:
    """A server in this process, and the upstreams it opened."""

    def __init__(self, environment):
        self.opened, self.asked, self.may_choose = [], 0, threading.Event()
        self.may_choose.set()
        self.written, self.prepared = [], threading.Event()
        services = app.services(environment, logs.MaskingFormatter())
        self.server = DuoServer(attrs.evolve(services, choose=self.choose, open=self.open))
        self.server.protocol.attach(self)

    def choose(self, _):
        self.asked += 1
        self.may_choose.wait(HANG)
        return Choice(LOCAL, note=f"{self.asked}")  # another one each time

    def open(self, *_):
        self.opened.append(Upstream())
        return self.opened[-1]

    def write(self, body):
        self.written.append(json.loads(body))

    def watch(self, _):
        """Never ends."""

    def leave(self):
        """Never ends."""

    async def greet(self):
        hello: dict[str, object] = {"processId": None, "rootUri": None, "capabilities": {}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
        self.server.protocol.receive(json.dumps(message).encode())
        await eventually(lambda: self.written)

    async def changing(self):
        """A change of settings that has begun."""
        asked = self.asked
        change = asyncio.ensure_future(self.server.apply_settings())
        await eventually(lambda: self.asked > asked)
        return change


@pytest.fixture
async def world(environment, monkeypatch):
    made = World(environment)
    monkeypatch.setattr(redaction, "prepare", made.prepared.set)
    await made.greet()
    return made


async def begun(world):
    """The first upstream, which gets ready and nothing else does."""
    await (await world.changing())
    [first] = world.opened
    await eventually(lambda: first.warming and world.prepared.is_set())
    await asyncio.sleep(0.02)
    return first


async def test_who_was_being_chosen_is_not_asked_any_more(world):
    world.may_choose.clear()
    changes = [await world.changing(), asyncio.ensure_future(world.server.apply_settings())]
    await world.server.end()
    world.may_choose.set()
    await asyncio.gather(*changes)
    assert (world.asked, world.opened) == (1, [])


@pytest.mark.parametrize("turns", range(6))
async def test_whoever_was_chosen_already_is_closed_and_does_not_begin(world, turns):
    await begun(world)
    change = await world.changing()
    for _ in range(turns):
        await asyncio.sleep(0)
    end = asyncio.ensure_future(world.server.end())
    await asyncio.sleep(0)
    for one in world.opened:
        one.may_give_up.set()
    await asyncio.gather(change, end)
    assert len(world.opened) in (1, 2)
    assert [(one.warming, one.closed) for one in world.opened] == [(False, 1)] * len(world.opened)


async def test_the_end_waits_no_longer_than_it_may(world, monkeypatch):
    monkeypatch.setattr(session, "ENDING", 0.2)
    stuck = await begun(world)
    async with at_most(0.2):
        await world.server.end()
    stuck.may_give_up.set()
    await eventually(lambda: stuck.closed)


async def test_a_change_whose_asker_gives_up_is_made_all_the_same(world):
    before = await begun(world)
    change = await world.changing()
    await eventually(lambda: len(world.opened) == 2)
    change.cancel()
    before.may_give_up.set()
    await eventually(lambda: before.closed)
    await eventually(lambda: world.opened[1].warming)
    world.opened[1].may_give_up.set()
    await world.server.end()
    assert world.opened[1].closed == 1


async def test_who_signs_out_is_signed_out_although_the_editor_takes_its_question_back(world):
    await begun(world)
    world.may_choose.clear()
    signing_out = asyncio.ensure_future(world.server.stay_out(out=True))
    await eventually(lambda: world.asked == 2)
    signing_out.cancel()
    world.may_choose.set()
    for one in world.opened:
        one.may_give_up.set()
    await eventually(lambda: world.server.in_force.whole)
    await world.server.end()


async def test_who_asks_in_the_very_moment_in_which_settings_come_waits_for_them(world):
    change, asked = map(asyncio.ensure_future, (world.server.apply_settings(), world.server.who_answers()))
    assert await asked is not None
    await change
    for one in world.opened:
        one.may_give_up.set()
    await world.server.end()


async def test_no_message_holds_a_link_that_somebody_else_made(world):
    """VS Code makes links in messages, to commands as well; a file's name or an instance's words may look like one."""
    evil = "[Look](command:workbench.action.quit)"
    world.server.tell(f"{evil!r} has characters that nobody sees.")
    world.server.say(f"It said {evil}.", lsp.MessageType.Info)
    told = [message["params"]["message"] for message in world.written if message.get("method") == "window/showMessage"]
    assert [sentence.count("Look") for sentence in told] == [1, 1]
    assert not any("](" in sentence for sentence in told)
