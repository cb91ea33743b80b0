"""What people really wrote, taken as the answer at places in the standard library, comes through as it is."""

import random
import sysconfig
from pathlib import Path

from drawn import between
from duo_lsp.suggestions import extent, lines, postprocess
from duo_lsp.suggestions.postprocess import comment_only

FILES = 60
PLACES = 6
LONGEST = 30


def _files():
    root = Path(sysconfig.get_paths()["stdlib"])
    return [path for path in sorted(root.glob("*.py")) if 4_000 < path.stat().st_size < 100_000][:FILES]


def _places(text):
    """Two texts and what stood between them: the rest of a line, or lines as deep as the first."""
    written, rng = text.splitlines(keepends=True), random.Random(len(text))
    filled = [number for number, line in enumerate(written) if line.strip()]
    for number in rng.sample(filled, PLACES):
        start, line = sum(map(len, written[:number])), written[number]
        head = len(line) - len(line.lstrip())
        yield text[: start + head], line.strip(), text[start + len(line.rstrip()) :]
        column = rng.randint(head, len(line.rstrip()) - 1)
        yield text[: start + column], line[column:].rstrip(), text[start + len(line.rstrip()) :]
        block = text[start + head : start + sum(map(len, written[number : _end(written, number)]))].rstrip()
        yield text[: start + head], block, text[start + head + len(block) :]


def _end(written, number):
    depth = lines.indent(written[number])
    for at in range(number + 1, min(number + LONGEST, len(written))):
        if written[at].strip() and lines.indent(written[at]) < depth:
            return at
    return min(number + LONGEST, len(written))


def test_of_a_hundred_right_answers_at_most_one_is_changed():
    seen, changed = 0, []
    for path in _files():
        for above, answer, below in _places(path.read_text("utf-8")):
            place = between(above, below)
            fits = "\n" not in answer or extent.several(place, extent.read(place))
            if fits and comment_only.drop(answer, place) == answer:
                seen += 1
                if postprocess.clean(answer, place).rstrip() != answer:
                    changed.append((path.name, place.line + 1, answer))
    assert seen > 500
    assert len(changed) <= seen / 100, changed
