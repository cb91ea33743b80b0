"""Where logins are kept, known without loading what reads and writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import platformdirs

NAME: Final = "logins.json"


def file() -> Path:
    """The person's file of logins; it may not be there."""
    return platformdirs.user_data_path("duo-lsp") / NAME


def stamp(path: Path) -> tuple[int, ...]:
    """Something that changes whenever the file does; empty while there is none."""
    try:
        seen = path.lstat()
    except OSError:
        return ()
    return seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_size
