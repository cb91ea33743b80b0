"""What is never written down."""

import pytest

from protocol.raw_client import DUO

TOKEN = "glpat-planted-0123456789"
OTHER = "a-token-of-no-known-shape-42"
CODE = "def planted_in_code(): pass\n"


@pytest.mark.parametrize("level", ["info", "debug"])
def test_token_in_log_never(duo, level):
    duo.initialize(initializationOptions={"token": TOKEN, "baseUrl": "http://127.0.0.1:9", "logLevel": level})
    duo.notify("initialized", {})
    duo.notify("workspace/didChangeConfiguration", {"settings": {"token": OTHER}})
    duo.notify("workspace/didChangeConfiguration", {"settings": {"token": [TOKEN]}})
    unknown, command = duo.ask(f"x/{TOKEN}"), duo.command(OTHER)
    assert duo.refusal(unknown) == -32601
    duo.reply(command)
    duo.ask_completion()
    duo.notify("exit")
    duo.gone()
    assert TOKEN not in duo.log + repr(duo.messages)
    assert OTHER not in duo.log + repr(duo.told)
    assert duo.log  # something was logged, so the test can fail


def test_content_in_log_never(client):
    client.open(CODE)
    client.change(2, (0, 0), (0, 0), "# planted_in_change\n")
    client.change(1, (0, 0), (0, 0), "# planted_in_change\n")
    client.change(2, (-1, 0), (0, 0), "# planted_in_change\n")
    client.notify("textDocument/didOpen", {"textDocument": {"uri": "file:///a", "text": CODE}})
    client.reply(client.ask("textDocument/inlineCompletion", {"textDocument": CODE}))
    client.serves()
    client.logged("textDocument/didOpen was not taken in")
    assert "planted" not in client.log


def test_token_in_log_file_never(start, tmp_path):
    file = tmp_path / "duo.log"
    duo = start(*DUO, "serve", "--log-file", str(file))
    duo.initialize(initializationOptions={"token": OTHER, "logLevel": "debug"})
    duo.notify(f"textDocument/{OTHER}")
    duo.change(1, (0, 0), (0, 0), "x", f"file:///{OTHER}")
    duo.notify("exit")
    assert duo.gone() == 1
    assert file.read_text("utf-8") == duo.log
    assert "[hidden]" in duo.log
    assert OTHER not in duo.log


def test_a_log_file_that_cannot_be_written_is_one_line(start, tmp_path):
    duo = start(*DUO, "serve", "--log-file", str(tmp_path))
    assert duo.gone() == 1
    assert duo.log.count("\n") == 1
    assert "cannot be written" in duo.log
