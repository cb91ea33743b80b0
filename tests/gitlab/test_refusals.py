"""What GitLab's refusals mean, and what a person can do."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import errors
from duo_lsp.gitlab import refusals

HOST = "gitlab.example.com"


def refusal(status, body=None, **headers):
    return refusals.of(status, body, headers, HOST)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "current_file is missing"}, errors.RefusedError),
        (401, {"message": "401 Unauthorized"}, errors.SignInError),
        (401, {"error": "invalid_token", "error_description": "Token was revoked."}, errors.TokenRefusedError),
        (401, {"error": "restricted_language_server_client_error"}, errors.ClientRefusedError),
        (401, {"error": "Forbidden by auth provider"}, errors.NoAccessError),
        (402, {"error": "insufficient_credits", "message": "None left."}, errors.NoCreditsError),
        (402, None, errors.NoCreditsError),
        (403, {"error": "insufficient_scope", "scope": "api ai_features"}, errors.ScopeError),
        (403, {"error": "not_entitled", "error_code": "USAGE_QUOTA_NOT_ENTITLED"}, errors.NotEntitledError),
        (403, {"detail": "Unauthorized to access code suggestions"}, errors.NotAllowedError),
        (403, {"message": "403 Forbidden - Your account is blocked"}, errors.NotAllowedError),
        (404, {"message": "404 Not Found"}, errors.NotThereError),
        (404, {"error": "404 Not Found"}, errors.NotThereError),
        (413, "<html>", errors.TooLargeError),
        (413, {"message": "413 Request Entity Too Large"}, errors.TooLargeError),
        (422, {"error": "missing_default_duo_group", "message": {"error": "Choose one."}}, errors.SetupError),
        (422, {"detail": "Validation error"}, errors.RefusedError),
        (429, "Retry later", errors.LimitedError),
        (429, {"detail": "Too many requests. Please try again later."}, errors.LimitedError),
        (418, None, errors.RefusedError),
        (500, {"message": "500 Internal Server Error"}, errors.BrokenError),
        (502, "<html>Bad Gateway</html>", errors.BrokenError),
        (503, {"detail": "Inference failed"}, errors.BrokenError),
        (599, None, errors.BrokenError),
    ],
)
def test_each_status_has_its_error(status, body, kind):
    error = refusal(status, body)
    assert type(error) is kind
    assert error.status == status
    assert HOST in error.sentence
    assert error.hint
    assert "<" not in str(error)


def test_gitlab_says_of_which_part_a_refusal_is_only_to_those_it_knows():
    said = {"message": "401 Unauthorized"}
    known = {"X-GitLab-Error-Origin": "monolith"}
    assert type(refusals.of(401, said, known, HOST)) is errors.NoAccessError
    assert type(refusals.of(401, said, {}, HOST)) is errors.SignInError


@pytest.mark.parametrize("status", [401, 402, 403, 404, 405, 407, 422, 511])
def test_a_page_where_gitlab_has_words_is_of_somebody_else(status):
    error = refusals.of(status, None, {}, HOST, page=True)
    assert type(error) is errors.InterceptedError
    assert str(status) in error.sentence


@pytest.mark.parametrize(
    ("status", "kind"), [(413, errors.TooLargeError), (429, errors.LimitedError), (502, errors.BrokenError)]
)
def test_a_page_may_come_with_what_servers_in_between_refuse_themselves(status, kind):
    assert type(refusals.of(status, None, {}, HOST, page=True)) is kind


def test_the_server_is_quoted():
    assert '("Inference failed")' in refusal(503, {"detail": "Inference failed"}).sentence


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (401, "invalid_token", "expired"),
        (403, "insufficient_scope", "scope api"),
        (402, "insufficient_credits", "credits"),
        (403, "not_entitled", "seat"),
    ],
)
def test_what_can_be_done_is_said_where_the_server_says_why(status, code, advice):
    assert advice in refusal(status, {"error": code}).hint


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("60", 60),
        (" 5 ", 5),
        ("0", 1),
        ("86400", 600),
        ("9" * 400, 600),
        ("", 60),
        ("-3", 60),
        ("1.5", 60),
        ("soon", 60),
        ("٣", 60),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60),
    ],
)
def test_how_long_to_wait(value, seconds):
    assert refusals.retry_after(value) == seconds
    limited = refusal(429, None, **{"Retry-After": value})
    assert isinstance(limited, errors.LimitedError)
    assert limited.rest == seconds


NOW = datetime(2026, 10, 21, 7, 28, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("Wed, 21 Oct 2026 07:28:30 GMT", "", 30),
        ("Wed, 21 Oct 2026 07:28:30 -0000", "", 30),
        ("Wed, 21 Oct 2026 09:28:30 +0200", "", 30),
        ("Wed, 21 Oct 2026 08:28:30 GMT", "", 600),
        ("Wed, 21 Oct 2026 07:27:30 GMT", "", 60),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "Wed, 21 Oct 2026 07:28:20 GMT", 10),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "nonsense", 30),
        ("Wed, 99 Oct 2026 07:28:30 GMT", "", 60),
        ("Wed, 21 Oct 99999999999 07:28:30 GMT", "", 60),
    ],
)
def test_a_moment_to_wait_for_is_taken_by_the_servers_clock(value, date, seconds):
    assert refusals.retry_after(value, date, NOW) == seconds


def test_without_a_word_on_it_the_wait_is_gitlabs_window():
    limited = refusal(429)
    assert isinstance(limited, errors.LimitedError)
    assert limited.rest == 60


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "detail", "error_description", "msg"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.integers(300, 599), JSON, st.dictionaries(st.sampled_from(["Retry-After", "Date"]), st.text(max_size=40)))
def test_whatever_an_instance_says_is_one_error_with_what_to_do(status, body, headers):
    error = refusals.of(status, body, headers, HOST, now=NOW)
    assert isinstance(error, errors.RefusedError)
    assert error.status == status
    assert error.state != "failed"
    assert error.sentence.endswith(".")
    assert error.sentence.isprintable()
    assert error.hint.endswith(".")
    assert 0 <= error.rest <= 600
