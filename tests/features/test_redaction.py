"""What really arrives at GitLab, through a real editor's session, with secrets in the file."""

import pytest
from lsprotocol import types as lsp

from privacy.planted import PLANTED, leaked

CODE = "import os\n\n\ndef connect():\n    x = 1\n"


@pytest.mark.parametrize("first", range(0, len(PLANTED), 12))
async def test_no_secret_arrives_wherever_the_cursor_is(session, gitlab_server, first):
    """A file full of secrets, asked about inside of twelve of them: GitLab lets no more through at once."""
    await session.start()
    uri = session.open("app.py", CODE + "".join(planted.text for planted in PLANTED))
    await session.settled("ready")
    before = CODE + "".join(planted.text for planted in PLANTED[:first])
    for planted in PLANTED[first : first + 12]:
        lines = (before + planted.before + planted.secret.partition("\n")[0][:20]).split("\n")
        await session.ask(uri, len(lines) - 1, len(lines[-1]), invoked=True)
        before += planted.text
    assert len(gitlab_server.suggestions) == len(PLANTED[first : first + 12])
    for arrived in gitlab_server.suggestions:
        text = arrived.above + arrived.json["current_file"]["content_below_cursor"]
        assert len(text) == len(before) or first + 12 < len(PLANTED)
        for planted in PLANTED:
            assert leaked(planted.secret, text, arrived.body.decode()) == ""


async def test_a_password_typed_letter_by_letter_never_arrives(session, gitlab_server):
    await session.start()
    secret = "correct-horse"
    uri = session.open("app.py", CODE + 'password = ""\n')
    await session.settled("ready")
    for typed, letter in enumerate(secret):
        session.type(uri, 5, 12 + typed, letter)
        await session.ask(uri, 5, 13 + typed, invoked=True)
    assert len(gitlab_server.suggestions) == len(secret)
    assert gitlab_server.suggestions[-1].above.endswith(f'password = "{"*" * len(secret)}')
    for arrived in gitlab_server.suggestions:
        assert leaked(secret, arrived.body.decode()) == ""


async def test_a_suggestion_behind_a_secret_still_fits(session, gitlab_server):
    gitlab_server.answer = "connect(password)"
    await session.start()
    uri = session.open("app.py", 'import os\npassword = "hunter2hunter2"\n\nprint(1)\nprint(2)\nprint(3)\n\n')
    item = await session.offered(uri, 6, 0)
    assert item.insert_text == "connect(password)"
    assert "hunter2" not in gitlab_server.suggestions[0].body.decode()


@pytest.mark.parametrize("source", ["pushed", "pulled"])
async def test_a_repository_cannot_turn_redaction_off(session, gitlab_server, source):
    off = {"codeCompletion": {"enableSecretRedaction": False}}
    if source == "pulled":
        session.client.set_configuration({"duoLsp": off})
    await session.start()
    if source == "pushed":
        session.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(off))
    uri = session.open("app.py", CODE + 'password = "hunter2hunter2"\n')
    await session.ask(uri, 4, 0, invoked=True)
    assert "hunter2" not in gitlab_server.suggestions[0].body.decode()
