"""The device flow and renewing, against an instance that answers what it likes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.errors import BadAnswerError, DuoError, LoginError, OfflineError, RefusedError, SignInError, SlowError
from duo_lsp.gitlab.sign_in import oauth
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.privacy.secrets import Secret

BASE = "https://gitlab.example/prefix"
PAGE = f"{BASE}/oauth/device"
CODE = {
    "device_code": "planted-device-code", "user_code": "0A44L90H", "verification_uri": PAGE,
    "verification_uri_complete": f"{PAGE}?user_code=0A44L90H", "expires_in": 300, "interval": 5,
}  # fmt: skip
PAIR = {"access_token": "planted-access", "refresh_token": "planted-refresh", "expires_in": 7200}
OLD = Login(Secret("old-access"), Secret("old-refresh"), "client", expires_in=7200, stored_at=1)


class World:
    """Answers in turn, and a clock that sleeping moves."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.slept = []
        self.now = 0.0
        self.clocks = oauth.Clocks(lambda: self.now, lambda: 1_000_000.0, self.sleep)

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    async def __call__(self, method, path, form=None):
        assert method == "POST"
        self.asked.append((path, form))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def refused(error, status=400):
    return status, {"error": error, "error_description": "planted description"}


async def begun(world, base=BASE):
    return await oauth.begin(world, base, "client")


async def waited(world):
    return await oauth.wait(world, await begun(World((200, CODE))), BASE, "client", world.clocks)


async def test_a_code_is_asked_for_with_the_smallest_scope():
    world = World((200, CODE))
    code = await begun(world)
    assert world.asked == [("/oauth/authorize_device", {"client_id": "client", "scope": "ai_features"})]
    assert (code.user_code, code.page, code.interval, code.expires_in) == (
        "0A44L90H",
        f"{PAGE}?user_code=0A44L90H",
        5,
        300,
    )
    assert "planted" not in repr(code)


async def test_an_application_without_that_scope_is_asked_with_the_other():
    world = World(refused("invalid_scope"), (200, CODE))
    await begun(world)
    assert [form["scope"] for _, form in world.asked] == ["ai_features", "api"]


@pytest.mark.parametrize(
    ("answer", "kind", "word"),
    [
        ((404, None), LoginError, "no device sign-in"),
        (refused("invalid_client", 401), LoginError, "does not know this client ID"),
        (refused("unauthorized_client"), LoginError, "does not know this client ID"),
        ((503, None), RefusedError, "status 503"),
        ((200, None), RefusedError, "status 200"),
        ((200, {}), BadAnswerError, "no code"),
        ((200, CODE | {"user_code": "\x1b[31mA"}), BadAnswerError, "no code"),
        ((200, CODE | {"user_code": "A" * 999}), BadAnswerError, "no code"),
        ((200, CODE | {"device_code": 7}), BadAnswerError, "no code"),
        ((200, CODE | {"device_code": "a\r\nb"}), BadAnswerError, "a token that is none"),
        ((200, CODE | {"device_code": ""}), BadAnswerError, "a token that is none"),
        ((200, CODE | {"verification_uri": None, "verification_uri_complete": ""}), BadAnswerError, "no code"),
    ],
)
async def test_what_is_no_code_is_an_error(answer, kind, word):
    with pytest.raises(kind, match=word) as caught:
        await begun(World(answer, answer))
    assert caught.value.hint


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/prefix/oauth/device",
        "https://gitlab.example.evil.example/",
        "https://gitlab.example:8443/",
        "http://gitlab.example/",
        "https://gitlab.example@evil.example/",
        "https://evil.example\\@gitlab.example/",
        "https://gitlab.example /",
        "javascript:alert(1)",
        "gitlab.example",
        "https://gitlab.exam\u200bple/",
        7,
    ],
)
@pytest.mark.parametrize("field", ["verification_uri", "verification_uri_complete"])
async def test_a_page_at_another_host_is_refused(page, field):
    with pytest.raises(LoginError, match="how codes are stolen"):
        await begun(World((200, CODE | {field: page})))


async def test_polling_obeys_the_interval_and_slow_down():
    world = World(refused("authorization_pending"), refused("slow_down"), refused("authorization_pending"), (200, PAIR))
    login = await waited(world)
    assert world.slept == [5, 5, 10, 10]
    form = {"grant_type": oauth.DEVICE_GRANT, "device_code": "planted-device-code", "client_id": "client"}
    assert world.asked == [("/oauth/token", form)] * 4
    assert (login.access_token, login.refresh_token) == (Secret("planted-access"), Secret("planted-refresh"))
    assert (login.client_id, login.expires_in, login.stored_at) == ("client", 7200, 1_000_000)


