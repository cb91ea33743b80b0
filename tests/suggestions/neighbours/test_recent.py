"""Which documents were worked on last, in one workspace folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.suggestions.neighbours.recent import MOST, Recent, folder_of, identity

FOLDERS = ("/w",)


def recent(*uris):
    made = Recent()
    for uri in uris:
        made.touched(uri)
    return made


def test_the_latest_comes_first_and_the_current_one_not_at_all():
    one = recent("file:///w/a.py", "file:///w/b.py", "file:///w/c.py")
    assert one.beside("file:///w/b.py", FOLDERS) == ["file:///w/c.py", "file:///w/a.py"]
    one.touched("file:///w/a.py", 7)
    assert one.beside("file:///w/b.py", FOLDERS) == ["file:///w/a.py", "file:///w/c.py"]


def test_it_knows_where_somebody_wrote_last():
    one = recent("file:///w/a.py")
    assert one.line("file:///w/a.py") == 0
    one.touched("file:///w/a.py", 7)
    one.touched("file:///w/a.py")
    assert one.line("file:///w/a.py") == 7
    assert one.line("file:///w/never.py") == 0


def test_what_is_closed_is_forgotten():
    one = recent("file:///w/a.py", "file:///w/b.py")
    one.closed("file:///w/a.py")
    one.closed("file:///w/never.py")
    assert one.beside("file:///w/b.py", FOLDERS) == []


def test_other_folders_are_other_work():
    one = recent("file:///w/a.py", "file:///v/b.py", "file:///w/inner/c.py", "file:///x/d.py")
    folders = ("/w", "/v", "/w/inner")
    assert one.beside("file:///w/z.py", folders) == ["file:///w/a.py"]
    assert one.beside("file:///w/inner/z.py", folders) == ["file:///w/inner/c.py"]


@pytest.mark.parametrize("uri", ["file:///y/z.py", "untitled:Untitled-1"])
def test_what_is_in_no_folder_has_nothing_beside_it(uri):
    assert recent("file:///w/a.py", "file:///y/b.py").beside(uri, FOLDERS) == []


def test_one_file_under_two_addresses_is_there_once():
    one = recent("file:///w/a%20b.py", "file:///w/a b.py", "file:///w/x/../c.py")
    assert one.beside("file:///w/c.py", FOLDERS) == ["file:///w/a b.py"]
    assert one.beside("file:///w/z.py", FOLDERS) == ["file:///w/x/../c.py", "file:///w/a b.py"]


def test_the_cells_of_a_notebook_are_texts_of_their_own():
    one = recent("vscode-notebook-cell:/w/n.ipynb#1", "vscode-notebook-cell:/w/n.ipynb#2")
    assert one.beside("vscode-notebook-cell:/w/n.ipynb#2", FOLDERS) == ["vscode-notebook-cell:/w/n.ipynb#1"]


@pytest.mark.parametrize("uri", ["git:/w/a.py?ref", "output:/w/a.py", "file:", "untitled:/w/a.py"])
def test_what_is_no_file_is_nobodys_neighbour(uri):
    assert identity(uri) == ""
    assert recent(uri).beside("file:///w/z.py", FOLDERS) == []


def test_letters_of_either_case_are_the_same_on_windows():
    assert identity("file:///c%3A/W/A.py") == identity("file:///C:/w/a.py")
    assert identity("file:///w/A.py") != identity("file:///w/a.py")


def test_a_file_is_in_the_innermost_folder():
    assert folder_of("/w/inner/a.py", ("/w/", "/w/inner/")) == "/w/inner"
    assert folder_of("/w", ("/w",)) == ""


def test_only_so_many_are_remembered():
    one = recent(*(f"file:///w/{number}.py" for number in range(MOST + 5)))
    found = one.beside("file:///w/z.py", FOLDERS)
    assert len(found) == MOST
    assert found[0] == f"file:///w/{MOST + 4}.py"


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30))
def test_any_order_of_work_keeps_it_like_a_pile(steps):
    one, pile = Recent(3), list[str]()
    for name, closes in steps:
        uri = f"file:///w/{name}.py"
        pile = [other for other in pile if other != uri]
        if closes:
            one.closed(uri)
        else:
            one.touched(uri)
            pile = [uri, *pile][:3]
    assert one.beside("file:///w/z.py", FOLDERS) == pile
