"""A stored login is renewed in time, once, and never in a loop."""

import asyncio
import threading

import attrs
import pytest

from duo_lsp.errors import LoginError, OfflineError, SignInError
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.sign_in import stored_login
from duo_lsp.gitlab.sign_in.keeper import LoginKeeper
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.logins import Logins
from duo_lsp.gitlab.sign_in.store import LoginFile
from duo_lsp.gitlab.sign_in.stored_login import REST, Means, StoredLogin
from duo_lsp.gitlab.sign_in.system_keyring import SystemKeyring
from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings

A = "https://a.example"
NETWORK = Network(ca="planted.pem")
PAIR = Login(Secret("access-0"), Secret("refresh-0"), "client", expires_in=7200, stored_at=1_000_000)


class NoKeyring:
    """A machine without one."""

    @staticmethod
    def get_keyring():
        raise RuntimeError


class World:
    """Time, an instance that renews, and a store."""

    def __init__(self, folder):
        self.monotonic, self.wall = 50.0, 1_000_000.0
        self.renewals = 0
        self.fault = None
        self.learnt: set[Login] = set()
        self.logins = Logins(LoginFile(folder / "duo-lsp/logins.json", patience=1), SystemKeyring(NoKeyring()))
        self.means = Means(self.logins, self.renew, lambda: self.monotonic, lambda: self.wall, self.learnt.add)
        self.logins.keep(A, PAIR)

    def renew(self, base_url, network, old):
        assert (base_url, network) == (A, NETWORK)
        if self.fault:
            raise self.fault
        self.renewals += 1
        n = int(old.refresh_token.reveal().rpartition("-")[2]) + 1
        return attrs.evolve(
            old, access_token=Secret(f"access-{n}"), refresh_token=Secret(f"refresh-{n}"), stored_at=self.wall
        )

    def pass_(self, seconds, *, asleep=False):
        self.wall += seconds
        self.monotonic += 0 if asleep else seconds

    def source(self):
        login = self.logins.read(A)
        assert login is not None
        return StoredLogin(A, NETWORK, login, self.means)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


async def current(source):
    return (await source.current()).reveal()


async def test_a_pair_is_renewed_at_80_percent_and_stored(world):
    source = world.source()
    world.pass_(5700)
    assert (await current(source), world.renewals) == ("access-0", 0)
    world.pass_(61)
    assert (await current(source), world.renewals) == ("access-1", 1)
    assert (await current(source), world.renewals) == ("access-1", 1)
    stored = world.logins.read(A)
    assert (stored.access_token, stored.refresh_token, stored.id) == (Secret("access-1"), Secret("refresh-1"), PAIR.id)
    assert {login.access_token.reveal() for login in world.learnt} == {"access-0", "access-1"}


async def test_however_many_ask_at_once_it_is_renewed_once(world):
    source = world.source()
    world.pass_(6000)
    tokens = await asyncio.gather(*(current(source) for _ in range(50)))
    assert (set(tokens), world.renewals) == ({"access-1"}, 1)


async def test_its_age_is_counted_from_when_it_came_not_from_when_it_was_read(world):
    world.pass_(6000)
    assert await current(world.source()) == "access-1"


async def test_a_clock_that_was_set_back_does_not_make_it_younger(world):
    source = world.source()
    world.pass_(6000)
    world.wall -= 1_000_000
    assert await current(source) == "access-1"


async def test_a_machine_that_slept_does_not_either(world):
    source = world.source()
    world.pass_(6000, asleep=True)
    assert await current(source) == "access-1"


async def test_what_another_process_renewed_is_taken_and_not_renewed_again(world):
    ours, theirs = world.source(), world.source()
    world.pass_(6000)
    assert await current(theirs) == "access-1"
    assert await current(ours) == "access-1"
    assert world.renewals == 1


async def test_a_refused_token_is_renewed_before_its_time_once(world):
    source = world.source()
    assert await source.renewed(Secret("access-0")) == Secret("access-1")
    assert await source.renewed(Secret("access-0")) == Secret("access-1"), "refused late: it is another already"
    assert world.renewals == 1


async def test_an_error_overwrites_nothing_and_a_good_token_is_used_on(world):
    source = world.source()
    world.fault = OfflineError("a.example cannot be reached.")
    world.pass_(6000)
    assert await current(source) == "access-0"
    assert world.logins.read(A) == PAIR
    world.fault = None
    assert await current(source) == "access-0", "not asked again at once"
    world.pass_(REST)
    assert await current(source) == "access-1"


async def test_one_that_is_over_and_cannot_be_renewed_is_an_error(world):
    source = world.source()
    world.fault = OfflineError("a.example cannot be reached.")
    world.pass_(7200)
    for _ in range(2):
        with pytest.raises(OfflineError):
            await source.current()
    assert world.logins.read(A) == PAIR
    world.fault = None
    assert await current(source) == "access-1"


