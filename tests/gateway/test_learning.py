"""What is learnt in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from duo_lsp.gateway.engines.builtin import learning
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.learning import Learnt, Result, Wish

HOME = Path("/nobody/at/home")


def apart(wish: Wish) -> list[Result]:
    """All that a real process says."""
    with learning.learning(wish) as work:
        return list(work.results())


def here(wish: Wish) -> list[Result]:
    """The same without a process."""
    said: list[Result] = []
    learning.learn(wish, said.append)
    return said


def corpora(results: list[Result]) -> list[Corpus]:
    return [result.corpus for result in results if isinstance(result, Learnt)]


def sources(folder: Path, count: int = 3) -> Path:
    for number in range(count):
        (folder / f"m{number}.py").write_text(f"def function{number}(one, two):\n    return one + {number}\n" * 3)
    return folder


def test_a_process_learns_what_would_be_learnt_here(tmp_path: Path) -> None:
    wish = Wish((sources(tmp_path),), HOME)
    [theirs], [ours] = corpora(apart(wish)), corpora(here(wish))
    assert theirs.files == ours.files
    assert theirs.words.lexemes == ours.words.lexemes
    assert theirs.beginning("func") == ours.beginning("func")
    context = [theirs.words.number(lexeme) for lexeme in ("def", "function1", "(")]
    assert theirs.occurrences.spans(context) == ours.occurrences.spans(context)
    assert theirs.words.number("never seen") == len(ours.words.lexemes)


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    parts = [result for result in here(Wish((sources(tmp_path, 40),), HOME)) if not isinstance(result, Learnt)]
    assert len(parts) > 10
    assert parts == sorted(parts)
    assert 0 < parts[0] < 0.1
    assert 0.9 < parts[-1] <= 1


def test_what_is_nearest_is_known_before_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "EARLY", 100)
    (tmp_path / "deep").mkdir()
    sources(tmp_path / "deep")
    (tmp_path / "near.py").write_text("nearest = 1\n" * 20)
    results = here(Wish((tmp_path,), HOME))
    early, everything = corpora(results)
    assert [Path(name).name for name in early.files] == ["near.py"]
    assert len(everything.files) == 4
    assert not next(result for result in results if isinstance(result, Learnt)).is_all


def test_several_folders_share_the_room(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        sources(tmp_path / name, 1)
    size = (tmp_path / "one" / "m0.py").stat().st_size
    folders = (tmp_path / "one", tmp_path / "two")
    assert len(corpora(here(Wish(folders, HOME, size)))[0].files) == 1
    assert len(corpora(here(Wish(folders, HOME, 2 * size)))[0].files) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no niceness there")
def test_it_lets_others_go_first_and_is_gone_at_the_end(tmp_path: Path) -> None:
    with learning.learning(Wish((sources(tmp_path, 200),), HOME)) as work:
        [process] = [one for one in psutil.Process().children() if any("apart" in word for word in one.cmdline())]
        next(iter(work.results()))
        assert process.nice() >= 10
    assert not process.is_running()


def test_nothing_of_ours_is_in_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUO_LSP_GATEWAY_TOKEN", "hunter2")
    code = "import os, sys; sys.exit(any('hunter2' in value for value in os.environ.values()))"
    with learning.learning(Wish((tmp_path,), HOME), (sys.executable, "-c", code)) as work, pytest.raises(EOFError):
        list(work.results())


def test_one_that_is_ended_early_says_so(tmp_path: Path) -> None:
    with learning.learning(Wish((sources(tmp_path),), HOME)) as work:
        work.kill()
        work.kill()
        with pytest.raises((EOFError, OSError)):
            list(work.results())
