"""How much of a suggestion is shown."""

from __future__ import annotations

import pytest

from duo_lsp.gateway.engines.builtin import confidence, repetition
from duo_lsp.gateway.engines.builtin.confidence import Step


@pytest.mark.parametrize(
    ("text", "below", "kept"),
    [
        ("foo(bar)", "\nrest", "foo(bar)"),
        ("bar)", ")", "bar"),
        ("bar) + other", ")", "bar"),
        ("foo(bar))", ")", "foo(bar)"),
        ("[a] + {b}", ")", "[a] + {b}"),
        ('name"', '"', "name"),
        ("a, b", "\n\n   a, b  \nc", ""),
        ("x {\n  a\n}", "\n  a\n}", "x {"),
        ("x {\n  a\n}", "\n", "x {\n  a\n}"),
        ("a,", ", c", "a"),
    ],
)
def test_what_the_rest_of_the_line_says_is_cut(text: str, below: str, kept: str) -> None:
    assert repetition.without(text, below) == kept


def test_more_belief_is_more_chance_and_more_is_shown_when_less_is_asked() -> None:
    likely, unlikely = Step("ab", -0.01, 1), Step("abcd", -0.4, 2)
    assert 0.9 < likely.chance < 1
    assert unlikely.chance < likely.chance
    assert confidence.surest([likely, unlikely]).text == "ab"
    assert confidence.surest([likely, unlikely], 0.01).text == "abcd"
    assert confidence.surest([Step("a", -0.01, 1)]).text == ""
    assert confidence.surest([Step("ab", -9.0, 1), likely]).text == ""


def test_a_little_more_text_is_not_worth_a_doubt_and_much_more_is() -> None:
    sure, longer, long = Step("total", -0.01, 1), Step("total(a", -0.1, 4), Step("total(a, b, c, d, e, f, g)", -0.02, 9)
    assert longer.chance > 0.8
    assert confidence.surest([sure, longer]).text == "total"
    assert confidence.surest([sure, longer, long]).text == long.text
    assert confidence.worth_of(longer, 0.5) > confidence.worth_of(longer, 0.9)


def test_part_of_a_further_line_is_not_shown() -> None:
    steps = [Step("ab", -0.01, 1), Step("ab\ncd", -0.01, 3), Step("ab\ncd", -0.01, 4, ends_line=True)]
    assert confidence.surest(steps[:2]).text == "ab"
    assert confidence.surest(steps).text == "ab\ncd"
