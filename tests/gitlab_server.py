"""A GitLab-shaped server on loopback: real sockets, remembered requests, answers a test chooses."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs

from waiting import HANG

COMPLETIONS: Final = "/api/v4/code_suggestions/completions"
VERSION: Final = "/api/v4/version"


@attrs.frozen
class Request:
    """What arrived: header names in lower case, the body as it was sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    """Seconds on the monotonic clock when it was read to its end."""

    @property
    def json(self) -> Any:
        """The body as a JSON value."""
        return json.loads(self.body)

    @property
    def above(self) -> str:
        """The text before the cursor."""
        return str(self.json["current_file"]["content_above_cursor"])


@attrs.frozen
class Answer:
    """What is sent back. `raw` goes out byte for byte and ends the connection; `hang` says nothing until the end."""

    text: str = ""
    status: int = 200
    body: Any = None
    """A JSON value, or bytes, instead of the shape GitLab would wrap `text` in."""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    delay: float = 0.0
    raw: bytes | None = None
    hang: bool = False
    when: threading.Event | None = None
    """Sent once this is set."""


Answering = Answer | str | Callable[[Request], "Answer | str"]


class GitLabServer:
    """Answers from threads of its own, so that it serves tests with and without an event loop.

    `answer` is what every request for a suggestion gets: a text, an `Answer`, or a function of the request.
    `script` holds answers for the next requests, used up first.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answer: Answering = ""
        self.script: list[Answering] = []
        self.version: Answering = Answer(body={"version": "18.6.0-ee", "revision": "0000000"})
        self.others: dict[str, Answering] = {}
        """Answers by path, for what is no suggestion."""
        self.connections = 0
        """How many there have been."""
        self._requests: list[Request] = []
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._connections: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._tls = tls
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    @property
    def requests(self) -> list[Request]:
        """All requests so far, oldest first."""
        with self._changed:
            return list(self._requests)

    @property
    def suggestions(self) -> list[Request]:
        """The requests for a suggestion so far."""
        return [request for request in self.requests if request.path == COMPLETIONS]

    def wait_for(self, count: int, seconds: float = HANG) -> list[Request]:
        """The requests for a suggestion, once there are so many; fails the test when they do not come."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.suggestions) >= count, seconds)
        assert came, f"{len(self.suggestions)} requests came within {seconds} s, not {count}"
        return self.suggestions

    async def arrived(self, count: int, seconds: float = HANG) -> list[Request]:
        """The same for a test with an event loop."""
        return await asyncio.to_thread(self.wait_for, count, seconds)

    def close(self) -> None:
        """End every connection and thread."""
        self._closing.set()
        _end(self._listener)
        for connection in list(self._connections):
            _end(connection)
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.add(connection)
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if self._tls is None:
                self._answer_all(connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as secured:
                    self._connections.add(secured)
                    self._answer_all(secured)
        self._connections.discard(connection)

    def _answer_all(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            while (request := _read(stream)) is not None:
                with self._changed:
                    self._requests.append(request)
                    self._changed.notify_all()
                if not self._reply(connection, request):
                    break

    def _reply(self, connection: socket.socket, request: Request) -> bool:
        """Send the answer; whether the connection stays open."""
        answer = self._chosen(request)
        self._closing.wait(3600 if answer.hang else answer.delay)
        while answer.when is not None and not (answer.when.wait(0.01) or self._closing.is_set()):
            pass
        if answer.hang:
            return False
        connection.sendall(_encoded(answer, request) if answer.raw is None else answer.raw)
        return answer.raw is None

    def _chosen(self, request: Request) -> Answer:
        if request.path == VERSION:
            chosen = self.version
        elif request.path != COMPLETIONS:
            chosen = self.others.get(request.path, Answer(status=404, body={"message": "404 Not Found"}))
        else:
            with self._changed:
                chosen = self.script.pop(0) if self.script else self.answer
        if callable(chosen):
            chosen = chosen(request)
        return Answer(chosen) if isinstance(chosen, str) else chosen


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[GitLabServer]:
    """A server for as long as the block runs; with a context, over TLS."""
    server = GitLabServer(tls)
    try:
        yield server
    finally:
        server.close()


def _read(stream: Any) -> Request | None:
    """The next request on a connection; None at its end."""
    line = stream.readline().decode("latin-1").split()
    if len(line) != 3:
        return None
    headers: dict[str, str] = {}
    while (header := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    body = stream.read(length)
    return Request(line[0], line[1], headers, body, time.monotonic()) if len(body) == length else None


def _encoded(answer: Answer, request: Request) -> bytes:
    body = answer.body if answer.body is not None else _wrapped(answer, request)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} {'OK' if answer.status == 200 else 'Other'}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def _wrapped(answer: Answer, request: Request) -> dict[str, Any]:
    """The two success shapes and the error shape that GitLab's documentation shows."""
    if answer.status != 200:
        return {"message": f"{answer.status} as the test wanted"}
    choices = [{"text": answer.text, "index": 0, "finish_reason": "length"}] if answer.text else []
    model = {"engine": "anthropic", "name": "test-model", "lang": "python"}
    if request.json.get("intent") == "generation":
        return {"choices": choices, "metadata": {"model": model, "timestamp": int(time.time())}}
    shape = {"id": "id", "object": "text_completion", "created": int(time.time())}
    return {**shape, "model": model, "choices": choices}


def _end(connection: socket.socket) -> None:
    """Wake whoever waits on it, then close it."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
