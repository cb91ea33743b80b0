"""Whatever is sent, the answer has GitLab's shape and is no failure of ours."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from duo_lsp import wire, wire_chat
from duo_lsp.gateway import paths, reading
from gateway import rig
from gateway.inprocess import answered, call
from gateway.rig import Running

BODIES = (wire.COMPLETIONS_PATH, wire.ENABLED_PATH, wire_chat.CHAT_PATH, wire.GRAPHQL_PATH)
EVERY = (*BODIES, wire.TOKENS_PATH, wire.VERSION_PATH, wire.ACCESS_PATH, wire.OAUTH_PATH, paths.DIRECT_ACCESS)
UNREADABLE = {"error": "message body does not match declared format"}


def ask(port: int, line: str, body: bytes = b"", *headers: str, token: str = rig.TOKEN) -> tuple[int, object]:
    """The status and the body of an answer to just these bytes."""
    head = [line + " HTTP/1.1", "Host: localhost", f"PRIVATE-TOKEN: {token}", f"Content-Length: {len(body)}", *headers]
    with closing(call(port)) as sock:
        sock.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + body)
        status, _, said = answered(sock)
    return status, json.loads(said) if said else None


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b'{"a": "\xff"}', b"[]", b"7", b"null", b'{"a": NaN}', b"{" * 1000, b'"\\ud800"', b"{}\x00"],
)
def test_a_body_that_is_no_object(running: Running, path: str, body: bytes) -> None:
    assert ask(running.port, f"POST {path}", body) == (400, UNREADABLE)


@pytest.mark.parametrize("path", BODIES)
def test_a_body_of_ten_megabytes_and_more(running: Running, path: str) -> None:
    body = b'{"content": "' + b"x" * (reading.CAP - 15) + b'"}'
    assert len(body) == reading.CAP
    assert ask(running.port, f"POST {path}", body)[0] in (200, 400)
    assert ask(running.port, f"POST {path}", body + b" ") == (413, {"message": "413 Request Entity Too Large"})


def test_a_body_in_chunks_is_measured_too(running: Running) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = f"POST {rig.COMPLETIONS} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {rig.TOKEN}\r\n"
    with closing(call(running.port)) as sock:
        sock.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 161 + b"0\r\n\r\n")
        assert answered(sock)[0] == 413


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_every_method_of_every_route(running: Running, method: str, path: str) -> None:
    status, said = ask(running.port, f"{method} {path}", b"{}")
    assert status in (200, 201, 400, 405)
    assert (status == 405) is (said == {"error": "405 Not Allowed"})


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/api",
        "/api/v4/code_suggestions",
        "/api/v4/../../etc/passwd",
        "/%00",
        "/%ff%fe",
        "/?a=%ff",
        "*",
        "/a b",
    ],
)
def test_a_route_that_is_none(running: Running, path: str) -> None:
    assert ask(running.port, f"GET {path}") in ((404, {"error": "404 Not Found"}), (400, {"error": "400 Bad Request"}))


@pytest.mark.parametrize("token", ["", "x", "wröng", "a b", "x" * 10_000, "eyJhIjoxfQ.x", ".", "a.b.c"])
def test_a_token_that_is_none_whatever_the_body(running: Running, token: str) -> None:
    for path in (*EVERY, wire.MODEL_GATEWAY_PATH):
        method = "GET" if path in (wire.VERSION_PATH, wire.ACCESS_PATH, wire.OAUTH_PATH) else "POST"
        status, said = ask(running.port, f"{method} {path}", b"\xff", token=token)
        anonymous = path == wire.GRAPHQL_PATH and not token
        assert status == (400 if anonymous else 401)
        assert isinstance(said, dict)
        assert set(said) <= {"message", "error", "error_description", "errors"}


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 3",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: gzip",),
        ("X\x00: y",),
        (" folded",),
    ],
)
def test_headers_that_no_two_readers_read_alike(running: Running, headers: tuple[str, ...]) -> None:
    status, said = ask(running.port, f"POST {rig.COMPLETIONS}", b"{}", *headers)
    assert status == 400
    assert isinstance(said, dict)
    assert set(said) == {"error"}


HALF = "\\ud800"
"""Half of a character, as an escape writes it."""


@pytest.mark.parametrize(
    "query",
    [
        *("", "{", "}", "\x00", "{a" * 2000, "{a(b:" + "[" * 3000, "query($x:" + "[" * 3000, "#" * 9999, "\u2028{"),
        *("{" + "aiMessages{nodes{id}}" * 400 + "}", 'mutation{aiAction(input:{chat:{content:"\\ud800"}}){errors}}'),
        *('{aiMessages(threadId:"\\ud800"){nodes{id}}}', "{a(b:1e999)}", "{a(b:-)}", "query($x:ID=1){a}"),
    ],
)
def test_a_document_of_graphql_that_is_none(running: Running, query: str) -> None:
    for document in (json.dumps({"query": query}), json.dumps({"query": query + "~"}).replace("~", HALF)):
        status, said = ask(running.port, f"POST {wire.GRAPHQL_PATH}", document.encode())
        assert status == 200
        assert isinstance(said, dict)
        assert set(said) in ({"errors"}, {"data"})


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("deep", ["[", '{"a":'])
def test_a_body_as_deep_as_can_be(running: Running, path: str, deep: str) -> None:
    for depth in (100, 900, 990, 100_000):
        inner = deep * depth + "1" + {"[": "]"}.get(deep, "}") * depth
        for key in ("current_file", "context", "additional_context", "metadata", "variables", "project_path"):
            body = f'{{"content": "{HALF}", "query": "{{currentUser{{name}}}}", "{key}": {inner}}}'
            assert ask(running.port, f"POST {path}", body.encode())[0] in (200, 201, 400)


@pytest.mark.parametrize("path", BODIES)
def test_half_a_character_anywhere(running: Running, path: str) -> None:
    item = {"type": "file", "category": "file", "name": "~", "id": "~", "content": "~", "metadata": {"~": ["~"]}}
    body = {
        "content": "~",
        "query": "~",
        "variables": {"~": "~"},
        "project_path": "~",
        "user_instruction": "~",
        "current_file": {"file_name": "~", "content_above_cursor": "~"},
        "context": [item],
        "referer_url": "~",
        "additional_context": [item],
        "intent": "completion",
    }
    assert ask(running.port, f"POST {path}", json.dumps(body).replace("~", HALF).encode())[0] in (200, 201)
