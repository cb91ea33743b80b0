"""What duo.toggle may be given, and what it says to anything else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.errors import UsageError
from duo_lsp.toggles.wish import LONGEST, ToggleWish, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["for", "language", "uri", "once", "x"]), inner, max_size=3)
    ),
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ToggleWish()),
        ([None], ToggleWish()),
        ([{}], ToggleWish()),
        ([[]], ToggleWish()),
        ([""], ToggleWish()),
        (["once"], ToggleWish("once")),
        ([" Once "], ToggleWish("once")),
        ([{"once": True}], ToggleWish("once")),
        (["here"], ToggleWish("document")),
        ([{"uri": "file:///a"}], ToggleWish("document", "file:///a")),
        (["this language"], ToggleWish("language")),
        (["this", "language"], ToggleWish("language")),
        ([{"language": " .MD "}], ToggleWish("language", "md")),
        (["for 30 minutes"], ToggleWish(minutes=30)),
        (["for", "1", "minute"], ToggleWish(minutes=1)),
        (["for 45"], ToggleWish(minutes=45)),
        ([{"for": 0.5}], ToggleWish(minutes=0.5)),
        (["here for 30 minutes"], ToggleWish("document", minutes=30)),
        (["this language for 5 min"], ToggleWish("language", minutes=5)),
        ([{"language": "go", "for": 10, "uri": None}], ToggleWish("language", "go", 10)),
        ([[{"uri": "file:///a", "for": 10}]], ToggleWish("document", "file:///a", 10)),
        (['{"for": 30}'], ToggleWish(minutes=30)),
    ],
)
def test_one_object_or_words(arguments, expected):
    assert read(arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["nobody"], "'nobody'"),
        (["once for 30 minutes"], "once"),
        (["here this language"], "here this language"),
        (["for 0 minutes"], "for must be"),
        ([7], "one argument"),
        ([{"id": 1}], "'id'"),
        ([{"once": False}], "once"),
        ([{"once": True, "for": 3}], "once"),
        ([{"language": "go", "uri": "file:///a"}], "one go"),
        ([{"for": "30"}], "for must be"),
        ([{"for": True}], "for must be"),
        ([{"for": -1}], "for must be"),
        ([{"for": LONGEST + 1}], "for must be"),
        ([{"for": float("nan")}], "for must be"),
        ([{"language": " "}], "language must be"),
        ([{"uri": 7}], "uri must be"),
        (["{oops"], "JSON"),
        ([{}, {}], "one argument"),
    ],
)
def test_anything_else_is_told_with_what_may_be_given(arguments, what):
    with pytest.raises(UsageError) as refused:
        read(arguments)
    assert what in refused.value.sentence
    assert '"for 30 minutes"' in refused.value.hint


@given(st.lists(JSON, max_size=3))
def test_whatever_comes_is_a_wish_or_told(arguments):
    with contextlib.suppress(UsageError):
        wish = read(arguments)
        assert wish.minutes is None or 0 < wish.minutes <= LONGEST
