"""Why an instance has no Code Suggestions, by its version."""

import pytest

from duo_lsp import errors
from duo_lsp.gitlab import versions

HOST = "gitlab.example.com"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("16.2.4-ee", (16, 2)),
        ("16.11.0", (16, 11)),
        ("18.6.0-pre", (18, 6)),
        ("19.3", (19, 3)),
        ("unknown", None),
        ("", None),
        ("16", None),
        ("1٣.2", None),
        ("99999.1", None),
    ],
)
def test_versions_are_read(text, version):
    assert versions.read(text) == version


@pytest.mark.parametrize(
    ("text", "kind", "advice"),
    [
        ("15.11.0-ee", errors.TooOldError, "update"),
        ("16.1.0-ee", errors.TooOldError, "modelGateway"),
        ("16.2.0-ee", errors.NotThereError, "code_suggestions_completion_api"),
        ("16.7.9-ee", errors.NotThereError, "code_suggestions_completion_api"),
        ("16.8.0-ee", errors.NotThereError, "ai_duo_code_suggestions_switch"),
        ("18.6.0-ee.1", errors.NotThereError, "licence"),
        ("18.6.0", errors.NotThereError, "Enterprise Edition"),
        ("unknown", errors.NotThereError, "16.8"),
    ],
)
def test_what_is_missing_is_named_by_version(text, kind, advice):
    error = versions.missing(HOST, text)
    assert type(error) is kind
    assert advice in error.hint
    assert HOST in error.sentence
    assert error.status == 404


def test_the_flag_of_chat_is_named():
    error = versions.missing_chat(HOST)
    assert "access_rest_chat" in error.hint
    assert (error.status, error.state) == (404, "notThere")
