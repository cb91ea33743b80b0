"""One count for all servers of a person; whatever is in the file or holds it, nobody is blocked."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clock import Clock
from duo_lsp.gitlab.limits import counts_file
from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.limits.rate_limit import BURST, Counts

ORIGIN = "https://gitlab.example.com"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runtime"


@pytest.fixture
def file(folder):
    return CountsFile(ORIGIN, lambda: (folder,))


def take(file, clock, times=1):
    """How many of so many automatic takes a server that has just been started gets."""
    own = Counts(clock(), clock())
    return sum(file.update(clock, own, lambda bucket: bucket.take(invoked=True)) for _ in range(times))


def stored(folder):
    [path] = folder.glob("*.json")
    return path


def test_what_one_takes_the_other_does_not_get(file, clock):
    assert take(file, clock, 10) == 10
    assert take(file, clock, 10) == BURST - 10
    clock.now += 2.01 / 0.75
    assert take(file, clock, 10) == 2


def test_a_hold_is_for_all_and_so_is_the_one_token_after_it(file, clock):
    file.update(clock, Counts(clock(), clock()), lambda bucket: bucket.hold(60))
    assert take(file, clock, 5) == 0
    clock.now += 60
    assert take(file, clock, 5) == 1


def test_each_instance_has_its_own_count(folder, file, clock):
    assert take(file, clock, BURST + 1) == BURST
    assert take(CountsFile("https://gitlab.com", lambda: (folder,)), clock, BURST + 1) == BURST


def test_only_the_person_can_look_and_nothing_is_named_in_it(folder, file, clock):
    take(file, clock)
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert "gitlab" not in path.name
        assert b"gitlab" not in path.read_bytes()


def test_a_folder_that_is_open_to_others_is_closed(folder, file, clock):
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    take(file, clock)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_of_another_start_of_the_machine_holds_nobody_for_longer_than_it_says(file, clock):
    assert take(file, clock, BURST + 1) == BURST
    file.update(clock, Counts(clock(), clock()), lambda bucket: bucket.hold(30))
    clock.now = 5.0
    assert take(file, clock) == 0
    clock.now += 30
    assert take(file, clock, BURST + 1) == 1


HOSTILE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe",
    b"[" * 15_000,
    b"1" * 20_000,
    b'{"at": 1e999, "held_until": 0, "tokens": 1, "taken": []}',
    b'{"at": NaN, "held_until": 0, "tokens": 1, "taken": []}',
    b'{"at": 1' + b"0" * 400 + b', "held_until": 0, "tokens": 1, "taken": []}',
    b'{"at": "x", "held_until": 0, "tokens": 1, "taken": []}',
    b'{"at": 0, "held_until": 0, "tokens": 1, "taken": {}}',
    b'{"at": 0, "held_until": 0, "tokens": 1, "taken": [null]}',
]


@pytest.mark.parametrize("content", HOSTILE)
def test_nonsense_in_the_file_is_as_if_there_were_none(folder, file, clock, content):
    take(file, clock)
    stored(folder).write_bytes(content)
    assert take(file, clock, BURST + 1) == BURST
    json.loads(stored(folder).read_bytes())


numbers = st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-(10**9), 10**9)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=numbers, held_until=numbers, tokens=numbers, taken=st.lists(numbers, max_size=80))
def test_whatever_numbers_stand_there_nobody_is_held_for_more_than_ten_minutes_nor_gets_too_much(
    file, folder, at, held_until, tokens, taken
):
    clock = Clock()
    take(file, clock)
    content = {"at": at, "held_until": held_until, "tokens": tokens, "taken": taken}
    stored(folder).write_text(json.dumps(content))
    assert take(file, clock, BURST + 1) <= BURST
    clock.now += 662
    assert take(file, clock, BURST + 1) == BURST


@pytest.mark.parametrize("name", ["requests.json", "requests.lock"])
def test_a_link_that_somebody_put_there_is_not_followed(folder, file, clock, tmp_path, name):
    take(file, clock)
    path = stored(folder).with_suffix("." + name.partition(".")[2])
    path.unlink()
    other = tmp_path / "other"
    other.write_text("kept")
    path.symlink_to(other)
    with pytest.raises(OSError, match=r"."):
        take(file, clock)
    assert other.read_text() == "kept"


def test_a_pipe_that_somebody_put_there_blocks_nobody(folder, file, clock):
    take(file, clock)
    path = stored(folder)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(PermissionError):
        take(file, clock)


def test_where_one_folder_cannot_be_used_the_next_is(tmp_path, clock):
    no_folder = tmp_path / "file"
    no_folder.write_text("")
    second = tmp_path / "second"
    file = CountsFile(ORIGIN, lambda: (no_folder / "duo-lsp", second))
    assert take(file, clock, BURST + 1) == BURST
    assert stored(second)


@pytest.mark.parametrize("places", [(), ("file",)])
def test_without_any_folder_it_is_an_error(tmp_path, clock, places):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"."):
        take(CountsFile(ORIGIN, lambda: [tmp_path / place / "x" for place in places]), clock)


def test_a_folder_of_somebody_else_is_not_used(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 4_242)
    with pytest.raises(PermissionError):
        take(CountsFile(ORIGIN, lambda: (tmp_path / "x",)), clock)


def test_it_lies_in_the_runtime_folder_or_else_among_the_caches(home):
    for _ in range(2):
        places = [path.relative_to(home).as_posix() for path in counts_file.folders()]
        assert places == [".run/duo-lsp", ".cache/duo-lsp/limits"]
    assert (home / ".run").stat().st_mode & 0o777 == 0o700


@pytest.mark.filterwarnings("error")
def test_a_machine_without_a_runtime_folder_is_no_matter(home, monkeypatch, clock):
    (home / ".run").mkdir(exist_ok=True)
    (home / ".run").chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    assert take(CountsFile(ORIGIN), clock, BURST + 1) == BURST
    assert not (home / ".run/duo-lsp").exists()


def test_a_process_that_dies_with_the_lock_in_its_hand_blocks_nobody(folder, file, clock):
    take(file, clock)
    [lock] = folder.glob("*.lock")
    code = f"import filelock, time; lock = filelock.FileLock({str(lock)!r}); lock.acquire(); print(flush=True)"
    command = [sys.executable, "-c", code + "; time.sleep(60)"]
    process: Any = subprocess.Popen(command, stdout=subprocess.PIPE)
    process.stdout.readline()
    with pytest.raises(TimeoutError):
        take(file, clock)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert take(file, clock, BURST + 1) == BURST - 1
