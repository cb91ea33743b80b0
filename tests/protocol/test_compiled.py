"""What attrs compiles for classes, kept from one start to the next."""

import builtins
import importlib
import os
import subprocess
import sys
import zlib
from typing import Any

import pytest

from duo_lsp.protocol import compiled

MAKE: Any = importlib.import_module("attr._make")
MODULE = "import attr\n@attr.s(frozen=True, slots=True)\nclass Point:\n    x = attr.ib()\n    y = attr.ib(default=1)\n"


def sealed(content):
    return zlib.crc32(content).to_bytes(4) + content


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Imports a module with a class of attrs anew, and says how many sources had to be compiled."""
    (tmp_path / "a_point.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)

    def load(folder=tmp_path / "cache"):
        sys.modules.pop("a_point", None)
        made = compiled.load(folder, "a_point")
        point = sys.modules["a_point"].Point(2)
        assert (point.x, point.y, repr(point)) == (2, 1, "Point(x=2, y=1)")
        assert "compile" not in vars(MAKE)
        return made.missed

    return load


def test_the_second_start_compiles_nothing(load, tmp_path):
    assert load() > 0
    assert load() == 0
    [file] = (tmp_path / "cache").iterdir()
    assert file.name == compiled.NAME
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 1000, zlib.crc32(b"").to_bytes(4), zlib.crc32(b"\0").to_bytes(4) + b"\0"]
)
def test_a_file_that_makes_no_sense_is_replaced(load, tmp_path, content):
    assert load() > 0
    (tmp_path / "cache" / compiled.NAME).write_bytes(content)
    assert load() > 0
    assert load() == 0


@pytest.mark.skipif(os.name != "posix", reason="access rights are another thing there")
@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_can_write_is_not_used(load, tmp_path, mode):
    assert load() > 0
    (tmp_path / "cache" / compiled.NAME).chmod(mode)
    assert load() > 0
    assert load() == 0


def test_a_file_that_is_too_large_is_not_used(load, monkeypatch):
    assert load() > 0
    monkeypatch.setattr(compiled, "LARGEST", 10)
    assert load() > 0


def test_a_folder_that_cannot_be_there_costs_time_only(load, tmp_path):
    (tmp_path / "file").write_text("")
    assert load(tmp_path / "file" / "cache") > 0
    assert load(tmp_path / "file" / "cache") > 0


def test_a_module_that_cannot_be_loaded_leaves_attrs_as_it_was(tmp_path):
    with pytest.raises(ModuleNotFoundError):
        compiled.load(tmp_path, "there_is_no_such_module")
    assert "compile" not in vars(MAKE)
    assert MAKE._compile_and_eval.__globals__.get("compile", builtins.compile) is builtins.compile


def test_another_process_with_other_hashes_compiles_nothing_either(tmp_path):
    code = """
import sys
from pathlib import Path
from duo_lsp.protocol import compiled
print(compiled.load(Path(sys.argv[1]), "duo_lsp.app").missed)
from duo_lsp.kinds import Kind
from duo_lsp.wire import CurrentFile
one, two = CurrentFile("a.py", "b", "c"), CurrentFile("a.py", "b", "c")
assert one == two and hash(one) == hash(two) and len({one, two}) == 1
"""
    first, second = (
        int(subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True).stdout)
        for _ in range(2)
    )
    assert first > 400
    assert second == 0


def test_lsprotocols_classes_are_the_same_either_way(tmp_path):
    code = """
import sys
from pathlib import Path
from duo_lsp.protocol import compiled
print(compiled.load(Path(sys.argv[1]), "lsprotocol.types").missed > 400)
from lsprotocol import types as lsp
print(lsp.Position(1, 2) < lsp.Position(1, 3), lsp.Range(lsp.Position(1, 2), lsp.Position(1, 3)))
"""
    first, second = (
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert first == "True\nTrue 1:2-1:3\n"
    assert second == "False\nTrue 1:2-1:3\n"
