"""What an answer's head says."""

import pytest

from duo_lsp.gitlab.http.replies import Headers

HEADERS = Headers([(b"Content-Type", b"text/plain"), (b"vary", b"Accept"), (b"Vary", b"Origin")])


@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
def test_names_count_in_any_case(name):
    assert HEADERS[name] == "text/plain"
    assert name in HEADERS


def test_what_is_said_several_times_is_said_together():
    assert HEADERS["Vary"] == "Accept, Origin"
    assert len(HEADERS) == len(list(HEADERS)) == 2


def test_what_is_not_there_is_missing():
    assert HEADERS.get("Location", "nowhere") == "nowhere"


@pytest.mark.parametrize(("raw", "text"), [("zu früh".encode(), "zu früh"), ("zu früh".encode("latin-1"), "zu früh")])
def test_values_may_be_in_utf_8_and_else_are_whatever_bytes_are(raw, text):
    assert Headers([(b"x", raw)])["X"] == text
