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
    def waits(self) -> bool:
        """Whether Helix waits for the items of its menu; what is typed meanwhile asks for none."""
        self._read()
        return bool(self._asked)

    def _read(self) -> None:
        for message in self._more():
            if "method" not in message:
                self._asked.discard(message.get("id"))
            params = message.get("params", {})
            match message.get("method"):
                case "window/showMessage":
                    self._messages.append(params["message"])
                case "textDocument/completion":
                    self._asked.add(message["id"])
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
