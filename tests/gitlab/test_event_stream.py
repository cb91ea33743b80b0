"""Text that comes in pieces: whatever the pieces, the result is the same."""

import contextlib
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gitlab.event_stream import EventStream
from waiting import best

START = 'event: stream_start\ndata: {"metadata":{"model":{"engine":"agent","name":"Agent"},"timestamp":1}}\n\n'
END = "event: stream_end\ndata: null\n\n"


def chunk(text):
    return f"event: content_chunk\ndata: {json.dumps({'choices': [{'delta': {'content': text}, 'index': 0}]})}\n\n"


def fed(pieces, streaming_format="sse"):
    stream = EventStream(streaming_format)
    new = [stream.feed(piece) for piece in pieces]
    answer = stream.end()
    assert "".join(answer.texts).startswith("".join(new))
    return answer


def cut(raw, places):
    edges = [0, *sorted(place % (len(raw) + 1) for place in places), len(raw)]
    return [raw[start:end] for start, end in itertools.pairwise(edges)]


PLACES = st.lists(st.integers(0, 10_000), max_size=30)
TEXTS = st.lists(st.text(st.characters(codec="utf-8")), max_size=6)
PINGS = st.sampled_from(["", ": ping - 2026-11-21 12:00:00\n\n", ":\n"])


@given(TEXTS, PLACES, st.sampled_from(["\n", "\r\n", "\r"]), PINGS, st.sampled_from(["sse", " SSE ", ""]))
def test_events_are_the_same_however_they_are_cut(texts, places, line_end, ping, streaming_format):
    whole = START + "".join(ping + chunk(text) for text in texts) + ping + END
    raw = whole.replace("\n", line_end).encode()
    expected = "".join(texts)
    if line_end == "\r":
        raw += b"\r"  # the last one could be half of a line end
    assert fed(cut(raw, places), streaming_format) == wire.Answer((expected,) if expected else (), "Agent")


@given(st.text(st.characters(codec="utf-8")), PLACES)
def test_bare_text_is_the_same_however_it_is_cut(text, places):
    text = "x" + text
    assert fed(cut(text.encode(), places), "") == wire.Answer((text,))


@given(st.binary(max_size=200), PLACES, st.sampled_from(["sse", ""]))
def test_any_bytes_are_an_answer_or_an_error_we_know(raw, places, streaming_format):
    with contextlib.suppress(ValueError, EOFError):
        fed(cut(raw, places), streaming_format)


@given(TEXTS.filter("".join), st.data())
def test_events_that_end_early_are_never_whole(texts, data):
    raw = (START + "".join(map(chunk, texts)) + END).encode()
    end = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(EOFError):
        fed([raw[:end]])


@pytest.mark.parametrize("text", ["event: stream_stop", "e", "event: stream", "event:\n", ""])
def test_text_that_begins_like_an_event_is_text(text):
    stream = EventStream()
    for byte in text.encode():
        stream.feed(bytes([byte]))
    assert stream.end() == wire.Answer((text,) if text else ())


def test_new_text_is_given_as_it_comes():
    stream = EventStream("sse")
    given_ = [stream.feed(part.encode()) for part in (START, chunk("def "), chunk(""), chunk("f"), END)]
    assert given_ == ["", "def ", "", "f", ""]
    assert stream.text == "def f"


@pytest.mark.parametrize(
    "event",
    [
        "event: content_chunk\ndata: {broken\n\n",
        'event: content_chunk\ndata: "text"\n\n',
        'event: content_chunk\ndata: {"choices": 7}\n\n',
        'event: content_chunk\ndata: {"choices": [{"delta": {"content": 7}}]}\n\n',
        "event: content_chunk\ndata: " + "[" * 100_000 + "\n\n",
    ],
)
def test_an_event_that_is_none_is_an_error(event):
    with pytest.raises(ValueError, match=r".*"):
        fed([event.encode()])


@pytest.mark.parametrize(
    "event",
    [
        "event: content_chunk\n\n",
        "event: content_chunk\ndata: null\n\n",
        'event: content_chunk\ndata: {"choices": []}\n\n',
        'event: content_chunk\ndata: {"choices": [{"delta": {"content": null}}]}\n\n',
        'event: content_chunk\ndata: {"choices": [{"delta": null}]}\n\n',
        "event: telemetry\ndata: whatever\n\n",
        "id: 7\nretry: 5\ndata\n\n",
        "\n\n\n",
    ],
)
def test_what_says_nothing_is_nothing(event):
    assert fed([(START + event + chunk("x") + END).encode()]).texts == ("x",)


def test_data_may_stand_on_several_lines():
    event = 'event: content_chunk\ndata: {"choices":\ndata:[{"delta": {"content": "x"}}]}\n\n'
    assert fed([(event + END).encode()]).texts == ("x",)


def test_what_comes_after_the_end_is_not_taken():
    assert fed([(chunk("x") + END + chunk("y")).encode()]).texts == ("x",)


def test_half_a_character_at_the_end_is_a_broken_stream():
    with pytest.raises(EOFError):
        fed(["prix en €".encode()[:-1]], "")


def test_a_long_line_in_tiny_pieces_takes_no_longer_than_it_must():
    def taken(size):
        raw = chunk("x" * size).encode()
        pieces = [raw[at : at + 1] for at in range(len(raw))]
        return best(lambda: fed([*pieces, END.encode()]), times=1)

    assert taken(80_000) < 10 * taken(20_000)  # four times the text; squared it is 16
