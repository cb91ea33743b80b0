"""Keyrings as they are: there, absent, locked for ever, broken, or plain text in disguise."""

import sys
import threading
import types

import pytest

from duo_lsp.errors import LoginError
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.logins import Logins
from duo_lsp.gitlab.sign_in.store import LoginFile
from duo_lsp.gitlab.sign_in.system_keyring import SystemKeyring
from duo_lsp.privacy.secrets import Secret

A, B = "https://a.example", "https://b.example"


class Backend:
    """A store of passwords in memory; counts how often it was asked."""

    def __init__(self):
        self.kept = {}
        self.asked = 0

    def get_password(self, service, name):
        self.asked += 1
        return self.kept.get((service, name))

    def set_password(self, service, name, password):
        self.asked += 1
        self.kept[service, name] = password

    def delete_password(self, service, name):
        del self.kept[service, name]


def library(backend, module="keyring.backends.SecretService"):
    """The module `keyring`, with this backend chosen."""
    type(backend).__module__ = module
    return types.SimpleNamespace(get_keyring=lambda: backend)


@pytest.fixture
def backend():
    return type("Working", (Backend,), {})()


@pytest.fixture
def file(tmp_path):
    return LoginFile(tmp_path / "duo-lsp/logins.json")


def test_a_login_is_kept_in_the_keyring_and_only_there(backend, file):
    logins = Logins(file, SystemKeyring(library(backend)))
    one = Login(Secret("glpat-planted"), expires_at="2027-01-01")
    assert logins.keep(A, one).place == "the system's keyring"
    assert logins.read(A) == one
    assert "planted" not in file.path.read_text()
    logins.renew(A, Login(Secret("renewed"), id=one.id))
    assert logins.read(A) == Login(Secret("renewed"), id=one.id)
    assert "renewed" not in file.path.read_text()
    assert logins.forget(A)
    assert (backend.kept, logins.read(A), logins.forget(A)) == ({}, None, False)


def test_a_keyring_is_never_asked_about_what_was_not_put_there(backend, file):
    Logins(file, SystemKeyring(library(Backend(), "keyring.backends.fail"))).keep(A, Login(Secret("a")))
    logins = Logins(file, SystemKeyring(library(backend)))
    assert logins.read(A) is not None
    assert logins.read(B) is None
    assert backend.asked == 0


@pytest.mark.parametrize(
    "module", ["keyring.backends.fail", "keyring.backends.null", "keyrings.alt.file", "my.own", "keyringx.backends"]
)
def test_no_keyring_of_the_system_means_our_own_file(backend, file, module):
    logins = Logins(file, SystemKeyring(library(backend, module)))
    assert logins.keep(A, Login(Secret("a"), id=Secret("1"))).place == str(file.path)
    assert logins.read(A) == Login(Secret("a"), id=Secret("1"))
    assert backend.asked == 0


def test_plain_text_behind_a_chain_of_keyrings_is_no_keyring(backend):
    backend.backends = [type("Plain", (Backend,), {"__module__": "keyrings.alt.file"})()]
    assert not SystemKeyring(library(backend, "keyring.backends.chainer")).write(A, {})
    backend.backends = [type("Mac", (Backend,), {"__module__": "keyring.backends.macOS"})()]
    assert SystemKeyring(library(backend, "keyring.backends.chainer")).write(A, {})


def test_without_the_library_logins_are_kept_in_the_file(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert Logins(file, SystemKeyring()).keep(A, Login(Secret("a"))).place == str(file.path)


def test_a_locked_keyring_holds_nobody_up(backend, file):
    locked = threading.Event()
    backend.get_password = lambda *_: locked.wait()
    backend.set_password = lambda *_: locked.wait()
    keyring = SystemKeyring(library(backend), seconds=0.1)
    assert Logins(file, keyring).keep(A, Login(Secret("a"))).place == str(file.path)
    with pytest.raises(LoginError, match=r"did not answer within 0\.1 s"):
        keyring.read(A)
    locked.set()


def test_a_login_in_a_keyring_that_went_away_is_an_error_and_can_be_made_anew(backend, file):
    keyring = SystemKeyring(library(backend))
    Logins(file, keyring).keep(A, Login(Secret("a")))

    def gone(*_):
        raise RuntimeError("planted detail of D-Bus")

    backend.get_password = backend.set_password = gone
    logins = Logins(file, keyring)
    with pytest.raises(LoginError, match="cannot be used here") as caught:
        logins.read(A)
    assert "planted" not in str(caught.value)
    logins.renew(A, Login(Secret("b"), id=Secret("2")))
    assert logins.read(A) == Login(Secret("b"), id=Secret("2"))


def test_forgetting_works_without_the_keyring(backend, file):
    logins = Logins(file, SystemKeyring(library(backend)))
    logins.keep(A, Login(Secret("a")))
    backend.get_password = None
    assert logins.forget(A)
    assert logins.read(A) is None


@pytest.mark.parametrize("kept", ["no JSON", "7", '{"access_token": 7}', "[" * 9_999])
def test_what_somebody_else_put_there_is_an_error(backend, file, kept):
    logins = Logins(file, SystemKeyring(library(backend)))
    logins.keep(A, Login(Secret("a")))
    backend.kept["duo-lsp", A] = kept
    with pytest.raises(LoginError, match="damaged"):
        logins.read(A)


def test_a_keyring_that_cuts_off_long_passwords_is_not_trusted(backend, file):
    """Windows takes 2,560 bytes; a store may keep the first part and say nothing."""
    backend.set_password = lambda service, name, password: backend.kept.update({(service, name): password[:20]})
    logins = Logins(file, SystemKeyring(library(backend)))
    assert logins.keep(A, Login(Secret("a" * 100), id=Secret("1"))).place == str(file.path)
    assert logins.read(A) == Login(Secret("a" * 100), id=Secret("1"))
