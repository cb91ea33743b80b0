"""The menu for editors that cannot show ghost text."""

import asyncio

import pytest
from lsprotocol import types as lsp

from duo_lsp.features import menu_item, words
from features.session import Session
from gitlab_server import Answer
from waiting import HANG

CODE = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n    ret\n"
AT = (7, 7)
PLAIN, SNIPPET = lsp.InsertTextFormat.PlainText, lsp.InsertTextFormat.Snippet


@pytest.fixture
async def helix(folder, environment, gitlab_server):
    """A session of an editor without ghost text, not started yet."""
    environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    made = Session(folder, environment)
    made.ghost_text, made.name = False, "helix"
    yield made
    await made.end()


async def offered(session, text=CODE, at=AT, name="app.py"):
    await session.start()
    uri = session.open(name, text)
    await session.settled("ready")
    [item] = await session.menu(uri, *at)
    return item


async def test_one_item_whose_label_is_the_line_it_inserts(helix, gitlab_server):
    gitlab_server.answer = "urn a + b"
    item = await offered(helix)
    assert item.label == "return a + b"
    assert item.filter_text == item.label
    assert item.text_edit == lsp.TextEdit(lsp.Range(lsp.Position(7, 4), lsp.Position(*AT)), "return a + b")
    assert item.insert_text_format == PLAIN
    assert item.detail == "GitLab Duo"
    assert item.command.command == "duo.accepted"


async def test_what_else_is_known_for_the_place_stands_below_it(helix, gitlab_server):
    gitlab_server.answer = Answer(body={"choices": [{"text": "urn a + b"}, {"text": "urn a"}]})
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    items = await helix.menu(uri, *AT)
    assert [(item.label, item.preselect) for item in items] == [("return a + b", True), ("return a", False)]
    assert [item.label for item in sorted(items, key=lambda item: item.sort_text)] == ["return a + b", "return a"]
    assert items[0].command.arguments != items[1].command.arguments


async def test_what_opens_a_word_or_an_argument_opens_the_menu(helix):
    result = await helix.start()
    assert set(".([{,=: ") == set(result.capabilities.completion_provider.trigger_characters)


async def test_helix_gets_plain_text_although_it_takes_snippets_and_the_documents_line_ends(helix, gitlab_server):
    """It indents every line of a snippet once more, and inserts line feeds into a file with CRLF as they are."""
    gitlab_server.answer = "urn {\n        'a': '$HOME\\\\n',\n\n\n        'b': 1}"
    item = await offered(helix, CODE.replace("\n", "\r\n"))
    assert item.label == "return {"
    assert item.text_edit.new_text == "return {\r\n        'a': '$HOME\\\\n',\r\n\r\n\r\n        'b': 1}"
    assert item.insert_text_format == PLAIN
    assert item.kind == lsp.CompletionItemKind.Text
    assert item.detail == "GitLab Duo, 5 lines"
    assert item.documentation.value == "```python\nreturn {\n    'a': '$HOME\\\\n',\n\n\n    'b': 1}\n```"


async def test_neovim_gets_a_snippet_without_the_indentation_it_adds_itself(helix, gitlab_server):
    gitlab_server.answer = "urn {\n        'a': '$HOME\\\\n',\n\n    # end\n    }"
    helix.name = "Neovim"
    item = await offered(helix)
    assert item.label == "return {"
    assert item.text_edit.new_text == "return {\n    'a': '\\$HOME\\\\\\\\n',\n\n# end\n\\}$0"
    assert item.insert_text_format == SNIPPET


async def test_a_snippet_ends_before_a_line_that_stands_further_left(helix, gitlab_server):
    gitlab_server.answer = "urn a\n\n\nprint(add(1, 2))"
    helix.name = "Neovim"
    item = await offered(helix)
    assert item.text_edit.new_text == "return a$0"
    assert item.detail == "GitLab Duo"


async def test_one_line_is_a_snippet_too(helix, gitlab_server):
    """Neovim 0.11 would insert no more than the first word of it."""
    gitlab_server.answer = "urn '$a'"
    helix.name = "Neovim"
    item = await offered(helix)
    assert (item.text_edit.new_text, item.insert_text_format) == ("return '\\$a'$0", SNIPPET)


async def test_plain_text_for_who_knows_no_snippets(helix, gitlab_server):
    gitlab_server.answer = "urn ['$a',\n    # end\n    ]"
    helix.name, helix.snippets = "Neovim", False
    item = await offered(helix)
    assert (item.text_edit.new_text, item.insert_text_format) == ("return ['$a',\n    # end\n    ]", PLAIN)


@pytest.mark.parametrize(
    ("text", "at", "answer", "label", "inserted"),
    [
        ("def f():\n", (0, 8), "\n    return 1", "⏎ return 1", "\n    return 1"),
        ("f = g\n", (0, 5), "\n\nh = 2", "g⏎ h = 2", "g\n\nh = 2"),
        ("f =\n", (0, 3), " 1", "1", " 1"),
        ("    \n", (0, 4), "f = 1", "f = 1", "f = 1"),
        ("f = 1\n", (0, 3), "= 1 !", "= 1 !", "= 1 !"),
        ("f = gh\n", (0, 5), "et", "get", "get"),
    ],
    ids=["next line", "next line after a word", "a blank", "indentation", "no word", "in the middle of a word"],
)
async def test_a_label_always_says_something(helix, gitlab_server, text, at, answer, label, inserted):
    gitlab_server.answer = answer
    await helix.start()
    uri = helix.open("app.py", text)
    await helix.settled("ready")
    await helix.toggle("once")  # in so short a text, or left of some, nothing comes by itself
    [item] = await helix.menu(uri, *at)
    assert item.label == label
    assert item.filter_text
    assert item.text_edit.new_text == inserted
    assert item.text_edit.range.end == lsp.Position(*at)


