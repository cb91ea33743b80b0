"""What README.md says is true, and what SECURITY.md points at is there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from duo_lsp import settings, wire_chat
from duo_lsp.shell import arguments
from gitlab.sign_in.instance import Instance, personal
from gitlab_server import Answer

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN = "<!-- settings: made by tests/test_readme.py from server/duo_lsp/settings.py -->\n"
END = "<!-- end of settings -->"
COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"^```sh\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    if line.strip()
]


def with_table(text):
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + settings.markdown_table() + END + rest.partition(END)[2]


def test_the_settings_table_is_the_one_in_the_code():
    text = README.read_text("utf-8")
    assert text == with_table(text), "run: python tests/test_readme.py"


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("duo-lsp ") and "gateway" not in c])
def test_every_command_of_ours_runs(command, environment, gitlab_server):
    if "login" in command:
        Instance(gitlab_server, {"glpat-readme": personal()})
        environment["GITLAB_URL"] = gitlab_server.url
    if "duo-lsp chat" in command:
        gitlab_server.others[wire_chat.CHAT_PATH] = Answer(status=201, body="It is not.")
        environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-readme"}
    duo = str(Path(sys.executable).with_name("duo-lsp"))
    done = subprocess.run(
        [duo, *shlex.split(command)[1:]],
        cwd=ROOT,
        env=environment,
        input="glpat-readme\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("duo-lsp ")])
def test_every_command_of_ours_is_understood(command):
    arguments.parser().parse_args(shlex.split(command)[1:])


@pytest.mark.parametrize("command", sorted({c.split()[0] for c in COMMANDS if c.startswith("./scripts/")}))
def test_every_script_is_there_and_may_be_run(command):
    script = ROOT / command
    assert script.stat().st_mode & 0o111


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_test_that_the_security_page_names_is_there():
    named = re.findall(r"`(tests/[^`]+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_it_says_who_we_are_not():
    assert "not affiliated with GitLab" in README.read_text("utf-8")


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
