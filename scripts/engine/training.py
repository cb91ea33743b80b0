"""Finds the engine's numbers from public packages and writes them where the engine reads them.

How far to trust evidence is fitted to the tokens of held-out lines. How sure a suggestion is, is fitted to suggestions
for projects that took no part in finding the trust they were made with: three times two thirds of the projects train,
and the rest is asked. How far projects differ in that is measured by leaving out each of them once more. Takes three
minutes; the same packages give the same file, bit for bit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import attrs

from duo_lsp.gateway.engines.builtin import corpus, trust
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.trust import Learnt
from scripts.engine import calibrating, cursors, fetching, mixing, projects, samples
from scripts.engine.calibrating import Case
from scripts.engine.packages import TRAINED_ON
from scripts.engine.projects import Project
from scripts.engine.samples import Sample

PARTS: Final = 3
CURSORS: Final = 240
"""In each project."""
TYPED: Final = 12
"""Characters of a word that stand before a cursor, at most: who has typed more may be surer."""


@attrs.frozen
class Material:
    """One project, what the engine learns from it, and what it sees in its held-out lines."""

    project: Project
    learnt: Corpus
    samples: Sequence[Sample]


def main(target: Path = trust.FILE) -> int:
    """Train on all packages and write the numbers."""
    folders = fetching.fetch(TRAINED_ON, fetching.cache())
    found = train([material(projects.read(each.name, each.language, folder)) for each, folder in folders.items()])
    target.write_text(trust.to_json(found), "utf-8")
    print(f"written to {target}")
    return 0


def material(project: Project, lines: int = samples.LINES) -> Material:
    """Everything training needs of a project."""
    learnt = corpus.learn(project.known.items())
    found = Material(project, learnt, list(samples.collect(project, learnt, lines)))
    print(f"{project.name}: {len(project.held)} files held out, {len(found.samples)} tokens", flush=True)
    return found


def train(materials: Sequence[Material], count: int = CURSORS) -> Learnt:
    """The numbers; `count` cursors of each project are asked."""
    found = list[list[Case]]()
    for part in range(PARTS):
        held = materials[part::PARTS]
        learnt = mixed([each for each in materials if each not in held])
        found += [list(asked(each, learnt, count)) for each in held]
        print(f"part {part + 1} of {PARTS}: {sum(map(len, found))} beginnings of suggestions so far", flush=True)
    return attrs.evolve(mixed(materials), chance=calibrating.careful(found))


def mixed(materials: Sequence[Material]) -> Learnt:
    """How far to trust evidence, from these projects; nothing is known yet of how sure that makes."""
    return mixing.table(mixing.fit([sample for each in materials for sample in each.samples]), ())


def asked(material: Material, learnt: Learnt, count: int) -> Iterator[Case]:
    """Suggestions in this project, with and without the text below the cursor."""
    for cursor in cursors.sample(material.project, count, TYPED):
        for below in (False, True):
            yield from calibrating.cases(cursor, material.learnt, learnt, below=below)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
