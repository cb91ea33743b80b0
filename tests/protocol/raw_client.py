"""A client that writes whatever bytes it likes to a fresh server process, and looks at every byte that comes back."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from waiting import HANG, until

DUO = (str(Path(sys.executable).with_name("duo-lsp")),)
RIG = (sys.executable, str(Path(__file__).with_name("rig_server.py")))
URI = "file:///project/app.py"
Message = dict[str, Any]


def frame(body: bytes, header: bytes = b"Content-Length: %d\r\n\r\n") -> bytes:
    return header % len(body) + body


def framed(message: Message) -> bytes:
    return frame(json.dumps({"jsonrpc": "2.0", **message}).encode())


class RawClient:
    """A server process, what it sent, and what it said on stderr."""

    def __init__(
        self, command: Iterable[str], environment: Mapping[str, str], *, reads: bool = True, reads_log: bool = True
    ) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            list(command), stdin=pipe, stdout=pipe, stderr=pipe, env=dict(environment), bufsize=0
        )
        self.messages: list[Message] = []
        self.stray: list[bytes] = []
        """Lines on stdout that belong to no message."""
        self._log: list[bytes] = []
        self._ids = 0
        self._arrived = threading.Condition()
        readers = {self._read: reads, self._read_log: reads_log}
        self._threads = [threading.Thread(target=read, daemon=True) for read, wanted in readers.items() if wanted]
        for thread in self._threads:
            thread.start()

    # out

    def write(self, data: bytes) -> None:
        pipe = self.process.stdin
        assert pipe is not None
        rest = memoryview(data)
        while rest:
            rest = rest[pipe.write(rest) or 0 :]

    def send(self, *messages: Message) -> None:
        self.write(b"".join(framed(message) for message in messages))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: Any = None) -> int:
        self._ids += 1
        self.send({"id": self._ids, "method": method, "params": params})
        return self._ids

    def command(self, name: str, *arguments: Any) -> int:
        return self.ask("workspace/executeCommand", {"command": name, "arguments": list(arguments)})

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    # in

    def wait(self, found: Callable[[Message], bool], seconds: float = HANG) -> Message:
        """The first message of which this is true; fails the test when none comes."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: any(found(message) for message in self.messages), seconds)
            assert came, f"not within {seconds} s; came: {self.messages}, log: {self.log}"
            return next(message for message in self.messages if found(message))

    def reply(self, id_: object, seconds: float = HANG) -> Message:
        return self.wait(lambda message: "method" not in message and same(message.get("id"), id_), seconds)

    def result(self, method: str, params: Any = None, seconds: float = HANG) -> Any:
        reply = self.reply(self.ask(method, params), seconds)
        assert "error" not in reply, reply
        return reply["result"]

    def ran(self, name: str, *arguments: Any) -> Any:
        """The result of a command."""
        return self.result("workspace/executeCommand", {"command": name, "arguments": list(arguments)})

    def refusal(self, id_: object, seconds: float = HANG) -> int:
        """The code of the error reply to a request; there is a sentence with it, and nothing else."""
        error = self.reply(id_, seconds)["error"]
        assert set(error) == {"code", "message"}, error
        assert error["message"]
        return int(error["code"])

    def replies(self, id_: object) -> list[Message]:
        return [message for message in self.messages if "method" not in message and same(message.get("id"), id_)]

    @property
    def told(self) -> list[Message]:
        """What a person would have seen: everything that is no reply."""
        return [message for message in self.messages if "method" in message]

    @property
    def log(self) -> str:
        return b"".join(self._log).decode("utf-8", "replace")

    def logged(self, words: str) -> None:
        until(lambda: words in self.log)

    # sessions

    def initialize(self, **params: Any) -> Message:
        asked = {"processId": None, "rootUri": None, "capabilities": {}, **params}
        result: Message = self.result("initialize", asked)
        return result

    def load(self) -> None:
        """Wait until everything is loaded: initialize is answered long before."""
        self.messages.remove(self.reply(self.ask("$/loaded")))

    def open(self, text: str, uri: str = URI, version: int = 1) -> None:
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, version: int, start: tuple[int, int], end: tuple[int, int], text: str, uri: str = URI) -> None:
        places = {"start": position(*start), "end": position(*end)}
        change = {"range": places, "text": text}
        self.notify(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
        )

    def ask_completion(self, line: int = 0, character: int = 0, uri: str = URI) -> int:
        return self.ask("textDocument/inlineCompletion", completion(line, character, uri))

    def serves(self) -> None:
        """Still there, still well, and nothing was shown to anybody."""
        assert self.result("textDocument/inlineCompletion", completion()) is None
        assert self.told == []
        assert self.stray == []

    def gone(self, seconds: float = HANG) -> int:
        """The exit code; fails the test when the process stays."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still there after {seconds} s; log: {self.log}") from None

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for thread in self._threads:
            thread.join(5)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    # threads

    def _read(self) -> None:
        assert self.process.stdout is not None
        with open(self.process.stdout.fileno(), "rb", closefd=False) as pipe:
            while message := self._message(pipe):
                with self._arrived:
                    self.messages.append(message)
                    self._arrived.notify_all()

    def _message(self, pipe: BinaryIO) -> Message | None:
        length = 0
        while line := pipe.readline():
            if line == b"\r\n":
                message: Message = json.loads(pipe.read(length))
                return message
            if line.startswith(b"Content-Length: "):
                length = int(line.split()[1])
            else:
                self.stray.append(line)
        return None

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        while data := self.process.stderr.read(1 << 16):
            self._log.append(data)


def position(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def completion(line: int = 0, character: int = 0, uri: str = URI) -> Message:
    return {
        "textDocument": {"uri": uri},
        "position": position(line, character),
        "context": {"triggerKind": 2},
    }


def same(one: object, other: object) -> bool:
    """Equal, and of one kind: 1 is neither "1" nor true."""
    return type(one) is type(other) and one == other
