"""What a token is good for."""

import pytest

from duo_lsp import wire
from duo_lsp.errors import BadAnswerError, LoginError, RefusedError
from duo_lsp.gitlab.sign_in import checking
from duo_lsp.gitlab.sign_in.checking import Checked
from duo_lsp.privacy.secrets import Secret
from gitlab.sign_in.instance import personal

BASE = "https://gitlab.example/prefix"
BAD = (401, {"error": "invalid_token"})


class Instance:
    """Answers by path; remembers what it was asked."""

    def __init__(self, **answers):
        self.answers = {wire.ACCESS_PATH: answers.get("personal", BAD), wire.OAUTH_PATH: answers.get("oauth", BAD)}
        self.asked = []

    async def __call__(self, method, path, form=None):
        assert (method, form) == ("GET", None)
        self.asked.append(path)
        return self.answers[path]


async def check(instance, token="glpat-x"):
    return await checking.check(instance, Secret(token), BASE)


async def test_a_personal_token_is_asked_about_where_those_are_known():
    instance = Instance(personal=(200, personal(expires_at="2027-01-31")))
    assert await check(instance) == Checked(("api",), "duo-lsp", "2027-01-31")
    assert instance.asked == [wire.ACCESS_PATH]


async def test_one_that_begins_otherwise_may_be_of_either_kind():
    info = {"resource_owner_id": 1, "scope": ["ai_features", "openid"], "expires_in": 7000}
    instance = Instance(oauth=(200, info))
    assert await check(instance, "0123456789abcdef") == Checked(("ai_features", "openid"))
    instance = Instance(personal=(200, personal(scopes=("ai_features",))))
    assert (await check(instance, "corp-0123456789")).scopes == ("ai_features",)
    assert instance.asked == [wire.OAUTH_PATH, wire.ACCESS_PATH]


@pytest.mark.parametrize(
    ("answer", "kind", "word"),
    [
        (BAD, LoginError, "does not accept"),
        ((404, None), LoginError, "does not accept"),
        ((503, None), RefusedError, "status 503"),
        ((200, None), BadAnswerError, "did not say"),
        ((200, []), BadAnswerError, "did not say"),
        ((200, personal(active=False)), LoginError, "revoked or has expired"),
        ((200, personal(revoked=True)), LoginError, "revoked or has expired"),
        ((200, personal(scopes=("read_api", "read_user"))), LoginError, "it has: read_api, read_user"),
        ((200, {}), LoginError, "it has: none"),
        ((200, {"scopes": 7}), LoginError, "it has: none"),
        ((200, {"scopes": ["\x1b[31m", 7, None]}), LoginError, "it has: none"),
    ],
)
async def test_a_token_that_will_not_do_is_refused_with_the_reason(answer, kind, word):
    with pytest.raises(kind, match=word) as caught:
        await check(Instance(personal=answer))
    assert caught.value.hint


async def test_what_an_instance_says_reaches_a_terminal_without_escapes():
    checked = await check(Instance(personal=(200, personal(name="\x1b]0;x\x07\u202ename", expires_at=7))))
    assert (checked.name, checked.expires_at) == ("]0;xname", "")


def test_the_page_has_name_and_scope_filled_in():
    assert checking.page(BASE) == f"{BASE}/-/user_settings/personal_access_tokens?name=duo-lsp&scopes=api"
    assert checking.old_page(BASE).startswith(f"{BASE}/-/profile/")
