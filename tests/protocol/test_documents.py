"""The mirror equals the editor's text, edit by edit."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duo_lsp.protocol.documents import LineDocument, Outcome, Span
from duo_lsp.protocol.text_units import Encoding

Edit = tuple[int, int, int, int, str]
Changes = list[tuple[Span | None, str]]

ENCODINGS: list[Encoding] = ["utf-8", "utf-16", "utf-32"]
ALPHABET = ["a", " ", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "é", "漢", "😀", "\ud83d", "\ude00"]

texts = st.lists(st.sampled_from(ALPHABET), max_size=25).map("".join)
edits = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 12), st.integers(0, 9), st.integers(0, 12), texts.map(lambda t: t[:6])),
    min_size=1,
    max_size=4,
)


def width(char: str, encoding: Encoding) -> int:
    """Units of one character, by its code point."""
    point = ord(char)
    if encoding == "utf-8":
        return 1 + (point > 0x7F) + (point > 0x7FF) + (point > 0xFFFF)
    return 2 if encoding == "utf-16" and point > 0xFFFF else 1


def line_starts(text: str) -> list[int]:
    starts = [0]
    for at, char in enumerate(text):
        if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
            starts.append(at + 1)
    return starts


def model_lines(text: str) -> list[str]:
    starts = line_starts(text)
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def model_offset(text: str, line: int, units: int, encoding: Encoding) -> int:
    """Where a position lies in the text, found one character at a time."""
    starts = line_starts(text)
    if line >= len(starts):
        return len(text)
    at = starts[line]
    while units > 0 and at < len(text) and text[at] not in "\r\n":
        units -= width(text[at], encoding)
        at += 1
    return at


def model_edit(text: str, edit: Edit, encoding: Encoding) -> str:
    top, left, bottom, right, new = edit
    start, end = sorted((model_offset(text, top, left, encoding), model_offset(text, bottom, right, encoding)))
    return text[:start] + new + text[end:]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_script_of_edits_leaves_what_a_plain_string_would_hold(encoding: Encoding) -> None:
    @settings(max_examples=2000, deadline=None)
    @given(texts, edits)
    def scripts(text: str, script: list[Edit]) -> None:
        document = LineDocument("untitled:1", text, encoding=encoding)
        for edit in script:
            text = model_edit(text, edit, encoding)
            document.edit(*edit)
            assert document.text == text
            assert document.lines == model_lines(text)

    scripts()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_columns_agree_with_counting_character_by_character(encoding: Encoding) -> None:
    @settings(max_examples=500, deadline=None)
    @given(
        texts.map(lambda t: t.replace("\n", "").replace("\r", "")), st.integers(0, 80), st.sampled_from(["", "\r\n"])
    )
    def columns(body: str, units: int, end: str) -> None:
        document = LineDocument("untitled:1", body + end, encoding=encoding)
        characters = document.column_from_client(0, units)
        assert characters == model_offset(body + end, 0, units, encoding)
        assert document.column_to_client(0, units) == sum(width(c, encoding) for c in body[:units])
        assert document.place(0, units) == (0, characters)

    columns()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "body", ["x" * 36_000, "é" * 36_000, "漢x" * 24_000, "😀" * 36_000, "x" * 36_000 + "😀é" * 300]
)
def test_columns_of_very_long_lines_are_exact(body: str, encoding: Encoding) -> None:
    document = LineDocument("untitled:1", body + "\n", encoding=encoding)
    for units in (0, 1, 16_383, 16_384, 16_385, 32_769, 36_001, 36_100, 71_999, 144_000, 999_999):
        assert document.column_from_client(0, units) == model_offset(body, 0, units, encoding)


PROBES = {
    "form feed on an earlier line": ("a = 1\x0c\nb = 2\n", (1, 0, 1, 0), "a = 1\x0c\nXb = 2\n"),
    "vertical tab": ("a\x0bb\nc\n", (1, 0, 1, 0), "a\x0bb\nXc\n"),
    "line separator in a string": ("s='\u2028';\nt\n", (1, 0, 1, 0), "s='\u2028';\nXt\n"),
    "next line character": ("s='\x85'\nt\n", (1, 0, 1, 0), "s='\x85'\nXt\n"),
    "file separator": ("s='\x1c'\nt\n", (1, 0, 1, 0), "s='\x1c'\nXt\n"),
    "emoji before the cursor": ("s='😀'x\n", (0, 5, 0, 5), "s='😀X'x\n"),
    "end of a CRLF line": ("ab\r\ncd\r\n", (0, 2, 0, 2), "abX\r\ncd\r\n"),
    "one past the end of a CRLF line": ("ab\r\ncd\r\n", (0, 3, 0, 3), "abX\r\ncd\r\n"),
    "one past the end of a line": ("ab\ncd\n", (0, 3, 0, 3), "abX\ncd\n"),
    "far past the end of a line": ("ab\ncd\n", (0, 99, 0, 99), "abX\ncd\n"),
    "far past the end of the last line": ("ab\ncd", (1, 99, 1, 99), "ab\ncdX"),
    "past the end of a last line with an emoji": ("ab\n😀cd", (1, 99, 1, 99), "ab\n😀cdX"),
    "everything, to a line far below": ("ab\ncd\n", (0, 0, 99, 0), "X"),
    "everything, to a column far right": ("ab\ncd", (0, 0, 1, 99), "X"),
    "everything, to the line count": ("ab\ncd\n", (0, 0, 2, 0), "X"),
    "after the final line end": ("ab\n", (1, 0, 1, 0), "ab\nX"),
    "lone carriage returns": ("ab\rcd\r", (1, 0, 1, 0), "ab\rXcd\r"),
    "from within a line to past the end": ("ab\n😀", (0, 1, 7, 0), "aX"),
    "an empty document": ("", (0, 0, 0, 0), "X"),
    "past the end of a blank line": ("a\n\nb\n", (1, 5, 1, 5), "a\nX\nb\n"),
    "inside a surrogate pair: past it": ("😀b\n", (0, 1, 0, 1), "😀Xb\n"),
    "start after end on one line": ("abc\n", (0, 2, 0, 1), "aXc\n"),
    "start after end across lines": ("ab\ncd\n", (1, 1, 0, 1), "aXd\n"),
}


@pytest.mark.parametrize(("text", "span", "after"), PROBES.values(), ids=PROBES.keys())
def test_an_x_lands_where_the_specification_says(text: str, span: Span, after: str) -> None:
    document = LineDocument("untitled:1", text)
    document.edit(*span, "X")
    assert document.text == after


@pytest.mark.parametrize(
    ("text", "edit", "lines"),
    [
        (" \r \n", (0, 1, 1, 0, ""), ["  \n", ""]),
        ("a\rb\n", (1, 0, 1, 1, ""), ["a\r\n", ""]),
        ("a\rb", (1, 0, 1, 1, "\nc"), ["a\r\n", "c"]),
        ("a\nb", (0, 1, 0, 1, "\r"), ["a\r\n", "b"]),
        ("a\r\nb", (0, 1, 0, 1, "\r"), ["a\r", "\r\n", "b"]),
        ("a\r\nb", (0, 1, 1, 0, "\r"), ["a\r", "b"]),
    ],
)
def test_carriage_returns_and_line_feeds_join_across_the_seams(text: str, edit: Edit, lines: list[str]) -> None:
    document = LineDocument("untitled:1", text)
    document.edit(*edit)
    assert document.lines == lines


@pytest.mark.parametrize("number", [-1, 1.0, "1", True, None])
@pytest.mark.parametrize("place", range(4))
def test_a_number_that_is_no_position_is_refused_and_changes_nothing(number: Any, place: int) -> None:
    document = LineDocument("untitled:1", "abc\ndef\n", version=1)
    top, left, bottom, right = (number if at == place else 1 for at in range(4))
    with pytest.raises(ValueError, match="whole number"):
        document.edit(top, left, bottom, right, "X")
    assert document.text == "abc\ndef\n"


def test_a_refused_edit_among_others_puts_the_document_out_of_step() -> None:
    document = LineDocument("untitled:1", "abc\n", version=1)
    with pytest.raises(ValueError, match="whole number"):
        document.apply(2, [((0, 0, 0, 0), "X"), ((0, -1, 0, 0), "Y")])
    assert not document.in_step
    assert document.version == 1


INSERT: Changes = [((0, 0, 0, 0), "X")]
FULL: Changes = [(None, "new")]


@pytest.mark.parametrize(
    ("opened", "version", "changes", "outcome", "text"),
    [
        (1, 2, INSERT, Outcome.APPLIED, "Xold"),
        (0, 6, INSERT, Outcome.APPLIED, "Xold"),  # Neovim's first change after didOpen 0
        (7, 90, INSERT, Outcome.APPLIED, "Xold"),  # Neovim's undo of a long substitution
        (7, 7, INSERT, Outcome.WENT_BACK, "old"),
        (7, 3, INSERT, Outcome.WENT_BACK, "old"),
        (7, 3, FULL, Outcome.APPLIED, "new"),
        (7, 8, FULL, Outcome.APPLIED, "new"),
        (7, 8, INSERT + FULL + INSERT, Outcome.APPLIED, "Xnew"),
        (7, 7, [], Outcome.APPLIED, "old"),
        (7, None, INSERT, Outcome.APPLIED, "Xold"),
        (None, 1, INSERT, Outcome.APPLIED, "Xold"),
        (None, None, INSERT, Outcome.APPLIED, "Xold"),
    ],
)
def test_versions_may_skip_but_not_go_back(
    opened: int | None, version: int | None, changes: Changes, outcome: Outcome, text: str
) -> None:
    document = LineDocument("untitled:1", "old", opened)
    assert document.apply(version, changes) is outcome
    assert document.text == text
    assert document.in_step is (outcome is Outcome.APPLIED)


def test_out_of_step_nothing_is_applied_until_a_full_text_comes() -> None:
    document = LineDocument("untitled:1", "old", version=5)
    assert document.apply(4, INSERT) is Outcome.WENT_BACK
    assert document.apply(6, INSERT) is Outcome.WAITING
    assert (document.text, document.version, document.in_step) == ("old", 5, False)
    assert document.apply(1, FULL) is Outcome.RESYNCED
    assert (document.text, document.version, document.in_step) == ("new", 1, True)
    assert document.apply(2, INSERT) is Outcome.APPLIED


def test_replacing_the_text_brings_a_document_back_in_step() -> None:
    document = LineDocument("untitled:1", "old", version=5)
    document.apply(4, INSERT)
    document.replace("new\n")
    assert document.in_step
    assert document.lines == ["new\n", ""]


def test_a_change_without_a_version_keeps_the_last_one() -> None:
    document = LineDocument("untitled:1", "old", version=5)
    document.apply(None, INSERT)
    assert document.version == 5
