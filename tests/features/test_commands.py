"""Commands take what editors send, and nothing breaks on what they do not."""

import pytest
from lsprotocol import types as lsp


@pytest.mark.parametrize("arguments", [None, [], ["nobody"], [7], [{"id": 1}], ["a", "b"], [None]])
@pytest.mark.parametrize(
    "command",
    ["duo.accepted", "duo.dismissed", "duo.status", "duo.toggle", "duo.signIn", "duo.signOut", "duo.chat", "duo.fix"],
)
async def test_any_arguments_will_do(session, command, arguments):
    await session.start()
    await session.settled("ready")
    await session.client.workspace_execute_command_async(lsp.ExecuteCommandParams(command, arguments))
    nothing_meant = command == "duo.toggle" and arguments not in (None, [], [None])
    assert len(session.told[1:]) == (1 if "sign" in command or nothing_meant else 0)


async def test_an_unknown_command_is_an_error_reply_and_no_message(session):
    await session.start()
    await session.settled("ready")
    with pytest.raises(Exception, match=r"duo\.nothing"):
        await session.client.workspace_execute_command_async(lsp.ExecuteCommandParams("duo.nothing"))
    assert len(session.told) == 1
