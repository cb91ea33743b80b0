"""The extension's package: what is in it, and that its settings are the server's."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from duo_lsp import settings
from editors import vscode_package
from editors.vscode_package import SOURCE
from scripts import vscode_settings

MANIFEST = json.loads((SOURCE / "package.json").read_text("utf-8"))
PROPERTIES = MANIFEST["contributes"]["configuration"]["properties"]


def test_its_settings_are_those_of_the_server():
    text = (SOURCE / "package.json").read_text("utf-8")
    assert text == vscode_settings.written(text), "run: python -m scripts.vscode_settings"


def test_what_decides_where_code_and_token_go_is_a_persons_own():
    steering = {f"duoLsp.{leaf.name}" for leaf in settings.LEAVES if leaf.steers} - {"duoLsp.token"}
    machine = {name for name, one in PROPERTIES.items() if one["scope"] == "machine"}
    assert machine == steering | {"duoLsp.server.command"}
    untrusted = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert untrusted["supported"] == "limited"
    assert machine < set(untrusted["restrictedConfigurations"])


def test_no_setting_holds_a_token():
    assert "duoLsp.token" not in PROPERTIES


def test_every_setting_has_a_description():
    assert [name for name, one in PROPERTIES.items() if not one["markdownDescription"].strip()] == []


def test_every_command_is_registered_and_the_other_way_round():
    named = {one["command"].removeprefix("duoLsp.") for one in MANIFEST["contributes"]["commands"]}
    body = (SOURCE / "src/commands.ts").read_text("utf-8")
    assert set(re.findall(r"^    (\w+): (?:async )?\(", body, re.MULTILINE)) == named


def test_the_lock_file_names_no_registry():
    lock = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert [name for name, one in packages.items() if "integrity" not in one and not one.get("inBundle")] == []


@pytest.mark.slow
@pytest.mark.xdist_group("VS Code")
def test_the_package_holds_what_a_marketplace_wants_and_nothing_else():
    with zipfile.ZipFile(vscode_package.package()) as archive:
        names = {name.lower() for name in archive.namelist()}
        readme = archive.read(next(name for name in archive.namelist() if name.lower().endswith("readme.md"))).decode()
    media = {f"extension/media/{path.name}" for path in (SOURCE / "media").iterdir()}
    papers = {"extension/readme.md", "extension/changelog.md", "extension/license.txt", "extension/package.json"}
    pictures = {f"extension/{name}" for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme)}
    code = {"extension/dist/extension.js"}
    assert names == {"[content_types].xml", "extension.vsixmanifest"} | papers | pictures | code | media
    assert "duo-lsp" in readme
    assert Path(SOURCE / MANIFEST["icon"]).is_file()
