"""Columns in the unit that was agreed on, with wide characters before the cursor and in its word."""

import pytest
from lsprotocol import types as lsp

from duo_lsp.protocol.text_units import column_to_client

LINE = "    é = '漢😀'; 漢é"
CODE = f"import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n{LINE}\n"
ENCODINGS = ["utf-8", "utf-16", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ghost_text", [True, False], ids=["ghost text", "menu"])
async def test_a_range_ends_at_the_cursor_in_the_agreed_unit(session, gitlab_server, encoding, ghost_text):
    gitlab_server.answer = "字 = b"
    session.encodings, session.ghost_text, session.name = [encoding], ghost_text, "helix"
    result = await session.start()
    assert result.capabilities.position_encoding == encoding
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    cursor = column_to_client(LINE, len(LINE), encoding)
    if ghost_text:
        item = await session.offered(uri, 6, cursor)
        # VS Code, the one that counts in UTF-16, shows no item that repeats a character of two units
        text, found, first = item.insert_text, item.range, LINE.index("😀") + 1 if encoding == "utf-16" else 0
    else:
        [item] = await session.menu(uri, 6, cursor)
        text, found, first = item.text_edit.new_text, item.text_edit.range, len(LINE) - 2
    assert text == LINE[first:] + "字 = b"
    start = column_to_client(LINE, first, encoding)
    assert found == lsp.Range(lsp.Position(6, start), lsp.Position(6, cursor))
    assert gitlab_server.suggestions[0].above.endswith(LINE)


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_what_is_typed_behind_wide_characters_arrives_where_it_was_typed(session, gitlab_server, encoding):
    gitlab_server.answer = "!"
    session.encodings = [encoding]
    await session.start()
    uri = session.open("app.py", CODE)
    cursor = column_to_client(LINE, len(LINE), encoding)
    session.type(uri, 6, cursor, "😀")
    await session.offered(uri, 6, cursor + column_to_client("😀", 1, encoding))
    assert gitlab_server.suggestions[0].above.endswith(LINE + "😀")


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-7", "utf-16"], "utf-16"),
        (["utf-7"], "utf-16"),
        ([], "utf-16"),
    ],
)
async def test_the_editors_first_choice_that_exists_is_agreed_on(session, offered, agreed):
    session.encodings = offered
    result = await session.start()
    assert result.capabilities.position_encoding == agreed
