"""Secrets below their names: as far down as they are looked for, and no further."""

import pytest

from duo_lsp.privacy import next_line

SECRET = "hunter2-Tr0ub4dor"
MANY = 40


def hidden(*lines):
    openings = {line: found for line in lines if (found := next_line.opening(line, line.lower()))}
    return [(index, lines[index][left:right]) for index, (left, right) in next_line.spans(lines, openings)]


@pytest.mark.parametrize(
    ("lines", "index"),
    [
        (["password =", f'    "{SECRET}"'], 1),
        (['- name: "PASSWORD"', "  kind: text", f'  value: "{SECRET}"'], 2),
        (["<password>", f"  {SECRET}", "</password>"], 1),
    ],
)
def test_what_stands_below_its_name_is_hidden(lines, index):
    assert {(at, text.strip("\"' ")) for at, text in hidden(*lines)} == {(index, SECRET)}


def test_a_quote_that_is_never_closed_hides_thirty_lines():
    assert [at for at, _ in hidden('password = """', *["words"] * MANY)] == list(range(1, next_line.MOST_LINES + 1))


def test_a_value_is_one_of_the_next_fields():
    name = '- name: "PASSWORD"'
    assert not hidden(name, *["  kind: text"] * MANY, f'  value: "{SECRET}"')
    assert not hidden(name, "}", f'  value: "{SECRET}"')


def test_a_sentence_in_an_element_is_no_password():
    assert not hidden("<password>", "  Your password must be long.", "</password>")


def test_a_name_at_the_end_of_a_text_announces_nothing():
    assert not hidden("password =")
