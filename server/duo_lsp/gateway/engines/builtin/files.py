"""Which files of a folder are worth learning from."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from duo_lsp import machine_made
from duo_lsp.privacy import excluded, ignore_files
from duo_lsp.privacy.ignore_files import IgnoreFiles

LARGEST: Final = 256 * 1024
TOTAL: Final = 5 * 1024 * 1024
MOST: Final = 20_000
"""Files looked at, those nearest to the folder; a larger tree is not walked to its end."""
MOST_NAMED: Final = 50
"""Files git is asked about by name; a command line must not become too long."""
LISTING: Final = 10.0
"""Seconds git may take."""
IGNORE_FILES: Final = frozenset({ignore_files.GIT, *ignore_files.FOR_ASSISTANTS})
"""Where one of these has changed, other files may be worth learning from than before."""

# Python 3.11 and 3.12 tell of a circle of links with RuntimeError, a path with a NUL is a ValueError.
_UNREADABLE = (OSError, RuntimeError, ValueError)


def listed(folder: Path) -> set[str]:
    """The names of all files in a folder, relative to it, but for those that are ignored or brought along."""
    root = folder.resolve()
    return set(islice(_listed(root) or _walked(root), MOST))


def texts(
    folder: Path, home: Path, room: int = TOTAL, near: Collection[str] = (), found: Callable[[int], None] | None = None
) -> Iterator[tuple[str, str]]:
    """The paths and texts to learn from, the nearest first, until there is no room for more.

    `near` are paths of files; without one the folder itself is what others are near to. `found` is told how many bytes
    there may be to read.
    """
    if not may_be_read(folder, home):
        return
    root = folder.resolve()
    of_git = _listed(root)
    names = of_git or list(islice(_walked(root), MOST))
    is_ignored = _ignoring(root, by_git=bool(of_git))
    candidates = sorted(_candidates(root, names), key=_distance(folder, near))
    if found is not None:
        found(min(room, sum(size for size, _ in candidates)))
    for size, name in candidates:
        text = _text(root / name) if size <= room and not is_ignored(name) else None
        if text is not None:
            room -= size
            yield str(folder / name), text


def again(folder: Path, names: Collection[str], known: Callable[[str], bool]) -> dict[str, str | None]:
    """What is to be learnt of some files now, by path; None for one of which nothing is, or nothing any more.

    `names` are relative to the folder, with forward slashes. What is `known`, by its path, is in git's list already.
    """
    root = folder.resolve()
    new = [name for name in names if not known(str(folder / name))]
    of_git = _listed(root, new if len(new) <= MOST_NAMED else ()) if new else []
    left_out = set(new) - set(of_git if of_git is not None else new)
    is_ignored = _ignoring(root, by_git=of_git is not None)
    found = dict[str, str | None]()
    for name in names:
        is_read = name not in left_out and any(_candidates(root, [name])) and not is_ignored(name)
        found[str(folder / name)] = _text(root / name) if is_read else None
    return found


def may_be_read(folder: Path, home: Path) -> bool:
    """Not the whole disk, not a home folder nor what contains it: those are nobody's project."""
    try:
        root, nobodys = folder.resolve(), home.resolve()
        return root.is_dir() and root not in (nobodys, *nobodys.parents)
    except _UNREADABLE:
        return False


def _distance(folder: Path, near: Collection[str]) -> Callable[[tuple[int, str]], tuple[int, int, str]]:
    """How many folders lie between a file and the nearest of these, then how large it is."""
    here = [Path(path).relative_to(folder).parts[:-1] for path in near if Path(path).is_relative_to(folder)] or [()]

    def measured(candidate: tuple[int, str]) -> tuple[int, int, str]:
        size, name = candidate
        steps = tuple(name.split("/")[:-1])
        return min(_steps_between(steps, other) for other in here), size, name

    return measured


def _steps_between(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return len(one) + len(other) - 2 * common


def _candidates(root: Path, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    really = cache(os.path.realpath)
    for name in sorted(names, key=lambda name: (name.count("/"), name))[:MOST]:
        size = 0 if _is_skipped(name) else _size(root, name, really)
        if 0 < size <= LARGEST:
            yield size, name


def _is_skipped(name: str) -> bool:
    return machine_made.is_data(name) or machine_made.is_elsewhere(name) or excluded.excluded_by(name) is not None


def _ignoring(root: Path, *, by_git: bool) -> Callable[[str], bool]:
    """Whether ignore files exclude a file; what git ignores is known already where it made the list."""
    names = ignore_files.FOR_ASSISTANTS if by_git else (ignore_files.GIT, *ignore_files.FOR_ASSISTANTS)
    files, folders = IgnoreFiles(), (root.as_posix(),)
    return lambda name: bool(files.rule((root / name).as_posix(), folders, names))


def _listed(root: Path, names: Collection[str] = ()) -> list[str] | None:
    """What git knows here, of these or at all; None where it has no say.

    A hook or monitor the folder brings along is not run.
    """
    command = ("git", "--literal-pathspecs", "-c", "core.fsmonitor=false", "ls-files", "-co", "--exclude-standard")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - nothing that comes from outside is an option, or a program
            (*command, "-z", "--", *names),
            cwd=root,
            env=environment | {"GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LISTING,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return sorted(set(os.fsdecode(done.stdout).split("\0")) - {""})


def _walked(root: Path) -> Iterator[str]:
    for top, folders, names in os.walk(root):
        folders[:] = [folder for folder in folders if not machine_made.is_skipped_folder(folder)]
        for name in names:
            yield (Path(top) / name).relative_to(root).as_posix()


def _size(root: Path, name: str, really: Callable[[str], str]) -> int:
    """0 for what is no file of this folder; `really` tells where a folder is when links are followed."""
    folder, _, last = name.rpartition("/")
    try:
        real = f"{really(f'{root}/{folder}')}{os.sep}{last}"
        about = os.lstat(real)  # thousands of names: most are no links
        if stat.S_ISLNK(about.st_mode):
            real = os.path.realpath(real)
            about = os.stat(real)  # noqa: PTH116 - the same
    except _UNREADABLE:
        return 0
    is_ours = stat.S_ISREG(about.st_mode) and ignore_files.is_inside(real, str(root))
    return about.st_size if is_ours and not excluded.excluded_by(real) else 0


def _text(path: Path) -> str | None:
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError):
        return None
    return None if machine_made.is_packed(text) else text.replace("\r\n", "\n")
