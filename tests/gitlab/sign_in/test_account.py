"""Logins as a session sees them: noticed, forgotten, and not loaded where there are none."""

import asyncio
import threading

import pytest

from duo_lsp.gitlab.credentials import Nobody
from duo_lsp.gitlab.sign_in import place
from duo_lsp.gitlab.sign_in.account import PAUSE, Account
from duo_lsp.gitlab.sign_in.late_keeper import LateKeeper
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.logins import Logins
from duo_lsp.gitlab.sign_in.store import LoginFile
from duo_lsp.gitlab.sign_in.system_keyring import SystemKeyring
from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings
from waiting import HANG, eventually

A = "https://a.example"


class World:
    """A clock and logins."""

    def __init__(self, path):
        self.now = 0.0
        self.logins = Logins(LoginFile(path), SystemKeyring(object()))
        self.account = Account(path, lambda: self.logins, lambda: self.now)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "duo-lsp/logins.json")


async def test_a_login_made_renewed_or_forgotten_by_anybody_is_noticed_once(world):
    assert world.account.look()
    assert not await world.account.changed()
    world.logins.keep(A, Login(Secret("a")))
    assert await world.account.changed()
    assert not await world.account.changed()
    world.logins.renew(A, Login(Secret("b")))
    assert await world.account.changed()
    assert await world.account.forget(A + "/gitlab")
    assert await world.account.changed()
    assert not await world.account.forget(A)


async def test_there_is_a_pause_between_two_looks(world):
    assert world.account.due
    await world.account.changed()
    assert not world.account.due
    world.now += PAUSE
    assert world.account.due


def test_nothing_is_loaded_where_there_is_no_login(tmp_path):
    made = []

    def make():
        made.append(1)
        return Nobody()

    keeper = LateKeeper(tmp_path / "logins.json", make)
    assert keeper.stored(Settings()) is None
    assert made == []
    (tmp_path / "logins.json").symlink_to(tmp_path / "nowhere")
    assert keeper.stored(Settings()) is None
    assert keeper.stored(Settings()) is None
    assert made == [1], "even a broken link is somebody's login that cannot be read: that is told"


async def test_while_a_look_goes_on_there_is_no_other(world, monkeypatch):
    """A home folder that does not answer would take one thread after the other, until none is left for the rest."""
    asked, answers = threading.Event(), threading.Event()

    def stamp(_):
        asked.set()
        return (int(answers.wait(HANG)),)

    monkeypatch.setattr(place, "stamp", stamp)
    look = asyncio.ensure_future(world.account.changed())
    await eventually(asked.is_set)
    world.now += PAUSE
    assert not world.account.due
    answers.set()
    assert await look
    assert world.account.due