@pytest.mark.parametrize(
    ("error", "word"), [("access_denied", "refused on the page"), ("expired_token", "has expired")]
)
async def test_it_ends_when_the_instance_says_so(error, word):
    with pytest.raises(LoginError, match=word):
        await waited(World(refused(error)))


async def test_it_ends_when_the_code_expires_whatever_the_instance_says():
    world = World(*[refused("authorization_pending")] * 1000)
    with pytest.raises(LoginError, match="has expired"):
        await waited(world)
    assert len(world.asked) == 59
    assert world.now == 300


async def test_a_connection_that_breaks_is_tried_again_later():
    world = World(OfflineError("x"), SlowError("x"), (200, PAIR))
    await waited(world)
    assert world.slept == [5, 10, 20]


async def test_any_other_answer_is_an_error():
    for answer in (refused("invalid_grant"), (502, None), refused("invalid_client", 401)):
        with pytest.raises(DuoError) as caught:
            await waited(World(answer))
        assert "device-code" not in str(caught.value)


@pytest.mark.parametrize(
    ("given_", "interval", "expires"),
    [
        ({"interval": 0, "expires_in": -5}, 1, 1),
        ({"interval": 1e9, "expires_in": 1e9}, 60, 1800),
        ({"interval": "x", "expires_in": None}, 5, 300),
        ({"interval": True, "expires_in": float("nan")}, 5, 300),
    ],
)
async def test_nonsense_times_are_bounded(given_, interval, expires):
    code = await begun(World((200, CODE | given_)))
    assert (code.interval, code.expires_in) == (interval, expires)


async def test_what_an_instance_quotes_of_ours_is_not_shown():
    said = {"error": "odd", "error_description": "unknown planted-device-code, old-refresh, old-access"}
    for question in (waited(World((400, said))), oauth.renew(World((400, said)), BASE, OLD, 0.0)):
        with pytest.raises(RefusedError) as caught:
            await question
        assert "unknown" in str(caught.value)
    assert "old-" not in str(caught.value)
    with pytest.raises(RefusedError) as caught:
        await waited(World((400, said)))
    assert "device-code" not in str(caught.value)


async def test_a_pair_is_renewed_and_keeps_who_it_is():
    world = World((200, PAIR))
    new = await oauth.renew(world, BASE, OLD, 99.0)
    form = {"grant_type": "refresh_token", "refresh_token": "old-refresh", "client_id": "client"}
    assert world.asked == [("/oauth/token", form)]
    assert (new.access_token, new.refresh_token) == (Secret("planted-access"), Secret("planted-refresh"))
    assert (new.id, new.client_id, new.stored_at) == (OLD.id, "client", 99.0)


async def test_an_instance_that_does_not_rotate_leaves_the_refresh_token():
    new = await oauth.renew(World((200, {"access_token": "a"})), BASE, OLD, 99.0)
    assert (new.refresh_token, new.expires_in) == (OLD.refresh_token, 0)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused("invalid_grant"), SignInError),
        (refused("invalid_grant", 401), SignInError),
        (refused("invalid_client", 401), SignInError),
        (refused("invalid_request"), RefusedError),
        ((500, None), RefusedError),
        ((429, {"error": "slow down"}), RefusedError),
        ((200, None), BadAnswerError),
        ((200, {"access_token": 7}), BadAnswerError),
        ((200, {"access_token": ""}), BadAnswerError),
        ((200, {"access_token": "a\nb", "refresh_token": "x"}), BadAnswerError),
        ((200, {"access_token": "a", "refresh_token": "two words"}), BadAnswerError),
    ],
)
async def test_only_a_pair_that_has_ended_signs_out(answer, kind):
    with pytest.raises(kind) as caught:
        await oauth.renew(World(answer), BASE, OLD, 99.0)
    assert isinstance(caught.value, SignInError) is (kind is SignInError)
    assert "old-" not in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([*CODE, *PAIR, "error"]), inner, max_size=5)
    ),
    max_leaves=6,
)


@given(st.sampled_from([200, 400, 401, 404, 500]), json_values)
async def test_any_answer_is_a_login_a_code_or_one_of_our_errors(status, body):
    for question in (
        lambda world: oauth.renew(world, BASE, OLD, 0.0),
        lambda world: oauth.begin(world, BASE, "client"),
    ):
        said = ""
        try:
            await question(World((status, body), (status, body)))
        except DuoError as error:
            said = str(error)
        assert said == "" or said.isprintable()
