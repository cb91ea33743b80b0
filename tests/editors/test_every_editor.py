"""What every editor promises, tried in each of them: real keys, a real server, and a GitLab on loopback.

A test's name is the promise; `editors/README.md` lists them. An editor that cannot keep one says why in its driver.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import isolated
from editors.drivers import DRIVERS
from editors.neovim import wait
from editors.stage import OPENING, PLAIN, SCENES, Scene, Stage, ended, staged
from editors.terminal import content
from gitlab_server import Answer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

OTHER = "mp"
"""Typed instead of what PLAIN suggests."""
KEYS = 200
PAUSE = 0.08
scenes = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each promise in each editor that can keep it."""
    fixture = next((name for name in ("stage", "signed_out") if name in metafunc.fixturenames), None)
    if fixture is None:
        return
    able = [driver for driver in DRIVERS if metafunc.function.__name__ not in driver.cannot]
    params = [pytest.param(d, id=d.name, marks=pytest.mark.xdist_group(d.name)) for d in able]
    metafunc.parametrize(fixture, params, indirect=True, scope="module")


@pytest.fixture(scope="module")
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]
) -> Iterator[Stage]:
    """An editor that is signed in; it serves all tests of a worker."""
    environment = isolated(home(tmp_path_factory), machine)
    with staged(request.param, tmp_path_factory.mktemp("project"), environment) as stage:
        yield stage


@pytest.fixture(scope="module")
def signed_out(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, machine: dict[str, str]
) -> Iterator[Stage]:
    """An editor with an instance and no token."""
    environment = isolated(home(tmp_path_factory), machine)
    with staged(request.param, tmp_path_factory.mktemp("project"), environment, signed_in=False) as stage:
        yield stage


def home(factory: pytest.TempPathFactory) -> Path:
    """An empty home folder that lives as long as the editor."""
    folder = factory.mktemp("home")
    (folder / ".run").mkdir(mode=0o700)  # platformdirs takes no other
    return folder


def test_a_suggestion_shows_while_typing(stage: Stage) -> None:
    stage.begin()
    stage.editor.type(PLAIN.typed)
    stage.shown(PLAIN.rest)
    assert len(stage.gitlab.suggestions) >= 1


def test_typing_what_it_says_keeps_it_without_asking_again(stage: Stage) -> None:
    stage.begin()
    stage.editor.type(PLAIN.typed)
    stage.shown(PLAIN.rest)
    asked = len(stage.gitlab.suggestions)
    stage.editor.type(PLAIN.rest[:3])
    stage.shown(PLAIN.rest[3:])
    assert len(stage.gitlab.suggestions) == asked


@scenes
def test_accepted_at_once_the_file_is_right(stage: Stage, scene: Scene) -> None:
    file = stage.begin(scene)
    stage.editor.type(scene.typed)
    stage.shown(scene.rest)
    stage.editor.accept()
    stage.holds(scene.whole)
    saved(stage, file, scene)


def test_two_hundred_keys_stay_under_the_rate_limit(stage: Stage) -> None:
    stage.begin()
    stage.gitlab.answer = "qqq = nobody_wants_this"
    asked = len(stage.gitlab.suggestions)
    began = time.monotonic()
    line = "x = [a, b, add(a, b)]"
    stage.editor.type("".join((line + "\n") * KEYS)[:KEYS], PAUSE)
    stage.see(lambda: len(stage.editor.text) >= len(OPENING) + KEYS - 1, "all keys to arrive")
    seconds = time.monotonic() - began
    requests = len(stage.gitlab.suggestions) - asked
    assert requests <= seconds, f"{requests} requests in {seconds:.0f} s are more than 60 a minute"


@scenes
def test_accepted_after_typing_on_the_file_is_right(stage: Stage, scene: Scene) -> None:
    file = stage.begin(scene)
    stage.editor.type(scene.typed)
    stage.shown(scene.rest)
    stage.editor.type(scene.rest[:2])
    stage.editor.accept()
    stage.holds(scene.whole)
    saved(stage, file, scene)


def test_its_next_word_can_be_taken(stage: Stage) -> None:
    stage.begin()
    stage.editor.type(PLAIN.typed)
    stage.shown(PLAIN.rest)
    stage.editor.accept_word()
    stage.holds(OPENING + PLAIN.typed + "f")
    stage.shown(PLAIN.rest[1:])


