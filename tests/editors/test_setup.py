"""What `duo-lsp setup EDITOR` prints can be pasted as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duo_lsp import editor_setup

OURS = re.compile(r"/[^\s\"'\[\]()`]*(?:duo-lsp|editors/)[^\s\"'\[\]()`]*")


@pytest.mark.parametrize("editor", editor_setup.EDITORS)
def test_every_path_is_absolute_and_there(editor: str) -> None:
    printed = editor_setup.lines(editor)
    paths = [Path(found) for found in OURS.findall(printed)]
    assert editor_setup.command() in paths or editor == "helix-keys"
    assert [path for path in paths if not path.exists()] == []


@pytest.mark.parametrize("editor", editor_setup.EDITORS)
def test_no_placeholder_is_left(editor: str) -> None:
    printed = editor_setup.lines(editor)
    assert re.findall(r"\{(?:folder|command)\}|FOLDER|PATH_TO|\.\.\./", printed) == []


@pytest.mark.parametrize("editor", editor_setup.EDITORS)
def test_a_readme_stands_beside_it(editor: str) -> None:
    readme = (editor_setup.folder() / editor_setup.EDITORS[editor]).with_name("README.md").read_text("utf-8")
    assert f"duo-lsp setup {editor}" in readme
    assert "duo-lsp doctor" in readme
    assert "duo-lsp login" in readme
