"""Which editors are asked to watch the disk, and when: only what the engine on this machine learns from is watched."""

import pytest

from clients.bare import connected
from clients.test_replay import recorded
from waiting import eventually

METHOD = "client/registerCapability"


async def asked_to_watch(client, folder, environment, state):
    """The registrations that an editor was asked for until the server was in this state, and a moment longer."""
    async with connected(environment, folder) as bare:
        initialize, *_ = recorded(client, folder)
        await bare.reply(initialize)
        bare.notify("initialized", {})

        async def settled():
            return (await bare.ask("workspace/executeCommand", {"command": "duo.status"}))["state"] == state

        while not await settled():
            pass
        await settled()  # what follows from the state is said before the next answer
        requests = [message for message in bare.asked if message["method"] == METHOD]
        return [one["method"] for request in requests for one in request["params"]["registrations"]]


@pytest.mark.parametrize("client", ["vscode", "eglot", "helix"])
async def test_who_can_watch_is_asked_to(client, folder, environment):
    assert await asked_to_watch(client, folder, environment, "local") == ["workspace/didChangeWatchedFiles"]


@pytest.mark.parametrize("client", ["neovim", "lsp-mode"])
async def test_who_cannot_or_would_ask_the_person_is_not(client, folder, environment):
    assert await asked_to_watch(client, folder, environment, "local") == []


async def test_for_gitlab_nothing_is_watched(folder, environment, gitlab_server):
    environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-of-the-test"}
    assert await asked_to_watch("vscode", folder, environment, "ready") == []


async def test_who_refuses_to_watch_is_served_all_the_same(folder, environment):
    async with connected(environment, folder) as bare:
        initialize, *_ = recorded("vscode", folder)
        bare.answers[METHOD] = {"code": -32601, "message": "not here"}
        await bare.reply(initialize)
        bare.notify("initialized", {})
        await eventually(lambda: any(message["method"] == METHOD for message in bare.asked))
        assert (await bare.ask("workspace/executeCommand", {"command": "duo.status"}))["state"] == "local"
        assert bare.errors == ""
