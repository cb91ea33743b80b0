"""What is shown is mostly right: measured on the standard library, which the numbers were not fitted to."""

from __future__ import annotations

import random
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from duo_lsp import wire
from duo_lsp.gateway.engines.builtin import corpus, lexer, suggestion
from duo_lsp.gateway.engines.builtin.lines import Lines

PROJECTS = ("unittest", "http", "logging", "multiprocessing", "importlib", "concurrent", "xml")
CURSORS = 60
CODE = re.compile(r"^( *)([\w@\]})][^#\n\"']{7,})$", re.MULTILINE)


def files(project: str) -> dict[str, str]:
    root = Path(sysconfig.get_paths()["stdlib"]) / project
    texts = {str(path): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py"))}
    return {name: text for name, text in texts.items() if 1500 < len(text) < 100_000}


def cursors(project: str) -> Iterator[tuple[corpus.Corpus, str, str, int]]:
    """Places in files held back, and what was learnt from the others."""
    chance = random.Random(project)
    texts = files(project)
    held = chance.sample(sorted(texts), max(2, len(texts) // 5))
    learnt = corpus.learn(((name, text) for name, text in texts.items() if name not in held))
    for _ in range(CURSORS):
        name = chance.choice(held)
        line = chance.choice(list(CODE.finditer(texts[name])))
        yield learnt, name, texts[name], chance.randrange(line.start(2), line.end() - 2)


def test_of_what_is_shown_four_fifths_are_what_was_written() -> None:
    asked, shown, right, memory = 0, 0, 0, Lines(lexer.read_line)
    for project in PROJECTS:
        for learnt, name, text, place in cursors(project):
            below = text[place:].partition("\n")[2]
            file = wire.CurrentFile(Path(name).name, text[:place], "\n" + below)
            said = suggestion.suggest(wire.SuggestionRequest(file), learnt, memory.read).text
            asked, shown, right = asked + 1, shown + bool(said), right + (said != "" and text.startswith(said, place))
    assert shown / asked > 0.25
    assert right / shown > 0.8
