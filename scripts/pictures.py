"""Pictures of ghost text and chat, one pair an editor: the tests' real editors, each with the same file before it.

`./scripts/picture` draws them anew, `./scripts/picture Helix` those of one editor.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

import gitlab_server as gitlab
from editors import vscode
from editors.driver import Driver
from editors.emacs_driver import EmacsBeside
from editors.helix_driver import Helix
from editors.neovim import EDITORS
from editors.neovim_driver import Neovim012
from editors.stage import CHAT, Stage, staged
from editors.sums import COMMAND, finishing
from editors.vscode_driver import VSCode
from scripts.editor import ROOT

DRIVERS: Final[dict[str, type[Driver]]] = {"neovim": Neovim012, "vscode": VSCode, "emacs": EmacsBeside, "helix": Helix}
GRAMMARS: Final = EDITORS / "helix-grammars"
"""What colours Python and Markdown in Helix; `./scripts/picture` puts it there."""
ABOVE: Final = '''"""What a customer pays."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    name: str
    cents: int
    count: int = 1


def total(items: list[Item], off: float) -> int:
'''
TYPED: Final = "    "
REST: Final = """if not 0 <= off <= 1:
        raise ValueError("off is a part of 1")
    full = sum(i.cents * i.count for i in items)
    return round(full * (1 - off))"""
ANSWER: Final = """`total` adds up what the items cost, and takes the discount off.

- A discount below 0 or above 1 is refused.
- `round` leaves whole cents.

Who gives 20 for 20 % gets an error. The name helps:

```python
total(items, off=0.2)
```
"""


def main() -> None:
    """Draw those that are asked for, or all."""
    for name in sys.argv[1:] or DRIVERS:
        with stage(DRIVERS[name.lower()]) as on:
            folder = ROOT / "editors" / name.lower()
            ending = ".png" if name.lower() == "vscode" else ".svg"
            ghost_text(on, folder / f"ghost-text{ending}")
            chat(on, folder / f"chat{ending}")
        print(f"{folder.relative_to(ROOT)}: ghost-text{ending}, chat{ending}")
    vscode.close_shared()


@contextmanager
def stage(driver: type[Driver]) -> Iterator[Stage]:
    """The editor of the tests, with nothing on its PATH but our server and what the system has."""
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(Path(home))

        def alone(folder: Path, more: dict[str, str]) -> Driver:
            return driver(folder, more | {"PATH": environment["PATH"]})

        with staged(cast("type[Driver]", alone), Path(home) / "shop", environment) as on:
            on.gitlab.others[CHAT] = gitlab.Answer(status=201, body=ANSWER)
            on.gitlab.answer = finishing(REST)
            _open(on, "none.py", "\n")
            on.editor.picture(Path(home) / "dressed.png")  # what shows later is made in the colours of now
            yield on


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUO_LSP_", "GITLAB_", "XDG_"))}
    more = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home / ".run")}
    for name, folder in (
        ("CONFIG", ".config"),
        ("CACHE", ".cache"),
        ("STATE", ".local/state"),
        ("DATA", ".local/share"),
    ):
        more[f"XDG_{name}_HOME"] = str(home / folder)
    (home / ".run").mkdir(mode=0o700)
    (home / "bin").mkdir()
    (home / "bin/duo-lsp").symlink_to(COMMAND)
    shutil.copytree(GRAMMARS, home / ".config/helix/runtime/grammars")
    return {**kept, **more, "PATH": f"{home / 'bin'}:/usr/local/bin:/usr/bin:/bin"}


def ghost_text(on: Stage, picture: Path) -> None:
    """A body for a function, offered once its header is there."""
    _open(on, "shop.py", ABOVE)
    on.editor.type(TYPED)
    on.shown(REST)
    if isinstance(on.editor, Helix):
        on.editor.terminal.press("Tab")
        on.editor.terminal.shows("GitLab Duo, ")
    on.editor.picture(picture)


def chat(on: Stage, picture: Path) -> None:
    """An explanation of that function beside it."""
    _open(on, "prices.py", ABOVE + TYPED + REST + "\n")
    if isinstance(on.editor, Helix):
        on.editor.leave_insert_mode()
        on.editor.terminal.press("C-w", "v")
    first = ABOVE.count("\n") - 1
    on.editor.explain(first, first + 1 + REST.count("\n"))
    on.see(lambda: "Who gives" in on.editor.conversation, "the answer")
    on.editor.picture(picture)


def _open(on: Stage, name: str, text: str) -> None:
    file = on.folder / name
    file.write_text(text)
    on.editor.open(file)


if __name__ == "__main__":
    main()
