"""After the end of a session nothing of it is left, also when its engine hangs."""

import asyncio

import psutil
import pytest
from lsprotocol import types as lsp

from processes import at_home, outermost
from protocol.raw_client import DUO, RawClient
from waiting import eventually, until

pytestmark = pytest.mark.skipif(not psutil.POSIX, reason="stops processes by signals")
HELLO = {"extension": {"name": "GitLab Workflow", "version": "6.0"}}
"""Of an editor that pushes the token."""


def left(environment):
    return at_home(environment["HOME"])


def engine(environment):
    """Its process, once it listens."""
    return outermost(at_home(environment["HOME"], "gateway", listening=True))


@pytest.mark.parametrize("seconds", [0, 0.02, 0.1, 0.4])
async def test_settings_may_change_while_it_ends(local_session, environment, gitlab_server, seconds):
    await local_session.start(options=HELLO)
    [hanging] = await eventually(lambda: engine(environment))
    hanging.suspend()
    for token in ("glpat-a", "", "glpat-b", ""):
        settings = {"settings": {"baseUrl": gitlab_server.url, "token": token}}
        local_session.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings))
    await asyncio.sleep(seconds)
    await local_session.end()
    await eventually(lambda: not left(environment))


@pytest.mark.parametrize("messages", [("shutdown", "exit"), ("exit",)], ids=["shutdown and exit", "exit alone"])
def test_an_editor_that_waits_for_no_answer_leaves_nothing(environment, messages):
    client = RawClient(DUO, environment)
    client.initialize()
    client.notify("initialized", {})
    [healthy] = until(lambda: engine(environment))
    if len(messages) == 2:
        healthy.suspend()
    client.send(*({"method": method, **({"id": 9} if method == "shutdown" else {})} for method in messages))
    client.gone()
    until(lambda: not left(environment))
    client.end()
