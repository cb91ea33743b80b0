"""Neovim asks about a selection and shows the answer: a real editor, a real server, the local gateway."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from editors.neovim import CONVERSATION, Neovim, wait
from editors.sums import COMMAND
from features import chat

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chat in neovim"), pytest.mark.timeout(180)]

CODE = "import sys\n\n\ndef add(a, b):\n    return a + b\n\n\nprint(add(1, 2))\n"
EXPLAIN = "vim.lsp.buf.code_action({apply = true, filter = function(a) return a.title:match('^Explain') ~= nil end})"
CURRENT = "return vim.api.nvim_buf_get_name(0)"
ASK = """
local client = vim.lsp.get_clients({ name = 'duo_lsp' })[1]
local uri = vim.uri_from_bufnr(0)
local range = { start = { line = 3, character = 0 }, ['end'] = { line = 5, character = 0 } }
local wish = { question = 'what is this?', uri = uri, range = range }
client:exec_cmd({ title = 'chat', command = 'duo.chat', arguments = { wish } })
"""


@pytest.fixture
def talking(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with the local gateway as GitLab."""
    with chat.gateway(environment) as there:
        yield environment | there


@pytest.fixture
def file(project: Path) -> Path:
    """A file with one function."""
    path = project / "sums.py"
    path.write_text(CODE)
    return path


def setup(editor: str, environment: dict[str, str]) -> str:
    """What a person pastes."""
    done = subprocess.run([COMMAND, "setup", editor], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("way", ["command", "code action"])
def test_neovim_asks_about_a_selection_and_shows_the_answer(
    way: str, tmp_path: Path, file: Path, talking: dict[str, str]
) -> None:
    init = tmp_path / "init.lua"
    init.write_text(setup("nvim", talking))
    nvim = Neovim(init, file, talking)
    with contextlib.closing(nvim):
        nvim.attach()
        if way == "command":
            nvim.lua(ASK)
        else:
            nvim.press("4GVj")
            nvim.press(f"<Cmd>lua {EXPLAIN}<CR>")
        wait(lambda: "That is all there is to say." in str(nvim.lua(CONVERSATION)), "the answer")
        shown = str(nvim.lua(CONVERSATION))
        assert ("> what is this?" if way == "command" else "> Explain this code") in shown
        assert "\nsums.py:4-5\n" in shown
        assert "```python\ndef add(a, b):\n    return a + b\n```" in shown
        assert str(nvim.lua(CURRENT)) == str(file)  # the cursor stays with the code
        nvim.lua(ASK.replace("what is this?", "and once more?"))
        wait(lambda: str(nvim.lua(CONVERSATION)).count("That is all there is to say.") == 2, "the second answer")
        assert "> and once more?" in str(nvim.lua(CONVERSATION))
        assert nvim.complaints == ""
