"""What is kept of a login, and for how long it is good."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gitlab.sign_in import login
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.privacy.secrets import Secret

words = st.text(string.ascii_letters + string.digits + "-_.", min_size=1, max_size=40)
secrets = words.map(Secret)
seconds = st.floats(0, 1e9, allow_nan=False)
logins = st.builds(
    Login,
    access_token=secrets,
    refresh_token=secrets | st.just(Secret()),
    client_id=words | st.just(""),
    expires_in=seconds,
    stored_at=seconds,
    expires_at=st.dates().map(str) | st.just(""),
)


@given(logins)
def test_what_is_written_down_is_read_again(one):
    assert login.of_record(one.record()) == one


@given(logins)
def test_one_that_was_written_down_without_an_id_is_the_same_whenever_it_is_read(one):
    record = one.record()
    del record["id"]
    first, second = login.of_record(record), login.of_record(record)
    assert first == second
    assert first.id.reveal() not in (one.access_token.reveal(), one.refresh_token.reveal())


@given(logins)
def test_no_token_is_in_its_repr(one):
    shown = repr(one)
    assert repr(one.access_token) in shown
    assert f"'{one.access_token.reveal()}'" not in shown.replace(repr(one.client_id), "").replace(one.expires_at, "")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)
NAMES = ("access_token", "refresh_token", "client_id", "expires_in", "stored_at", "expires_at", "id")


@given(json_values | st.dictionaries(st.sampled_from(NAMES), json_values))
def test_any_record_is_a_login_or_a_value_error(record):
    try:
        read = login.of_record(record)
    except ValueError:
        return
    assert read.access_token
    assert read.fresh_for(0) >= 0


@pytest.mark.parametrize(
    "record",
    [None, [], "x", {}, {"access_token": ""}, {"access_token": " "}, {"access_token": 7}, {"access_token": "a b"},
     {"access_token": "x", "expires_in": "7"}, {"access_token": "x", "expires_in": True},
     {"access_token": "x", "stored_at": -1}, {"access_token": "x", "refresh_token": "a\r\nb"}],
)  # fmt: skip
def test_what_is_no_login(record):
    with pytest.raises(ValueError):  # noqa: PT011 - several kinds
        login.of_record(record)


def test_a_pair_is_renewed_at_80_percent_of_its_life_and_a_token_alone_never():
    pair = Login(Secret("a"), Secret("r"), expires_in=7200, stored_at=1000)
    assert pair.age(1000 + 60) == 60
    assert pair.age(500) == 0, "a clock that was set back"
    assert pair.fresh_for(0) == 5760
    assert pair.fresh_for(5761) < 0
    assert Login(Secret("a")).fresh_for(1e12) > 0
    assert Login(Secret("a"), Secret("r")).fresh_for(1e12) > 0, "a pair without an end"


@pytest.mark.parametrize(
    ("days", "said"),
    [(8, ""), (7, "in 7 days"), (2, "in 2 days"), (1, "tomorrow"), (0, "has expired"), (-9, "has expired")],
)
def test_one_warning_in_the_last_week(days, said):
    today = date(2026, 11, 21)
    warning = login.expiry_warning(str(today + timedelta(days)), "gitlab.example", today)
    assert said in warning
    assert bool(warning) is bool(said)
    assert not warning or "duo-lsp login" in warning


@pytest.mark.parametrize("expires_at", ["", "never", "2026-13-01"])
def test_no_date_is_no_warning(expires_at):
    assert login.expiry_warning(expires_at, "gitlab.example", date(2026, 11, 21)) == ""
