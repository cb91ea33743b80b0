"""A language's own server, as small as one can be: it says hello, and finds fault with every file."""

from __future__ import annotations

import json
import sys
from typing import Any

FAULT = {
    "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 6}},
    "severity": 2,
    "source": "stub",
    "message": "found by the language's own server",
}


def main() -> None:
    """Answer on standard output what comes on standard input, until it ends."""
    while header := sys.stdin.buffer.readline():
        length = int(header.partition(b":")[2])
        while sys.stdin.buffer.readline().strip():
            pass
        message = json.loads(sys.stdin.buffer.read(length))
        if message.get("method") == "exit":
            return
        if "id" in message and "method" in message:
            _send({"id": message["id"], "result": _result(message["method"])})
        if message.get("method") == "textDocument/didOpen":
            uri = message["params"]["textDocument"]["uri"]
            _send({"method": "textDocument/publishDiagnostics", "params": {"uri": uri, "diagnostics": [FAULT]}})


def _result(method: str) -> Any:
    return {"capabilities": {"textDocumentSync": 2}} if method == "initialize" else None


def _send(message: dict[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
