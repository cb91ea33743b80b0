"""Imported files on a real disk: those of the folder, as far as they may be read, and what of them helps."""

import os

import pytest

from duo_lsp.suggestions.neighbours import finding
from duo_lsp.suggestions.neighbours.finding import LARGEST, MOST_FOUND, MOST_LOOKS
from duo_lsp.suggestions.neighbours.shelf import Disk, Importer
from duo_lsp.suggestions.neighbours.trimming import MAX_BYTES


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "w"
    made.mkdir()
    return made


def found(folder, text, name="now.py"):
    return finding.look(Importer(folder.as_posix(), name, "python", text))


def names(folder, text):
    return [one.name for one in found(folder, text)]


def read(folder, name, content, *, redacts=True):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    [one] = found(folder, f"import {name.removesuffix('.py')}\n")
    return Disk().read(one, redacts=redacts)


def test_files_are_found_in_the_order_of_the_imports_each_once(folder):
    (folder / "pkg").mkdir()
    for name in ("a.py", "pkg/__init__.py", "pkg/b.py"):
        (folder / name).touch()
    assert names(folder, "import pkg.b\nimport os\nimport a\nfrom pkg import b\nimport pkg\n") == [
        "pkg/b.py",
        "a.py",
        "pkg/__init__.py",
    ]


def test_nothing_outside_of_the_folder_is_found_wherever_links_lead(folder, tmp_path):
    (tmp_path / "out.py").write_text("out = 1\n")
    (folder / "link.py").symlink_to(tmp_path / "out.py")
    (folder / "broken.py").symlink_to(tmp_path / "nowhere.py")
    (folder / "circle.py").symlink_to(folder / "circle.py")
    (folder / "to").symlink_to(tmp_path)
    assert names(folder, "import link, broken, circle\nimport to.out\nfrom ... import out\n") == []


def test_a_link_inside_the_folder_tells_where_it_leads(folder):
    (folder / "real.py").touch()
    (folder / "link.py").symlink_to(folder / "real.py")
    [one] = found(folder, "import link\nimport real\n")
    assert (one.name, one.inside) == ("link.py", "real.py")


def test_a_folder_behind_a_link_is_a_folder(folder, tmp_path):
    (folder / "a.py").touch()
    (tmp_path / "other").symlink_to(folder)
    assert names(tmp_path / "other", "import a\n") == ["a.py"]


@pytest.mark.parametrize("sealed", [".env", "id_rsa", ".ssh/a.py"])
def test_what_usually_holds_secrets_is_not_found_by_any_name(folder, sealed):
    (folder / ".ssh").mkdir()
    (folder / sealed).write_text("a = 1\n")
    (folder / "a.py").symlink_to(folder / sealed)
    assert names(folder, "import a\n") == []


def test_what_is_no_file_or_too_large_is_not_found(folder):
    (folder / "a.py").mkdir()
    os.mkfifo(folder / "b.py")
    (folder / "c.py").write_bytes(b"x = 1\n" * (LARGEST // 6 + 1))
    assert names(folder, "import a, b, c\n") == []


def test_neither_looks_nor_finds_are_without_end(folder):
    deep = "/".join("d" * 30)
    (folder / deep).mkdir(parents=True)
    for number in range(60):
        (folder / f"m{number}.py").touch()
    text = "".join(f"import m{number}\n" for number in range(60))
    assert names(folder, text) == [f"m{number}.py" for number in range(MOST_FOUND)]
    missing = "".join(f"import x{number}\n" for number in range(40))
    assert len(finding.look(Importer(folder.as_posix(), f"{deep}/now.py", "python", missing + text))) == 0
    assert MOST_LOOKS < 40 * 2 * 30


def test_a_file_that_changes_is_another_find(folder):
    file = folder / "a.py"
    file.write_text("a = 1\n")
    before = found(folder, "import a\n")
    assert found(folder, "import a\n") == before
    file.write_text("a = 10\n")
    assert found(folder, "import a\n") != before


def test_a_small_file_is_read_whole_with_stars_for_its_secrets(folder):
    piece = read(folder, "a.py", '\ufeffx = 1\npassword = "hunter2hunter2"\n')
    assert (piece.name, piece.is_whole, piece.focus) == ("a.py", True, 0)
    assert piece.text == f'x = 1\npassword = "{"*" * 14}"\n'
    assert "hunter2" in read(folder, "b.py", 'password = "hunter2hunter2"\n', redacts=False).text


@pytest.mark.parametrize("letter", ["x", "é", "漢", "😀"])
def test_of_a_large_one_the_whole_lines_at_its_beginning(folder, letter):
    line = f"a = '{letter * 13}'\n"
    piece = read(folder, "a.py", line * 2_000)
    assert not piece.is_whole
    assert set(piece.lines) == {line, ""}
    assert MAX_BYTES - len(line.encode()) < piece.size <= MAX_BYTES


def test_a_key_that_goes_on_behind_what_is_read_is_hidden(folder):
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 900
    piece = read(folder, "a.py", "x = 1\n" * 20 + key)
    assert not piece.is_whole
    assert "MIIE" not in piece.text


@pytest.mark.parametrize(
    "content",
    [b"a = 1\0\n", "a = 'é'\n".encode("latin-1"), "a;" * 4_000, "", " \n\n", "# @generated\na = 1\n", "x" * 20_000],
    ids=["binary", "no UTF-8", "minified", "empty", "blank", "generated", "one line without end"],
)
def test_what_helps_nobody_gives_nothing(folder, content):
    assert read(folder, "a.py", content) is None


def test_a_file_that_went_away_gives_nothing(folder):
    (folder / "a.py").write_text("a = 1\n")
    [one] = Disk().look(Importer(folder.as_posix(), "now.py", "python", "import a\n"))
    (folder / "a.py").unlink()
    assert Disk().read(one, redacts=True) is None
