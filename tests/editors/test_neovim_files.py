"""The Lua files and the help of our Neovim plug-in, as its own tools see them."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from duo_lsp import editor_setup
from editors.neovim import EDITORS, absent, program
from editors.plugin import FOLDER

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

HELP = FOLDER / "doc/duo_lsp.txt"
REFERENCES = """
local missing = {}
for _, tag in ipairs({...}) do
  if not pcall(vim.cmd.help, tag) then
    missing[#missing + 1] = tag
  end
end
io.stdout:write(vim.json.encode(missing))
"""


def tool(name: str) -> str:
    """A tool of ours, or one of the system."""
    ours = EDITORS / "bin" / name
    return str(ours) if ours.exists() else shutil.which(name) or absent(name)


def run(*command: str, folder: Path = FOLDER) -> str:
    """What it says; it has to find nothing wrong."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_stylua_would_change_nothing():
    run(tool("stylua"), "--check", ".")


def test_luacheck_has_nothing_to_say():
    run(tool("luacheck"), "--quiet", "--formatter", "plain", ".")


def test_every_function_of_a_module_says_what_it_is_for():
    unsaid = []
    for path in FOLDER.glob("lua/**/*.lua"):
        lines = path.read_text("utf-8").splitlines()
        for above, line in itertools.pairwise(lines):
            if line.startswith("function M.") and not above.startswith("---") and path.name != "health.lua":
                unsaid.append(f"{path.name}: {line}")
    assert unsaid == []


def test_helptags_is_content_and_the_tags_that_are_here_are_those(tmp_path):
    shutil.copytree(FOLDER / "doc", tmp_path / "doc")
    (tmp_path / "doc/tags").unlink()
    run(program(), "--headless", "-u", "NONE", "-i", "NONE", "-c", f"helptags {tmp_path}/doc", "-c", "qa!")
    assert (tmp_path / "doc/tags").read_text() == (FOLDER / "doc/tags").read_text(), "run :helptags editors/neovim/doc"


def test_whatever_the_help_refers_to_is_there(tmp_path):
    text = re.sub(r"(?m)^.*>(?:lua)?\n(?:\t.*\n|\n)+", "", HELP.read_text("utf-8"))
    references = sorted(set(re.findall(r"\|([^\s|]+)\|", text) + re.findall(r"(?<!\S)'([a-z]{2,})'", text)))
    script = tmp_path / "references.lua"
    script.write_text(f"vim.opt.runtimepath:prepend('{FOLDER}')\n{REFERENCES}")
    assert len(references) > 30
    wanted = [f"'{name}'" if name.isalpha() and name in ("runtimepath", "completeopt") else name for name in references]
    said = run(program(), "--headless", "-u", "NONE", "-i", "NONE", "-l", str(script), *wanted)
    assert said.strip() in ("[]", "{}")


def test_the_help_has_every_command_map_function_and_setting():
    text = HELP.read_text("utf-8")
    tags = set(re.findall(r"\*([^\s*|]+)\*", text))
    commands = re.search(r"local subs = \{\n(.*?)\n\}\n", (FOLDER / "lua/duo_lsp/command.lua").read_text(), re.DOTALL)
    assert commands
    assert {f":Duo-{name}" for name in re.findall(r"(?m)^  (\w+) =", commands[1])} <= tags
    plugin = (FOLDER / "plugin/duo_lsp.lua").read_text()
    maps = re.findall(r"'(\w+)'", "".join(re.findall(r"(?m)^  [inx] = \{.*\}", plugin)))
    assert len(maps) > 15
    assert {f"<Plug>(duo-{name.replace('_', '-')})" for name in maps} <= tags
    functions = re.findall(r"(?m)^M\.(\w+) =", (FOLDER / "lua/duo_lsp/init.lua").read_text())
    assert {f"duo_lsp.{name}()" for name in functions} <= tags
    fields = re.findall(r"(?m)^---@field (\w+)\?", (FOLDER / "lua/duo_lsp/config.lua").read_text())
    assert [name for name in fields if not re.search(rf"\b{name} = ", text)] == []


def test_what_is_pasted_is_good_lua_too(tmp_path):
    (tmp_path / "init.lua").write_text(editor_setup.lines("nvim"))
    shutil.copy(FOLDER / ".luacheckrc", tmp_path)
    run(tool("luacheck"), "--quiet", "--no-max-line-length", "init.lua", folder=tmp_path)
