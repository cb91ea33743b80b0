"""What models' servers send, in pieces of any size."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gateway.models import events
from duo_lsp.gateway.models.events import Events


def all_in(*chunks: bytes) -> list[object]:
    stream = Events()
    return [each for chunk in chunks for each in stream.feed(chunk)] + list(stream.end())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@given(st.data())
def test_events_and_lines_are_read_the_same_wherever_they_are_cut(end: str, data: st.DataObject) -> None:
    said = [{"content": text} for text in ("a", "é\u2028", "[DONE]")]
    as_events = (
        ": ping"
        + end
        + "".join(f"event: x{end}data: {json.dumps(each, ensure_ascii=False)}{end}{end}" for each in said)
    )
    as_lines = "".join(json.dumps(each) + end for each in said)
    for text in (as_events + f"data: [DONE]{end}{end}" + 'data: {"late": 1}' + end, as_lines, as_lines.rstrip()):
        raw = text.encode()
        cut = data.draw(st.integers(0, len(raw)))
        assert all_in(raw[:cut], raw[cut:]) == said


def test_it_says_when_the_server_is_done() -> None:
    stream = Events()
    assert list(stream.feed(b'data: {"content": "a"}\n\n')) == [{"content": "a"}]
    assert not stream.ended
    assert list(stream.feed(b"data: [DONE]\n\n")) == []
    assert stream.ended


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="without an end"):
        all_in(b"x" * (events.LONGEST + 1))
    with pytest.raises(ValueError, match="too much"):
        all_in(*[(b":" * 1023 + b"\n") * 1024] * 9)
    with pytest.raises(ValueError, match="too deep"):
        all_in(b"[" * 200_000 + b"\n")
    with pytest.raises(ValueError, match="Expecting"):
        all_in(b"data: {\n\n")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"choices": [{"text": "a"}]}, "a"),
        ({"choices": [{"delta": {"content": "a"}}]}, "a"),
        ({"choices": [{"delta": {"content": None}}]}, ""),
        ({"choices": [{"message": {"content": "a"}}]}, "a"),
        ({"choices": [], "usage": {}}, ""),
        ({"message": {"role": "assistant", "content": "a"}}, "a"),
        ({"message": {"thinking": "hm"}}, ""),
        ({"response": "a", "done": False}, "a"),
        ({"done": True}, ""),
        ({"content": "a", "stop": False}, "a"),
    ],
)
def test_the_text_in_an_event(body: object, text: str) -> None:
    assert events.piece(body) == text


@pytest.mark.parametrize("body", [None, [], "a", {}, {"choices": "a"}, {"content": 1}])
def test_what_is_no_event_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match="no part of an answer"):
        events.piece(body)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"error": {"message": "no\nsuch \x1b[1m thing"}}, "no such [1m thing"),
        ({"error": "no"}, "no"),
        ({"message": "no"}, "no"),
        ({"detail": "no"}, "no"),
        ({"content": "a"}, ""),
        (None, ""),
        ({"error": "x" * 900}, "x" * 200),
    ],
)
def test_the_servers_own_sentence(body: object, sentence: str) -> None:
    assert events.message(body) == sentence
