"""Bytes cut into messages, however they come."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duo_lsp.errors import FrameError
from duo_lsp.protocol.frames import MAX_BODY, MAX_HEADER, Frames, content_length, frame

bodies = st.lists(st.binary(max_size=40) | st.just(b"Content-Length: 3\r\n\r\nabc"), max_size=6)


@settings(max_examples=300, deadline=None)
@given(bodies, st.data())
def test_messages_are_the_same_however_their_bytes_are_cut(sent, data):
    stream = b"".join(frame(body) for body in sent)
    came: list[bytes] = []
    frames, at = Frames(), 0
    while at < len(stream):
        size = data.draw(st.integers(1, 60))
        came += frames.feed(stream[at : at + size])
        at += size
    assert came == sent


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_junk_is_waited_for_or_refused_and_nothing_else(junk):
    with contextlib.suppress(FrameError):
        assert all(isinstance(body, bytes) for body in Frames().feed(junk))


@pytest.mark.parametrize("largest", [MAX_BODY, 0])
def test_the_largest_and_the_smallest_are_served(largest):
    assert content_length(b"Content-Length: %d" % largest) == largest


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (b"Content-Length: %d" % (MAX_BODY + 1), "more than 67108864"),
        (b"Content-Length: 1 2", "no number"),
        (b"Content-Length: 0x10", "no number"),
        (b"Content-Lengths: 1", "without"),
        (b"", "without"),
    ],
)
def test_other_headers_are_refused_in_a_sentence(head, sentence):
    with pytest.raises(FrameError, match=sentence):
        content_length(head)


def test_a_header_may_be_as_long_as_the_limit_and_no_longer():
    padding = b"X: " + b"x" * (MAX_HEADER - 3 - len(b"\r\nContent-Length: 1\r\n\r\n")) + b"\r\n"
    assert list(Frames().feed(padding + b"Content-Length: 1\r\n\r\na")) == [b"a"]
    with pytest.raises(FrameError, match="more than 8192"):
        list(Frames().feed(b"x" + padding + b"Content-Length: 1\r\n\r\na"))
