"""Bytes that are messages, nearly messages, and none."""

import contextlib
import json
import time

import psutil
import pytest

from protocol.raw_client import frame, framed
from waiting import best

HELLO = {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}
BODY = json.dumps({"jsonrpc": "2.0", **HELLO}).encode()
NEXT = framed({"id": 2, "method": "shutdown"})


def refuses(client, sentence):
    """The process is gone at once, and its log says why."""
    assert client.gone() == 1
    client.logged(sentence)
    assert "Traceback" not in client.log


def test_baseline_is_served(client):
    client.open("import os\n")
    assert (
        client.result(
            "textDocument/inlineCompletion", {"textDocument": {"uri": "x:"}, "position": {"line": 0, "character": 0}}
        )
        is None
    )
    assert client.result("shutdown") is None
    client.notify("exit")
    assert client.gone() == 0
    assert client.log == ""


@pytest.mark.parametrize("header", [b"content-length: %d\r\n\r\n", b"CONTENT-LENGTH: %d\r\n\r\n"])
def test_header_lowercase_is_served(duo, header):
    duo.write(frame(BODY, header))
    assert "result" in duo.reply(1)


def test_header_nospace_is_served(duo):
    duo.write(frame(BODY, b"Content-Length:%d\r\n\r\n"))
    assert "result" in duo.reply(1)


def test_header_order_and_extra_is_served(duo):
    kind = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n"
    duo.write(frame(BODY, kind + b"X-Editor: vi\r\nContent-Length: %d\r\n\r\n"))
    assert "result" in duo.reply(1)


def test_byte_at_a_time_is_served(duo):
    for byte in frame(BODY):
        duo.write(bytes([byte]))
    assert "result" in duo.reply(1)


def test_coalesced_messages_are_all_answered(client):
    client.send(*({"id": 100 + n, "method": "none"} for n in range(10)))
    assert [client.refusal(100 + n) for n in range(10)] == [-32601] * 10


def test_header_missing_length_ends_it(duo):
    duo.write(b"Content-Type: x\r\n\r\n" + BODY)
    refuses(duo, "without Content-Length")


@pytest.mark.parametrize("length", [b"abc", b"5x", b"", b"5.0", "\u0665".encode()])
def test_header_length_alpha_ends_it(duo, length):
    duo.write(b"Content-Length: " + length + b"\r\n\r\n" + BODY)
    refuses(duo, "Content-Length is no number")


def test_header_length_negative_ends_it(duo):
    duo.write(b"Content-Length: -5\r\n\r\n" + BODY)
    refuses(duo, "Content-Length is no number")


def test_length_too_short_is_a_bad_body_and_then_the_end(duo):
    duo.write(b"Content-Length: %d\r\n\r\n" % (len(BODY) - 5) + BODY + NEXT)
    refuses(duo, "without Content-Length")
    assert duo.refusal(None) == -32700


def test_length_too_long_is_a_bad_body_and_then_the_end(duo):
    duo.write(b"Content-Length: %d\r\n\r\n" % (len(BODY) + 5) + BODY + NEXT)
    refuses(duo, "without Content-Length")
    assert duo.refusal(None) == -32700


@pytest.mark.parametrize("length", [10**15, 10**25])
def test_length_absurd_ends_it(duo, length):
    duo.write(b"Content-Length: %d\r\n\r\n" % length)
    refuses(duo, "of more than")


def test_length_4gib_ends_it(duo):
    duo.write(b"Content-Length: %d\r\n\r\n" % (4 << 30))
    refuses(duo, "of more than")


def test_header_endless_ends_it_before_it_is_read(duo):
    with contextlib.suppress(BrokenPipeError):
        for _ in range(32):
            duo.write(b"x" * (1 << 20))
    refuses(duo, "a header of more than")


def test_header_lf_only_is_served(duo):
    duo.write(frame(BODY, b"Content-Length: %d\n\n"))
    assert "result" in duo.reply(1)


def test_junk_before_first_header_is_overlooked(duo):
    duo.write(b"Welcome to build-7: last login on Monday\r\n" + frame(BODY))
    assert "result" in duo.reply(1)


def test_a_large_message_in_small_pieces_costs_no_more_than_itself(client):
    def refused(size):
        body = frame(json.dumps({"jsonrpc": "2.0", "id": size, "method": "none", "params": "x" * size}).encode())

        def send():
            client.write(body)
            assert client.refusal(size) == -32601
            client.messages.clear()

        return send

    small, large = (best(refused(size), time.monotonic, 8) for size in (1 << 20, 8 << 20))
    assert large < 32 * small  # eight times the size; squared it is 64
    assert psutil.Process(client.process.pid).memory_info().rss < 200 << 20
