"""JSON in and out, the odd kinds too."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.protocol import bodies

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters())
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def plain(value):
    raise TypeError(f"{type(value)} was not expected")


@given(values)
def test_what_is_written_is_read_again(value):
    assert json.loads(bodies.write(value, plain)) == value


@given(values)
def test_what_the_standard_library_writes_is_read(value):
    text = json.dumps(value)
    assert bodies.read(text.encode()) == json.loads(text) or "e+" in repr(bodies.read(text.encode()))


def test_half_a_character_goes_in_and_out():
    assert bodies.read(rb'"\ud83d"') == "\ud83d"
    assert bodies.write("\ud83d", plain) == rb'"\ud83d"'


@pytest.mark.parametrize(
    "body", [b"", b"NaN", b"[Infinity]", b"\xff", b"[" * 100_000, b"9" * 20_000, b"\xef\xbb\xbf{}"]
)
def test_the_rest_is_no_json(body):
    with pytest.raises(ValueError, match=r"\S"):
        bodies.read(body)


def test_what_cannot_be_written_is_an_error():
    with pytest.raises(TypeError, match="expected"):
        bodies.write({"a": object()}, plain)
