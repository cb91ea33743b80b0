"""The languages that Helix gets suggestions in are those we know, each with the servers Helix has for it."""

from __future__ import annotations

import tomllib

import pytest

from duo_lsp import capabilities, editor_setup, languages
from editors.neovim import REQUIRED
from editors.terminal import program
from scripts import helix_languages

WRITTEN = helix_languages.FILE.read_text("utf-8")
BLOCKS = {block["name"]: block["language-servers"] for block in tomllib.loads(WRITTEN)["language"]}
KNOWN = {language.id: {language.id, *language.aliases} for language in languages.BY_ID.values()}
OTHER_NAMES = {
    "csharp": "c-sharp",
    "javascriptreact": "jsx",
    "typescriptreact": "tsx",
    "terraform": "tfvars",
    "terragrunt": "hcl",
}
"""What Helix calls a language whose identifier it does not go by."""


@pytest.mark.parametrize("id_", sorted(KNOWN))
def test_every_language_we_know_has_a_block_or_is_said_to_be_unknown_to_helix(id_: str) -> None:
    names = KNOWN[id_] | {OTHER_NAMES.get(id_, id_)}
    assert bool(names & BLOCKS.keys()) != (id_ in helix_languages.UNKNOWN_TO_HELIX)


def test_ours_is_the_last_server_of_each_and_its_command_is_defined() -> None:
    assert {str(servers[-1]) for servers in BLOCKS.values()} == {"duo-lsp"}
    printed = tomllib.loads(editor_setup.lines("helix"))
    assert printed["language-server"] == {"duo-lsp": {"command": editor_setup.command().as_posix()}}


@pytest.mark.slow
def test_helix_knows_them() -> None:
    program("hx")
    if not helix_languages.PROGRAM.exists():
        (pytest.fail if REQUIRED else pytest.skip)("this is not the Helix that ./scripts/editors installs")
    shipped = helix_languages.shipped(helix_languages.PROGRAM)
    named = {str(one["name"]): one.get("language-servers", []) for one in shipped if helix_languages.is_ours(one)}
    assert BLOCKS.keys() <= named.keys()


def test_a_block_names_the_servers_of_helix_as_it_has_them_and_ours() -> None:
    erlang = {"name": "elp", "except-features": ["document-symbols"]}
    helix: list[helix_languages.Language] = [
        {"name": "r", "language-servers": ["r"]},
        {"name": "erlang", "language-servers": [erlang]},
        {"name": "adl"},
    ]
    [first, second] = tomllib.loads(helix_languages.text(helix))["language"]
    assert first == {"name": "erlang", "language-servers": [erlang, "duo-lsp"]}
    assert second == {"name": "r", "language-servers": ["r", "duo-lsp"]}


def test_the_keys_are_toml_and_every_command_in_them_is_one_of_ours() -> None:
    keys = tomllib.loads(editor_setup.lines("helix-keys"))["keys"]
    assert keys["normal"] == keys["select"]
    for key in keys["normal"]["space"]["i"].values():
        assert key.lstrip("@:").split()[:2][1].removesuffix("<ret>") in capabilities.COMMANDS