async def test_a_login_that_has_ended_is_not_asked_about_again(world):
    source = world.source()
    world.pass_(6000)
    world.fault = SignInError(400, "The login at a.example has ended.", "Run `duo-lsp login`.")
    with pytest.raises(SignInError):
        await source.current()
    world.fault = None
    for _ in range(3):
        with pytest.raises(SignInError, match="has ended") as caught:
            await source.current()
        assert "duo-lsp login" in caught.value.hint
        assert await source.renewed(Secret("access-0")) is None
    assert world.renewals == 0
    assert world.logins.read(A) == PAIR, "nothing is overwritten"


async def test_a_new_login_made_meanwhile_is_taken(world):
    source = world.source()
    world.pass_(6000)
    world.fault = SignInError(400, "The login at a.example has ended.")
    with pytest.raises(SignInError):
        await source.current()
    world.logins.keep(A, Login(Secret("glpat-new")))
    assert await current(source) == "glpat-new"


async def test_a_login_that_was_removed_is_over(world):
    source = world.source()
    world.logins.forget(A)
    assert await source.renewed(Secret("access-0")) is None
    world.pass_(6000)
    with pytest.raises(SignInError):
        await source.current()


async def test_a_personal_token_is_never_renewed_but_its_successor_is_taken(world):
    world.logins.keep(A, Login(Secret("glpat-old")))
    source = world.source()
    world.pass_(1e8)
    assert await current(source) == "glpat-old"
    assert await source.renewed(Secret("glpat-old")) is None
    world.logins.keep(A, Login(Secret("glpat-new")))
    assert await source.renewed(Secret("glpat-old")) == Secret("glpat-new")
    assert await current(source) == "glpat-new"
    assert world.renewals == 0


async def test_a_pair_that_cannot_be_stored_serves_until_the_end(world, monkeypatch, caplog):
    source = world.source()
    world.pass_(6000)

    def full(*_):
        raise LoginError("logins.json cannot be written (No space left on device).")

    monkeypatch.setattr(world.logins.file, "write", full)
    assert await current(source) == "access-1"
    assert "No space left" in caplog.text


async def test_who_stops_waiting_does_not_stop_the_renewal(world):
    source = world.source()
    world.pass_(6000)
    asking = asyncio.ensure_future(source.current())
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait({asking})
    assert await current(source) == "access-1"
    assert (world.renewals, world.logins.read(A).access_token) == (1, Secret("access-1"))


def test_the_keeper_finds_a_login_by_its_origin_only(world):
    keeper = LoginKeeper(world.means, {})
    for address in (A, A + "/gitlab", A + ":443"):
        found = keeper.stored(Settings(base_url=address))
        assert found is not None
        assert (found.token, found.identity, found.warning) == (PAIR.access_token, PAIR.id, "")
    for address in ("https://a.example:8443", "https://b.example", "http://localhost"):
        assert keeper.stored(Settings(base_url=address)) is None


def test_the_keeper_warns_of_a_token_that_ends_within_a_week(world):
    world.logins.keep(A, Login(Secret("glpat-x"), expires_at="1970-01-15"))
    found = LoginKeeper(world.means, {}).stored(Settings(base_url=A))
    assert found is not None
    assert "a.example expires in 3 days (1970-01-15)" in found.warning
    assert found.identity == Secret("glpat-x")


def test_the_keeper_runs_a_command_once_and_learns_what_it_prints(world):
    ran = []

    def run(command, environment):
        ran.append((command, environment))
        return Secret(f"printed-{len(ran)}")

    keeper = LoginKeeper(world.means, {"A": "b"}, run)
    assert keeper.printed(["x", "y"]) is keeper.printed(("x", "y"))
    assert ran == [(("x", "y"), {"A": "b"})]
    assert keeper.printed(["z"]).token == Secret("printed-2")
    assert {login.access_token.reveal() for login in world.learnt} == {"printed-1", "printed-2"}


async def test_the_end_waits_for_a_renewal_but_not_for_ever(world, monkeypatch):
    source = world.source()
    await source.close()
    world.pass_(6000)
    asking = asyncio.ensure_future(source.current())
    await asyncio.sleep(0)
    asking.cancel()
    await source.close()
    assert world.logins.read(A).access_token == Secret("access-1")
    monkeypatch.setattr(stored_login, "FAREWELL", 0.01)
    go_on = threading.Event()
    renew = world.renew
    monkeypatch.setattr(world, "means", attrs.evolve(world.means, renew=lambda *a: go_on.wait(10) and renew(*a)))
    slow = world.source()
    world.pass_(6000)
    asking = asyncio.ensure_future(slow.current())
    await asyncio.sleep(0)
    await slow.close()
    assert not asking.done()
    go_on.set()
    assert await asking == Secret("access-2")
