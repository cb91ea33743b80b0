"""Logins on the disk: only ours to read, always whole, nothing lost."""

import json
import os
import stat
import threading

import pytest

from duo_lsp.errors import LoginError
from duo_lsp.gitlab.sign_in import place
from duo_lsp.gitlab.sign_in.store import LoginFile

A, B = "https://a.example", "https://b.example"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "duo-lsp"


@pytest.fixture
def file(folder):
    return LoginFile(folder / "logins.json", patience=0.2)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_is_read_by_another_and_forgotten(file, folder):
    assert file.read(A) is None
    assert place.stamp(file.path) == ()
    file.write(A, {"access_token": "a"})
    file.write(B, {"access_token": "b"})
    other = LoginFile(folder / "logins.json")
    assert (other.read(A), other.read(B)) == ({"access_token": "a"}, {"access_token": "b"})
    before = place.stamp(other.path)
    file.write(A, None)
    assert (other.read(A), other.read(B)) == (None, {"access_token": "b"})
    assert place.stamp(other.path) != before


def test_only_its_owner_can_read_it_whatever_the_umask(file, folder):
    before = os.umask(0)
    try:
        file.write(A, {"access_token": "a"})
    finally:
        os.umask(before)
    assert (mode(folder), mode(file.path)) == (0o700, 0o600)
    folder.chmod(0o755)
    file.write(A, {"access_token": "b"})
    assert mode(folder) == 0o700


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o620, 0o666])
def test_a_file_others_can_read_or_write_is_refused_and_left_alone(file, open_to):
    file.write(A, {"access_token": "a"})
    file.path.chmod(open_to)
    for use in (lambda: file.read(A), lambda: file.write(B, {})):
        with pytest.raises(LoginError, match="can be read by others") as caught:
            use()
        assert "chmod 600" in caught.value.hint
    file.path.chmod(0o600)
    assert file.read(A) == {"access_token": "a"}


def test_a_link_is_not_followed(file, folder, tmp_path):
    file.write(A, {"access_token": "a"})
    elsewhere = tmp_path / "elsewhere.json"
    file.path.rename(elsewhere)
    file.path.symlink_to(elsewhere)
    with pytest.raises(LoginError, match="cannot be read"):
        file.read(A)
    with pytest.raises(LoginError):
        file.write(A, {"access_token": "b"})
    assert json.loads(elsewhere.read_text())["logins"][A] == {"access_token": "a"}
    assert list(folder.glob("*.tmp")) == []


def test_a_pipe_in_its_place_does_not_hang_anybody(file, folder):
    folder.mkdir(parents=True)
    os.mkfifo(file.path, 0o600)
    with pytest.raises(LoginError, match="no plain file"):
        file.read(A)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b'{"logins": []}', b'{"logins": 7}', b"{}", b"\xff\xfe", b"[" * 100_000, b"\0" * 100],
)
def test_a_damaged_file_is_an_error_and_kept_beside_the_next_one(file, content):
    file.write(A, {"access_token": "a"})
    file.path.write_bytes(content)
    with pytest.raises(LoginError, match="damaged"):
        file.read(A)
    assert file.path.read_bytes() == content, "reading changes nothing"
    aside = file.write(B, {"access_token": "b"})
    assert aside is not None
    assert aside.read_bytes() == content
    assert mode(aside) == 0o600
    assert file.read(B) == {"access_token": "b"}
    assert file.write(B, {"access_token": "c"}) is None


def test_a_file_of_any_size_is_not_read_into_memory(file):
    file.write(A, {"access_token": "a"})
    os.truncate(file.path, 5 << 30)
    with pytest.raises(LoginError, match="too large"):
        file.read(A)
    with pytest.raises(LoginError, match="too large"):
        file.write(A, {})


def test_what_a_later_version_wrote_for_others_stays(file):
    file.write(A, {"access_token": "a", "invented": [1]})
    file.write(B, "something new")
    file.write("https://c.example", {"access_token": "c"})
    assert file.read(A) == {"access_token": "a", "invented": [1]}
    assert file.read(B) == "something new"


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "data").write_text("a file where the folder belongs")
    file = LoginFile(tmp_path / "data/duo-lsp/logins.json")
    with pytest.raises(LoginError, match="cannot be written"):
        file.write(A, {})


def test_a_disk_that_is_full_leaves_the_old_file(file, folder, monkeypatch):
    file.write(A, {"access_token": "a"})

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LoginError, match="No space left"):
        file.write(A, {"access_token": "b"})
    assert file.read(A) == {"access_token": "a"}
    assert list(folder.glob("*.tmp")) == []


@pytest.mark.parametrize("content", ['{"logins": {"https://a.ex', "", "[]", '{"logins": 7}'])
def test_what_a_dead_process_left_half_written_is_dropped(file, folder, content):
    file.write(A, {"access_token": "a"})
    left = folder / "logins.json.0123.tmp"
    left.write_text(content)
    left.chmod(0o600)
    assert file.read(A) == {"access_token": "a"}
    file.write(B, {"access_token": "b"})
    assert (file.read(A), left.exists()) == ({"access_token": "a"}, False)


def test_what_a_dead_process_had_written_whole_is_put_in_place(file, folder):
    """GitLab has revoked the old pair by then: this is the only place where the new one is."""
    file.write(A, {"access_token": "a"})
    left = folder / "logins.json.0123.tmp"
    left.write_text(json.dumps({"logins": {A: {"access_token": "new"}}}))
    left.chmod(0o600)
    with file.locked():
        assert file.read(A) == {"access_token": "new"}
    assert not left.exists()


def test_while_one_writes_another_waits_and_then_says_so(file, folder):
    inside, go_on = threading.Event(), threading.Event()

    def hold():
        with LoginFile(folder / "logins.json").locked():
            inside.set()
            go_on.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert inside.wait(10)
        with pytest.raises(LoginError, match="being written by another process"):
            file.write(A, {})
    finally:
        go_on.set()
        thread.join(10)
    file.write(A, {"access_token": "a"})
    assert file.read(A) == {"access_token": "a"}