def test_another_suggestion_can_be_shown_and_taken(stage: Stage) -> None:
    stage.begin()
    stage.gitlab.answer = Answer(body={"choices": [{"text": "f a:\n        return b"}, {"text": "f b:\n        pass"}]})
    stage.editor.type(PLAIN.typed)
    stage.shown("f a:\n        return b")
    stage.editor.next()
    stage.shown("f b:\n        pass")
    stage.editor.accept()
    stage.holds(OPENING + PLAIN.typed + "f b:\n        pass")


def test_dismissed_it_is_gone_and_nothing_was_written(stage: Stage) -> None:
    stage.begin()
    stage.editor.type(PLAIN.typed)
    stage.shown(PLAIN.rest)
    stage.editor.dismiss()
    stage.see(lambda: not stage.editor.offer, "nothing to be offered")
    stage.holds(OPENING + PLAIN.typed)


def test_one_undo_takes_it_back(stage: Stage) -> None:
    stage.begin()
    stage.editor.type(PLAIN.typed)
    stage.shown(PLAIN.rest)
    stage.editor.accept()
    stage.holds(PLAIN.whole)
    stage.editor.undo()
    stage.see(lambda: "return" not in stage.editor.text, "the suggestion to be taken back")
    assert stage.editor.text.startswith(OPENING.rstrip("\n"))


def test_a_late_answer_to_an_older_question_never_shows(stage: Stage) -> None:
    stage.begin()
    late = Answer("f late:\n        pass", delay=0.7)
    stage.gitlab.answer = lambda request: late if request.above.endswith(PLAIN.typed) else "ort os"
    asked = len(stage.gitlab.suggestions)
    stage.editor.type(PLAIN.typed)
    stage.gitlab.wait_for(asked + 1)
    stage.editor.type(OTHER)
    seen = {""}

    def offers(text: str) -> bool:
        seen.add(stage.editor.offer)
        return stage.editor.offers(text)

    stage.see(lambda: offers("ort os"), "the newer one")
    over = time.monotonic() + 1
    wait(lambda: not offers("late") and time.monotonic() > over, "the older answer to have come")
    assert not [offer for offer in seen if "late" in offer]


def test_explained_lines_are_shown_with_the_answer(stage: Stage) -> None:
    stage.begin(Scene("to explain", "", "", OPENING + "    return a + b\n"))
    stage.editor.explain(3, 4)
    stage.see(lambda: "That is all." in stage.editor.conversation, "the answer")
    assert "It adds two numbers." in stage.editor.conversation
    request = next(request for request in stage.gitlab.requests if request.path.endswith("/chat/completions"))
    assert "def add(a, b):\n    return a + b" in request.body.decode().encode().decode("unicode_escape")


def test_a_server_that_was_killed_is_told_of_once_and_comes_back(stage: Stage) -> None:
    stage.begin()
    before = len(stage.editor.messages)
    [server] = stage.editor.servers
    server.kill()
    wait(lambda: ended(server), "the server's end")
    stage.see(lambda: len(stage.editor.messages) > before, "a message")
    stage.see(lambda: [p for p in stage.editor.servers if not ended(p)], "a new server")
    stage.begin()
    stage.editor.type(PLAIN.typed)
    stage.shown(PLAIN.rest)
    told = [message for message in stage.editor.messages[before:] if "goes to" not in message]
    assert len(told) == 1, told


def test_whoever_is_signed_out_can_see_it(signed_out: Stage) -> None:
    signed_out.begin()
    signed_out.editor.type(PLAIN.typed)
    signed_out.see(lambda: "no token" in signed_out.editor.state.lower(), "the reason")
    assert not signed_out.editor.offer


def test_what_an_editor_cannot_do_is_a_promise_with_a_reason() -> None:
    promises = {name for name in globals() if name.startswith("test_")}
    for driver in DRIVERS:
        assert set(driver.cannot) <= promises, driver.name
        assert all(reason.strip() for reason in driver.cannot.values()), driver.name


def saved(stage: Stage, file: Path, scene: Scene) -> None:
    """The file on disk has the scene's line ends throughout."""
    stage.editor.save()
    wanted = scene.whole.replace("\n", scene.line_end).encode()
    stage.see(lambda: content(file).removesuffix(scene.line_end.encode()) == wanted, f"{wanted!r} in the file")
