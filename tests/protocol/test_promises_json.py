"""Bodies that are JSON, nearly JSON, and JSON that is no message."""

import json
from typing import Any

from protocol.raw_client import URI, frame


def codes(client):
    """Of the error replies to nothing in particular."""
    return [reply["error"]["code"] for reply in client.replies(None)]


def test_json_invalid_is_a_parse_error(client):
    bodies = [b"{", b"", b"{'id': 1}", b'{"jsonrpc": "2.0", "id": 1, "method": NaN}', b"\xff\xfe{}"]
    client.write(b"".join(map(frame, bodies)))
    client.serves()
    assert codes(client) == [-32700] * len(bodies)


def test_json_bad_utf8_is_a_parse_error(client):
    client.write(frame(b'{"jsonrpc": "2.0", "id": 5, "method": "\xff\xc0"}'))
    assert client.refusal(None) == -32700
    client.serves()


def test_json_batch_is_refused_once(client):
    client.write(frame(json.dumps([{"jsonrpc": "2.0", "id": n, "method": "shutdown"} for n in (5, 6)]).encode()))
    assert client.refusal(None) == -32600
    client.serves()
    assert len(client.replies(None)) == 1


def test_json_scalars_are_refused(client):
    bodies = [b"5", b"null", b"{}", b'"text"', b"true", b"[]", b'{"jsonrpc": "2.0"}', b'{"id": 5}']
    client.write(b"".join(map(frame, bodies)))
    client.serves()
    assert codes(client) == [-32600] * len(bodies)


def test_json_no_version_is_refused_with_the_id(client):
    versions: list[dict[str, Any]] = [{}, {"jsonrpc": "1.0"}, {"jsonrpc": 2.0}, {"jsonrpc": None}]
    for id_, version in enumerate(versions, start=50):
        client.write(frame(json.dumps({"id": id_, "method": "shutdown"} | version).encode()))
        assert client.refusal(id_) == -32600
    client.serves()


def test_json_deep_is_a_parse_error(client):
    for left, right in ((b"[", b"]"), (b'{"a":', b"}")):
        params = left * 200_000 + b"1" + right * 200_000
        client.write(frame(b'{"jsonrpc": "2.0", "id": 5, "method": "none", "params": ' + params + b"}"))
    client.serves()
    assert codes(client) == [-32700] * 2


def test_json_bigint_is_an_error(client):
    for place in (b'{"jsonrpc": "2.0", "id": %b, "method": "none"}', b'{"jsonrpc": "2.0", "id": 1, "params": [%b]}'):
        client.write(frame(place % (b"9" * 20_000)))
    client.serves()
    assert codes(client) == [-32700] * 2


def test_json_nested_jsonrpc_is_data(client):
    inner = {"jsonrpc": "2.0", "id": 1, "method": "exit", "result": {"jsonrpc": "2.0"}}
    assert client.ran("duo.status", inner)["state"]
    client.open(json.dumps(inner))
    client.serves()


def test_json_lone_surrogate_is_text(rig):
    for text in ("x = '\ud83d'", "\ude00 and 😀"):
        rig.open(text)
        assert rig.ran("rig.text", URI)["text"] == text
    rig.serves()
