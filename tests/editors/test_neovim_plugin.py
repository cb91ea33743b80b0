"""Our Neovim plug-in beside whatever else somebody has: other servers, plug-in managers, an older Neovim."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from duo_lsp import editor_setup
from editors.neovim import CONVERSATION, Neovim, old_program, program, wait
from editors.plugin import CODE, FOLDER, neovim, talkative
from editors.sums import COMMAND, OPENING, finishing
from features import chat

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("neovim plug-in"), pytest.mark.timeout(180)]

OTHER = f"""
vim.lsp.config('other', {{ cmd = {{ '{sys.executable}', '{Path(__file__).with_name("other_server.py")}' }},
  filetypes = {{ 'python' }}, root_markers = {{ '.git' }} }})
vim.lsp.enable('other')
"""
COUNT = """
local client = vim.lsp.get_clients({ name = 'other' })[1]
return client:request_sync('workspace/executeCommand', { command = 'other.asked' }, 5000).result
"""
HOVER = """
local here = vim.lsp.util.make_position_params(0, 'utf-8')
return vim.lsp.buf_request_sync(0, 'textDocument/hover', here, 5000)
"""
KEYS = """
local keys = {}
for _, mode in ipairs({ 'n', 'i', 'x', 's', 'o', 'c', 't' }) do
  for _, map in ipairs(vim.api.nvim_get_keymap(mode)) do
    keys[#keys + 1] = mode .. ' ' .. map.lhs
  end
end
return keys
"""
LOADED = """
local function is_ours(name)
  return vim.startswith(name, 'duo_lsp')
end
return vim.tbl_filter(is_ours, vim.tbl_keys(package.loaded))
"""
PIECES = """
_G.pieces = {}
vim.api.nvim_create_autocmd('BufFilePost', { callback = function(event)
  if vim.api.nvim_buf_get_name(event.buf):match('^duo://chat/') then
    vim.api.nvim_buf_attach(event.buf, false, { on_lines = function()
      _G.pieces[#_G.pieces + 1] = table.concat(vim.api.nvim_buf_get_lines(event.buf, 0, -1, false), '\\n')
    end })
  end
end })
"""


@pytest.fixture
def file(project: Path) -> Path:
    """A file with one function."""
    path = project / "sums.py"
    path.write_text(CODE)
    return path


def report(nvim: Neovim) -> str:
    """What :checkhealth says."""
    nvim.lua("vim.cmd('checkhealth duo_lsp')")
    return "\n".join(nvim.lines)


def test_an_answer_is_read_while_it_comes(file, environment):
    with chat.gateway(environment) as there, neovim(file, environment | there, after=PIECES) as nvim:
        nvim.attach()
        for count in range(1, 7):  # a busy machine may get all pieces at once
            nvim.lua("_G.pieces = {}")
            nvim.press(":4,5Duo explain<CR>")
            wait(lambda: str(nvim.lua(CONVERSATION)).count("That is all there is to say.") == count, "the answer")  # noqa: B023
            wait(lambda: "thinking" not in str(nvim.lua(CONVERSATION)), "its end")
            whole = str(nvim.lua(CONVERSATION)).rstrip()
            begun = [piece.rstrip() for piece in nvim.lua("return _G.pieces") if piece.count("> Explain") == count]
            parts = [piece for piece in begun if "thinking" not in piece and piece != whole]
            if parts:
                break
        assert parts
        assert all(whole.startswith(piece) for piece in parts)  # nothing that was read is moved in the end
        assert nvim.lua("return vim.api.nvim_buf_get_name(0)") == str(file)
        assert nvim.complaints == ""


def test_beside_another_server_both_answer_and_only_ours_is_asked_for_ghost_text(
    project, environment, gitlab_server, to_gitlab
):
    gitlab_server.answer = finishing("    return a + b")
    with neovim(project / "sums.py", environment | to_gitlab, before=OTHER) as nvim:
        nvim.attach()
        wait(lambda: nvim.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 2, "both servers")
        nvim.press("Go")
        nvim.type("    ret")
        assert nvim.shown() == "urn a + b"
        nvim.press("<Tab>")
        wait(lambda: nvim.line == "    return a + b", "the suggestion")
        assert "the other server" in str(nvim.lua(HOVER))
        assert nvim.lua(COUNT) == 0
        nvim.lua(
            "vim.lsp.inline_completion.enable(true, { client_id = vim.lsp.get_clients({ name = 'other' })[1].id })"
        )
        nvim.press("<Esc>othe")
        wait(lambda: nvim.lua(COUNT) > 0, "the other server to be asked, now that somebody wants it")
        assert nvim.complaints == ""


def test_nothing_is_loaded_and_no_key_taken_before_it_is_used(tmp_path, environment):
    bare = tmp_path / "bare.lua"
    bare.write_text(f"vim.opt.runtimepath:append('{FOLDER}')\nvim.g.duo_lsp = {{ enable = false }}\n")
    nvim = Neovim(bare, tmp_path / "a.txt", environment)
    try:
        ours = set(nvim.lua(KEYS))
        assert nvim.lua("return vim.fn.exists(':Duo')") == 2
        assert set(nvim.lua(LOADED)) <= {"duo_lsp.attach", "duo_lsp.client", "duo_lsp.config"}  # begun after the start
    finally:
        nvim.close()
    bare.write_text("")
    nvim = Neovim(bare, tmp_path / "a.txt", environment)
    try:
        new = ours - set(nvim.lua(KEYS))
        assert len(new) > 15
        assert all("<Plug>(duo-" in key for key in new)
    finally:
        nvim.close()


def test_starting_up_is_hardly_slower(tmp_path, environment):
    init, times = tmp_path / "init.lua", tmp_path / "times"
    init.write_text(f"vim.opt.runtimepath:append('{FOLDER}')\nvim.g.duo_lsp = {{ enable = false }}\n")
    command = [program(), "--headless", "-u", str(init), "-i", "NONE", "--startuptime", str(times), "+qa!"]
    best, floor = 1e9, 1e9
    for _ in range(5):
        times.unlink(missing_ok=True)
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
        rows = [line.split() for line in times.read_text().splitlines() if " sourcing " in line]
        took = {row[-1]: float(row[1].rstrip(":")) for row in rows}
        best = min(best, next(ms for name, ms in took.items() if name.endswith("plugin/duo_lsp.lua")))
        floor = min(floor, sum(ms for name, ms in took.items() if "/plugin/" in name and "duo_lsp" not in name))
    assert best < floor / 2, f"{best} ms, where all of Neovim's own plug-ins take {floor} ms"


def test_what_is_set_wrong_is_named_and_the_rest_is_in_force(file, environment):
    wrong = "{ colour = 'red', menu = 7, chat = { size = 2, position = 'below' } }"
    more = f"vim.g.duo_lsp = vim.tbl_extend('force', vim.g.duo_lsp, {wrong})"
    with neovim(file, environment, after=more) as nvim:
        nvim.attach()
        said = report(nvim)
        for problem in (
            "ERROR vim.g.duo_lsp.colour is not known",
            "ERROR vim.g.duo_lsp.menu must be true or false",
            "ERROR vim.g.duo_lsp.chat.size must be a number between 0 and 1",
        ):
            assert problem in said
        assert said.count("ERROR") == 3
        assert nvim.lua("return require('duo_lsp.config').get().chat") == {"position": "below", "size": 0.4}


def test_settings_reach_the_server_and_the_types_of_files_are_ours_to_choose(project, environment, gitlab_server):
    talkative(gitlab_server)
    (project / "note.txt").write_text("x\n")
    told = f"settings = {{ baseUrl = '{gitlab_server.url}', token = 'glpat-of-the-test' }}, filetypes = {{ 'text' }}"
    with neovim(
        project / "note.txt", environment, after=f"vim.g.duo_lsp = {{ cmd = {{ '{COMMAND}' }}, {told} }}"
    ) as nvim:
        nvim.attach()
        wait(lambda: nvim.status().get("state") == "ready", "the state")
        assert nvim.status()["host"] == gitlab_server.url.partition("://")[2]


@pytest.mark.parametrize("which", [program, old_program])
def test_a_question_needs_no_file(which, tmp_path, environment, gitlab_server):
    there = talkative(gitlab_server)
    with neovim(tmp_path / "nothing", environment | there, command=which()) as nvim:
        nvim.press(":Duo ask what?<CR>")
        wait(lambda: "That is all." in str(nvim.lua(CONVERSATION)), "the answer")
        assert nvim.complaints == ""


def test_a_question_that_comes_before_the_server_is_ready_waits_for_it(file, environment, gitlab_server):
    with neovim(file, environment | talkative(gitlab_server)) as nvim:
        nvim.press(":4,5Duo explain<CR>:Duo ask what?<CR>")
        wait(lambda: "That is all." in str(nvim.lua(CONVERSATION)), "an answer")
        nvim.attach()
        assert nvim.lua("return #vim.lsp.get_clients()") == 1


def test_a_server_that_cannot_stay_is_given_up_and_nothing_is_said_again_and_again(file, environment, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with neovim(file, environment, after=f"vim.g.duo_lsp = {{ cmd = {{ '{broken}' }} }}") as nvim:
        wait(lambda: "ended again and again" in nvim.messages, "the message")
        nvim.lua("vim.wait(1500, function() return false end, 50)")
        assert nvim.messages.count("ended again and again") == 1
        assert nvim.messages.count("quit with exit code 3") == 4


def test_a_server_that_a_function_starts_is_fine_by_checkhealth(tmp_path, environment):
    mine = "vim.g.duo_lsp = { enable = false }\nvim.lsp.config('duo_lsp', { cmd = function() end })"
    with neovim(tmp_path / "a.py", environment, after=mine) as nvim:
        nvim.lua("vim.cmd('checkhealth duo_lsp')")
        assert "started by a function of yours" in "\n".join(nvim.lines)
        assert "ERROR" not in "\n".join(nvim.lines)


def test_a_plugin_manager_may_load_it_late(project, environment, tmp_path):
    """As lazy.nvim and :packadd do it: the folder comes to the runtime path when Neovim has long begun."""
    pack = tmp_path / "site/pack/ours/opt"
    pack.mkdir(parents=True)
    shutil.copytree(FOLDER, pack / "duo_lsp")
    init = tmp_path / "init.lua"
    init.write_text(f"vim.opt.packpath:prepend('{tmp_path}/site')\nvim.g.duo_lsp = {{ cmd = {{ '{COMMAND}' }} }}\n")
    nvim = Neovim(init, project / "sums.py", environment)
    try:
        assert nvim.lua("return vim.fn.exists(':Duo')") == 0
        nvim.lua("vim.cmd.packadd('duo_lsp')")
        nvim.attach()
        assert nvim.lua("return vim.fn.exists(':Duo')") == 2
        wait(lambda: nvim.lua("return require('duo_lsp').statusline()") == "Duo (local)", "the state")
    finally:
        nvim.close()


def test_vim_pack_installs_it_from_a_repository(project, environment, tmp_path):
    repository = tmp_path / "duo_lsp.git"
    shutil.copytree(FOLDER, repository)
    name = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    for command in (("init", "--quiet"), ("add", "."), (*name, "commit", "--quiet", "-m", "first")):
        subprocess.run(["git", *command], cwd=repository, check=True)
    init = tmp_path / "init.lua"
    init.write_text(
        f"vim.g.duo_lsp = {{ cmd = {{ '{COMMAND}' }} }}\n"
        f"vim.pack.add({{ {{ src = 'file://{repository}', name = 'duo_lsp' }} }}, {{ confirm = false }})\n"
    )
    nvim = Neovim(init, project / "sums.py", environment)
    try:
        nvim.attach()
        nvim.lua("vim.cmd.help('duo_lsp-config')")
        assert "g:duo_lsp" in nvim.line
    finally:
        nvim.close()


def test_the_lines_of_the_set_up_open_the_help(file, environment):
    with neovim(file, environment) as nvim:
        nvim.attach()
        nvim.lua("vim.cmd.help(':Duo-explain')")
        assert "*:Duo-explain*" in nvim.line


def test_an_older_neovim_has_it_all_but_ghost_text_and_says_so(project, environment, gitlab_server, to_gitlab):
    talkative(gitlab_server)
    with neovim(project / "sums.py", environment | to_gitlab, command=old_program()) as nvim:
        nvim.attach()
        nvim.press(":Duo ask what?<CR>")
        wait(lambda: "That is all." in str(nvim.lua(CONVERSATION)), "the answer")
        wait(lambda: nvim.lua("return require('duo_lsp').statusline()") == "Duo", "the state")
        said = report(nvim)
        assert "WARNING suggestions come in the completion menu: Neovim 0.11 cannot show ghost text" in said
        assert "ERROR" not in said
        assert nvim.complaints == ""
        assert "rror" not in nvim.messages


def test_an_older_neovim_takes_no_entry_by_itself(project, environment, gitlab_server, to_gitlab):
    gitlab_server.answer = finishing("    return a + b")
    with neovim(project / "sums.py", environment | to_gitlab, command=old_program()) as nvim:
        nvim.attach()
        nvim.press("Go")
        nvim.type("    ret")
        wait(lambda: nvim.lua("return vim.fn.pumvisible()") == 1, "the menu")
        assert nvim.line == "    ret"
        nvim.press("<Tab>")
        wait(lambda: "\n".join(nvim.lines) == OPENING + "    return a + b", "the suggestion")
        nvim.press("<CR>x")
        nvim.press("<Tab>")
        wait(lambda: nvim.line == "x\t" or nvim.line.startswith("x "), "a Tab")


def test_the_lua_of_the_readme_works(file, environment):
    blocks = re.findall(r"```lua\n(.*?)```", (FOLDER / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 3
    with neovim(file, environment, after=f"vim.env.PATH = '{COMMAND.parent}:' .. vim.env.PATH") as nvim:
        nvim.attach()
        wait(lambda: nvim.lua("return require('duo_lsp').statusline()") == "Duo (local)", "the state")
        for block in blocks:
            nvim.lua(block)
        line = nvim.lua("return vim.api.nvim_eval_statusline(vim.o.statusline, { maxwidth = 200 }).str")
        assert "Duo (local) 1:1" in line
        said = report(nvim)
        assert "ERROR" not in said
        assert nvim.lua("return require('duo_lsp.config').get().chat.position") == "below"


def test_pasting_it_twice_changes_nothing(file, environment):
    with neovim(file, environment, after=editor_setup.lines("nvim")) as nvim:
        nvim.attach()
        assert nvim.lua("return #vim.lsp.get_clients()") == 1
        assert "rror" not in nvim.messages
