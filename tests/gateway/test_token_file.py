"""The tokens of a team: made, taken back, and what becomes of a file that is not as it should be."""

from __future__ import annotations

import json
import stat
import sys
import threading
from pathlib import Path

import pytest

from duo_lsp.errors import UsageError
from duo_lsp.gateway import token_file
from duo_lsp.gateway.users import FRESH, User, Users


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "team" / "tokens.json"


def test_a_token_is_known_and_nowhere_written(path: Path) -> None:
    token = token_file.add(path, "ann")
    assert Users(path, lambda: 0.0).of_token(token) == User("ann")
    assert token not in path.read_text()
    assert len(token) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or sys.platform == "win32"
    assert [each.name for each in path.parent.iterdir() if each.suffix != ".lock"] == ["tokens.json"]


def test_a_change_counts_while_the_gateway_runs_within_a_second(path: Path) -> None:
    now = 0.0
    users = Users(path, lambda: now)
    assert users.of_token("anything") is None
    ann, bob = token_file.add(path, "ann"), token_file.add(path, "bob", ["read_api"])
    assert users.of_token(ann) is None
    now += FRESH
    assert (users.of_token(ann), users.of_token(bob)) == (User("ann"), User("bob", ("read_api",)))
    assert users.named("bob") == User("bob", ("read_api",))
    token_file.revoke(path, "ann")
    now += FRESH
    assert (users.of_token(ann), users.named("ann"), users.of_token(bob) is None) == (None, None, False)


@pytest.mark.parametrize("name", ["", " ann", "a\nb", "x" * 101, "duo-lsp gateway"])
def test_some_names_cannot_be_had(path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name for a token"):
        token_file.add(path, name)


def test_a_name_has_one_token_and_scopes_that_exist(path: Path) -> None:
    token_file.add(path, "ann")
    with pytest.raises(UsageError, match="a token for ann already"):
        token_file.add(path, "ann")
    with pytest.raises(UsageError, match="no scope 'root'"):
        token_file.add(path, "bob", ["root"])
    with pytest.raises(UsageError, match="no token for 'bob'") as caught:
        token_file.revoke(path, "bob")
    assert "ann" in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", '{"ann": 7}', '{"ann": {}}', "{" * 9])
def test_a_damaged_file_lets_nobody_in_and_is_not_written_over(
    path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "duo_lsp")
    path.parent.mkdir()
    path.write_text(content)
    assert Users(path, lambda: 0.0).of_token("anything") is None
    assert "damaged" in caplog.text
    with pytest.raises(UsageError, match="damaged"):
        token_file.add(path, "ann")
    assert path.read_text() == content


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_a_file_that_others_can_write_lets_nobody_in(path: Path) -> None:
    token = token_file.add(path, "ann")
    path.chmod(0o666)
    assert Users(path, lambda: 0.0).of_token(token) is None
    with pytest.raises(token_file.UnusableError, match="written by others"):
        token_file.read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_no_token_file(path: Path, tmp_path: Path) -> None:
    token_file.add(tmp_path / "other.json", "ann")
    path.parent.mkdir()
    path.symlink_to(tmp_path / "other.json")
    with pytest.raises(token_file.UnusableError, match="cannot be read"):
        token_file.read(path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(token_file.UnusableError):
        token_file.read(tmp_path / "folder")


def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--token-file"):
        token_file.add(tmp_path / "file" / "tokens.json", "ann")


def test_two_who_add_at_once_both_have_theirs(path: Path) -> None:
    names = [f"user {number}" for number in range(8)]
    threads = [threading.Thread(target=token_file.add, args=(path, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(json.loads(path.read_text())) == names
