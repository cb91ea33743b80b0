"""What many answers come to."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import attrs

from duo_lsp.gateway.engines.builtin import lexer
from scripts.engine.answering import Answer


@attrs.frozen
class Figures:
    """Parts of one, or of a hundred where the name says percent; characters; milliseconds."""

    cursors: int
    exact: float
    first_token: float
    shown_percent: float
    right_percent: float
    chars_if_right: float
    p50_ms: float
    p95_ms: float


def of(answers: Sequence[Answer]) -> Figures:
    """The figures of one engine; there has to be an answer."""
    shown = [answer for answer in answers if answer.shown]
    right = [answer for answer in shown if answer.is_right]
    milliseconds = sorted(1000 * answer.seconds for answer in answers)
    return Figures(
        len(answers),
        _part(sum(answer.line == answer.cursor.rest for answer in answers), len(answers)),
        _part(sum(first_token(answer.line) == first_token(answer.cursor.rest) for answer in answers), len(answers)),
        100 * _part(len(shown), len(answers)),
        100 * _part(len(right), len(shown)),
        _part(sum(len(answer.shown) for answer in right), len(right)),
        statistics.median(milliseconds),
        milliseconds[math.ceil(0.95 * len(milliseconds)) - 1],
    )


def first_token(line: str) -> str:
    """The first token of what is inserted, a half word's other half for one."""
    _, tokens = lexer.read_line(line)
    return tokens[0][0] if tokens else ""


def _part(some: int, whole: int) -> float:
    return some / whole if whole else math.nan
