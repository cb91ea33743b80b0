"""One request from beginning to end: what is known, what comes next, and whether to say it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator

from duo_lsp import wire
from duo_lsp.gateway.engines import Completion
from duo_lsp.gateway.engines.builtin import confidence, cursor, evidence, foresight, lexer, names, repetition
from duo_lsp.gateway.engines.builtin.corpus import Knowledge
from duo_lsp.gateway.engines.builtin.cursor import Cursor
from duo_lsp.gateway.engines.builtin.evidence import Level
from duo_lsp.gateway.engines.builtin.foresight import Outlook
from duo_lsp.gateway.engines.builtin.lexer import EDGE, Read, Token
from duo_lsp.gateway.engines.builtin.occurrences import Occurrences
from duo_lsp.gateway.engines.builtin.patterns import Patterns
from duo_lsp.gateway.engines.builtin.trust import LEARNT, Trust
from duo_lsp.gateway.engines.builtin.words import Words
from duo_lsp.privacy import excluded

ABOVE, BELOW, GIVEN = 60_000, 30_000, 60_000
"""Characters looked at, those nearest to the cursor; more would take too long."""
NEAR = 400
"""Tokens that count as nearby."""

TEXT_FOLLOWS = Completion(reason="Other text follows on the line.")
UNSURE = Completion(reason="Nothing is sure enough to be worth showing.")
REPEATS = Completion(reason="It would only repeat what follows the cursor.")


def suggest(request: wire.SuggestionRequest, corpus: Knowledge, read: Read = lexer.read_line) -> Completion:
    """The completion, or silence."""
    file = request.current_file
    below = file.content_below_cursor[:BELOW]
    rest = below.partition("\n")[0]
    if not cursor.CLOSERS.match(rest):
        return TEXT_FOLLOWS
    threshold = confidence.SURE[request.silence]
    verdict = confidence.surest(steps(request, corpus, read), threshold)
    if not verdict.text:
        return unsure(verdict.best, threshold)
    text = repetition.without(verdict.text, below)
    return Completion(text) if len(text.strip()) >= confidence.SHORTEST else REPEATS


def unsure(best: float | None, threshold: float) -> Completion:
    """Silence with its figure; rounded down, so that it never seems to be enough."""
    if best is None:
        return UNSURE
    return Completion(reason=f"Unsure here: {math.floor(best * 100) / 100:.2f} of {threshold:.2f}.")


def steps(
    request: wire.SuggestionRequest, corpus: Knowledge, read: Read = lexer.read_line, trust: Trust = LEARNT
) -> Iterator[confidence.Step]:
    """The suggestion as it grows, for as long as it is asked for; silence not yet considered."""
    above = request.current_file.content_above_cursor[-ABOVE:]
    return outlook(request, corpus, read, trust).steps(above.rpartition("\n")[2], foresight.unit_of(above))


def outlook(
    request: wire.SuggestionRequest, corpus: Knowledge, read: Read = lexer.read_line, trust: Trust = LEARNT
) -> Outlook:
    """All there is to look at for one answer."""
    here = cursor.read(request.current_file.content_above_cursor[-ABOVE:], read)
    words = Words(corpus.words)
    patterns = Patterns(words)
    levels = _levels(request, corpus, words.marks(here.tokens), words, patterns, read)
    return Outlook(here, words, patterns, levels, _names(here, corpus), trust)


def _levels(
    request: wire.SuggestionRequest, corpus: Knowledge, near: array[int], words: Words, patterns: Patterns, read: Read
) -> tuple[Level, ...]:
    below = lexer.lex(request.current_file.content_below_cursor[:BELOW], read)
    file = array("I", [*words.marks([*below, (EDGE, False)]), *near])
    return (
        *corpus.levels(request.current_file.file_name),
        Level(evidence.GIVEN, Occurrences(words.marks(_given(request, read)))),
        Level(evidence.FILE, Occurrences(file)),
        Level(evidence.FILE_PATTERN, Occurrences(patterns.marks(file))),
        Level(evidence.NEAR, Occurrences(near[-NEAR:])),
    )


def _given(request: wire.SuggestionRequest, read: Read) -> list[Token]:
    room, tokens = GIVEN, list[Token]()
    for item in request.context:
        if not excluded.excluded_by(item.name):
            tokens += [(EDGE, False), *lexer.lex(item.content[:room], read)]
            room -= min(room, len(item.content))
    return [*tokens, (EDGE, False)] if tokens else []


def _names(here: Cursor, corpus: Knowledge) -> dict[str, float]:
    if not here.typed:
        return {}
    return names.recent((lexeme for lexeme, _ in here.tokens), here.typed) or names.parts(corpus.beginning(here.typed))
