"""What GitLab accepts, and how it words what it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from duo_lsp import wire
from duo_lsp.gateway import refusals


class Form:
    """Reads the parameters of one request and gathers every complaint."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def complain(self, name: str, what: str) -> None:
        """Note what is wrong with a parameter."""
        self.complaints.append(f"{name} {what}")

    def judge(self) -> None:
        """Raise `RefusedError` with all complaints in one sentence, if there are any."""
        if self.complaints:
            raise refusals.RefusedError(refusals.invalid(", ".join(self.complaints)))

    def text(
        self,
        values: Mapping[str, Any],
        key: str,
        name: str,
        *,
        most: int = 0,
        required: bool = False,
        blank: bool = True,
    ) -> str:
        """A string parameter; `name` is what GitLab calls it in a complaint."""
        value = values.get(key)
        if required and key not in values:
            self.complain(name, "is missing")
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            self.complain(name, "is invalid")
            return ""
        text = "" if value is None else _clean(str(value))
        if not blank and not text.strip():
            self.complain(name, "is empty")
        if most and len(text) > most:
            self.complain(name, f"must be less than {most} characters")
        return text

    def choice(
        self, values: Mapping[str, Any], key: str, name: str, allowed: Sequence[str], *, required: bool = False
    ) -> str | None:
        """A parameter with a few allowed values; null counts as absent where it may be left out."""
        value = values.get(key)
        if required and key not in values:
            self.complain(name, "is missing")
            return None
        if value is None and not required:
            return None
        if value not in allowed:
            self.complain(name, "does not have a valid value")
            return None
        return cast("str", value)

    def number(self, values: Mapping[str, Any], key: str) -> int | None:
        """A whole number, or a string that is one."""
        value = values.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value), re.ASCII):
            self.complain(key, "is invalid")
            return None
        return int(value)

    def flag(self, values: Mapping[str, Any], key: str) -> bool:
        """A boolean parameter, off when absent."""
        value = values.get(key)
        if value in (None, True, False, "true", "false"):
            return value in (True, "true")
        self.complain(key, "is invalid")
        return False


def request(body: Mapping[str, Any]) -> wire.SuggestionRequest:
    """The request in a body; raises `RefusedError` with all complaints in one sentence."""
    form = Form()
    asked = wire.SuggestionRequest(
        current_file=_current_file(form, body),
        intent=cast("wire.Intent | None", form.choice(body, "intent", "intent", wire.INTENTS)),
        generation_type=cast(
            "wire.GenerationType | None",
            form.choice(body, "generation_type", "generation_type", wire.GENERATION_TYPES),
        ),
        user_instruction=form.text(body, "user_instruction", "user_instruction", most=wire.MAX_INSTRUCTION) or None,
        project_path=form.text(body, "project_path", "project_path") or None,
        stream=form.flag(body, "stream"),
        context=_context(form, body),
    )
    form.judge()
    return asked


def project_path(body: Mapping[str, Any]) -> str:
    """The one parameter of /code_suggestions/enabled; raises `RefusedError`."""
    form = Form()
    path = form.text(body, "project_path", "project_path", required=True)
    form.judge()
    return path


def _current_file(form: Form, body: Mapping[str, Any]) -> wire.CurrentFile:
    given = body.get("current_file")
    if given is None:
        form.complain("current_file", "is missing")
        given = {}
    if not isinstance(given, dict):
        form.complain("current_file", "is invalid")
        return wire.CurrentFile("", "")
    label = "current_file[{}]".format
    language = "language_identifier"
    return wire.CurrentFile(
        form.text(given, "file_name", label("file_name"), most=wire.MAX_FILE_NAME, required=True),
        form.text(given, above := "content_above_cursor", label(above), most=wire.MAX_CONTENT, required=True),
        form.text(given, below := "content_below_cursor", label(below), most=wire.MAX_CONTENT),
        form.text(given, language, label(language), most=wire.MAX_FILE_NAME) or None,
    )


def _context(form: Form, body: Mapping[str, Any]) -> tuple[wire.ContextItem, ...]:
    if "context" not in body:
        return ()
    given = body["context"]
    if given is None or given == []:
        form.complain("context", "is empty")
        return ()
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        form.complain("context", "is invalid")
        return ()
    return tuple(_item(form, item, f"context[{position}]") for position, item in enumerate(given))


def _item(form: Form, given: Mapping[str, Any], label: str) -> wire.ContextItem:
    kind = form.choice(given, "type", f"{label}[type]", wire.CONTEXT_TYPES, required=True)
    name = form.text(given, "name", f"{label}[name]", most=wire.MAX_FILE_NAME, required=True, blank=False)
    content = form.text(given, "content", f"{label}[content]", most=wire.MAX_INSTRUCTION, required=True, blank=False)
    return wire.ContextItem("snippet" if kind == "snippet" else "file", name, content)


def _clean(text: str) -> str:
    """Without lone surrogates, which JSON can write and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
