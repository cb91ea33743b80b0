"""An entry chosen in the editor's menu counts as inserted: drawn before, and what is asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import between, here
from duo_lsp.suggestions import selected


@pytest.mark.parametrize(
    ("drawing", "start", "text", "above"),
    [
        ("x = items.ap█\ny", 10, "append", "x = items.append"),
        ("x = items.█\ny", 10, "append(value)", "x = items.append(value)"),
        ("a\n  b.ap█", 4, "append", "a\n  b.append"),
        ("append█", 0, "append", "append"),
        ("x = items.ap█\ny", 10, "insert", None),
        ("x = items.ap█\ny", 10, "a", None),
        ("x = items.ap█\ny", 10, "append(\n)", None),
        ("x = items.ap█\ny", 10, "ap" + "p" * selected.LONGEST, None),
    ],
)
def test_the_entry_has_to_go_on_what_stands_there(drawing, start, text, above):
    found = selected.inserted(here(drawing), start, text)
    assert (found.above if found is not None else None) == above
    if found is not None:
        assert found.line_above.endswith(text)
        assert found.character == len(found.line_above)
        assert found.below == here(drawing).below


def test_an_entry_from_before_what_is_known_of_a_long_line_is_none():
    cursor = between("a" * 50_000)
    assert len(cursor.line_above) < 50_000
    assert selected.inserted(cursor, 0, "a" * 500) is None


@settings(max_examples=100, deadline=None)
@given(st.text("ab \n"), st.text("ab"), st.text("ab"))
def test_what_was_typed_of_it_stands_once(before, typed, rest):
    cursor = between(before + typed)
    found = selected.inserted(cursor, cursor.character - len(typed), typed + rest)
    assert found is not None
    assert found.above == before + typed + rest