async def test_nothing_to_offer_is_a_list_that_is_not_complete(helix, gitlab_server):
    gitlab_server.answer = ""
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    assert await helix.menu(uri, *AT) == []


async def test_asked_again_at_the_same_place_it_answers_from_what_is_known(helix, gitlab_server):
    gitlab_server.answer = "urn a + b"
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    first = [item.label for item in await helix.menu(uri, *AT)]
    assert [item.label for item in await helix.menu(uri, *AT)] == first
    helix.type(uri, *AT, "u")
    [item] = await helix.menu(uri, AT[0], AT[1] + 1)
    assert item.label == "return a + b"
    assert item.text_edit.range.start == lsp.Position(7, 4)
    assert len(gitlab_server.suggestions) == 1


async def test_asked_twice_for_one_place_both_get_the_one_item(helix, gitlab_server):
    gitlab_server.answer = Answer("urn a + b", delay=0.1)
    await helix.start()
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    older, newer = await asyncio.gather(helix.menu(uri, *AT), helix.menu(uri, *AT))
    assert [item.label for item in older] == [item.label for item in newer] == ["return a + b"]
    assert len(gitlab_server.suggestions) == 1


async def test_a_fence_in_the_code_does_not_end_the_preview(helix, gitlab_server):
    gitlab_server.answer = 'urn """```"""'
    item = await offered(helix)
    assert item.documentation.value.startswith("````python\n")


async def test_who_cannot_read_markdown_gets_the_code(helix, gitlab_server):
    gitlab_server.answer = "urn a + b"
    helix.name, helix.snippets = "Eglot", False
    item = await offered(helix)
    assert item.documentation == "return a + b"
    assert item.insert_text_mode is None


def test_the_mode_is_said_to_who_knows_modes():
    both = lsp.ClientCompletionItemInsertTextModeOptions(list(lsp.InsertTextMode))
    knows = menu_item.Menu("x", lsp.ClientCompletionItemOptions(insert_text_mode_support=both))
    assert knows._mode(snippet=False) is lsp.InsertTextMode.AsIs
    assert knows._mode(snippet=True) is lsp.InsertTextMode.AdjustIndentation


async def test_a_local_suggestion_does_not_call_itself_gitlabs(folder, environment):
    (folder / "shapes.py").write_text(
        "\n".join(f"def area_{n}(shape):\n    return shape.width * shape.height\n" for n in range(8))
    )
    session = Session(folder, environment)
    session.ghost_text, session.name = False, "helix"
    await session.start()
    await session.settled("local")
    uri = session.open("app.py", "def area(shape):\n    return shape.wi\n\n\ndef other():\n    pass\n")
    async with asyncio.timeout(HANG):
        while not (items := await session.menu(uri, 1, len("    return shape.wi"))):
            await asyncio.sleep(0.02)
    assert items[0].label.startswith("width")
    assert items[0].detail == "local engine"
    await session.end()


@pytest.mark.parametrize(("setting", "offers"), [("auto", 1), ("on", 1), ("off", 0)])
async def test_a_setting_says_whether_the_menu_holds_anything(helix, gitlab_server, setting, offers):
    gitlab_server.answer = "urn a + b"
    result = await helix.start(options={"completionFallback": setting})
    assert result.capabilities.completion_provider
    uri = helix.open("app.py", CODE)
    await helix.settled("ready")
    question = lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), lsp.Position(*AT))
    answer = await helix.client.text_document_completion_async(question)
    assert len(answer.items) == offers


async def test_who_shows_ghost_text_is_offered_no_menu_unless_wished(session, gitlab_server):
    gitlab_server.answer = "urn a + b"
    result = await session.start(options={"completionFallback": "on"})
    assert result.capabilities.completion_provider
    uri = session.open("app.py", CODE)
    await session.settled("ready")
    assert await session.menu(uri, *AT)


@pytest.mark.parametrize(
    ("line", "language", "client", "word"),
    [
        ("    ret", "python", "helix", "ret"),
        ("x = ", "python", "helix", ""),
        ("x = a.b_2", "python", "helix", "b_2"),
        ("# 漢字é", "python", "helix", "漢字é"),
        ("# e\N{COMBINING ACUTE ACCENT}t", "python", "eglot", "e\N{COMBINING ACUTE ACCENT}t"),
        ("# “😀x", "python", "eglot", "😀x"),
        ("  font-si", "css", "helix", "si"),
        ("  font-si", "css", "eglot", "font-si"),
        ("a-b", "python", "eglot", "b"),
        ("echo $na", "php", "eglot", "$na"),
        ("(call-wi", "lisp", "eglot", "call-wi"),
        ("x" * 1000, "python", "helix", "x" * 200),
        ("", "python", "helix", ""),
    ],
)
def test_a_word_is_what_the_editor_calls_one(line, language, client, word):
    assert words.before(line, language, client) == word
