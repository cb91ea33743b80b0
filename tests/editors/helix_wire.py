"""What Helix says to its servers and hears from them, out of its own log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from duo_lsp import urls
from duo_lsp.protocol.documents import LineDocument, Span

_LINE: Final = re.compile(r"\S+ helix_lsp::transport \[INFO\] duo-lsp (->|<-) (\{.*\})$")


class Wire:
    """The documents as Helix has told the server of them, and what the server told the person."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._at = 0
        self._documents: dict[str, LineDocument] = {}
        self._messages: list[str] = []
        self._asked: set[object] = set()
        self._asked_at = ("", -1, -1)
        self._commands: set[object] = set()
        self._answers: list[Any] = []

    def text(self, path: str) -> str | None:
        """The buffer of this file; None until the server knows it."""
        self._read()
        document = self._documents.get(path)
        return None if document is None else document.text

    @property
    def messages(self) -> list[str]:
        """What the server had Helix say, oldest first."""
        self._read()
        return list(self._messages)

    @property
    def answers(self) -> list[Any]:
        """What came of the commands that Helix had the server run, oldest first."""
        self._read()
        return list(self._answers)

    @property
    def waits(self) -> bool:
        """Whether Helix waits for the items of its menu; what is typed meanwhile asks for none."""
        self._read()
        return bool(self._asked)

    def knows(self, path: str, line: int, character: int) -> bool:
        """Whether the last items that came are those for this place of the file, in bytes of UTF-8."""
        return not self.waits and self._asked_at == (path, line, character)

    def _read(self) -> None:
        for message in self._more():
            if "method" not in message:
                self._asked.discard(message.get("id"))
                if message.get("id") in self._commands:
                    self._commands.discard(message["id"])
                    self._answers.append(message.get("result"))
            params = message.get("params", {})
            match message.get("method"):
                case "initialize":
                    self._asked.clear()  # a server that was killed answers no more
                case "window/showMessage":
                    self._messages.append(params["message"])
                case "textDocument/completion":
                    self._asked.add(message["id"])
                    place = params["position"]
                    path = urls.document_path(params["textDocument"]["uri"])
                    self._asked_at = (path, place["line"], place["character"])
                case "workspace/executeCommand":
                    self._commands.add(message["id"])
                case "textDocument/didOpen":
                    opened = params["textDocument"]
                    path = urls.document_path(opened["uri"])
                    self._documents[path] = LineDocument(opened["uri"], opened["text"], encoding="utf-8")
                case "textDocument/didChange":
                    document = self._documents[urls.document_path(params["textDocument"]["uri"])]
                    document.apply(None, [_change(one) for one in params["contentChanges"]])

    def _more(self) -> Iterator[dict[str, Any]]:
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(self._at)
            for line in log:
                if not line.endswith(b"\n"):
                    return
                self._at += len(line)
                if found := _LINE.match(line.decode("utf-8", "replace").rstrip("\n")):
                    yield json.loads(found[2])


def _change(given: dict[str, Any]) -> tuple[Span | None, str]:
    if "range" not in given:
        return None, given["text"]
    start, end = given["range"]["start"], given["range"]["end"]
    return (start["line"], start["character"], end["line"], end["character"]), given["text"]
