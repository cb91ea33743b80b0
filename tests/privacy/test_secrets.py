"""A token is held so that nothing prints it, and masked wherever it turns up."""

import json
import string
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duo_lsp.privacy import secrets
from duo_lsp.privacy.secrets import MASK, Secret

tokens = st.text(string.ascii_letters + string.digits + string.punctuation, min_size=8, max_size=60)


@pytest.mark.parametrize("value", ["two words", "a\nb", "a\r\nX: y", "a\tb", "é", "a\x00b", "\x7f", "\ud800"])
def test_what_would_break_a_header_is_no_token(value):
    with pytest.raises(ValueError, match="printable ASCII"):
        Secret(value)


def test_a_token_is_stripped_and_given_away_only_on_demand():
    secret = Secret(" glpat-x\n")
    assert secret.reveal() == "glpat-x"
    assert "glpat" not in f"{secret!r} {secret} {[secret]} {secret!s:>20}"
    assert repr(secret) == MASK
    assert repr(Secret()) == "''"


def test_tokens_compare_by_value():
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret()
    assert Secret("a")


@given(tokens, st.text(max_size=20), st.text(max_size=20))
def test_a_known_token_never_comes_out(token, before, after):
    known = [Secret(token)]
    for text in (token, repr({"a": token, "b": "'"}), repr(f"{token}'\""), json.dumps([token]), quote(token, safe="")):
        assume(token not in before + after)
        assert token not in secrets.mask(before + text + after, known)
        assert text not in secrets.mask(before + text + after, known)


def test_a_token_within_a_longer_one_does_not_uncover_its_rest():
    assert secrets.mask("abcdef123", [Secret("abcdef"), Secret("abcdef123")]) == MASK


def test_a_very_short_token_is_not_looked_for_in_every_word():
    assert secrets.mask("a cab", [Secret("a"), Secret()]) == "a cab"


SHAPES = [
    ("glpat-abcdefgh12345678", "glpat-{}"),
    ("gloas-0123456789abcdef", "{}"),
    ("glagent-0123456789abcdef", "{}"),
    ("s3cr3t-value", "Authorization: Bearer {}"),
    ("s3cr3t-value", "authorization: basic {}"),
    ("s3cr3t-value", "sent bearer {} to it"),
    ("s3cr3t-value", "PRIVATE-TOKEN: {}"),
    ("s3cr3t-value", "{{'PRIVATE-TOKEN': '{}', 'a': 1}}"),
    ("s3cr3t-value", "{{'Authorization': 'Bearer {}'}}"),
    ("s3cr3t-value", 'JOB-TOKEN="{}"'),
    ("s3cr3t-value", "https://h/x?private_token={}&a=b"),
    ("s3cr3t-value", "https://h/x?a=b&access_token={}"),
    ("s3cr3t-value", '{{"token":"{}"}}'),
    ("s3cr3t-value", '{{"refresh_token": "{}"}}'),
    ("s3cr3t-value", "grant_type=x&device_code={}&client_id=y"),
    ("s3cr3t-value", "{{'device_code': '{}'}}"),
    ("s3cr3t-value", "grant_type=refresh_token&refresh_token={}"),
    ("s3cr3t-value", "https://oauth2:{}@gitlab.com/x.git"),
    ("s3cr3t-value", "https://{}@gitlab.com/x.git"),
    ("s3cr3t-value", "http://user:{}@proxy:3128"),
    ("s3cr3t-value", "password = {}"),
    ("s3cr3t-value", "_gitlab_session={};"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def-123", "got {}."),
]


@pytest.mark.parametrize(("value", "shape"), SHAPES)
def test_what_is_shaped_like_a_token_is_masked(value, shape):
    masked = secrets.mask(shape.format(value))
    assert value not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "text",
    [
        "no suggestion: OfflineError",
        "https://gitlab.com/group/project",
        "the token is not accepted",
        "5 tokens left",
        "me@example.com",
        "3f2a9c1d7b8e4f60a1b2c3d4e5f60718293a4b5c",
    ],
)
def test_ordinary_text_stays(text):
    assert secrets.mask(text) == text


@pytest.mark.parametrize(
    "piece", ["eyJ", "eyJ.", "://", "token=", "token", "gl", "glpat-", "bearer ", "authorization: "]
)
def test_odd_long_texts_are_masked_in_one_go(piece):
    assert secrets.mask(piece * 5_000) is not None
