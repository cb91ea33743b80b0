"""Characters nobody sees are named to a person, and taken out of what they read."""

import pytest

from duo_lsp.privacy import hidden

MANY = "1 x U+200B ZERO WIDTH SPACE, 1 x U+200C ZERO WIDTH NON-JOINER, 1 x U+2060 WORD JOINER, others"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("plain\tcode\n", ""),
        ("é😀漢", ""),
        ("a\u202eb", "1 x U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u200b\u200b\ufeff", "2 x U+200B ZERO WIDTH SPACE, 1 x U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\x1b", "1 x U+001B"),
        ("\u200b\u200c\u2060\ufeff\x9b", MANY),
    ],
)
def test_they_are_counted_and_named(text, named):
    assert hidden.named(text) == named
    assert hidden.named(hidden.without(text)) == ""
