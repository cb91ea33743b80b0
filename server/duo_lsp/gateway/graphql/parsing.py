"""Reads a GraphQL document: one operation, without fragments and directives (GraphQL specification, section 2)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import attrs

from duo_lsp.gateway import parameters

LONGEST: Final = 10_000
"""Characters of a document, GitLab's limit."""
DEEPEST: Final = 20
_TOKEN: Final = re.compile(
    r'[\s,\ufeff]+|#[^\n]*|(?P<token>[_A-Za-z]\w*|-?\d+(?:\.\d+)?|"(?:[^"\\\n]|\\.)*"|[!$():=@\[\]{}|])', re.ASCII
)


class ParseError(ValueError):
    """The document cannot be read."""


@attrs.frozen
class Variable:
    """Stands for a value that comes beside the document."""

    name: str


@attrs.frozen
class Word:
    """A value of an enumeration."""

    name: str


@attrs.frozen
class Field:
    """Something that is asked for."""

    name: str
    alias: str
    arguments: Mapping[str, Any]
    selections: tuple[Field, ...]


@attrs.frozen
class Operation:
    """One document."""

    kind: str
    """`query` or `mutation`."""
    variables: Mapping[str, str]
    """Types by name, as they are written."""
    selections: tuple[Field, ...]


def read(document: str) -> Operation:
    """The operation in a document. Raises ParseError."""
    if len(document) > LONGEST:
        raise ParseError("Query too large")
    reader = _Reader(_tokens(document))
    operation = reader.operation()
    if reader.next:
        raise reader.unexpected()
    return operation


def _tokens(document: str) -> list[str]:
    tokens, at = [], 0
    while at < len(document):
        found = _TOKEN.match(document, at)
        if found is None:
            raise ParseError(f'Parse error on "{document[at]}" (error)')
        at = found.end()
        if found["token"]:
            tokens.append(found["token"])
    return tokens


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> str:
        """The token that comes; empty at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def unexpected(self) -> ParseError:
        return ParseError(f'Parse error on "{self.next}"' if self.next else "Unexpected end of document")

    def operation(self) -> Operation:
        kind, variables = "query", {}
        if self.next in ("query", "mutation"):
            kind = self._take()
            if self.next not in ("(", "{"):
                self._name()
            if self.next == "(":
                variables = self._variables()
        return Operation(kind, variables, self._selections())

    def _take(self) -> str:
        token = self.next
        if not token:
            raise self.unexpected()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self.next != token:
            raise self.unexpected()
        self._at += 1

    def _name(self) -> str:
        if not re.match(r"[_A-Za-z]", self.next):
            raise self.unexpected()
        return self._take()

    def _variables(self) -> dict[str, str]:
        found = {}
        self._expect("(")
        while self.next != ")":
            self._expect("$")
            name = self._name()
            self._expect(":")
            found[name] = self._type()
        self._expect(")")
        return found

    def _type(self) -> str:
        if self.next == "[":
            self._deeper()
            self._expect("[")
            written = f"[{self._type()}]"
            self._expect("]")
            self._depth -= 1
        else:
            written = self._name()
        if self.next == "!":
            written += self._take()
        return written

    def _selections(self) -> tuple[Field, ...]:
        self._deeper()
        fields = []
        self._expect("{")
        while self.next != "}":
            fields.append(self._field())
        self._expect("}")
        self._depth -= 1
        if not fields:
            raise self.unexpected()
        return tuple(fields)

    def _field(self) -> Field:
        alias = name = self._name()
        if self.next == ":":
            self._take()
            name = self._name()
        arguments = self._object("(", ")") if self.next == "(" else {}
        return Field(name, alias, arguments, self._selections() if self.next == "{" else ())

    def _object(self, first: str, last: str) -> dict[str, Any]:
        self._deeper()
        found = {}
        self._expect(first)
        while self.next != last:
            name = self._name()
            self._expect(":")
            found[name] = self._value()
        self._expect(last)
        self._depth -= 1
        return found

    def _list(self) -> list[Any]:
        self._deeper()
        found = []
        self._expect("[")
        while self.next != "]":
            found.append(self._value())
        self._expect("]")
        self._depth -= 1
        return found

    def _value(self) -> Any:
        if self.next == "$":
            self._take()
            return Variable(self._name())
        if self.next == "{":
            return self._object("{", "}")
        if self.next == "[":
            return self._list()
        if self.next[:1] in '-"' or self.next[:1].isdigit():
            return self._scalar()
        name = self._name()
        return {"true": True, "false": False, "null": None}.get(name, Word(name))

    def _scalar(self) -> Any:
        token = self._take()
        try:
            value = json.loads(token)
        except ValueError:
            raise ParseError(f'Parse error on "{token[:50]}"') from None
        return parameters.clean(value) if isinstance(value, str) else value

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ParseError(f"Query has depth of {self._depth}, which exceeds max depth of {DEEPEST}")
