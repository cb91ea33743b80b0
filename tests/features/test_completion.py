"""The menu for editors that cannot show ghost text."""

import pytest
from lsprotocol import types as lsp

from duo_lsp.features import completion
from features.session import Session

CODE = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n    ret\n"
AT = (7, 7)


@pytest.fixture
async def helix(folder, environment, gitlab_server):
    """A session of an editor without ghost text, not started yet."""
    environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    made = Session(folder, environment)
    made.ghost_text, made.name = False, "helix"
    yield made
    await made.end()


async def menu(session, uri, line, character):
    answer = await session.client.text_document_completion_async(
        lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, character))
    )
    return None if answer is None else answer.items


async def test_one_item_whose_label_is_the_line_it_inserts(helix, gitlab_server):
    gitlab_server.answer = "urn a + b"
    result = await helix.start()
    assert "." in result.capabilities.completion_provider.trigger_characters
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    [item] = await menu(helix, uri, *AT)
    assert item.label == "return a + b"
    assert item.filter_text == item.label
    assert item.text_edit.range == lsp.Range(lsp.Position(7, 4), lsp.Position(*AT))
    assert item.text_edit.new_text == "return a + b$0"
    assert item.insert_text_format == lsp.InsertTextFormat.Snippet
    assert "```python\nreturn a + b\n```" in item.documentation.value
    assert item.command.command == "duo.accepted"


async def test_many_lines_are_a_snippet_that_means_what_it_says(helix, gitlab_server):
    gitlab_server.answer = "urn {\n        'a': '$HOME\\\\n'}"
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    [item] = await menu(helix, uri, *AT)
    assert item.label == "return {"
    assert item.text_edit.new_text == "return {\n        'a': '\\$HOME\\\\\\\\n'\\}$0"
    assert "more lines" in item.detail


async def test_plain_text_for_who_knows_no_snippets(helix, gitlab_server):
    gitlab_server.answer = "urn '$a'"
    helix.snippets = False
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    [item] = await menu(helix, uri, *AT)
    assert item.text_edit.new_text == "return '$a'"
    assert item.insert_text_format == lsp.InsertTextFormat.PlainText


async def test_nothing_to_offer_is_null(helix, gitlab_server):
    gitlab_server.answer = ""
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    assert await menu(helix, uri, *AT) is None


@pytest.mark.parametrize(
    ("setting", "ghost_text", "name", "offered"),
    [
        ("auto", False, "helix", True),
        ("auto", True, "Neovim", False),
        ("auto", False, "emacs", False),
        ("auto", False, "", True),
        ("on", True, "Neovim", True),
        ("off", False, "helix", False),
    ],
)
def test_the_menu_is_for_those_who_need_it(setting, ghost_text, name, offered):
    ghost = lsp.InlineCompletionClientCapabilities() if ghost_text else None
    capabilities = lsp.ClientCapabilities(text_document=lsp.TextDocumentClientCapabilities(inline_completion=ghost))
    assert completion.wanted(setting, capabilities, name) is offered
    assert completion.wanted("auto", lsp.ClientCapabilities(), "")


async def test_who_shows_ghost_text_is_offered_no_menu_unless_wished(session):
    result = await session.start(options={"completionFallback": "on"})
    assert result.capabilities.completion_provider


async def test_a_fence_in_the_code_does_not_end_the_preview(helix, gitlab_server):
    gitlab_server.answer = 'urn """```"""'
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    [item] = await menu(helix, uri, *AT)
    assert item.documentation.value.startswith("````python\n")
