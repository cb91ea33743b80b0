"""What GitLab's refusals mean, and what a person can do."""

import pytest

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
        (402, {"error": "insufficient_credits", "message": "None left."}, errors.NotAllowedError),
        (403, {"error": "insufficient_scope"}, errors.NotAllowedError),
        (404, {"message": "404 Not Found"}, errors.NotThereError),
        (413, "<html>", errors.TooLargeError),
        (422, {"error": "missing_default_duo_group", "message": {"error": "Choose one."}}, errors.SetupError),
        (422, {"detail": "Validation error"}, errors.RefusedError),
        (429, "Retry later", errors.LimitedError),
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


def test_the_server_is_quoted():
    assert '("Inference failed")' in refusal(503, {"detail": "Inference failed"}).sentence


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (401, "invalid_token", "expired"),
        (403, "insufficient_scope", "scope api"),
        (402, "insufficient_credits", "credits"),
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


def test_without_a_word_on_it_the_wait_is_gitlabs_window():
    limited = refusal(429)
    assert isinstance(limited, errors.LimitedError)
    assert limited.rest == 60
