"""Secrets that stand on the line below their name, as people and formatters write them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from duo_lsp.privacy import named, names
from duo_lsp.privacy.names import Weight
from duo_lsp.privacy.rules import Span

MOST_FIELDS: Final = 5
"""Lines below a field's name in which its value is looked for."""
MOST_LINES: Final = 30
"""Of a text in three quotes that are hidden."""

_BECOMES: Final = re.compile(
    r"[\\\"'`\])]{0,3}(?:\s{0,4}:\s{0,4}[\w.\[\]|&<>*? ]{1,40}?)?\s{0,20}(?:[:=]{1,3}>?|<-)\s{0,4}"
    r"(?:(?P<quote>[A-Za-z]{0,2}(?:\"\"\"|'''))|[(\\|>][+-]?)?\s{0,4}(?:\#.*)?\s{0,2}\Z"
)
_TAG: Final = re.compile(r"[\w.-]{0,20}[\"']?>\s{0,20}\Z")
_FIELD: Final = re.compile(r"[\w.-]{0,20}[\"'`]?(?:</\w{1,20}>)?\s{0,4}[,{]?\s{0,20}\Z")
_BEFORE_FIELD: Final = re.compile(
    r"(?:\b(?i:name|key|variable|id)[\"'`]?\s{0,4}[:=]?\s{0,4}[\"'`]|\b(?:name|key|id):\s{1,4}|<(?:key|name)>)[\w.-]{0,40}\Z"
)
_BEFORE_TAG: Final = re.compile(r"<[\w:.-]{0,40}\Z")
_VALUE: Final = re.compile(r"\s{0,200}(?:[\"']?(?i:value|default)[\"']?\s{0,20}[=:]\s{0,20}|<(?:string|value)>)")
_END: Final = re.compile(r"\s*[}\]]|\s*\Z")
_LONGEST_BEFORE: Final = 60
_SHORT: Final = 200


@attrs.frozen
class Opening:
    """What a line without the secret says about the lines below it."""

    name: str
    """The name to put before the value."""
    field: bool = False
    """The value is one of the next fields, not simply the next line."""
    tag: bool = False
    """The value is what an element of XML holds, if that is one word."""
    quote: str = ""
    """Three quotes that are open at the line's end."""


def opening(text: str, lower: str) -> Opening | None:
    """What a line announces; None when it is nothing."""
    for at in names.find(lower):
        if at.weight is Weight.VAGUE:
            continue
        before = text[max(0, at.start - _LONGEST_BEFORE) : at.start]
        name = "token" if at.weight is Weight.TOKEN else "password"
        if found := _BECOMES.match(text, at.end):
            return Opening(name, quote=(found["quote"] or "")[-3:])
        if _BEFORE_TAG.search(before) and _TAG.match(text, at.end):
            return Opening(name, tag=True)
        if _BEFORE_FIELD.search(before) and _FIELD.match(text, at.end):
            return Opening(name, field=True)
    return None


def spans(lines: Sequence[str], openings: Mapping[str, Opening], *, bare: bool = False) -> Iterator[tuple[int, Span]]:
    """Where secrets stand below their names: the line's number, and the place in it."""
    for index, line in enumerate(lines):
        announced = openings.get(line)
        if announced is None:
            continue
        if announced.quote:
            yield from _quoted(lines, index + 1, announced.quote)
        elif announced.field:
            yield from _fields(lines, index + 1, announced, bare=bare)
        elif index + 1 < len(lines):
            yield from _value(lines, index + 1, announced, 0, bare=bare)


def _quoted(lines: Sequence[str], first: int, quote: str) -> Iterator[tuple[int, Span]]:
    for index in range(first, min(first + MOST_LINES, len(lines))):
        end = lines[index].find(quote)
        yield index, (0, len(lines[index]) if end < 0 else end)
        if end >= 0:
            return


def _fields(lines: Sequence[str], first: int, announced: Opening, *, bare: bool) -> Iterator[tuple[int, Span]]:
    for index in range(first, min(first + MOST_FIELDS, len(lines))):
        if found := _VALUE.match(lines[index]):
            yield from _value(lines, index, announced, found.end(), bare=bare)
            return
        if _END.match(lines[index]):
            return


def _value(
    lines: Sequence[str], index: int, announced: Opening, start: int, *, bare: bool
) -> Iterator[tuple[int, Span]]:
    rest = lines[index][start:].lstrip()
    start = len(lines[index]) - len(rest)
    if announced.tag and len(rest.split()) != 1:
        return
    is_held = announced.tag or lines[index][:start].endswith(">")
    before = f"<{announced.name}>" if is_held else f"{announced.name} = "
    for left, right in (_remembered if len(rest) <= _SHORT else _looked_at)(before + rest, bare):
        yield index, (max(0, left - len(before)) + start, right - len(before) + start)


def _looked_at(text: str, bare: bool) -> tuple[Span, ...]:  # noqa: FBT001 - as lru_cache keeps it
    return tuple(named.spans(text, names.lower(text), bare=bare))


_remembered = functools.lru_cache(1_024)(_looked_at)
"""A list of many such lines is looked at with every keystroke."""
