"""What is known of a cursor, and what is sent of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import between, here
from duo_lsp import wire
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions import context

WORKSPACE = ("/w",)


@pytest.mark.parametrize(
    ("uri", "language_id", "folders", "expected"),
    [
        ("file:///w/src/a.py", "python", WORKSPACE, "src/a.py"),
        ("file:///w/src/a%20b.py", "python", WORKSPACE, "src/a b.py"),
        ("file:///home/me/a.py", "python", WORKSPACE, "a.py"),
        ("file:///home/me/a.py", "python", ("/",), "a.py"),
        ("file:///w/../home/me/a.py", "python", WORKSPACE, "a.py"),
        ("file:///w/%2e%2e/home/me/a.py", "python", WORKSPACE, "a.py"),
        ("file:///workspace/a.py", "python", WORKSPACE, "a.py"),
        ("file:///w/sub/a.py", "python", ("/w", "/w/sub"), "a.py"),
        ("file:///w", "python", WORKSPACE, "w.py"),
        ("file:///w/script", "shellscript", WORKSPACE, "script.sh"),
        ("file:///w/script", "sh", WORKSPACE, "script.sh"),
        ("file:///w/.bashrc", "shellscript", WORKSPACE, ".bashrc.sh"),
        ("file:///w/notes.", "python", WORKSPACE, "notes..py"),
        ("file:///w/LICENSE", "plaintext", WORKSPACE, "LICENSE"),
        ("untitled:Untitled-1", "python", WORKSPACE, "Untitled-1.py"),
        ("untitled:C:\\Users\\me\\new.py", "python", WORKSPACE, "new.py"),
        ("untitled:/home/me/new.py", "python", WORKSPACE, "new.py"),
        ("vscode-notebook-cell:/w/a.ipynb#W0sZ", "python", WORKSPACE, "a.ipynb.py"),
        ("vscode-notebook-cell:/w/a.ipynb#W0sZ", "sql", WORKSPACE, "a.ipynb.sql"),
        ("vscode-remote://wsl%2Bubuntu/w/a.py", "python", WORKSPACE, "a.py"),
        ("file:///c%3A/Users/me/p/a.py", "python", ("C:/Users/me/p",), "a.py"),
        ("file:///C:/Users/me/p/a.py", "python", ("C:/users/ME/p",), "a.py"),
        ("file:///C:/Users/me/other/a.py", "python", ("C:/Users/me/p",), "a.py"),
        ("file:///C:/Users/me/a.py", "python", ("C:/",), "a.py"),
        ("file://server/share/p/a.py", "python", ("//server/share/p",), "a.py"),
        ("file://", "python", WORKSPACE, "untitled.py"),
        ("", "", (), "untitled"),
        ("file://[bad", "python", WORKSPACE, "untitled.py"),
        ("file:///w/%ED%A0%80.py", "python", WORKSPACE, "\ufffd\ufffd\ufffd.py"),
    ],
)
def test_a_file_name_tells_nothing_of_this_machine(uri, language_id, folders, expected):
    assert context.file_name(uri, language_id, folders) == expected


@pytest.mark.parametrize("name", ["x" * 300 + ".py", "a." + "x" * 300, "deep/" * 80 + "a.py", "x" * 300, "é" * 300])
def test_a_long_name_keeps_its_end(name):
    short = context.file_name(f"file:///w/{name}", "python", WORKSPACE)
    assert len(short) <= wire.MAX_FILE_NAME
    assert not short.startswith("/")
    assert short.endswith(".py")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["file:///w/", "file:///home/me/", "untitled:", ""]))
def test_any_address_has_a_short_name_without_a_root(rest, scheme):
    name = context.file_name(scheme + rest, "python", WORKSPACE)
    assert 0 < len(name) <= wire.MAX_FILE_NAME
    assert not name.startswith("/")
    assert ".." not in name.split("/")
    assert name.encode()


text = st.text(st.sampled_from("ab é漢😀\n\ud83d"), max_size=80)


@settings(max_examples=60, deadline=None)
@given(text, text, st.sampled_from([1, 40, 400, 2_000]), st.sampled_from([1, 40, 400, 2_000]))
def test_no_more_of_a_file_is_sent_than_its_budget(above, below, times_above, times_below):
    above, below = above * times_above, below * times_below
    place = between(above, below)
    file = context.request(place, "").current_file
    sent = len(file.content_above_cursor.encode()) + len(file.content_below_cursor.encode())
    assert sent <= context.MAX_BYTES
    assert above.endswith(place.above)
    assert below.startswith(place.below)
    if len(place.above) < len(above) and "\n" in place.above:
        assert above[: len(above) - len(place.above)].endswith("\n")
    if len(place.below) < len(below) and "\n" in place.below:
        assert place.below.endswith("\n")
    whole = len((above + below).encode("utf-8", "surrogatepass"))
    assert sent == whole or whole > context.MAX_BYTES or max(map(len, (above + below).split("\n"))) > 100


@settings(max_examples=60, deadline=None)
@given(text, text, st.sampled_from([1, 40, 400, 2_000]), st.sampled_from([1, 40, 400, 2_000]), st.booleans())
def test_the_lines_are_those_of_the_text(above, below, times_above, times_below, is_old):
    end = "\r" if is_old else "\n"
    place = between((above * times_above).replace("\n", end), (below * times_below).replace("\n", end))
    assert "".join(place.lines) in {place.above + place.below, ""}
    assert place.lines or place.before or place.after


def test_the_room_one_side_does_not_need_is_the_others():
    line = "x" * 99 + "\n"
    at_end, at_start, in_middle = between(line * 1000, ""), between("", line * 1000), between(line * 999, line * 999)
    assert len(at_end.above) == len(at_start.below) == 35_000
    assert (len(in_middle.above), len(in_middle.below)) == (26_300, 8_700)


def test_half_characters_are_replaced_in_what_is_sent_and_only_there():
    place = between("a\ud83d", "\ude00b", "py\ud800")
    file = context.request(place, "").current_file
    assert (file.content_above_cursor, file.content_below_cursor) == ("a\ufffd", "\ufffdb")
    assert file.language_identifier == "python"
    assert place.line_above == "a\ud83d"


@pytest.mark.parametrize(
    ("language_id", "uri", "sent"),
    [
        ("sh", "file:///w/a", "shellscript"),
        ("", "file:///w/a.py", "python"),
        ("elvish", "file:///w/a.elv", "elvish"),
        ("", "file:///w/a", None),
        ("x" * 300, "file:///w/a", "x" * 255),
        ("x\ud800", "file:///w/a", "x\ufffd"),
    ],
)
def test_the_language_is_sent_under_the_name_gitlab_knows(language_id, uri, sent):
    request = context.request(between("a", "", language_id, uri), "group/project")
    assert request.current_file.language_identifier == sent
    assert request.project_path == "group/project"


def test_the_lines_at_the_cursor():
    place = here("a\r\n  bc█de\r\nf")
    assert (place.line_above, place.line_below, place.new_line) == ("  bc", "de", "\r\n")
    assert (place.line, place.character, place.version, place.path) == (1, 4, 1, "/w/a.py")
    assert between("a\rb", "c\rd").line_above == "b"
    assert between("a\rb", "c\rd").line_below == "c"
    assert between("a", "\nb").new_line == "\n"
    assert between("a").new_line == "\n"


@pytest.mark.parametrize(
    ("above", "expected"), [("a\nb", False), ("a\rb", False), ("x" * 34_999 + "\n", True), ("a\n" * 30_000, True)]
)
def test_knows_whether_there_is_more_above(above, expected):
    assert between(above + "\n", "b").is_cut == expected


def test_a_snapshot_does_not_follow_the_document():
    document = LineDocument("file:///w/a.py", "ab", 1, "python")
    place = context.at(document, 0, 1, WORKSPACE)
    document.replace("xyz")
    assert (place.above, place.below) == ("a", "b")
