"""How sure the engine on this machine has to be before it says something, as a person sets it."""

import asyncio
import re

from lsprotocol import types as lsp

from duo_lsp.features import notices
from processes import gateways
from waiting import HANG

CODE = "value = source.alpha()\n" * 4 + "value = source.beta()\nvalue = source."
AT = (5, len("value = source."))


def push(session, silence):
    session.client.workspace_did_change_configuration(
        lsp.DidChangeConfigurationParams({"suggestions": {"silence": silence}})
    )


async def silent(session, uri, said):
    """Ask until the reason of the silence is this one."""
    async with asyncio.timeout(HANG):
        while True:
            assert await session.ask(uri, *AT) is None
            if re.fullmatch(said, (await session.status())["silence"]):
                return
            await asyncio.sleep(0.05)


async def test_the_setting_counts_at_once_and_the_silence_tells_its_figure(local_session):
    await local_session.start()
    uri = local_session.open("app.py", CODE)
    await silent(local_session, uri, r"Unsure here: 0\.\d\d of 0\.80\.")
    push(local_session, "quiet")
    await silent(local_session, uri, r"Unsure here: 0\.\d\d of 0\.90\.")
    push(local_session, "eager")
    assert (await local_session.offered(uri, *AT)).insert_text == "value = source.alpha()"


async def test_who_asks_by_hand_hears_what_is_less_sure(local_session):
    await local_session.start()
    uri = local_session.open("app.py", CODE)
    await silent(local_session, uri, r"Unsure here: 0\.\d\d of 0\.80\.")
    answer = await local_session.ask(uri, *AT, invoked=True)
    assert [item.insert_text for item in answer.items] == ["value = source.alpha()"]


def engines(session):
    """The engines on this machine that the server has started."""
    return gateways(session.client._server.pid)


async def test_an_engine_that_has_left_is_no_trouble_and_comes_back_with_the_next_request(local_session):
    states = []
    local_session.client.feature(notices.STATUS)(lambda params: states.append(params.state))
    local_session.experimental = {"duoStatus": True}
    await local_session.start(options={"suggestions": {"silence": "eager"}})
    uri = local_session.open("app.py", CODE)
    await local_session.offered(uri, *AT)
    [first] = engines(local_session)
    states.clear()
    first.terminate()  # it ends in order, as it does when nobody asks for long
    await asyncio.to_thread(first.wait, HANG)
    other = local_session.open("other.py", "first = 1\n" + CODE)
    await local_session.offered(other, AT[0] + 1, AT[1])
    assert (await local_session.status())["state"] == "local"
    assert set(states) <= {"local"}
    assert local_session.told == []
    [second] = engines(local_session)
    assert second.pid != first.pid
