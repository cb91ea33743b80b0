"""How the engine's numbers are found, on small made-up cases; nothing is fetched."""

from __future__ import annotations

import math
import random

import pytest

from duo_lsp.gateway.engines.builtin import corpus, evidence, trust
from scripts.engine import calibrating, cursors, mixing, projects, samples, training
from scripts.engine.calibrating import Case
from scripts.engine.cursors import Cursor
from scripts.engine.projects import Project
from scripts.engine.samples import Piece, Sample

VERBS = ("open", "close", "turn", "lock", "paint", "mend", "sell", "carry")


def method(thing: str, verb: str) -> str:
    return f"def {verb}_{thing}({thing}, owner):\n    {thing}.{verb}(owner)\n    return {thing}.state\n\n\n"


def made_up(name: str) -> Project:
    """A project in which every file does the same with another thing."""
    things = [f"{name}_{number}" for number in range(12)]
    texts = {f"pkg/{thing}.py": "".join(method(thing, verb) for verb in VERBS * 3) for thing in things}
    split = projects.split(name, "Python", texts)
    return Project(name, "Python", split.known, {file: texts[file] for file in sorted(texts.keys() - split.known)})


@pytest.fixture(scope="module")
def materials() -> list[training.Material]:
    return [training.material(made_up(name), lines=8) for name in ("door", "wheel", "lamp")]


def test_samples_tell_of_every_token_of_a_line_and_its_end(materials: list[training.Material]) -> None:
    project = materials[0].project
    learnt = corpus.learn(project.known.items())
    found = list(samples.collect(project, learnt, 8))
    assert found == list(materials[0].samples)
    assert len(found) > 8 * 3
    for sample in found:
        worth = [evidence._worth((piece.length, piece.rank)) for piece in sample]
        assert worth == sorted(worth, reverse=True)
        assert all(0 <= part <= peak <= 1 for _, _, (_, _, peak, part) in sample)
    assert max(part for sample in found for *_, (*_, part) in sample) == 1


def made_up_samples() -> list[Sample]:
    """The near text is always right and the workspace never, though both are as sure."""
    near = Piece(evidence.NEAR, 2, (1.0, 0.5, 0.9, 0.9))
    far = Piece(evidence.WORKSPACE, 4, (1.0, 0.5, 0.9, 0.0))
    return [(far, near)] * 20


def test_what_was_right_is_trusted_and_what_was_wrong_is_not() -> None:
    learnt = mixing.table(mixing.fit(made_up_samples(), 30), (1.0,))
    followers = trust.Followers({}, 1.0, 0.5, 0.9)
    assert learnt.share(evidence.NEAR, 2, followers) > 0.9
    assert learnt.share(evidence.WORKSPACE, 4, followers) < 0.1
    assert learnt.share(evidence.GIVEN, 4, followers) == learnt.share(evidence.WORKSPACE, 4, followers)
    assert learnt.chance == (1.0,)
    assert trust.from_json(trust.to_json(learnt)) == learnt


def test_the_slope_of_the_loss_is_its_slope() -> None:
    chance = random.Random(1)
    cases = [
        tuple(
            Piece(chance.choice(evidence.RANKS), length, (chance.random(), chance.random(), 0.9, chance.random() * 0.9))
            for length in (12, 5, 3, 2)
        )
        for _ in range(6)
    ]
    rows = [mixing._row(sample) for sample in cases]
    numbers = [start + chance.uniform(-1, 1) for start in mixing.START]
    _, slope = mixing.loss(numbers, rows)
    for place in range(mixing.SIZE):
        step = [number + 1e-5 * (other == place) for other, number in enumerate(numbers)]
        back = [number - 1e-5 * (other == place) for other, number in enumerate(numbers)]
        rise = (mixing.loss(step, rows)[0] - mixing.loss(back, rows)[0]) / 2e-5
        assert slope[place] == pytest.approx(rise, abs=1e-6)


def test_descending_ends_at_the_bottom() -> None:
    def bowl(at: list[float]) -> tuple[float, list[float]]:
        return (at[0] - 2) ** 2 + 9 * (at[1] + 1) ** 2, [2 * (at[0] - 2), 18 * (at[1] + 1)]

    assert mixing.descend(bowl, [0.0, 0.0], 80) == pytest.approx([2, -1], abs=0.01)  # type: ignore[arg-type]


def test_equations_are_solved() -> None:
    assert calibrating.solved([[4, 1], [1, 3]], [6, 7]) == pytest.approx([1, 2])


def test_a_chance_is_what_comes_true_so_often() -> None:
    cases = [Case((1.0, float(number % 2)), number % 10 < (7 if number % 2 else 2), 1.0) for number in range(1000)]
    often = [sum(case.is_right for case in cases if case.features[1] == which) / 500 for which in (0, 1)]
    weights = calibrating.fit(cases)
    assert [calibrating.chance_of(weights, (1.0, which)) for which in (0.0, 1.0)] == pytest.approx(often, abs=0.01)


def test_what_projects_differ_in_makes_less_sure() -> None:
    projects = [[Case((1.0,), number < 1000 * part, 1.0) for number in range(1000)] for part in (0.9, 0.8, 0.6)]
    luck = [calibrating.luck_of(cases, [math.log(0.8 / 0.2)]) for cases in projects]
    assert luck == pytest.approx([math.log(9 / 4), 0, math.log(1.5 / 4)], abs=0.01)
    [promised] = calibrating.careful(projects)
    assert 0.6 < calibrating.chance_of([promised], (1.0,)) < (0.9 + 0.8 + 0.6) / 3 - 0.05
    [alike] = calibrating.careful([list(projects[1]) for _ in range(3)])
    assert calibrating.chance_of([alike], (1.0,)) == pytest.approx(0.8, abs=0.01)


def test_the_beginnings_of_one_suggestion_weigh_as_much_as_those_of_another(materials: list[training.Material]) -> None:
    text = materials[0].project.held[min(materials[0].project.held)]
    place = text.index(".close(own") + len(".close(own")
    cursor = Cursor("pkg/new.py", text, place, "in a word")
    found = list(calibrating.cases(cursor, materials[0].learnt, trust.LEARNT, below=False))
    assert len(found) > 1
    assert sum(case.weight for case in found) == pytest.approx(1)
    assert found[-1].is_right


def test_training_ends_in_the_same_numbers_every_time(materials: list[training.Material]) -> None:
    first = training.train(materials, 6)
    assert first == training.train(materials, 6)
    assert trust.from_json(trust.to_json(first)) == first
    assert len(first.chance) == len(trust.LEARNT.chance)


def test_who_typed_more_of_a_word_is_asked_as_well() -> None:
    project = Project("made-up", "Python", {}, {"a.py": "wonderfully_long_names(everywhere_around)\n" * 40})
    inside = [cursor for cursor in cursors.sample(project, 90, 12) if cursor.kind == "in a word"]
    typed = {len(cursor.above) - max(cursor.above.rfind(stop) for stop in "\n(") - 1 for cursor in inside}
    assert max(typed) > cursors.TYPED
    assert max(typed) <= 12
