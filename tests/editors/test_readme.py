"""What editors/README.md says: what was tried in which editor, and a client that anybody can write."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from editors import test_every_editor
from editors.drivers import DRIVERS
from editors.stage import SCENES
from editors.sums import COMMAND, SHAPES

README: Final = Path(__file__).parents[2] / "editors/README.md"
BEGIN: Final = "<!-- promises: made by tests/editors/test_readme.py from the tests and the drivers -->\n"
END: Final = "<!-- end of promises -->"
MOST_BYTES: Final = 150_000
PROMISES: Final = [
    name
    for name, function in vars(test_every_editor).items()
    if name.startswith("test_") and {"stage", "signed_out"} & set(function.__annotations__)
]


def table() -> str:
    """Editors beside promises, and below it why an editor cannot keep one."""
    head = ["", *(driver.name for driver in DRIVERS)]
    shown = ["Suggestions are", *("in the menu" if driver.menu else "ghost text" for driver in DRIVERS)]
    rows = [[told(name), *("no" if name in driver.cannot else "✓" for driver in DRIVERS)] for name in PROMISES]
    lines = [_row(head), _row(["---"] * len(head)), *map(_row, [shown, *rows])]
    reasons = [
        f"- {driver.name}, {sentence(name)[0].lower()}{sentence(name)[1:]}: {reason}.\n"
        for driver in DRIVERS
        for name, reason in driver.cannot.items()
    ]
    return "".join(lines) + ("\nWhat an editor cannot do, and why:\n\n" if reasons else "") + "".join(reasons)


def sentence(name: str) -> str:
    """A test's name as it is read."""
    return name.removeprefix("test_").replace("_", " ").capitalize()


def told(name: str) -> str:
    """The same, with the files it is tried in where those are several."""
    marks = getattr(getattr(test_every_editor, name), "pytestmark", ())
    several = ", ".join(scene.name for scene in SCENES) if any("scene" in mark.args for mark in marks) else ""
    return f"{sentence(name)}: {several}" if several else sentence(name)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def with_table(text: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


def test_the_table_is_what_is_tried() -> None:
    text = README.read_text("utf-8")
    assert text == with_table(text), "run: PYTHONPATH=tests python -m editors.test_readme"


def test_there_are_promises_in_it() -> None:
    assert len(PROMISES) > 10
    assert all(sentence(name) in README.read_text("utf-8") for name in PROMISES)


def test_every_link_leads_somewhere() -> None:
    pages = [README, *README.parent.glob("*/README.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\((?!http|#)([^)#]+)\)", page.read_text("utf-8"))
    ]
    assert [f"{page.parent.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("editor", ["neovim", "vscode", "emacs", "helix"])
def test_every_editor_has_two_pictures_that_any_viewer_shows(editor: str) -> None:
    folder = README.parent / editor
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (folder / "README.md").read_text("utf-8"))
    assert {name.partition(".")[0] for name in shown} == {"ghost-text", "chat"}
    for name in shown:
        drawn = (folder / name).read_bytes()
        assert len(drawn) <= MOST_BYTES
        if name.endswith(".svg"):  # viewers of GitLab, GitHub and PyPI run nothing in it and fetch nothing for it
            parts = {element.tag.rpartition("}")[2] for element in ET.fromstring(drawn).iter()}
            assert parts <= {"svg", "style", "defs", "clipPath", "rect", "circle", "g", "text"}
            assert b"url(http" not in drawn
            assert b"@import" not in drawn


@pytest.mark.slow
def test_the_client_in_it_gets_a_suggestion_from_the_server(tmp_path: Path, environment: Mapping[str, str]) -> None:
    [client] = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    file = tmp_path / "areas.py"
    file.write_text(f"{SHAPES}\n\ndef area(shape):\n    return shape.wi")
    done = subprocess.run(
        [sys.executable, "-c", client, str(file)],
        env={**environment, "PATH": f"{COMMAND.parent}:{environment['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "    return shape.width * shape.height\n", "")


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
