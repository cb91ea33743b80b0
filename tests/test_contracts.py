"""The house stands as it is drawn."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import duo_lsp

ROOT = Path(__file__).parents[1]


def test_no_arrow_runs_up_and_pure_rooms_stay_pure():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def patterns():
    for module in pkgutil.walk_packages(duo_lsp.__path__, "duo_lsp."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, re.Pattern):
                yield value.pattern if isinstance(value.pattern, str) else value.pattern.decode()


def test_no_pattern_has_a_group_that_python_before_3_11_5_matches_wrongly():
    """A group that gives nothing back, by a plus behind its quantifier or as an atomic one (CPython issue 106052)."""
    bare = {re.sub(r"\[[^]]*\]", "x", re.sub(r"\\.", "x", pattern)): pattern for pattern in patterns()}
    assert len(bare) > 30
    assert [pattern for text, pattern in bare.items() if re.search(r"\)[*+?]\+|\(\?>", text)] == []
