"""The answer to initialize before anything heavy is loaded: until then an editor shows nothing of a server."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, NoReturn

from duo_lsp.errors import FrameError
from duo_lsp.protocol.frames import Frames, frame
from duo_lsp.protocol.ids import Id, is_id
from duo_lsp.protocol.pipes import Pipes

SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""What asks us to end, where it exists."""
PARENT: Final = os.getppid()
"""Who started us: noted here, because it may be gone when everything is loaded."""
CHUNK: Final = 1 << 16
LARGEST: Final = 1 << 20
"""Bytes of a first message that is looked at here; a usual one has 10,000."""
_LARGEST_NUMBER: Final = 1 << 31

Promise = Callable[[Mapping[str, Any]], dict[str, Any]]
"""The result of initialize for its params."""


class Greeting(NamedTuple):
    """What was read from the client so far, and whether the first request in it is answered already."""

    read: bytes = b""
    answered: bool = False


def leave_when_asked() -> None:
    """Let signals end the process while nothing has to be ended in good order yet; `stdio` heeds them later."""
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda *_: os._exit(0))


def greet(pipes: Pipes, promise: Promise) -> Greeting:
    """Wait for the first message; answer it if it is an initialize beyond doubt.

    Anything else is left to the server, which reads the same bytes again.
    """
    read = bytearray()
    frames = Frames()
    while len(read) <= LARGEST and (chunk := _more(pipes.incoming)):
        read += chunk
        try:
            first = next(frames.feed(chunk), None)
        except FrameError:
            break
        if first is not None:
            return Greeting(bytes(read), _answered(first, pipes.outgoing, promise))
    return Greeting(bytes(read))


def _more(fd: int) -> bytes:
    try:
        return os.read(fd, CHUNK)
    except OSError:
        return b""


def _answered(body: bytes, fd: int, promise: Promise) -> bool:
    request = _initialize(body)
    if request is None:
        return False
    id_, params = request
    reply = frame(json.dumps({"jsonrpc": "2.0", "id": id_, "result": promise(params)}).encode())
    try:
        while reply:
            reply = reply[os.write(fd, reply) :]
    except OSError:
        return False  # the client is gone; the server will see it, too
    return True


def _initialize(body: bytes) -> tuple[Id, Mapping[str, Any]] | None:
    try:
        message = json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    match message:
        case {"jsonrpc": "2.0", "method": "initialize", "id": id_, "params": {"capabilities": {}} as params}:
            return (id_, params) if is_id(id_) and is_plain(params) else None
    return None


def is_plain(params: Mapping[str, Any]) -> bool:
    """Whether nothing in the params of initialize can be refused later (LSP 3.18, InitializeParams).

    What lies below `capabilities` is no matter: what is wrong there is left out, see `converter`.
    """
    return all(params.get(name) is None or fits(params[name]) for name, fits in _SHAPES.items())


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER


def _client_info(value: object) -> bool:
    return (
        isinstance(value, dict)
        and _text(value.get("name"))
        and (value.get("version") is None or _text(value["version"]))
    )


def _folders(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(folder, dict) and _text(folder.get("uri")) and _text(folder.get("name")) for folder in value
    )


_SHAPES: Final[Mapping[str, Callable[[object], bool]]] = {
    "processId": _number,
    "clientInfo": _client_info,
    "locale": _text,
    "rootPath": _text,
    "rootUri": _text,
    "trace": lambda value: value in ("off", "messages", "verbose"),
    "workspaceFolders": _folders,
    "workDoneToken": is_id,
}
