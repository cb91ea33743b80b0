"""Pieces of open documents: what the editor has, around where somebody wrote, made once for every state."""

import pytest

from duo_lsp.privacy.redactor import Redactor
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.neighbours.opened import Opened
from duo_lsp.suggestions.neighbours.trimming import MAX_BYTES

URI = "file:///w/lib/a.py"


class Editor:
    """Documents that lie open."""

    def __init__(self):
        self.documents: dict[str, LineDocument] = {}
        self.desk = Desk(document=self.documents.get)
        self.opened = Opened(self.desk, Redactor())

    def open(self, text, uri=URI, version=1):
        self.documents[uri] = LineDocument(uri, text, version, "python")
        return self.documents[uri]

    def piece(self, uri=URI, folder="/w", *, redacts=True):
        return self.opened.piece(uri, folder, redacts=redacts)


@pytest.fixture
def editor():
    return Editor()


def test_a_small_document_is_a_piece_as_a_whole(editor):
    editor.open('x = 1\npassword = "hunter2hunter2"\n')
    piece = editor.piece()
    assert (piece.name, piece.is_whole) == ("lib/a.py", True)
    assert piece.text == f'x = 1\npassword = "{"*" * 14}"\n'
    assert editor.piece(folder="/w/lib").name == "a.py"
    assert "hunter2" in editor.piece(redacts=False).text


def test_it_is_made_once_until_the_document_changes(editor):
    document = editor.open("x = 1\n")
    first = editor.piece()
    assert editor.piece() is first
    document.apply(2, [((0, 0, 0, 0), "y")])
    assert editor.piece().text == "yx = 1\n"
    document.apply(2, [(None, "new\n")])  # a full text may come with the same version
    editor.opened.forget(URI)
    assert editor.piece().text == "new\n"
    editor.open("opened again\n", version=2)
    assert editor.piece().text == "opened again\n"


def test_what_is_closed_or_out_of_step_is_no_piece(editor):
    assert editor.piece() is None
    editor.open("x = 1\n").in_step = False
    assert editor.piece() is None


@pytest.mark.parametrize("text", ["", " \n", "x\0\n", "x" * 6_000, "# @generated\n"])
def test_what_helps_nobody_is_no_piece(editor, text):
    editor.open(text)
    assert editor.piece() is None
    assert editor.piece() is None


def test_of_a_large_one_the_lines_around_where_somebody_wrote(editor):
    editor.open("".join(f"line_{number} = 1\n" for number in range(5_000)))
    editor.desk.recent.touched(URI, 2_500)
    piece = editor.piece()
    assert piece.lines[piece.focus] == "line_2500 = 1\n"
    assert MAX_BYTES - 40 < piece.size <= MAX_BYTES
    assert not piece.is_whole
    assert abs(piece.focus - len(piece.lines) // 2) < 3
    editor.desk.recent.touched(URI, 4_999)
    assert editor.piece().lines[-2:] == ("line_4999 = 1\n", "")
    editor.desk.recent.touched(URI, 0)
    assert editor.piece().lines[0] == "line_0 = 1\n"


def test_a_document_that_became_shorter_is_a_piece_still(editor):
    editor.open("x = 1\n")
    editor.desk.recent.touched(URI, 99)
    assert editor.piece().text == "x = 1\n"


def test_a_key_that_reaches_into_the_lines_from_above_is_hidden(editor):
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 300 + "-----END PRIVATE KEY-----\n"
    editor.open("x = 1\n" * 2_000 + key + "y = 2\n" * 5_000)
    editor.desk.recent.touched(URI, 2_000 + 290 + 600)
    piece = editor.piece()
    assert "MIIE" not in piece.text
    assert "***" in piece.text


def test_half_characters_are_replaced(editor):
    editor.open("x = '\ud800'\n")
    assert editor.piece().text == "x = '\ufffd'\n"


def test_what_is_remembered_has_a_bound(editor):
    text = "".join(f"line_{number} = 1\n" for number in range(700))
    for number in range(100):
        editor.open(text, f"file:///w/{number}.py")
        assert editor.piece(f"file:///w/{number}.py") is not None
    assert editor.opened._known.currsize <= editor.opened._known.maxsize
    assert 3 < len(editor.opened._known) < 100
